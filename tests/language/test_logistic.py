"""Logistic models over named marks: what they say, and that their files say it again."""

from __future__ import annotations

import pytest

from watcher.language.logistic import Model

MODEL = Model(bias={"en": -1.0}, weights={"en": {"long": 2.0, "short": -3.0}})


@pytest.mark.parametrize(
    ("marks", "expected"), [({}, 0.269), ({"long": 0.5}, 0.5), ({"long": 1.0, "unheard": 9.0}, 0.731)]
)
def test_weights_are_summed_over_what_is_seen(marks: dict[str, float], expected: float) -> None:
    """Each as much as it is seen; what has no weight says nothing."""
    assert MODEL.probability("en", marks) == pytest.approx(expected, abs=0.001)


def test_a_language_without_weights_has_no_opinion() -> None:
    """Nothing is likely in it."""
    assert MODEL.probability("fr", {"long": 1.0}) == 0.0


def test_a_file_gives_the_same_model() -> None:
    """Written and read again."""
    assert Model.parse(MODEL.written()) == MODEL


def test_no_sum_is_too_large() -> None:
    """Certainty and impossibility are finite."""
    assert MODEL.probability("en", {"long": 1e9}) > 0.99
    assert MODEL.probability("en", {"short": 1e9}) < 0.01
