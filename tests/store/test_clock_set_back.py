"""What a clock that jumped left planned for a time far off is taken now."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from watcher.store import articles, clock, feeds, outbox
from watcher.store.articles import Attempt
from watcher.store.feeds import FeedName, Polled

HOUR = timedelta(hours=1)


def test_a_due_time_of_a_clock_that_jumped_counts_as_due(db: sqlite3.Connection, now: datetime) -> None:
    """A feed or article planned absurdly far ahead is taken now."""
    feeds.sync(db, [FeedName(name="A", url="https://a.example/f")], now + timedelta(days=4000))
    articles.create(db, url="u", url_key="k", seen=now + timedelta(days=4000), published=None)
    assert len(feeds.due(db, now, now + timedelta(days=1), 9)) == 1
    assert len(articles.due(db, now, now + timedelta(days=9), 9)) == 1


def test_nothing_is_moved_while_the_clock_goes_right(db: sqlite3.Connection, now: datetime) -> None:
    """What was written by now keeps its times, whatever is planned for later."""
    feeds.sync(db, [FeedName(name="A", url="https://a.example/f")], now)
    feeds.save_poll(db, 1, Polled(at=now, due=now + 6 * HOUR))
    articles.create(db, url="u", url_key="k", seen=now, published=None, due=now + HOUR)
    assert clock.pull_back(db, now) == 0
    assert feeds.due(db, now, now + timedelta(days=9), 9) == []
    assert articles.due(db, now, now + timedelta(days=9), 9) == []


def test_what_was_written_in_the_future_is_brought_back(db: sqlite3.Connection, now: datetime) -> None:
    """After a clock was set back by a day a feed is polled, an article read again and tried again after the pause it
    was given, not a day later; what was found and not yet read is read at once, but for what waits for its portion.
    """
    later, far = now + timedelta(days=1), now + timedelta(days=9)
    feeds.sync(db, [FeedName(name="A", url="https://a.example/f")], now)
    feeds.save_poll(db, 1, Polled(at=later, due=later + 6 * HOUR, fails=3))
    found = articles.create(db, url="found", url_key="found", seen=later, published=None)
    portion = articles.create(db, url="portion", url_key="portion", seen=later, published=None, due=later + HOUR)
    read = articles.create(db, url="read", url_key="read", seen=later, published=None)
    articles.save_attempt(db, read, Attempt(state="read", due=later + 3 * HOUR))
    rests = articles.create(db, url="rests", url_key="rests", seen=later, published=None)
    articles.rest(db, rests)
    assert clock.pull_back(db, now) == 5
    assert [article.id for article in articles.due(db, now, far, 9)] == [found]
    assert {article.id for article in articles.due(db, now + HOUR, far, 9)} == {found, portion}
    assert {article.id for article in articles.due(db, now + 3 * HOUR, far, 9)} == {found, portion, read}
    assert feeds.due(db, now + 5 * HOUR, far, 9) == []
    assert len(feeds.due(db, now + 6 * HOUR, far, 9)) == 1
    assert clock.pull_back(db, now) == 0


def test_an_alert_written_in_the_future_is_brought_back(
    db: sqlite3.Connection, storyline_id: int, now: datetime
) -> None:  # fmt: skip
    """An alert written before the clock was set back is sent at once, and one that failed after its pause."""
    later = now + timedelta(days=1)
    for kind in (outbox.TEST, outbox.DIGEST):
        outbox.put(db, storyline_id=storyline_id, development_id=None, type=kind, data={}, channels=["m"], now=later)
    failed = outbox.due(db, "m", later)
    assert failed is not None
    outbox.mark_retry(db, failed.id, later + HOUR, "busy")
    assert outbox.due(db, "m", now) is None
    assert clock.pull_back(db, now) == 2
    first = outbox.due(db, "m", now)
    assert first is not None
    assert first.id != failed.id
    outbox.mark_sent(db, first.id, now)
    assert outbox.due(db, "m", now) is None
    assert outbox.due(db, "m", now + HOUR) is not None
