"""The step that looks after the sources: what became ill or well since it was told last goes into the outbox, once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta

from watcher.config import AlertsConfig
from watcher.policy.alerting import channels
from watcher.policy.health import FeedState, ReadingState, assess
from watcher.store import census, feeds, illness, mastheads, outbox
from watcher.store.database import transaction
from watcher.store.feeds import Feed
from watcher.store.thread import Store

HEALTH = "health.changed"
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
        assessment = assess(polled, reading, illness.told(db), now, begun=illness.begun(db))
        if assessment.notice is None:
            return False
        with transaction(db, durable=True):
            illness.note(db, assessment.ill, assessment.begun)
            data = asdict(assessment.notice) | {"lines": list(assessment.notice.lines)}
            outbox.put(
                db, storyline_id=self._storyline_id, development_id=None, type=HEALTH, data=data,
                channels=channels(self._alerts), now=now,
            )  # fmt: skip
        return True


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
