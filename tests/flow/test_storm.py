"""A feed that brings dozens of developments is told of in a burst of messages and one more; all wait for review."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from acceptance.receivers import Sink, sink
from crash.warm import InProcess

from watcher import wiring
from watcher.config import AlertsConfig, Config, FeedConfig, FetchConfig, StateConfig, StorylineConfig, WebhookConfig
from watcher.edges.alert_text import lines, tell
from watcher.store import articles, developments, feeds, outbox, spates
from watcher.store.database import open_state, transaction
from watcher.store.feeds import FeedName

if TYPE_CHECKING:
    from newssite import Site

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
BURST = 4
_SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "ji",
    "ko",
    "lu",
    "mo",
    "ne",
    "pi",
    "qua",
    "ro",
    "su",
    "ti",
    "vo",
    "wa",
    "xe",
    "yu",
    "za",
    "bri",
    "cro",
    "dra",
    "fle",
    "gri",
]


@pytest.fixture
def hook() -> Iterator[Sink]:
    """Give a webhook."""
    with sink() as here:
        yield here


@pytest.fixture
def config(tmp_path: Path, site: Site, hook: Sink, monkeypatch: pytest.MonkeyPatch) -> Config:
    """Everything is watched, and four messages are a burst."""
    monkeypatch.setattr(wiring, "Workers", InProcess)
    return Config(
        folder=tmp_path, storyline=StorylineConfig(use="any"), state=StateConfig(dir=tmp_path / "state"),
        fetch=FetchConfig(allow_private=(site.host, hook.address), timeout_s=60),
        alerts=AlertsConfig(min_confidence=0, burst=BURST, webhooks=(WebhookConfig(name="desk", url=hook.url),)),
        feeds=(FeedConfig(name="Loud", url=site.url("/feed")), FeedConfig(name="Calm", url=site.url("/calm"))),
    )  # fmt: skip


def item(site: Site, number: int) -> str:
    """Write an item without a page, with names that no other has."""
    later = format_datetime(datetime.now(UTC) + timedelta(minutes=5))  # what is older than the state is not told
    dice = random.Random(number)
    who, whom, where = ("".join(dice.choices(_SYLLABLES, k=4)).title() for _ in range(3))
    deed = dice.choice(("bought", "sued", "closed", "fined", "launched", "flooded"))
    told = f"{who} {deed} {whom} in {where} for {dice.randint(3, 9999)} million dollars, {where} police said."
    return site.item("", f"{who} {deed} {whom}", told, published=later, guid=str(number))


def test_beyond_a_burst_one_message_tells_the_rest(site: Site, config: Config, hook: Sink) -> None:
    """Of twelve developments four are told by themselves and eight in one message that names the feed; all twelve wait
    for review. Another feed's news of the same hour is told by itself.
    """
    site.feed("/feed", *[item(site, number) for number in range(12)])
    site.feed("/calm", item(site, 40))
    done = asyncio.run(wiring.walk_once(config))
    assert done["developments"]["opened"] == 13
    assert Counter(call.told["type"] for call in hook.calls) == {"development.opened": BURST + 1, "digest": 1}
    (digest,) = (call.told["data"] for call in hook.calls if call.told["type"] == "digest")
    assert tell(digest).headline == "8 more from Loud"
    assert "Review: watcher flags" in lines(tell(digest))
    with closing(open_state(config.state.dir)) as db:
        assert len(developments.waiting(db, 1, datetime.now(UTC))) == 13
        told = {one.data["id"] for one in outbox.listing(db) if one.state == "sent" and one.type != "digest"}
        assert told.isdisjoint(one["id"] for one in digest["developments"])
        assert len(told) + len(digest["developments"]) == 13


def test_a_storm_that_goes_on_is_not_told_at_every_walk(site: Site, config: Config, hook: Sink) -> None:
    """The feed brings as many again under other names, walk by walk: what is held then gathers for longer."""
    for walk in range(4):
        site.feed("/feed", *[item(site, 100 * walk + number) for number in range(8)])
        asyncio.run(wiring.walk_once(config, everything=True))
    assert Counter(call.told["type"] for call in hook.calls) == {"development.opened": BURST, "digest": 1}
    with closing(open_state(config.state.dir)) as db:
        (held,) = outbox.held(db, "webhook:desk", datetime.now(UTC))
        assert held.told == 1
        assert outbox.tally(db).waiting == 3 * 8


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Give a state with two feeds, and an article that both brought beside one of each."""
    with closing(open_state(tmp_path / "other")) as connection:
        feeds.sync(connection, [FeedName(name=name, url=f"http://e.test/{name}") for name in ("loud", "calm")], NOW)
        numbers = {feed.name: feed.id for feed in feeds.every(connection)}
        with transaction(connection):
            for name, brought in {"loud": ["loud"], "calm": ["calm"], "both": ["loud", "calm"]}.items():
                found = articles.create(connection, url=f"http://e.test/{name}", url_key=name, seen=NOW, published=None)
                row = "INSERT INTO entry (feed_id, identity, seen_at, digest, article_id) VALUES (?, ?, '', '', ?)"
                connection.executemany(row, [(numbers[feed], name, found) for feed in brought])
        yield connection


def test_what_a_calm_feed_tells_too_is_not_held(db: sqlite3.Connection) -> None:
    """A loud feed takes no voice from another: an article of both is held only when both are loud."""
    ids = {name: articles.find(db, name) or 0 for name in ("loud", "calm", "both")}
    with transaction(db):
        assert [spates.holds(db, ids["loud"], NOW, 3) for _ in range(5)] == ["", "", "", "loud", "loud"]
        assert spates.holds(db, ids["calm"], NOW, 3) == ""
        assert [spates.holds(db, ids["both"], NOW, 3) for _ in range(3)] == ["", "", "loud"]
        assert spates.holds(db, ids["loud"], NOW + timedelta(hours=9), 3) == ""
