"""`watcher` alone tells the kinds of a quiet day apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from watcher.cli.main import watcher
from watcher.records import Storyline
from watcher.store import knowledge
from watcher.store.database import open_state
from watcher.store.feeds import FeedName, Polled, save_poll, sync

NOW = datetime.now(UTC)
WELL, ILL = ("ok", ""), ("failing", "no answer")


@pytest.mark.parametrize(
    ("asked", "entries", "relevant", "told"),
    [
        ([WELL, WELL], 0, 0, "Last 24 hours: nothing new in any feed."),
        ([WELL, ILL], 0, 0, "Last 24 hours: nothing new in any feed that could be read, 1 could not."),
        ([ILL, ILL], 0, 0, "Last 24 hours: no feed could be read; nobody knows what happened."),
        ([], 0, 0, "Last 24 hours: no feed was asked; the daemon does not run."),
        ([WELL, ILL], 3, 0, "Last 24 hours: 3 entries, none of them on the storyline."),
        ([WELL, WELL], 1, 1, "Last 24 hours: 1 entry, 1 article on the storyline, all of it known."),
        ([WELL, WELL], 2, 3, "Last 24 hours: 2 entries, 1 article on the storyline in 3 versions, all of it known."),
    ],
    ids=[
        "nothing happened",
        "some broken",
        "all broken",
        "not asked",
        "nothing relevant",
        "nothing fresh",
        "edited twice",
    ],
)
def test_every_kind_of_quiet_has_its_line(
    tmp_path: Path, asked: list[tuple[str, str]], entries: int, relevant: int, told: str
) -> None:
    """Nothing happened, nothing was relevant, nothing was fresh, feeds are broken, nobody asked: each has its words.
    An article that was edited is one, with the number of its versions.
    """
    config = tmp_path / "config.toml"
    config.write_text('[storyline]\nuse = "any"\n', encoding="utf-8")
    db = open_state(tmp_path / "state")
    row = knowledge.enrol(db, Storyline(name="any", title="Any"), NOW)
    names = [FeedName(name=str(number), url=f"http://e.test/{number}") for number in range(2)]
    sync(db, names, NOW)
    for number, (health, problem) in enumerate(asked, start=1):
        save_poll(db, number, Polled(at=NOW, due=NOW + timedelta(hours=1), health=health, problem=problem))
    for number in range(entries):
        db.execute(
            "INSERT INTO entry (feed_id, identity, seen_at, digest) VALUES (1, ?, ?, '')",
            (str(number), NOW.isoformat()),
        )
    for number in range(1, relevant + 1):
        db.execute("INSERT OR IGNORE INTO article (id, url, first_seen_at) VALUES (1, 'u', '')")
        db.execute(
            """INSERT INTO version (id, article_id, number, title, lang, outlet, published_at, paragraphs, digest,
            fetched_at, seen_at) VALUES (?1, 1, ?1, '', 'en', '', '', X'', ?1, '', '')""",
            (number,),
        )
        db.execute(
            """INSERT INTO judgement (storyline_id, version_id, relevant, reason, flagged, judged_at)
            VALUES (?, ?, 1, '', 0, ?)""",
            (row, number, NOW.isoformat()),
        )
    db.close()
    said = CliRunner().invoke(watcher, ["--config", str(config)], catch_exceptions=False).output
    assert told in said.splitlines()
