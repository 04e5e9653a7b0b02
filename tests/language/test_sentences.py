"""Sentence ends in German and English news prose."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from passages import boundaries, f1, read_passages

from watcher.language.sentences import split


@pytest.mark.parametrize("held_out", [False, True], ids=["tuned", "held-out"])
@pytest.mark.parametrize("lang", ["de", "en"])
def test_ends_of_sentences_are_found(lang: str, held_out: bool) -> None:
    """F1 of sentence ends over the written passages stays above .97 in both languages."""
    pairs = [
        (boundaries(split(p.text, lang)), boundaries(p.sentences))
        for p in read_passages(lang)
        if p.held_out == held_out
    ]
    assert len(pairs) >= 20
    assert f1(pairs) > 0.97


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "„Das ist absurd.“, sagte er."),
        ("de", "Am 3. Senat des 12. Bezirks kam z. B. Nr. 5 dran, d. h. der Fall der Vertigo Inc. und ihrer Tochter."),
        ("en", "“Is it over?” he asked."),
        ("en", "J. K. Rowling met Mr. A. B. Smith at 9.30 a.m. Eastern on Jan. 5."),
        ("en", "U.S. District Judge Gonzalez Rogers ruled on No. 3 of v. 2.0 at example.com."),
    ],
)
def test_a_sentence_with_full_stops_stays_whole(lang: str, text: str) -> None:
    """Abbreviations, ordinals, initials, addresses and quotations before their speaker end no sentence."""
    assert split(text, lang) == (text,)


@given(st.text(alphabet=st.sampled_from("aZ.!?…\"„“»« \n\t()1Ä•-'"), max_size=120), st.sampled_from(["de", "en", "fr"]))
def test_nothing_is_lost(text: str, lang: str) -> None:
    """Sentences are trimmed substrings that keep every non-space character in order."""
    found = split(text, lang)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(sentence == sentence.strip() and sentence in text for sentence in found)


@pytest.mark.parametrize("unit", ["1.", '."', "A. ", "„. ", "Z", ". \n", "a.B ", "!“ A", " "])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    """200 KB of full stops, quotes, figures or capitals are split in linear time."""
    start = time.process_time()
    split(unit * (200_000 // len(unit)), "de")
    assert time.process_time() - start < 8
