"""What a clock that jumped left planned for a time far off is taken now."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from watcher.policy import cadence
from watcher.store import articles, feeds, outbox
from watcher.store.articles import Attempt
from watcher.store.feeds import FeedName, Polled


def due(db: sqlite3.Connection, now: datetime) -> list[articles.Article]:
    """Give the articles to read, as the reader asks for them."""
    return articles.due(db, now, 9, absurd=cadence.absurd_read((), now), absurd_retry=cadence.absurd_retry(now))


def test_a_due_time_of_a_clock_that_jumped_counts_as_due(db: sqlite3.Connection, now: datetime) -> None:
    """A feed or article planned absurdly far ahead is taken now."""
    feeds.sync(db, [FeedName(name="A", url="https://a.example/f")], now + timedelta(days=4000))
    articles.create(db, url="u", url_key="k", seen=now + timedelta(days=4000), published=None)
    assert len(feeds.due(db, now, now + timedelta(days=1), 9)) == 1
    assert len(due(db, now)) == 1


def test_what_a_clock_that_was_set_back_left_in_the_future_counts_as_due(db: sqlite3.Connection, now: datetime) -> None:
    """Set back by an hour, the clock holds up no feed that was polled, no article that was found and no alert that was
    written before, nor for long an article that could not be read; what was planned for later stays so.
    """
    later, soon = now + timedelta(hours=1), now + timedelta(minutes=30)
    feeds.sync(db, [FeedName(name="A", url="https://a.example/f"), FeedName(name="B", url="https://b.example/f")], now)
    feeds.save_poll(db, 1, Polled(at=later, due=later + timedelta(minutes=15)))
    feeds.save_poll(db, 2, Polled(at=now, due=soon))
    assert [feed.name for feed in feeds.due(db, now, now + timedelta(days=1), 9)] == ["A"]
    articles.create(db, url="found", url_key="found", seen=later, published=None)
    articles.create(db, url="in portions", url_key="in portions", seen=now, published=None, due=later)
    for name, due_at in (("tried", soon), ("tried in the future", now + timedelta(hours=3))):
        tried = articles.create(db, url=name, url_key=name, seen=now, published=None)
        articles.save_attempt(db, tried, Attempt(state="waiting", due=due_at, fails=1))
    assert {article.url for article in due(db, now)} == {"found", "tried in the future"}


def test_an_alert_of_the_future_is_due(db: sqlite3.Connection, storyline_id: int, now: datetime) -> None:
    """An alert that was written before the clock was set back is sent at once; one that rests after a failure rests."""
    later = now + timedelta(hours=1)
    outbox.put(
        db, storyline_id=storyline_id, development_id=None, type=outbox.TEST, data={}, channels=["email"], now=later
    )
    found = outbox.due(db, "email", now)
    assert found is not None
    outbox.mark_retry(db, found.id, later, "busy")
    assert outbox.due(db, "email", now) is None
