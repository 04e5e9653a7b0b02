"""What a sentence encoder adds to the verdicts, with encoders made for these tests."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.novelty.told import NOON, STORYLINE, read, told
from tests.novelty.twins import ENGLISH, GERMAN, german, hear
from watcher.novelty.judge import judge
from watcher.novelty.memory import Memory
from watcher.novelty.semantics import Likeness
from watcher.records import Judgement

ALIKE = 0.6
MEANING = {text: str(at) for pair in (ENGLISH, GERMAN) for at, text in enumerate(pair)}


class Understanding:
    """Knows what the sentences above mean and gives everything else a direction of its own."""

    def encode(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """One vector of length 1 a text."""
        return [direction(MEANING.get(text, text)) for text in texts]


class Failing:
    """Cannot encode anything."""

    def encode(self, texts: Sequence[str]) -> list[Sequence[float]]:
        """Nothing."""
        return []


def direction(seed: str) -> list[float]:
    """A vector of length 1 that only this seed gives."""
    raw = [byte - 127.5 for at in range(2) for byte in hashlib.sha512(f"{at}{seed}".encode()).digest()]
    length = math.hypot(*raw)
    return [value / length for value in raw]


def memory(likeness: Likeness | None) -> Memory:
    """A memory in which the English report was told."""
    made = Memory(STORYLINE)
    made.likeness = likeness
    hear(made)
    return made


def verdicts(likeness: Likeness | None) -> Judgement:
    """What is said of the German report."""
    known = memory(likeness)
    return judge(german(known), known)


def test_second_language_is_known_with_an_encoder_alone() -> None:
    """What our words cannot tell to be the same is told twice without an encoder, and known with one, which says so."""
    without, with_one = verdicts(None), verdicts(Likeness(Understanding(), ALIKE))
    assert (without.flagged, without.development) == (True, None)
    assert (with_one.flagged, with_one.development) == (False, "D-gala")
    assert [finding.event for finding in with_one.findings[:2]] == ["D-gala"] * 2
    assert not any(finding.verdict.is_fresh for finding in with_one.findings)
    assert all("encoder" in finding.reason for finding in with_one.findings)


@pytest.mark.parametrize("likeness", [None, Likeness(Failing(), ALIKE)], ids=["none", "failing"])
def test_without_vectors_verdicts_are_the_same(likeness: Likeness | None) -> None:
    """No encoder, or one that can do nothing, leaves every verdict, score and reason as it was."""
    assert verdicts(likeness) == verdicts(None)
    known = memory(likeness)
    assert known.liken(german(known)).reading == german(known)


def test_another_figure_is_still_seen() -> None:
    """However alike the encoder finds them: a figure that was not told before stays a figure that was not told."""
    known = memory(Likeness(Understanding(), ALIKE))
    reading = german(known)
    later = "Norden vergeigte das Gezänk mit Suederlinie um 850 Millionen Euro."
    MEANING[later] = MEANING[GERMAN[1]]
    try:
        reading = read(known, "spaeter", "Norden und Suederlinie", later, lang="de", at=NOON + timedelta(hours=3))
        likened = known.liken(reading)
        assert likened.twins
        assert likened.reading.statements[0].amounts == reading.statements[0].amounts
        plain = replace(reading, statements=(replace(reading.statements[0], amounts=()),))
        assert judge(reading, known).findings[0].score > judge(plain, known).findings[0].score
    finally:
        del MEANING[later]


def test_words_the_lexicon_brought_across_stay() -> None:
    """A twin lends its words for those that only one language knows; a concept of ours is not hidden by it."""
    known = memory(Likeness(Understanding(), ALIKE))
    extra = "Norden vergeigte das Gezänk mit Suederlinie, das Gericht verhängte eine Geldstrafe."
    MEANING[extra] = MEANING[GERMAN[1]]
    try:
        reading = read(known, "strafe", "Norden und Suederlinie", extra, lang="de", at=NOON + timedelta(hours=3))
        terms = known.liken(reading).reading.statements[0].terms
        assert {"court", "kerfuffl"} <= set(terms)
        assert "vergeigt" not in terms
    finally:
        del MEANING[extra]


def test_same_language_and_small_memories_are_left_alone() -> None:
    """Sentences of one language are compared by their words, and with too little to measure by nothing is alike."""
    known = memory(Likeness(Understanding(), ALIKE))
    again = read(known, "again", "Karla Brandt and Norden", *ENGLISH, at=NOON + timedelta(hours=1))
    assert not known.liken(again).twins
    small = Memory(replace(STORYLINE, events=()))
    small.likeness = Likeness(Understanding(), ALIKE)
    told(small, read(small, "gala", "Norden miffs Suederlinie with haddock and kerfuffle", *ENGLISH))
    assert not small.liken(german(small)).twins


def test_a_blunt_encoder_finds_nothing() -> None:
    """An encoder that finds everything nearly the same says nothing, however near it puts them."""

    class Blunt:
        def encode(self, texts: Sequence[str]) -> list[Sequence[float]]:
            return [[0.999, *(0.02 * value for value in direction(text))] for text in texts]

    assert verdicts(Likeness(Blunt(), ALIKE)) == verdicts(None)


def test_one_told_statement_is_the_twin_of_one() -> None:
    """Of several sentences that resemble one told sentence, only the likest takes its words."""

    class Doubled(Understanding):
        def encode(self, texts: Sequence[str]) -> list[Sequence[float]]:
            return [direction("0") if text in GERMAN or text == ENGLISH[0] else direction(text) for text in texts]

    known = memory(Likeness(Doubled(), ALIKE))
    assert len(known.liken(german(known)).twins) == 1


def test_the_lexicon_has_the_last_word() -> None:
    """Where our words are sure that two sentences have nothing in common, the encoder is not believed."""

    class Wrong:
        def encode(self, texts: Sequence[str]) -> list[Sequence[float]]:
            same = ("Das Gericht", "Norden fired")
            return [direction("same" if text.startswith(same) else text) for text in texts]

    known = Memory(STORYLINE)
    known.likeness = Likeness(Wrong(), ALIKE)
    hear(known)
    fired = "Norden fired two engineers after the explosion on the island near Suederlinie."
    told(known, read(known, "fired", "Norden and Suederlinie", fired))
    ruling = "Das Gericht hat die Klage von Suederlinie gegen Norden abgewiesen."
    report = read(known, "ruling", "Norden und Suederlinie", ruling, lang="de", at=NOON + timedelta(hours=3))
    assert not known.liken(report).twins
