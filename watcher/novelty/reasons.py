"""Why a verdict came out as it did, in words a person can check: the nearest known thing, and the evidence that
tipped it.
"""

from __future__ import annotations

from watcher.language import amounts
from watcher.novelty import compare
from watcher.novelty.change import Change
from watcher.novelty.evidence import Sight
from watcher.novelty.links import Link
from watcher.novelty.phrasing import Phrasing
from watcher.records import Verdict

# What is said of a date that fits.
_DATED = {
    compare.SAME_DAY: ", same day",
    compare.SAME_PART: ", same part of the month",
    compare.SAME_MONTH: ", same month",
    compare.SAME_SEASON: ", same part of the year",
    compare.SAME_YEAR: ", same year",
}


def changed(change: Change) -> str:
    """A known event with another value, or a value that the sentence itself sets against what was."""
    known = f"known was {change.was}" if change.owner else f"it says that it was {change.was}"
    return f"tells {change.owner or 'a figure'} with {change.now}; {known}"


def new(sight: Sight, link: Link | None) -> str:
    """What nobody told before, and the nearest that somebody did."""
    parts = [f"{_percent(sight.unseen)} of it stands in nothing told before"]
    if sight.unheard_names:
        parts.append(f"first mention of {', '.join(sight.unheard_names[:3])}")
    if sight.untold:
        parts.append(f"figure not told before: {', '.join(map(amounts.show, sight.untold[:3]))}")
    if sight.alone["fresh_day"]:
        parts.append("dated in the last days")
    parts.append(_nearest(link))
    return "; ".join(parts)


def known(sight: Sight, link: Link | None) -> str:
    """Which event or earlier statement says the same."""
    best = sight.matches[0] if sight.matches else None
    if link is not None:
        date = _DATED.get(link.dates, "")
        return f"retells {link.owner}: fits {_percent(link.score)}, its words cover {_percent(link.covers)}{date}"
    if best is not None:
        return f"told before: nearest earlier sentence {_percent(best.likeness)} alike"
    return "nothing in it is fresh"


def context(sight: Sight, verdict: Verdict, phrasing: Phrasing) -> str:
    """What kind of sentence it is, and the words that say so."""
    kinds = [cue.replace("_", " ") for cue in sight.statement.cues]
    words = phrasing.telling(sight.statement, verdict.value)
    parts = [f"{verdict.value}: {', '.join(kinds)}"] if kinds else []
    if words:
        parts.append(f"worded like {verdict.value}: {', '.join(f'“{one}”' for one in words)}")
    if parts:
        return "; ".join(parts)
    return "page furniture by its place" if verdict is Verdict.NOISE else "reports no dated happening"


def _nearest(link: Link | None) -> str:
    return f"nearest is {link.owner} ({_percent(link.score)})" if link else "no known event is near"


def _percent(share: float) -> str:
    return f"{round(100 * max(0.0, min(1.0, share)))} %"
