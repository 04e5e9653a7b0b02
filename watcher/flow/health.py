"""The step that looks after the sources: what became ill or well since it was told last goes into the outbox, once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

from watcher.config import AlertsConfig
from watcher.policy.alerting import channels
from watcher.policy.health import FeedState, ReadingState, assess
from watcher.store import census, feeds, mastheads, outbox
from watcher.store.database import transaction
from watcher.store.feeds import Feed
from watcher.store.thread import Store

HEALTH = "health.changed"
_TOLD = "health"
_LATELY = timedelta(days=1)


class Health:
    """The step. What was told last stands in the state, written with the alert that tells it."""

    def __init__(self, store: Store, *, storyline_id: int, alerts: AlertsConfig, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._storyline_id = storyline_id
        self._alerts = alerts
        self._clock = clock

    async def step(self) -> bool:
        """Look once. Returns whether something changed that is worth a message."""
        return await self._store.run(self._look, self._clock())

    def _look(self, db: sqlite3.Connection, now: datetime) -> bool:
        found = [_state(db, feed) for feed in feeds.every(db, enabled=True)]
        polled = [state for state in found if state is not None]
        counts = census.count_articles(db, now - _LATELY)
        reading = ReadingState(tried=counts.tried, unread=counts.partial + counts.failed)
        told = _told(db)
        assessment = assess(polled, reading, told, now)
        if assessment.notice is None:
            return False
        with transaction(db, durable=True):
            db.execute(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (_TOLD, json.dumps(dict(assessment.ill), ensure_ascii=False)),
            )
            data = asdict(assessment.notice) | {"lines": list(assessment.notice.lines)}
            outbox.put(
                db, storyline_id=self._storyline_id, development_id=None, type=HEALTH, data=data,
                channels=channels(self._alerts), now=now,
            )  # fmt: skip
        return True


def _told(db: sqlite3.Connection) -> dict[str, str]:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (_TOLD,)).fetchone()
    return {} if row is None else json.loads(row[0])


def _state(db: sqlite3.Connection, feed: Feed) -> FeedState | None:
    """Give a feed as the policy sees it; None for one that was never asked."""
    if feed.first_polled is None:
        return None
    masthead = mastheads.get(db, feed.id)
    return FeedState(
        name=feed.name,
        lang=feed.lang,
        fails=feed.fails,
        gone=feed.health == "gone",
        good=feed.ok or feed.first_polled,
        heard=feed.new or feed.first_polled,
        problem=feed.problem,
        doubt=masthead.doubt if masthead else "",
    )
