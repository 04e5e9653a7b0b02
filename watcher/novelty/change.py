"""A known event told with another figure: which slot, what was known, what is told now.

A statement changes an event only when it plainly tells that event (its other words are the event's) and its figure is
of the same unit as one the event is known by, yet agrees with none that was ever told of it: a variant told before is
known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from watcher.language import amounts
from watcher.novelty import compare
from watcher.novelty.evidence import Sight
from watcher.novelty.links import Link
from watcher.novelty.memory import Memory
from watcher.records import Amount

# How much of the statement, its figures left out, the event's own words must cover.
TELLS = 0.5
# Units of time are told of many things in one breath and change with the day they are told on.
_FLEETING = frozenset({"second", "minute", "hour", "day", "week", "month", "year", "%"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A slot of a known event with its known and its told value, written for a person."""

    owner: str
    was: str
    now: str


def find(sight: Sight, memory: Memory) -> Change | None:
    """The change a statement tells, or None."""
    figures = [amount for amount in sight.statement.amounts if amount.unit not in _FLEETING]
    if not figures:
        return None
    for link in sight.links[:2]:
        if _told_share(sight, link, memory) >= TELLS:
            known = tuple(_known_amounts(sight, link, memory))
            for amount in figures:
                other = _other_value(amount, known)
                if other is not None:
                    return Change(owner=link.owner, was=amounts.show(other), now=amounts.show(amount))
    return None


def _told_share(sight: Sight, link: Link, memory: Memory) -> float:
    words = [mark for mark in sight.marks if mark[0] not in "#%"]
    return compare.covered(words, link.profile.marks, memory.index)


def _known_amounts(sight: Sight, link: Link, memory: Memory) -> Iterable[Amount]:
    """Every figure ever told of the event: in its own wordings, and in statements that retold it."""
    for statement in link.profile.statements:
        yield from statement.amounts
    for match in sight.matches:
        if memory.owner(match.told) == link.owner:
            yield from match.told.statement.amounts


def _other_value(amount: Amount, known: tuple[Amount, ...]) -> Amount | None:
    """The known figure that a told one replaces: of its unit, or of its digits in another currency; None when it
    agrees.
    """
    if any(amounts.same(amount, other) for other in known):
        return None
    alike = [other for other in known if other.unit == amount.unit or _same_digits(amount, other)]
    return min(alike, key=lambda other: (abs(other.value - amount.value), other.value), default=None)


def _same_digits(a: Amount, b: Amount) -> bool:
    """The same number of another currency, or of another magnitude: what a slip of the pen makes of a figure."""
    return f"{a.value:.6e}".split("e")[0] == f"{b.value:.6e}".split("e")[0] and len(a.unit) == len(b.unit) == 3
