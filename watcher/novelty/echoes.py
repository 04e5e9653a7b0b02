"""How much of an article its storyline has heard before: what tells a report of the story from one beside it.

The two sides of a story are named in other news, too. What belongs to it names the people, places and matters around
them again, and reads like a report; what lies beside it names others, or explains and tries out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from watcher.novelty.evidence import LEAD, Sight, mean
from watcher.novelty.memory import Memory
from watcher.novelty.phrasing import EVIDENCE
from watcher.novelty.precedent import Cast
from watcher.records import Statement

# So many names heard, or unheard, speak as loud as any more.
_MANY_HEARD, _MANY_UNHEARD = 4, 6
# What is said for the share of heard names where there are none.
_UNSAID = 0.5
# A name that nobody told.
_NOBODY = "@"


def weigh(title: Sight, sights: Sequence[Sight], whole: Mapping[str, float], memory: Memory) -> dict[str, float]:
    """Give the evidence, each piece 0 to 1. `whole` is `evidence.as_a_whole` of the article."""
    best_links = sorted((sight.alone["link"] for sight in sights), reverse=True)[:3]
    lead = sights[:LEAD]
    return {
        "echo": whole["linked_share"],
        "echo_best": sum(best_links) / 3,
        "covered": 1.0 - mean(sight.unseen for sight in sights),
        "retold": whole["retold"],
        "unheard": mean(sight.alone["unheard"] for sight in sights),
        "likest": max((sight.alone["likeness"] for sight in sights), default=0.0),
        "title_link": title.alone["link"],
        "title_unheard": title.alone["unheard"],
        "title_uncovered": whole["title_uncovered"],
        "lead_link": max((sight.alone["link"] for sight in lead), default=0.0),
        "lead_unheard": mean(sight.alone["unheard"] for sight in lead),
        "lead_uncovered": whole["lead_uncovered"],
        **{name: mean(sight.alone[name] for sight in sights) for name in EVIDENCE},
        **_names(title.statement, [sight.statement for sight in sights], memory),
    }


def _names(title: Statement, statements: Sequence[Statement], memory: Memory) -> dict[str, float]:
    """Which names beside those of the storyline's actors were heard before."""
    # Sorted, so that sums come out the same.
    others = sorted(Cast.of((title, *statements), memory.rules).others)
    heard = [name for name in others if memory.index.count("@" + name)]
    in_title = Cast.of((title,), memory.rules).others
    weights = [memory.index.weight("@" + name) for name in heard]
    total = memory.index.weigh("@" + name for name in others)
    return {
        "names_heard": sum(weights) / total if total else _UNSAID,
        "names_heard_count": min(1.0, len(heard) / _MANY_HEARD),
        "names_unheard_count": min(1.0, (len(others) - len(heard)) / _MANY_UNHEARD),
        "name_heard_rarest": max(weights, default=0.0) / memory.index.weight(_NOBODY),
        "title_names_heard": float(any(name in heard for name in in_title)),
        "title_names_unheard": float(any(name not in heard for name in in_title)),
    }
