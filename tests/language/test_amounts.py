"""Amounts and how they compare."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tsv import cases

from watcher.language.amounts import Likeness, compare, find, same, show
from watcher.records import Amount


def amount(written: str) -> Amount:
    """The amount of a written one: `97.4e9 USD ~`."""
    value, *rest = written.split(" ")
    unit = rest[0] if rest and rest[0] != "~" else ""
    return Amount(value=float(value), unit=unit, approx="~" in rest)


@pytest.mark.parametrize(("lang", "text", "wanted"), cases("amounts.tsv"))
def test_amounts_are_found(lang: str, text: str, wanted: str) -> None:
    """Each line of the table gives exactly its amounts."""
    expected = (
        ()
        if wanted == "-"
        else tuple(amount(part.strip(" ") if "~" in part else part.lstrip()) for part in wanted.split(";"))
    )
    assert find(text, lang) == expected


@pytest.mark.parametrize(("a", "b", "how"), cases("likeness.tsv"))
def test_amounts_are_compared(a: str, b: str, how: str) -> None:
    """Each line of the table is judged as it says, in both directions."""
    assert compare(amount(a), amount(b)) == Likeness(how)
    assert compare(amount(b), amount(a)) == Likeness(how)


@pytest.mark.parametrize(("written", "shown"), cases("shown.tsv"))
def test_amounts_are_shown(written: str, shown: str) -> None:
    """Each line of the table is written for a person as it says."""
    assert show(amount(written)) == shown


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("100,000 jobs", "100.000 Arbeitsplätze"),
        ("nine jurors", "neun Geschworene"),
        ("nine new judges", "neun neue Richter"),
    ],
)
def test_counted_things_meet(english: str, german: str) -> None:
    """What is counted has one unit in both languages."""
    assert find(english, "en") == find(german, "de") != ()


AMOUNTS = st.builds(
    Amount,
    value=st.one_of(st.floats(min_value=0, max_value=1e15), st.integers(0, 10**12).map(float)),
    unit=st.sampled_from(["USD", "EUR", "GBP", "%", "", "job"]),
    approx=st.booleans(),
)


@given(AMOUNTS, AMOUNTS)
def test_sameness_is_symmetric(a: Amount, b: Amount) -> None:
    """Neither side of a comparison matters, and everything equals itself."""
    assert same(a, b) == same(b, a)
    assert compare(a, a) is Likeness.EXACT


@given(st.text(max_size=200), st.sampled_from(["de", "en", "fr"]))
def test_any_text_can_be_searched(text: str, lang: str) -> None:
    """Arbitrary text never raises."""
    find(text, lang)


@pytest.mark.parametrize("unit", ["1", "1.", "1,000 ", "$", "million ", "9 to ", "A1-", "ein "])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    """200 KB of figures and signs are searched within a second."""
    start = time.process_time()
    find(unit * (200_000 // len(unit)), "en")
    find(unit * (100_000 // len(unit)), "de")
    assert time.process_time() - start < 8
