"""Values that may stand in the place of one another."""

from __future__ import annotations

import pytest

from watcher.novelty import values
from watcher.records import Amount


def money(value: float, unit: str = "USD") -> Amount:
    """A sum of money."""
    return Amount(value=value, unit=unit)


@pytest.mark.parametrize(
    ("now", "was", "slip"),
    [
        (money(97.4e6), money(97.4e9), True),
        (money(97.4e9, "EUR"), money(97.4e9, "USD"), True),
        (money(94.7e9), money(97.4e9), True),
        (money(190e6), money(1.9e9), False),
        (money(21e9), money(12e9), False),
        (money(97.4e6, "EUR"), money(97.4e9, "USD"), False),
        (money(98.4e9), money(97.4e9), False),
    ],
)
def test_a_slip_of_the_pen_has_three_digits(now: Amount, was: Amount, slip: bool) -> None:
    """The same digits in another magnitude or currency, or two of them exchanged; of two digits that is chance."""
    assert values.is_slip(now, was) is values.is_slip(was, now) is slip


def test_people_are_counted_under_many_names() -> None:
    """The patients of one report may be the people of another; pages are no people."""
    people, patients, pages = (
        Amount(value=n, unit=unit) for n, unit in ((41, "person"), (63, "patient"), (63, "page"))
    )
    assert values.may_replace(patients, people)
    assert not values.may_replace(pages, people)
