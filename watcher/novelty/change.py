"""A known event told with another figure or date: which slot, what was known, what is told now.

Three ways to tell it, each plain enough that a person would say so too. A sentence sets a new figure against the
known one ("72 and not 96 hours"). It gives the known digits another magnitude or currency ("97.4 million"). Or it
plainly tells one known event, but with another figure or on another day. A variant that was told before is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from watcher.language import amounts
from watcher.language.words import fold, tokenise
from watcher.novelty import compare
from watcher.novelty.evidence import Sight
from watcher.novelty.links import Link
from watcher.novelty.memory import Memory
from watcher.records import Amount, DateMention, Precision

# A sentence tells an event when the link is so likely and the event's words cover so much of it, figures left out.
LIKELY = 0.45
TELLS = 0.4
# A figure this close to the known one is its variant on less: two figures of one matter are seldom so near.
CLOSE = 0.15
TELLS_CLOSE = 0.15
# A date is the event's own only when the sentence tells what the event's title tells.
TITLE_TOLD = 0.6
# Another value of the same slot is of the same order; anything else is another slot.
SPREAD = 2.0
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
    untold = [amount for amount in sight.statement.amounts if _can_change(amount) and not _is_told(amount, sight)]
    for amount in untold:
        changed = _contrasted(amount, sight) or _slipped(amount, sight) or _replaced(amount, sight, memory)
        if changed is not None:
            return changed
    return _moved(sight, memory)


def _can_change(amount: Amount) -> bool:
    return amount.unit not in _FLEETING and compare.telling(amount)


def _is_told(amount: Amount, sight: Sight) -> bool:
    """Whether the figure belongs to anything near: a sentence about two events holds the figures of both."""
    return any(amounts.same(amount, other) for _, other in _known(sight))


def _known(sight: Sight) -> Iterator[tuple[str, Amount]]:
    """Every figure told of anything near, with its event or development, the nearest first."""
    for link in sight.links:
        for statement in link.profile.statements:
            for amount in statement.amounts:
                yield link.owner, amount
    for match in sight.matches:
        for amount in match.told.statement.amounts:
            yield match.told.owner, amount


def _contrasted(amount: Amount, sight: Sight) -> Change | None:
    """The sentence itself sets the figure against one that is known."""
    if not amounts.contrast_words(sight.statement.lang) & set(map(fold, tokenise(sight.statement.text))):
        return None
    for other in sight.statement.amounts:
        if other is amount or not _same_slot(amount, other):
            continue
        for owner, known in _known(sight):
            if owner and amounts.same(known, other):
                return Change(owner=owner, was=amounts.show(other), now=amounts.show(amount))
    return None


def _slipped(amount: Amount, sight: Sight) -> Change | None:
    """The digits are the known ones, in another magnitude or currency: what a slip of the pen makes of a figure."""
    for owner, known in _known(sight):
        if owner and known.unit != "" and amount.unit != "" and _same_digits(amount, known):
            return Change(owner=owner, was=amounts.show(known), now=amounts.show(amount))
    return None


def _same_digits(a: Amount, b: Amount) -> bool:
    """Whether two sums of money have the same digits, at least two of them."""
    digits = f"{a.value:.6e}".split("e")[0]
    return len(a.unit) == len(b.unit) == 3 and digits == f"{b.value:.6e}".split("e")[0] and digits[2:] != "000000"


def _replaced(amount: Amount, sight: Sight, memory: Memory) -> Change | None:
    """The sentence plainly tells an event, and its figure is another than any told of it."""
    for link in sight.links[:2]:
        if link.score < LIKELY or amount.approx:
            continue
        share = _told_share(sight, link, memory)
        alike = [
            other
            for owner, other in _known(sight)
            if owner == link.owner
            and not other.approx
            and _same_slot(amount, other)
            and share >= (TELLS_CLOSE if abs(amount.value - other.value) <= CLOSE * other.value else TELLS)
        ]
        if alike:
            nearest = min(alike, key=lambda other: (abs(other.value - amount.value), other.value))
            return Change(owner=link.owner, was=amounts.show(nearest), now=amounts.show(amount))
    return None


def _same_slot(a: Amount, b: Amount) -> bool:
    """Whether one could stand in the other's place: of one unit, which a headline may leave out, and of one order."""
    alike = a.unit == b.unit or "" in (a.unit, b.unit)
    return alike and bool(b.value) and 1 / SPREAD <= a.value / b.value <= SPREAD


def _told_share(sight: Sight, link: Link, memory: Memory) -> float:
    words = [mark for mark in sight.marks if mark[0] not in "#$%"]
    return compare.covered(words, link.profile.marks, memory.index)


def _moved(sight: Sight, memory: Memory) -> Change | None:
    """The sentence plainly tells an event of the base, on one day, and that is another day than any told of it."""
    if len(sight.statement.dates) != 1 or not sight.links:
        return None
    (told,), link = sight.statement.dates, sight.links[0]
    if told.precision is Precision.YEAR or link.score < LIKELY or not link.profile.is_event or link.dates >= 0:
        return None
    if any(told.iso == mention.iso for mention in _known_dates(sight)):
        return None
    words = [mark for mark in link.profile.title_marks if mark[0] not in "#$%"]
    if compare.covered(words, set(sight.marks), memory.index) < TITLE_TOLD:
        return None
    known = DateMention(day=link.profile.day, precision=link.profile.precision)
    return Change(owner=link.owner, was=known.iso, now=told.iso)


def _known_dates(sight: Sight) -> Iterable[DateMention]:
    for link in sight.links:
        for statement in link.profile.statements:
            yield from statement.dates
    for match in sight.matches:
        yield from match.told.statement.dates
