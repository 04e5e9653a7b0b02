"""Whether a feed still is the one that was chosen, or stands in other hands: by its name and what it brings."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

_ENOUGH = 3
_CALM = timedelta(days=3)
_WORD = re.compile(r"\w{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """What a feed calls itself, and why it may be another one now: '' while nothing speaks for it.

    `calm` is since when a doubted feed has a name like its old one again.
    """

    title: str
    doubt: str = ""
    calm: datetime | None = None


def look(before: Masthead | None, title: str, *, fresh: int, known: int, now: datetime) -> Masthead:
    """Compare what a feed calls itself with what it was called `before`, and count its `fresh` and `known` entries.

    Another name alone is a relaunch, and unknown entries alone are a busy day; both together are doubtful. A doubt
    stays until the feed had a name like the old one for three days: an address may lead to either by turns.
    """
    if before is None or not before.title:
        return Masthead(title=title)
    alike = not title or bool(_words(before.title) & _words(title))
    if before.doubt:
        return _doubted(before, title, alike=alike, now=now)
    if alike or known or fresh < _ENOUGH:
        return Masthead(title=title or before.title)
    told = f'called "{before.title}" before, it calls itself "{title}" now, and none of its entries is known'
    return Masthead(title=before.title, doubt=told)


def _doubted(before: Masthead, title: str, *, alike: bool, now: datetime) -> Masthead:
    if not title:
        return before
    if not alike:
        return replace(before, calm=None)
    # one from the future was noted before the clock was set back
    calm = min(before.calm or now, now)
    return replace(before, calm=calm) if now - calm < _CALM else Masthead(title=before.title)


def _words(title: str) -> set[str]:
    return set(_WORD.findall(title.casefold()))
