"""A known event told with another figure or date: which slot, what was known, what is told now.

Three ways to tell it, each plain enough that a person would say so too. A sentence sets a new figure or day against
the known one ("72 and not 96 hours", "on 5 October instead of 28 September"). It gives the known digits another
magnitude or currency ("97.4 million"). Or it plainly tells one known event, but with another figure or on another day.
A variant that was told before is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from watcher.language import amounts
from watcher.language.cues import TURN
from watcher.language.words import fold, tokenise
from watcher.novelty import compare
from watcher.novelty.evidence import Sight
from watcher.novelty.links import Link
from watcher.novelty.memory import Memory
from watcher.records import Amount, DateMention, Precision, Statement

# A sentence tells an event when the link is so likely and the event's words cover so much of it, figures left out.
LIKELY = 0.45
TELLS = 0.4
# A figure this close to the known one is its variant on less: two figures of one matter are seldom so near.
CLOSE = 0.15
TELLS_CLOSE = 0.15
# A sentence that says that something is so no longer needs to fit the event less.
LIKELY_TURNED = 0.25
# A report tells of the last days.
REPORTED_DAYS = 3
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


def find(sight: Sight, published: date, memory: Memory) -> Change | None:
    """The change a statement tells, or None. `published`: the day the article appeared."""
    untold = [amount for amount in sight.statement.amounts if _can_change(amount) and not _is_told(amount, sight)]
    for amount in untold:
        changed = _contrasted(amount, sight) or _slipped(amount, sight) or _replaced(amount, sight, memory)
        if changed is not None:
            return changed
    return _put_off(sight, published) or _moved(sight, memory)


def _can_change(amount: Amount) -> bool:
    return amount.unit not in _FLEETING and compare.telling(amount)


def _is_told(amount: Amount, sight: Sight) -> bool:
    """Whether the figure belongs to anything near: a sentence about two events holds the figures of both."""
    return any(amounts.same(amount, other) for _, other in _known(sight))


def _near(sight: Sight) -> Iterator[tuple[str, Statement]]:
    """Every statement told of anything near, with its event or development, the nearest first."""
    for link in sight.links:
        for statement in link.profile.statements:
            yield link.owner, statement
    for match in sight.matches:
        yield match.told.owner, match.told.statement


def _known(sight: Sight) -> Iterator[tuple[str, Amount]]:
    return ((owner, amount) for owner, statement in _near(sight) for amount in statement.amounts)


def _known_days(sight: Sight) -> Iterator[tuple[str, DateMention]]:
    return ((owner, mention) for owner, statement in _near(sight) for mention in statement.dates)


def _contrasted(amount: Amount, sight: Sight) -> Change | None:
    """The sentence itself sets the figure against one that is known."""
    if not _sets_against(sight):
        return None
    for other in sight.statement.amounts:
        if other is amount or not _same_slot(amount, other):
            continue
        for owner, known in _known(sight):
            if owner and amounts.same(known, other):
                return Change(owner=owner, was=amounts.show(other), now=amounts.show(amount))
    return None


def _sets_against(sight: Sight) -> bool:
    """Whether the sentence says that something told before is so no longer."""
    said = set(map(fold, tokenise(sight.statement.text)))
    return TURN in sight.statement.cues or bool(amounts.contrast_words(sight.statement.lang) & said)


def _slipped(amount: Amount, sight: Sight) -> Change | None:
    """The digits are the known ones, in another magnitude or currency: what a slip of the pen makes of a figure."""
    tells = {link.owner for link in sight.links if link.covers >= TELLS_CLOSE}
    for owner, known in _known(sight):
        if owner in tells and _same_digits(amount, known):
            return Change(owner=owner, was=amounts.show(known), now=amounts.show(amount))
    return None


def _same_digits(a: Amount, b: Amount) -> bool:
    """Whether two sums of money have the same digits, two or more, and differ in magnitude or currency alone."""
    digits, power = f"{a.value:.6e}".split("e")
    others, other_power = f"{b.value:.6e}".split("e")
    one_slip = (a.unit == b.unit) != (power == other_power)
    money = amounts.is_money(a.unit) and amounts.is_money(b.unit)
    return money and one_slip and digits == others and digits[2:] != "000000"


def _replaced(amount: Amount, sight: Sight, memory: Memory) -> Change | None:
    """The sentence plainly tells an event, and its figure is another than any told of it."""
    likely = LIKELY_TURNED if _sets_against(sight) and amount.unit else LIKELY
    for link in sight.links[:2]:
        if link.score < likely or amount.approx:
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


def _put_off(sight: Sight, published: date) -> Change | None:
    """A day that was told for something is set against one that nobody told: put off, brought forward, corrected.

    The days just before publication are those of the report itself.
    """
    if not _sets_against(sight):
        return None
    days = [
        mention
        for mention in sight.statement.dates
        if mention.precision is Precision.DAY and not 0 <= (published - mention.day).days <= REPORTED_DAYS
    ]
    known = [(owner, mention.iso) for owner, mention in _known_days(sight)]
    untold = [day for day in days if day.iso not in {iso for _, iso in known}]
    if len(untold) != 1:
        return None
    for day in days:
        for owner, iso in known:
            if day.iso == iso and owner:
                return Change(owner=owner, was=iso, now=untold[0].iso)
    return _put_off_silently(sight, untold[0]) if len(days) == 1 else None


def _put_off_silently(sight: Sight, untold: DateMention) -> Change | None:
    """The sentence tells one known event plainly, of which one later day was told, and names another."""
    link = sight.links[0] if sight.links else None
    if link is None or link.score < LIKELY:
        return None
    planned = sorted(
        {
            mention.iso
            for statement in link.profile.statements
            for mention in statement.dates
            if mention.precision is Precision.DAY and mention.day > link.profile.day
        }
    )
    if len(planned) != 1 or untold.day <= link.profile.day:
        return None
    return Change(owner=link.owner, was=planned[0], now=untold.iso)


def _moved(sight: Sight, memory: Memory) -> Change | None:
    """The sentence plainly tells an event of the base, on one day, and that is another day than any told of it."""
    if len(sight.statement.dates) != 1 or not sight.links:
        return None
    (told,), link = sight.statement.dates, sight.links[0]
    if told.precision is Precision.YEAR or link.score < LIKELY or not link.profile.is_event or link.dates >= 0:
        return None
    if any(told.iso == mention.iso for _, mention in _known_days(sight)):
        return None
    words = [mark for mark in link.profile.title_marks if mark[0] not in "#$%"]
    if compare.covered(words, set(sight.marks), memory.index) < TITLE_TOLD:
        return None
    known = DateMention(day=link.profile.day, precision=link.profile.precision)
    return Change(owner=link.owner, was=known.iso, now=told.iso)
