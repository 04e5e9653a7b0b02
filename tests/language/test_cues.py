"""Kinds of sentence."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tsv import cases

from watcher.language.cues import find


@pytest.mark.parametrize(("lang", "text", "wanted", "unwanted"), cases("cues.tsv"))
def test_kinds_are_told(lang: str, text: str, wanted: str, unwanted: str) -> None:
    """Each line of the table shows the kinds it must and none it must not."""
    found = set(find(text, lang))
    assert set(wanted.replace("-", "").split()) <= found
    assert found.isdisjoint(unwanted.split())


@given(st.text(max_size=200), st.sampled_from(["de", "en", "fr"]))
def test_any_text_has_kinds(text: str, lang: str) -> None:
    """Arbitrary text never raises; the kinds are sorted and each told once."""
    found = find(text, lang)
    assert list(found) == sorted(set(found))


@pytest.mark.parametrize("unit", ['"', "„a b ", "wird ", "wie ", "did not ", "?", "A.", "www.", "1 "])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    """200 KB of quotes and cue words are read within a second."""
    start = time.process_time()
    find(unit * (200_000 // len(unit)), "de")
    find(unit * (100_000 // len(unit)), "en")
    assert time.process_time() - start < 8
