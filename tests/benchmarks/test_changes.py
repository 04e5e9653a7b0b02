"""Notes of labels: which value is told in the place of which."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from benchmarks.changes import means
from watcher.novelty.values import Value
from watcher.records import Amount, DateMention, Precision

PUBLISHED = datetime(2026, 5, 6, 9, tzinfo=UTC)


def count(value: float, unit: str = "person") -> Amount:
    """So many of something."""
    return Amount(value=value, unit=unit)


def day(month: int, number: int, precision: Precision = Precision.DAY) -> DateMention:
    """A day of the year, or its month."""
    return DateMention(day=date(2026, month, number), precision=precision)


@pytest.mark.parametrize(
    ("note", "now", "was"),
    [
        ("27 instead of 19 ill", count(27), count(19)),
        ("4 -> 11 dead; 150 -> 241 rescued", count(11), count(4)),
        ("4 -> 11 dead; 150 -> 241 rescued", count(241), count(150)),
        ("38,2 statt 37 Prozent", count(38.2, "%"), count(37, "%")),
        ("74 patients, not 61", count(74), count(61)),
        ("figure: claim now 365 million euros, was 310 million", count(365e6, "EUR"), count(310e6, "EUR")),
        ("hearing on 12 May instead of 21 April", day(5, 12), day(4, 21)),
        ("Beginn am 2. Juni statt am 1. Juni", day(6, 2), day(6, 1)),
        ("November instead of October", day(11, 1, Precision.MONTH), day(10, 1, Precision.MONTH)),
        ("delivered on Wednesday, not Tuesday", day(5, 6), day(5, 5)),
    ],
)
def test_a_note_tells_the_new_and_the_old_value(note: str, now: Value, was: Value) -> None:
    """In words or by an arrow, of figures and of days; the other way round it is not meant."""
    assert means(note, now, was, PUBLISHED)
    assert not means(note, was, now, PUBLISHED)


@pytest.mark.parametrize("note", ["", "status: trial called off", "beach reopened", "11 dead", "19 instead of 27 ill"])
def test_what_a_note_does_not_tell_is_not_meant(note: str) -> None:
    """A status, one figure alone, or the opposite."""
    assert not means(note, count(27), count(19), PUBLISHED)


def test_one_pair_of_a_note_is_not_mixed_with_the_other() -> None:
    """The new value of one change and the old one of another are no change."""
    assert not means("11 instead of 4 dead; 241 instead of 150 rescued", count(11), count(150), PUBLISHED)


def test_a_day_is_not_its_month() -> None:
    """A month in a note means no day in it."""
    assert not means("November instead of October", day(11, 1), day(10, 1), PUBLISHED)
