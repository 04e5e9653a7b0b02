"""Dates and how they are resolved."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tsv import cases

from watcher.language.dates import find
from watcher.records import DateMention, Precision

DATED = "31. Februar 2025 May 29 last next Monday Ende 2022 heute vor 99 Jahren Q3".split()  # noqa: SIM905
TOLD_FROM = ("years", "later", "zwei", "Jahre", "später", "nach", "Weihnachten", "the following year", "of that year")
WORDS = (*DATED, *TOLD_FROM, "end\u00a0of", "laſt")
NOON = datetime(2025, 3, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(("lang", "published", "text", "wanted"), cases("dates.tsv"))
def test_dates_are_found(lang: str, published: str, text: str, wanted: str) -> None:
    """Each line of the table gives exactly its dates."""
    found = find(text, lang, datetime.fromisoformat(published))
    assert (" ".join(mention.iso for mention in found) or "-") == wanted


@pytest.mark.parametrize(("lang", "published", "text", "wanted"), cases("date_parts.tsv"))
def test_a_part_of_a_month_or_year_is_told(lang: str, published: str, text: str, wanted: str) -> None:
    """Early, middle and late, and seasons but winter, are parts of the month or year they stand with."""
    (mention,) = find(text, lang, datetime.fromisoformat(published))
    assert f"{mention.iso}:{mention.part.value}" == wanted


@pytest.mark.parametrize(("lang", "published", "text", "wanted"), cases("date_sequels.tsv"))
def test_a_date_is_told_from_another(lang: str, published: str, text: str, wanted: str) -> None:
    """`Two years later` is counted from the date named last, when that is as fine; a feast has a day of the year."""
    found = find(text, lang, datetime.fromisoformat(published))
    assert (" ".join(mention.iso for mention in found) or "-") == wanted


@given(st.lists(st.sampled_from(WORDS)), st.dates(), st.sampled_from(["de", "en", "fr"]))
def test_any_mix_of_date_words_can_be_searched(words: list[str], day: date, lang: str) -> None:
    """Impossible and far-off dates never raise."""
    find(" ".join(words), lang, datetime.combine(day, NOON.timetz()))


@given(st.text(max_size=200), st.sampled_from(["de", "en"]))
def test_any_text_can_be_searched(text: str, lang: str) -> None:
    """Arbitrary text never raises."""
    find(text, lang, NOON)


def test_a_date_named_before_the_text_is_counted_from() -> None:
    """What an earlier sentence named last is given; a text without a date of its own counts from there."""
    before = DateMention(day=date(2015, 1, 1), precision=Precision.YEAR)
    assert [mention.iso for mention in find("Two years later they fell out.", "en", NOON, before)] == ["2017"]
    assert find("Two days later they fell out.", "en", NOON, before) == ()


@pytest.mark.parametrize(
    "unit", ["two days later ", "1", "1. ", "2024 ", "May ", "last ", "on Monday ", "am 3. März ", "A"]
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    """200 KB of figures and date words are searched in time."""
    start = time.process_time()
    find(unit * (200_000 // len(unit)), "en", NOON)
    find(unit * (200_000 // len(unit)), "de", NOON)
    assert time.process_time() - start < 8
