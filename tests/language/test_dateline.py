"""Where a report was filed is none of what it tells."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tsv import cases

from watcher.language import dateline
from watcher.language.names import Gazetteer
from watcher.language.statements import understand
from watcher.records import Actor

ACTORS = Gazetteer([Actor(name="OpenAI", kind="company")])
PUBLISHED = datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(("lang", "told"), cases("datelines.tsv"))
def test_a_dateline_ends_where_the_sentence_begins(lang: str, told: str) -> None:
    """Each line of the table is cut where its bar stands."""
    filed, _, sentence = told.partition("|")
    assert dateline.end(filed + sentence, lang) == len(filed)


@pytest.mark.parametrize(("lang", "told"), [row for row in cases("datelines.tsv") if not row[1].startswith("|")])
def test_a_sentence_says_the_same_with_and_without_its_dateline(lang: str, told: str) -> None:
    """Neither place, day nor agency is understood; the first word behind it begins a sentence and is no name."""
    filed, _, sentence = told.partition("|")
    ours, plain = (understand(text, lang, PUBLISHED, ACTORS) for text in (filed + sentence, sentence))
    assert (ours.names, ours.terms, ours.dates, ours.amounts) == (plain.names, plain.terms, plain.dates, plain.amounts)
    assert ours.text == filed + sentence


@given(st.text(alphabet="AaBb .,-–()0’/\n", max_size=120), st.sampled_from(["de", "en", "fr"]))
def test_any_text_can_be_asked(text: str, lang: str) -> None:
    """Arbitrary text never raises; a dateline ends within the text."""
    assert 0 <= dateline.end(text, lang) <= len(text)


@pytest.mark.parametrize("unit", ["A", "A ", "Ab, ", "(A) ", "A-", "A am ", "9 ", "Ä"])
def test_hostile_text_takes_no_time(unit: str) -> None:
    """What looks like a dateline without end is given up at once."""
    start = time.process_time()
    for _ in range(200):
        dateline.end(unit * 1000, "en")
    assert time.process_time() - start < 1
