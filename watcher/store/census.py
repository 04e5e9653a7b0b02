"""How reading went lately, counted: for a person who asks whether texts are had at all."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from watcher.store.columns import moment_or_none, stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """Articles first seen since a time: `whole` and `partial` were read, `failed` never were, `waiting` may be yet."""

    whole: int
    partial: int
    failed: int
    waiting: int

    @property
    def tried(self) -> int:
        """How many came to an end, good or bad."""
        return self.whole + self.partial + self.failed


def count_articles(db: sqlite3.Connection, since: datetime) -> Census:
    """Count the articles first seen at or after `since` by how reading them went; the newest version counts."""
    rows = db.execute(
        """SELECT article.state, version.partial, count(*) FROM article
        LEFT JOIN version ON version.id =
          (SELECT id FROM version WHERE article_id = article.id ORDER BY number DESC LIMIT 1)
        WHERE first_seen_at >= ? GROUP BY 1, 2""",
        (stamp(since),),
    )
    counts = {"whole": 0, "partial": 0, "failed": 0, "waiting": 0}
    for state, partial, count in rows:
        kind = "waiting" if state == "waiting" else "failed"
        counts[kind if partial is None else "partial" if partial else "whole"] += count
    return Census(**counts)


def last_poll(db: sqlite3.Connection) -> datetime | None:
    """When any feed was asked last, by the clock of that time."""
    return moment_or_none(db.execute("SELECT max(polled_at) FROM feed").fetchone()[0])
