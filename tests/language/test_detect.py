"""The language of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tsv import cases

from watcher.language.detect import language


@pytest.mark.parametrize(("wanted", "text"), cases("languages.tsv"))
def test_one_headline_is_enough(wanted: str, text: str) -> None:
    """A headline or sentence tells its language without a fallback."""
    assert language(text, "") == wanted


@pytest.mark.parametrize("text", ["", "12345", "?!"])
def test_no_evidence_leaves_the_fallback(text: str) -> None:
    """A text without words is in the language that was assumed."""
    assert language(text, "de") == "de"
    assert language(text, "") == ""


def test_another_script_is_no_known_language() -> None:
    """A text in another script is neither German nor English, whatever was assumed."""
    assert language("Илон Маск подал в суд на OpenAI", "en") == ""


@given(st.text(max_size=300), st.sampled_from(["de", "en", ""]))
def test_any_text_has_an_answer(text: str, fallback: str) -> None:
    """Arbitrary text never raises."""
    assert len(language(text, fallback)) in (0, 2)
