"""Whether a feed still is the one that was chosen, or stands in other hands: by its name and what it brings."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ENOUGH = 3
_WORD = re.compile(r"\w{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """What a feed calls itself, and why it may be another one now: '' while nothing speaks for it."""

    title: str
    doubt: str = ""


def look(before: Masthead | None, title: str, *, fresh: int, known: int) -> Masthead:
    """Compare what a feed calls itself with what it was called `before`, and count its `fresh` and `known` entries.

    Another name alone is a relaunch, and unknown entries alone are a busy day; both together are doubtful. A doubt
    stays until the feed has a name like the old one again.
    """
    if before is None or not before.title:
        return Masthead(title=title)
    alike = not title or bool(_words(before.title) & _words(title))
    if before.doubt:
        return Masthead(title=before.title) if alike and title else before
    if alike or known or fresh < _ENOUGH:
        return Masthead(title=title or before.title)
    told = f'called "{before.title}" before, it calls itself "{title}" now, and none of its entries is known'
    return Masthead(title=before.title, doubt=told)


def _words(title: str) -> set[str]:
    return set(_WORD.findall(title.casefold()))
