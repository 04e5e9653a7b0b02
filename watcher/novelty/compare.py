"""Pairwise evidence: how figures and dates of a statement fit what is known, and how one article covers another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from watcher.language import amounts
from watcher.novelty.index import Index
from watcher.novelty.memory import Profile
from watcher.records import Amount, DateMention, Part, Precision, Statement

# How a stated date fits the day of an event, by how much it tells; another time speaks against it.
SAME_DAY, SAME_PART, SAME_MONTH, SAME_SEASON, NEAR_DAY, SAME_YEAR = 1.0, 0.85, 0.7, 0.55, 0.5, 0.4
NO_DATE, OTHER_TIME = 0.0, -1.0
# The days of a month and the months of a year that its parts mean, generously.
_DAYS = {Part.EARLY: (1, 11), Part.MIDDLE: (9, 21), Part.LATE: (19, 31)}
_MONTHS = {
    Part.EARLY: (1, 5), Part.MIDDLE: (4, 9), Part.LATE: (8, 12),
    Part.SPRING: (2, 6), Part.SUMMER: (5, 9), Part.AUTUMN: (8, 12),
}  # fmt: skip


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
        begin, end = _DAYS.get(mention.part, (1, 31))
        last = _last_of_month(first)
        return first.replace(day=begin), last.replace(day=min(end, last.day))
    begin, end = _MONTHS.get(mention.part, (1, 12))
    return first.replace(month=begin), _last_of_month(first.replace(month=end))


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


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
        if Precision.YEAR in (mention.precision, profile.precision):
            return SAME_SEASON if _is_part(mention, profile) else SAME_YEAR
        return SAME_PART if _is_part(mention, profile) else SAME_MONTH
    # A weekday or a date of filing is often one or two days beside the day the base has.
    return NEAR_DAY if min(abs((first - end).days), abs((begin - last).days)) <= 2 else OTHER_TIME


def _is_part(mention: DateMention, profile: Profile) -> bool:
    """Whether a stated part of a month or year could have missed an event of that month or year, and did not."""
    of_year = mention.precision is Precision.YEAR
    finer = profile.precision is Precision.DAY or (of_year and profile.precision is Precision.MONTH)
    return mention.part is not Part.WHOLE and finer


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
