"""Counts as words: one of a thing is told as one, in every command that counts."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from watcher.cli.main import watcher
from watcher.edges.alert_text import counted
from watcher.records import Event, Precision, Storyline
from watcher.store import events, knowledge
from watcher.store.database import open_state
from watcher.store.feeds import FeedName, Polled, save_poll, sync

NOW = datetime.now(UTC)
ONE_OF_MANY = re.compile(r"(?<![\d.,:/-])1 (?!of\b|is\b|was\b|has\b|reads\b)\w*(?<!s)s\b")


@pytest.mark.parametrize("words", [(), ("events",), ("feeds",), ("doctor",), ("flags",), ("alerts",)])
def test_one_of_a_thing_is_told_as_one(tmp_path: Path, words: tuple[str, ...]) -> None:
    """With one feed, one event and one entry no command speaks of `1 feeds`."""
    config = tmp_path / "config.toml"
    config.write_text('[storyline]\nuse = "any"\n[[feed]]\nname = "a"\nurl = "http://e.test/"\n', encoding="utf-8")
    db = open_state(tmp_path / "state")
    row = knowledge.enrol(db, Storyline(name="any", title="Any"), NOW)
    one = Event(id="a", date="2025", date_precision=Precision.YEAR, title="Title", summary="It was.")
    events.add(db, row, [one], origin="person", now=NOW)
    sync(db, [FeedName(name="a", url="http://e.test/")], NOW)
    save_poll(db, 1, Polled(at=NOW, due=NOW))
    db.execute("INSERT INTO entry (feed_id, identity, seen_at, digest) VALUES (1, 'a', ?, '')", (NOW.isoformat(),))
    db.commit()
    db.close()
    said = " ".join(CliRunner().invoke(watcher, ["--config", str(config), *words]).output.split())
    assert said
    assert not ONE_OF_MANY.findall(said), said


@pytest.mark.parametrize(
    ("count", "noun", "told"),
    [
        (1, "entry", "1 entry"), (2, "entry", "2 entries"), (0, "feed", "0 feeds"), (2, "day", "2 days"),
        (1, "known event", "1 known event"), (3, "known event", "3 known events"),
    ],
)  # fmt: skip
def test_a_noun_stands_in_the_number_of_its_count(count: int, noun: str, told: str) -> None:
    """One is one, none and many are many, and a noun with an adjective changes at its end."""
    assert counted(count, noun) == told
