"""Words, separable verbs and the lexicon."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tsv import cases

from watcher.language.lexicon import Lexicon, bundled, is_concept, terms
from watcher.language.words import fold, join_separable, tokenise

TINY = Lexicon(
    [
        ("lawsuit", "lawsuit,sue,legal action", "Klage,verklagen"),
        ("file", "file", "einreichen"),
        ("shareholder", "shareholder,stockholder", "Aktionär"),
        ("seek", "seek", "anstreben"),
        ("charge", "charge,accusation", "Vorwurf"),
        ("fee", "charge,fee", "Gebühr"),
        ("bavaria", "bavaria", "Bayern"),
    ],
    places=["bavaria"],
)


@pytest.mark.parametrize(("clause", "infinitive"), cases("separable.tsv"))
def test_separable_verbs_are_joined(clause: str, infinitive: str) -> None:
    """Finite verb and particle of a clause become the infinitive."""
    assert infinitive in join_separable(tokenise(clause))


@pytest.mark.parametrize(
    ("word", "folded"), [("Musk's", "musk"), ("Musks’", "musks"), ("Straße", "strasse"), ("OpenAI‑Chef", "openai-chef")]
)
def test_words_are_folded(word: str, folded: str) -> None:
    """Case, ß, possessives and kinds of hyphen make no difference."""
    assert fold(word) == folded


def test_both_languages_meet() -> None:
    """An English and a German sentence of one content give the same concepts."""
    english = TINY.terms("The stockholders filed a legal action.", "en")
    german = TINY.terms("Die Aktionäre reichten eine Klage ein.", "de")
    assert sorted(english) == sorted(german) == ["file", "lawsuit", "shareholder"]


def test_irregular_forms_are_known() -> None:
    """An irregular verb form finds its infinitive's concept."""
    assert TINY.terms("He sought it", "en") == ("seek",)


def test_compounds_give_their_parts() -> None:
    """A German compound of known words gives their concepts, one with an unknown part its own stem."""
    assert TINY.terms("Aktionärsklage", "de") == ("shareholder", "lawsuit")
    assert TINY.terms("Gartenklage", "de") == ("gartenklag",)
    assert TINY.terms("Vorwurfs-Klage", "de") == ("charge", "lawsuit")


def test_a_word_of_two_meanings_keeps_the_first() -> None:
    """The dominant concept is the first of the table; all can be asked for."""
    assert TINY.terms("charges", "en") == ("charge",)
    assert TINY.concepts("charges", "en") == ("charge", "fee")


def test_function_words_and_days_are_no_terms() -> None:
    """Function words, figures, days and months give no terms."""
    assert TINY.terms("Am Dienstag, den 4. März 2025, war es so", "de") == ()


def test_places_are_told_from_common_words() -> None:
    """A place is known as such and is no common word."""
    assert TINY.is_place("Bayern", "de")
    assert not TINY.knows("Bayern", "de")
    assert TINY.knows("Klage", "de")


def test_the_bundled_lexicon_bridges_law() -> None:
    """The bundled tables bring the word for a lawsuit to one concept."""
    assert terms("Klage", "de") == terms("lawsuit", "en")


@pytest.mark.parametrize(("english", "german"), cases("bridges.tsv"))
def test_the_bundled_lexicon_joins_what_reports_tell(english: str, german: str) -> None:
    """Words for one thing share a concept in the form in which news has them."""
    shared = set(terms(english, "en")) & set(terms(german, "de"))
    assert any(map(is_concept, shared))


@pytest.mark.parametrize(
    ("noun", "as_noun", "other", "as_other"),
    [
        ("Stellen", "jobs", "stellen", "put"),
        ("Betrug", "fraud", "betrug", "amounts"),
        ("Steuern", "taxes", "steuern", "steer"),
        ("Raten", "instalments", "raten", "advise"),
        ("Recht", "law", "recht", "right"),
    ],
)
def test_a_german_noun_is_not_what_is_spelt_like_it(noun: str, as_noun: str, other: str, as_other: str) -> None:
    """A capital tells a German noun from the verb or adjective of the same letters, also in a regular form."""
    assert terms(noun, "de") == terms(as_noun, "en") != terms(other, "de") == terms(as_other, "en")


def test_a_capital_alone_hides_no_word() -> None:
    """A verb at the beginning of a sentence, which the lexicon has in small letters only, is known as well."""
    for word in ("Vorgeladen", "Geschrieben", "Geladen"):
        assert terms(word, "de") == terms(word.lower(), "de")
        assert is_concept(*terms(word, "de"))


@pytest.mark.parametrize(
    ("compound", "last"), [("Vollzeitstellen", "jobs"), ("Kreditraten", "instalments"), ("Wahlrecht", "law")]
)
def test_the_parts_of_a_noun_are_nouns(compound: str, last: str) -> None:
    """What a compound ends in is the noun, not the verb or adjective spelt like it."""
    assert terms(compound, "de")[-1:] == terms(last, "en")


@pytest.mark.parametrize(
    ("word", "like", "lang"),
    [
        ("shareholders", "shareholder", "en"),
        ("receives", "receive", "en"),
        ("discussing", "discuss", "en"),
        ("founders", "founder", "en"),
        ("Verlagen", "Verlag", "de"),
        ("Aktionären", "Aktionär", "de"),
        ("linker", "linke", "de"),
    ],
)
def test_a_regular_form_has_the_concept_of_its_word(word: str, like: str, lang: str) -> None:
    """A regular form is its word, though a word of another sense has the same stem."""
    assert is_concept(*terms(like, lang))
    assert terms(word, lang) == terms(like, lang)


@pytest.mark.parametrize(("word", "lang"), [("Adrian", "de"), ("Bernd", "en"), ("Frances", "en")])
def test_a_name_is_no_form_of_a_place(word: str, lang: str) -> None:
    """Only its genitive is a form of a place."""
    assert not any(map(bundled().is_place_concept, terms(word, lang)))


@given(st.text(max_size=200), st.sampled_from(["de", "en", "fr"]))
def test_terms_of_any_text(text: str, lang: str) -> None:
    """Arbitrary text never raises and gives non-empty terms."""
    assert all(bundled().terms(text, lang))


def test_a_sentence_is_quick() -> None:
    """A 25-word sentence takes about a millisecond at most once its words were seen."""
    text = "Der Verwaltungsrat lehnte das Angebot von Elon Musk und seinen Partnern am Freitag einstimmig ab, " * 2
    terms(text, "de")
    start = time.process_time()
    for _ in range(200):
        terms(text, "de")
    assert (time.process_time() - start) / 200 < 0.005
