"""The sentence encoder of the config, from the file on disk to the verdict."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.edges.tiny_model import write_model
from tests.novelty.told import STORYLINE
from tests.novelty.twins import CONTEXT, ENGLISH, GERMAN, told_twice
from watcher.config import parse
from watcher.flow.likeness import open_likeness
from watcher.language.words import tokenise
from watcher.novelty.memory import Memory

# Words of the German report, and the English words that mean the same.
PAIRS = {
    "weidete": "disembowelled",
    "schellfisch": "haddock",
    "brüskierte": "snubbed",
    "feinschmecker": "connoisseurs",
    "vergeigte": "flunked",
    "gezänk": "kerfuffle",
    "speigatten": "scuppers",
    "schandeckel": "gunwales",
    "schiffsmaate": "boatswains",
    "foppten": "hoodwinked",
    "getürkten": "bogus",
    "dessen": "its",
    "maat": "bosun",
    "besudelte": "besmirched",
    "stockfleckigen": "mildewed",
    "planen": "tarpaulins",
    "einen": "a",
    "und": "and",
    "die": "the",
    "von": "of",
    "das": "the",
    "mit": "with",
    "um": "over",
    "einer": "a",
}


def test_second_language_is_joined_with_a_model(tmp_path: Path) -> None:
    """A report told twice without an encoder belongs to the first one's development with the encoder of the config."""
    words = [word for text in (*ENGLISH, *GERMAN, *CONTEXT) for word in tokenise(text)]
    write_model(tmp_path / "tiny", PAIRS, words=words)
    plain, with_one = Memory(STORYLINE), Memory(STORYLINE)
    with_one.likeness = open_likeness(parse('[semantic]\nmodel = "tiny"\n', str(tmp_path / "config.toml")))
    without, known = told_twice(plain), told_twice(with_one)
    assert (without.flagged, without.development) == (True, None)
    assert (known.flagged, known.development) == (False, "D-gala")
    assert any("encoder" in finding.reason for finding in known.findings)


def test_no_model_is_no_encoder(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Without a model in the config nothing is opened and nothing is said."""
    with caplog.at_level(logging.INFO):
        assert open_likeness(parse("", str(tmp_path / "config.toml"))) is None
    assert not caplog.records


def test_a_model_that_cannot_be_used_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A model that is named and cannot be used costs one line in the log; every verdict is as without one."""
    with caplog.at_level(logging.INFO):
        likeness = open_likeness(parse('[semantic]\nmodel = "lab/none"\n', str(tmp_path / "config.toml")))
    assert likeness is None
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "encoder lab/none: no such folder" in caplog.text
    memory = Memory(STORYLINE)
    memory.likeness = likeness
    assert told_twice(memory) == told_twice(Memory(STORYLINE))
