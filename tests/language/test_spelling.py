"""Which words exist."""

from __future__ import annotations

import pytest

from watcher.language.spelling import is_listed, is_word


@pytest.mark.parametrize(
    ("word", "lang"),
    [
        ("Handwerker", "de"), ("mitteilten", "de"), ("Übernahmeangebot", "de"), ("größten", "de"), ("die", "de"),
        ("shareholders", "en"), ("overturned", "en"), ("lawsuit", "en"), ("Judge", "en"), ("the", "en"),
    ],
)  # fmt: skip
def test_words_in_any_form_exist(word: str, lang: str) -> None:
    """Inflected words, capitalised ones and small ones exist."""
    assert is_listed(word, lang)
    assert is_word(word, lang)


@pytest.mark.parametrize(
    ("word", "lang"),
    [
        ("Handweker", "de"), ("Verfügug", "de"), ("", "de"), ("4711", "de"),
        ("recieved", "en"), ("managment", "en"), ("announcment", "en"), ("e-mail-adress", "en"),
    ],
)  # fmt: skip
def test_slips_do_not(word: str, lang: str) -> None:
    """A word with a letter wrong, nothing, digits, and what is no single word do not exist."""
    assert not is_word(word, lang)


def test_a_compound_of_two_words_may_exist() -> None:
    """A German compound that no list holds exists as far as its parts do, with the letters that join them."""
    assert not is_listed("Gutachterberuf", "de")
    assert is_word("Gutachterberuf", "de")
    assert is_word("Zeitungsleserin", "de")
    assert not is_word("Gutachterberfu", "de")
    assert not is_word("shareholdermeeting", "en")


def test_each_language_has_its_words() -> None:
    """A word of the one language is none of the other."""
    assert not is_word("Handwerker", "en")
    assert not is_word("shareholders", "de")
