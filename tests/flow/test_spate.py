"""A feed that brings far too much at once takes neither the machine nor the reader's patience, and loses nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from acceptance.receivers import Sink, sink

from watcher import wiring
from watcher.config import AlertsConfig, Config, FeedConfig, FetchConfig, StateConfig, StorylineConfig, WebhookConfig
from watcher.policy import spate
from watcher.store import articles, entries, feeds, outbox, spates
from watcher.store.database import open_state, transaction
from watcher.store.feeds import FeedName

if TYPE_CHECKING:
    from newssite import Site

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five are a portion here."""
    monkeypatch.setattr(spate, "PORTION", 5)


@pytest.fixture
def hook() -> Iterator[Sink]:
    """Give a webhook."""
    with sink() as here:
        yield here


@pytest.fixture
def config(tmp_path: Path, site: Site, hook: Sink) -> Config:
    """Everything is watched and everything is told."""
    return Config(
        folder=tmp_path, storyline=StorylineConfig(use="any"), state=StateConfig(dir=tmp_path / "state"),
        fetch=FetchConfig(allow_private=(site.host, hook.address), timeout_s=60),
        alerts=AlertsConfig(min_confidence=0, webhooks=(WebhookConfig(name="desk", url=hook.url),)),
        feeds=(FeedConfig(name="Feed", url=site.url("/feed")),),
    )  # fmt: skip


def items(site: Site, count: int) -> list[str]:
    """Write items without a page, each a minute older than the one below it; the first has no date."""
    later = datetime.now(UTC) + timedelta(minutes=5)  # what is older than the state is not told
    return [
        site.item(
            "", f"Mayor {number} of the isle resigns", f"Mayor {number} resigned over {number} million euros of debt.",
            published=format_datetime(later - timedelta(seconds=count - number)) if number else "",
            guid=f"g{number}",
        )
        for number in range(count)
    ]  # fmt: skip


def test_the_newest_are_read_at_once_and_told_in_one_message(site: Site, config: Config, hook: Sink) -> None:
    """Of twelve entries all are kept, the five newest are read, the others rest in order; one digest tells them."""
    site.feed("/feed", *items(site, 12))
    done = asyncio.run(wiring.walk_once(config))
    assert done["entries"] == {"seen": 12, "new": 12, "relevant": 12}
    assert done["articles"]["read"] == 5
    with closing(open_state(config.state.dir)) as db:
        names = dict(
            db.execute("SELECT identity, (due_at - first_seen_at) FROM entry JOIN article ON article.id = article_id")
        )
        assert len(names) == 12
        rested = db.execute(
            """SELECT identity, round((julianday(due_at) - julianday(first_seen_at)) * 24) FROM entry
            JOIN article ON article.id = article_id WHERE article.state = 'waiting' ORDER BY due_at, entry.id"""
        ).fetchall()
        assert [tuple(row) for row in rested] == [
            ("guid:g2", 2), ("guid:g3", 2), ("guid:g4", 2), ("guid:g5", 2), ("guid:g6", 2),
            ("guid:g0", 4), ("guid:g1", 4),
        ]  # fmt: skip
        assert "12 entries worth reading came at once" in feeds.every(db)[0].note
        told = outbox.listing(db)
        assert {one.state for one in told} == {"bundled", "sent"}
        assert [one.type for one in told if one.state == "sent"] == ["digest"]
    assert len(hook.calls) == 1


def test_few_are_told_one_by_one(site: Site, config: Config, hook: Sink) -> None:
    """Five entries at once are read and told as ever."""
    site.feed("/feed", *items(site, 5))
    done = asyncio.run(wiring.walk_once(config))
    assert done["alerts"]["sent"] == len(hook.calls) >= done["developments"]["opened"] > 0
    with closing(open_state(config.state.dir)) as db:
        assert {one.state for one in outbox.listing(db)} == {"sent"}
        assert {one.type for one in outbox.listing(db)} <= {"development.opened", "development.updated"}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Give a state with a feed and a storyline."""
    with closing(open_state(tmp_path / "other")) as connection:
        feeds.sync(connection, [FeedName(name="Feed", url="http://e.test/feed")], NOW)
        with transaction(connection):
            connection.execute("INSERT INTO storyline (id, name, created_at) VALUES (1, 's', '')")
        yield connection


def test_held_alerts_are_never_sent_alone(db: sqlite3.Connection) -> None:
    """Neither when due, nor as a probe, nor after an outage; a digest tells the surest hundred, counts the rest."""
    with transaction(db):
        for number in range(120):
            db.execute(
                """INSERT INTO development (id, storyline_id, verdict, confidence, headline, opened_at, published_at,
                alert) VALUES (?, 1, 'new', 1, 'h', '', '', 1)""",
                (number + 1,),
            )
            outbox.put(
                db, storyline_id=1, development_id=number + 1, type="development.opened",
                data={"id": f"D{number + 1}", "confidence": number / 120}, channels=["email"], now=NOW, held="much",
            )  # fmt: skip
        outbox.release(db, "email", NOW)
        outbox.retry(db, NOW)
        assert outbox.due(db, "email", NOW + timedelta(days=1)) is None
        assert outbox.probe(db, "email") is None
        assert outbox.held(db, "email", NOW) == [outbox.Held(feed="much", oldest=NOW, newest=NOW, told=0)]
        assert outbox.held(db, "webhook:desk", NOW) == []
        outbox.bundle_held(db, "email", "much", NOW)
        digest = outbox.due(db, "email", NOW)
    assert digest is not None
    assert [one["id"] for one in digest.data["developments"]] == [f"D{number + 1}" for number in range(20, 120)]
    assert digest.data["more"] == 20
    assert digest.data["feed"] == "much"
    assert outbox.held(db, "email", NOW) == []


def test_what_another_feed_tells_too_is_no_spate(db: sqlite3.Connection) -> None:
    """An article counts as brought by a spate only while every entry that led to it came in one."""
    feeds.sync(db, [FeedName(name=name, url=f"http://e.test/{name}") for name in ("much", "calm")], NOW)
    numbers = {feed.name: feed.id for feed in feeds.every(db)}
    found = articles.create(db, url="http://e.test/a", url_key="a", seen=NOW, published=None)
    row = "INSERT INTO entry (feed_id, identity, seen_at, digest, article_id) VALUES (?, 'a', ?, '', ?)"
    db.execute(row, (numbers["much"], NOW.isoformat(timespec="microseconds").replace("+00:00", "Z"), found))
    assert spates.brought(db, found) == ""
    spates.note(db, numbers["much"], NOW)
    assert spates.brought(db, found) == "much"
    assert spates.queued(db, numbers["much"]) == 1
    db.execute(row, (numbers["calm"], NOW.isoformat(), found))
    assert spates.brought(db, found) == ""


def test_of_what_led_nowhere_the_latest_are_kept(db: sqlite3.Connection) -> None:
    """A feed that brings new entries without end does not fill the disk."""
    (feed,) = feeds.every(db)
    row = "INSERT INTO entry (feed_id, identity, seen_at, digest) VALUES (?, ?, ?, '')"
    db.executemany(row, [(feed.id, str(number), NOW.isoformat()) for number in range(10)])
    with transaction(db):
        assert entries.trim(db, feed.id, 8) == 2
        assert entries.forget(db, NOW, timedelta(days=1), 5) == 3
    assert [row[0] for row in db.execute("SELECT identity FROM entry")] == ["5", "6", "7", "8", "9"]
