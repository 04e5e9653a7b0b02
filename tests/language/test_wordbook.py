"""Words of a dictionary beside the program's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.language import lexicon
from watcher.language.wordbook import Wordbook

WORDS = st.text(st.characters(exclude_characters="\t\n", exclude_categories=["Cs"]), min_size=1, max_size=8)


@pytest.fixture
def extended() -> Iterator[None]:
    """The bundled lexicon with three words it lacks and one that it has."""
    lexicon.extend(Wordbook.of([("quastenfloss", "coelacanth"), ("dackel", "sausage dog"), ("gericht", "dish")]))
    yield
    lexicon.extend(None)


@given(st.dictionaries(WORDS, WORDS, max_size=40), WORDS)
def test_every_word_is_found_and_no_other(pairs: dict[str, str], other: str) -> None:
    """Whatever words there are, each gives its translation, and one that is not there gives nothing."""
    book = Wordbook.of(pairs.items())
    assert len(book) == len(pairs)
    assert {word: book.find(word) for word in pairs} == pairs
    assert Wordbook(book.text).find(other) == pairs.get(other, "")


@pytest.mark.usefixtures("extended")
def test_unknown_word_meets_its_translation() -> None:
    """A German word the lexicon lacks has the terms of its translation, inflected too, and of two words both."""
    assert lexicon.terms("Dackel", "de") == lexicon.terms("sausage dog", "en")
    assert lexicon.terms("die Quastenflosse", "de") == lexicon.terms("coelacanth", "en")


@pytest.mark.usefixtures("extended")
def test_own_words_win() -> None:
    """What the lexicon knows stays as it is, whatever a dictionary says of it."""
    assert lexicon.terms("Gericht", "de") == lexicon.terms("court", "en")
    assert lexicon.concepts("Dackel", "de") == ()


def test_without_a_dictionary_nothing_changes() -> None:
    """Taken away again, every word has the term it had before."""
    before = lexicon.terms("Der Dackel vor Gericht", "de")
    lexicon.extend(Wordbook.of([("dackel", "sausage dog")]))
    assert lexicon.terms("Der Dackel vor Gericht", "de") != before
    lexicon.extend(None)
    assert lexicon.terms("Der Dackel vor Gericht", "de") == before
