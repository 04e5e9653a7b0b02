"""Furniture of a page in words that no table has, and sentences of reports that look like it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tsv import cases

from watcher.language.furniture import Model, likelihood, likelihood_under, marks, shipped
from watcher.policy.beside import SURE

LEAST_FOUND = 0.5
CASES = cases("furniture.tsv")


@pytest.mark.parametrize(("lang", "text"), [(lang, text) for lang, what, text in CASES if what == "report"])
def test_a_sentence_of_a_report_is_not_taken_for_furniture(lang: str, text: str) -> None:
    """None of the table comes near to being overlooked."""
    assert likelihood(text, lang) < SURE


@pytest.mark.parametrize("lang", ["de", "en"])
def test_furniture_never_seen_is_mostly_told(lang: str) -> None:
    """Of lines the model was not fitted on it is sure of at least half."""
    told = [likelihood(text, lang) for one, what, text in CASES if one == lang and what == "furniture"]
    assert sum(value >= SURE for value in told) >= LEAST_FOUND * len(told)


@pytest.mark.parametrize("text", ["", " ", "Sign up for our newsletter. " * 40])
def test_nothing_and_long_texts_are_no_furniture(text: str) -> None:
    """There is no opinion on what is no line."""
    assert likelihood(text, "en") == 0.0


def test_there_is_no_opinion_in_other_languages() -> None:
    """Weights of one language say nothing of another."""
    assert likelihood("Abonnez-vous à notre lettre !", "fr") == 0.0


def test_weights_are_summed_over_the_marks_of_a_line() -> None:
    """A mark counts once; those not listed weigh nothing."""
    model = Model(bias={"en": -1.0}, weights={"en": {"w:newslett": 1.0}})
    assert likelihood_under(model, "Newsletter, newsletter", "en") == 0.5
    assert "p:^ newslett" in marks("Newsletter!", "en")


def test_the_data_file_is_modest() -> None:
    """Weights of both languages, a few thousand each."""
    assert set(shipped().weights) == {"de", "en"}
    assert all(500 < len(weights) < 6000 for weights in shipped().weights.values())


@given(st.text(max_size=500), st.sampled_from(["de", "en", "fr"]))
def test_any_text_has_a_likelihood(text: str, lang: str) -> None:
    """Arbitrary text never raises, and gives the same again."""
    value = likelihood(text, lang)
    assert 0.0 <= value <= 1.0
    assert likelihood(text, lang) == value


@pytest.mark.parametrize("unit", ['"', "@", ":", "1.", "Sie ", "a@", "„a"])
def test_a_line_takes_no_time(unit: str) -> None:
    """The longest line there is an opinion on, made of what the patterns look for, takes milliseconds."""
    line = (unit * 400)[:400]
    start = time.process_time()
    for lang in ("de", "en"):
        likelihood(line, lang)
    assert time.process_time() - start < 1
