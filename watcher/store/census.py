"""What came in lately and what became of it, counted: for a person who asks whether anything is had at all."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """How many entries came, how many articles belonged to the storyline, how many of them held something fresh, and
    in how many `versions` they did: an article that was edited has several.
    """

    entries: int
    relevant: int
    flagged: int
    versions: int


def count_intake(db: sqlite3.Connection, storyline_id: int, since: datetime) -> Intake:
    """Count what was seen and judged after a time."""
    entries = db.execute("SELECT count(*) FROM entry WHERE seen_at > ?", (stamp(since),)).fetchone()[0]
    relevant, flagged, versions = db.execute(
        """SELECT count(DISTINCT article_id) FILTER (WHERE relevant), count(DISTINCT article_id) FILTER (WHERE flagged),
          count(*) FILTER (WHERE relevant)
        FROM judgement JOIN version ON version.id = version_id WHERE storyline_id = ? AND judged_at > ?""",
        (storyline_id, stamp(since)),
    ).fetchone()
    return Intake(entries=entries, relevant=relevant, flagged=flagged, versions=versions)


def last_poll(db: sqlite3.Connection) -> datetime | None:
    """When any feed was asked last, by the clock of that time."""
    return moment_or_none(db.execute("SELECT max(polled_at) FROM feed").fetchone()[0])
