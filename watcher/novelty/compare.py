"""Pairwise evidence: how figures and dates of a statement fit what is known, and how one article covers another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from watcher.language import amounts
from watcher.novelty.index import Index
from watcher.novelty.memory import Profile
from watcher.records import Amount, DateMention, Precision, Statement

# How a stated date fits the day of an event, by how much it tells; another time speaks against it.
SAME_DAY, SAME_MONTH, NEAR_DAY, SAME_YEAR, NO_DATE, OTHER_TIME = 1.0, 0.7, 0.5, 0.4, 0.0, -1.0


def covered(marked: Sequence[str], by: frozenset[str] | set[str], index: Index) -> float:
    """The share of some marks, by weight, that `by` holds too. 0 for no marks."""
    total = index.weigh(marked)
    both = index.weigh(filter(by.__contains__, marked))
    return both / total if total else 0.0


def span(mention: DateMention) -> tuple[date, date]:
    """First and last day of a stated date."""
    first = mention.day
    if mention.precision is Precision.DAY:
        return first, first
    if mention.precision is Precision.MONTH:
        return first, (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first, first.replace(month=12, day=31)


def dates_fit(statement: Statement, profile: Profile) -> float:
    """How the statement's dates fit the event's, from `SAME_DAY` to `OTHER_TIME`."""
    if not statement.dates:
        return NO_DATE
    return max(_fit(mention, profile) for mention in statement.dates)


def _fit(mention: DateMention, profile: Profile) -> float:
    first, last = span(mention)
    begin, end = span(DateMention(day=profile.day, precision=profile.precision))
    if first == begin and mention.precision is Precision.DAY and profile.precision is Precision.DAY:
        return SAME_DAY
    if first <= end and begin <= last:
        return SAME_YEAR if Precision.YEAR in (mention.precision, profile.precision) else SAME_MONTH
    # A weekday or a date of filing is often one or two days beside the day the base has.
    return NEAR_DAY if min(abs((first - end).days), abs((begin - last).days)) <= 2 else OTHER_TIME


def disagreeing(told: Iterable[Amount], known: Iterable[Amount]) -> Iterator[Amount]:
    """Those figures that stand nowhere among the known ones, neither rounded nor converted."""
    pool = tuple(known)
    for amount in told:
        if not any(amounts.same(amount, other) for other in pool):
            yield amount


def telling(amount: Amount) -> bool:
    """Whether a figure is more than a way of speaking: `two men` and `a year` are not."""
    return amounts.is_money(amount.unit) or amount.unit == "%" or amount.value >= _MANY


_MANY = 13
