"""Slips that no rule of grammar explains, and what is none however small it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.language.logistic import Model
from watcher.policy import certain, corrections
from watcher.policy.leftover import Leftover, Word, words_of

ALL = Model(bias={"en": 9.0, "de": 9.0}, weights={"en": {}, "de": {}})
"""Takes everything for a slip."""
_TEXT = st.lists(st.text(alphabet="abcdefg", min_size=1, max_size=6), max_size=8)


def left(before: str, after: str, *, lang: str = "en", right: int = 0, names: frozenset[str] = frozenset()) -> Leftover:
    """Lay two wordings side by side: what is equal at both ends is left out."""
    old, new = before.casefold().split(), after.casefold().split()
    head = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    words = tuple(words_of(old, new, head, len(old) - tail, head, len(new) - tail))
    nouns = {word.casefold() for word in after.split() if word[0].isupper()}
    return Leftover(old=old, new=new, words=words, lang=lang, right=right, cues=frozenset(), nouns=nouns, names=names)


@pytest.mark.parametrize(
    ("lang", "before", "after"),
    [
        ("en", "the gate is now shut", "the gate is not shut"),
        ("en", "they left with a guide", "they left without a guide"),
        ("en", "the mayor keeps the file", "the mayor kept the file"),
        ("en", "the brother was heard", "the brothers was heard"),
        ("en", "a crew of 4 left", "a crew of 5 left"),
        ("en", "the suspect asked to leave", "the suspect was asked to leave"),
        ("en", "the boots were new", "the boats were new"),
        ("de", "der Fahrer kam ohne Licht", "der Fahrer kam mit Licht"),
        ("de", "die Bahn werde kommen", "die Bahn wird kommen"),
        ("de", "der Pilot blieb ruhig", "der Pilotin blieb ruhig"),
        ("de", "die Fähre legt ab", "die Fähre legt an"),
        ("de", "Sie kam ohne neuen Wagen", "Sie kam ohne neue Wagen"),
        ("de", "die Angestellte ging", "der Angestellte ging"),
    ],
)
def test_what_tells_something_else_is_no_slip(lang: str, before: str, after: str) -> None:
    """A negation, a tense, how many, who it was: not even a model that takes all for slips is asked."""
    assert corrections.likelihood(left(before, after, lang=lang), ALL) == 0.0


@pytest.mark.parametrize(
    ("lang", "before", "after"),
    [
        ("en", "the room was closedd at noon", "the room was closed at noon"),
        ("en", "the depot would ve ready in June", "the depot would be ready in June"),
        ("de", "Kunden sollen füür den Sommer buchen", "Kunden sollen für den Sommer buchen"),
        ("de", "der Rat such eine Lösung", "der Rat sucht eine Lösung"),
    ],
)
def test_slips_nobody_wrote_a_rule_for_are_told(lang: str, before: str, after: str) -> None:
    """By the weights that come with the program."""
    assert corrections.is_slip(left(before, after, lang=lang))


def test_a_name_is_never_a_slip() -> None:
    """Another letter is another person."""
    said = left("the coach praised Colman again", "the coach praised Coleman again", names=frozenset({"coleman"}))
    assert certain.tells(said.words[0], said)


def test_where_one_slip_was_set_right_a_form_may_be_another() -> None:
    """Alone `thank`, `thanked` is a tense; beside a slip that was set right it may be one more."""
    words = ("the mayor thank both sides", "the mayor thanked both sides")
    assert certain.tells(left(*words).words[0], left(*words))
    assert not certain.tells(left(*words).words[0], left(*words, right=1))


def test_too_many_words_are_another_sentence() -> None:
    """Five words that no rule explains are no slips, whatever each looks like."""
    assert corrections.likelihood(left("aa bb cc dd ee", "ab bc cd de ef"), ALL) == 0.0


@given(_TEXT, _TEXT, st.sampled_from(["en", "de", "fr"]))
def test_any_two_wordings_have_a_likelihood(old: list[str], new: list[str], lang: str) -> None:
    """Never below 0 or above 1, the same again, and every word that differs is laid beside one other or none."""
    words = tuple(words_of(old, new, 0, len(old), 0, len(new)))
    assert sorted(word.before for word in words if word.before) == sorted(old)
    assert sorted(word.after for word in words if word.after) == sorted(new)
    said = Leftover(
        old=old, new=new, words=words, lang=lang, right=0, cues=frozenset(), nouns=frozenset(), names=frozenset()
    )
    value = corrections.likelihood(said, corrections.shipped())
    assert 0.0 <= value <= 1.0
    assert corrections.likelihood(said, corrections.shipped()) == value


def test_a_word_that_came_stands_where_it_came() -> None:
    """The word before it is the same in both wordings."""
    (came,) = left("he said left", "he said she left").words
    assert came == Word(before="", after="she", at=2, to=2)
