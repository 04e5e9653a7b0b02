"""Known actors and other proper names."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tsv import cases

from watcher.language.names import Gazetteer, proper, unify
from watcher.records import Actor

ACTORS = Gazetteer(
    [
        Actor(name="Elon Musk", kind="person", aliases=("Musk", "Tesla-Chef", "the Tesla chief", "Tesla chief")),
        Actor(name="Sam Altman", kind="person", aliases=("Altman", "OpenAI-Chef")),
        Actor(name="OpenAI", kind="company"),
        Actor(name="xAI", kind="company", aliases=("X.AI",)),
    ]
)


@pytest.mark.parametrize(("lang", "text", "actors", "others"), cases("names.tsv"))
def test_names_are_found(lang: str, text: str, actors: str, others: str) -> None:
    """Each line of the table gives exactly its actors and other names."""
    mentions = ACTORS.mentions(text)
    assert ACTORS.find(text) == (() if actors == "-" else tuple(actors.split(", ")))
    assert proper(text, lang, mentions) == (() if others == "-" else tuple(others.split(", ")))


def test_surnames_find_their_full_name() -> None:
    """A surname becomes the article's one full name that ends so; two bearers leave it alone."""
    assert unify([("Marc Toberoff",), ("Toberoff", "Texas")]) == (("Marc Toberoff",), ("Marc Toberoff", "Texas"))
    assert unify([("Ann Lee", "Bo Lee"), ("Lee",)])[1] == ("Lee",)
    assert unify([("Kathy Jennings",), ()], ["Sie", "Jennings"])[1] == ("Kathy Jennings",)


@given(st.text(max_size=200), st.sampled_from(["de", "en", "fr"]))
def test_any_text_can_be_searched(text: str, lang: str) -> None:
    """Arbitrary text never raises; mentions are in order and do not overlap."""
    mentions = ACTORS.mentions(text)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    proper(text, lang, mentions)


@pytest.mark.parametrize("unit", ["A", "Musk ", "Ab ", "of ", "A. ", "Tesla-", "x"])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    """200 KB of capitals are searched in linear time."""
    text = unit * (200_000 // len(unit))
    start = time.process_time()
    proper(text, "de", ACTORS.mentions(text))
    proper(text, "en", ACTORS.mentions(text))
    assert time.process_time() - start < 8
