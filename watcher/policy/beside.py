"""Which lines that came or went read like a page's furniture, in whatever words it is put."""

from __future__ import annotations

from collections.abc import Container, Sequence
from itertools import pairwise

from watcher.language import furniture
from watcher.policy import overlooked
from watcher.records import Reading, Statement

SURE = 0.95
"""From here on a line is furniture: of sentences of unseen reports hardly one in a thousand gets there."""
# What says a figure, or a name that the article knows, or tells a happening must look the part even more;
_SURER = 0.98
# what has no word in common with the article, less.
_STRANGE = 0.8
SURE_IN_PLACE = 0.9
"""From here on a line is furniture when what stands in its place is likely some, too."""
# What came or went right beside such a line, and in one paragraph with it, needs less.
LIKELY = 0.5
_BOXED = 0.05
# More lines than these come and go with no furniture.
_MOST = 200
_HAPPENED = "past_happening"


def beside(lines: Sequence[Statement], reading: Reading, kept: Sequence[Statement]) -> frozenset[int]:
    """Give the positions of those `lines` of a reading that are furniture. They all came, or all went; `kept` stands
    in both versions.
    """
    told = [one for one in lines if not overlooked.note(one.text)]
    if not told or len(told) > _MOST:
        return frozenset()
    known = frozenset(mark for one in kept for mark in (*one.names, *one.terms))
    likely = {one.position: furniture.likelihood(one.text, reading.lang) for one in told}
    sure = {one.position for one in told if likely[one.position] >= _asked(one, known)}
    listed = _listed_near(likely, reading)
    sure.update(one.position for one in listed)
    ordered = sorted([*told, *listed], key=lambda one: one.position)
    for one, other in [*pairwise(ordered), *pairwise(ordered[::-1])]:
        if one.position in sure and likely.get(other.position, 0.0) >= _joined(one, other, known):
            sure.add(other.position)
    return frozenset(sure.intersection(likely))


def _listed_near(positions: Container[int], reading: Reading) -> list[Statement]:
    """Give the lines next to these that the table of such lines knows: they are no part of a difference."""
    return [
        one
        for one in reading.statements
        if one.position not in positions
        and (one.position - 1 in positions or one.position + 1 in positions)
        and overlooked.furniture(one.text)
    ]


def likely(lines: Sequence[Statement], lang: str, least: float = LIKELY) -> frozenset[int]:
    """Give the positions of those lines that are furniture when they stand where other furniture stood."""
    if len(lines) > _MOST:
        return frozenset()
    found = (one for one in lines if not overlooked.note(one.text))
    return frozenset(one.position for one in found if furniture.likelihood(one.text, lang) >= least)


def both(before: Statement, after: Statement, lang: str) -> bool:
    """Whether a line that was worded otherwise was furniture before and is so now."""
    if any(overlooked.note(one.text) for one in (before, after)):
        return False
    less, more = sorted(furniture.likelihood(one.text, lang) for one in (before, after))
    return less >= LIKELY and more >= _STRANGE


def _asked(told: Statement, known: Container[str]) -> float:
    if _reports(told, known):
        return _SURER
    return SURE if any(term in known for term in told.terms) else _STRANGE


def _reports(told: Statement, known: Container[str]) -> bool:
    return bool(told.amounts) or _HAPPENED in told.cues or any(name in known for name in told.names)


def _joined(sure: Statement, other: Statement, known: Container[str]) -> float:
    """How likely a line must be furniture when the one right before or after it is; 1 where it is not beside it."""
    if abs(other.position - sure.position) != 1:
        return 1.0
    return _BOXED if other.paragraph == sure.paragraph and not _reports(other, known) else LIKELY
