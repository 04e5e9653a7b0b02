"""Feeds: what the config names, what their servers told us, when they are asked again and how they are."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from watcher.records import Validators
from watcher.store.columns import moment, moment_or_none, stamp
from watcher.store.database import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedName:
    """A feed as the config names it."""

    name: str
    url: str
    lang: str = ""
    every_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed with everything we remember of it. `health` is `new`, `ok`, `failing`, `refused` or `gone`.

    `asked` is the address to ask: where the feed moved to for good, else the one that was configured.
    """

    id: int
    name: str
    url: str
    lang: str
    every_s: float | None
    enabled: bool
    moved_to: str | None
    validators: Validators
    body_hash: str
    health: str
    problem: str
    note: str
    fails: int
    first_polled: datetime | None
    polled: datetime | None
    ok: datetime | None
    new: datetime | None
    brings_per_day: float | None
    due: datetime

    @property
    def asked(self) -> str:
        """The address a poll goes to."""
        return self.moved_to or self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one poll leaves in its feed's row. `brought` is whether it had an entry we did not have."""

    at: datetime
    due: datetime
    health: str = "ok"
    problem: str = ""
    note: str = ""
    fails: int = 0
    moved_to: str | None = None
    validators: Validators = field(default_factory=Validators)
    body_hash: str = ""
    brought: bool = False
    brings_per_day: float | None = None


def sync(db: sqlite3.Connection, feeds: Sequence[FeedName], now: datetime) -> None:
    """Make the feeds of the config the ones that are polled. New ones are due at once; the others keep their past.

    A feed that left the config is switched off, not forgotten.
    """
    with transaction(db):
        db.execute("UPDATE feed SET enabled = 0 WHERE enabled")
        db.executemany(
            """INSERT INTO feed (url, name, lang, every_s, due_at) VALUES (:url, :name, :lang, :every_s, :now)
            ON CONFLICT (url) DO UPDATE SET name = :name, lang = :lang, enabled = 1,
              due_at = CASE WHEN every_s IS :every_s THEN due_at ELSE min(due_at, :now) END, every_s = :every_s""",
            [
                {"url": feed.url, "name": feed.name, "lang": feed.lang, "every_s": feed.every_s, "now": stamp(now)}
                for feed in feeds
            ],
        )


def due(db: sqlite3.Connection, now: datetime, absurd: datetime, limit: int) -> list[Feed]:
    """Give the feeds to poll at `now`, longest overdue first. A due time beyond `absurd` means a clock that jumped."""
    rows = db.execute(
        """SELECT * FROM feed
        WHERE enabled AND health != 'gone' AND (due_at <= ? OR due_at > ?) ORDER BY due_at, id LIMIT ?""",
        (stamp(now), stamp(absurd), limit),
    )
    return [_feed(row) for row in rows]


def every(db: sqlite3.Connection, *, enabled: bool = False) -> list[Feed]:
    """All feeds by name; with `enabled` only those the config names."""
    rows = db.execute("SELECT * FROM feed WHERE enabled >= ? ORDER BY name, id", (enabled,))
    return [_feed(row) for row in rows]


def get(db: sqlite3.Connection, feed_id: int) -> Feed | None:
    """One feed."""
    row = db.execute("SELECT * FROM feed WHERE id = ?", (feed_id,)).fetchone()
    return None if row is None else _feed(row)


def save_poll(db: sqlite3.Connection, feed_id: int, polled: Polled) -> None:
    """Write what a poll left. Call it in the transaction that saves the last of its entries."""
    db.execute(
        """UPDATE feed SET polled_at = :at, first_polled_at = coalesce(first_polled_at, :at), due_at = :due,
          health = :health, problem = :problem, note = :note, fails = :fails, moved_to = :moved_to, etag = :etag,
          last_modified = :last_modified, body_hash = :body_hash, brings_per_day = :brings_per_day,
          ok_at = CASE WHEN :health = 'ok' THEN :at ELSE ok_at END,
          new_at = CASE WHEN :brought THEN :at ELSE new_at END
        WHERE id = :id""",
        {
            "id": feed_id,
            "at": stamp(polled.at),
            "due": stamp(polled.due),
            "health": polled.health,
            "problem": polled.problem,
            "note": polled.note,
            "fails": polled.fails,
            "moved_to": polled.moved_to,
            "etag": polled.validators.etag,
            "last_modified": polled.validators.last_modified,
            "body_hash": polled.body_hash,
            "brings_per_day": polled.brings_per_day,
            "brought": polled.brought,
        },
    )


def never_polled(db: sqlite3.Connection) -> bool:
    """Whether a feed of the config has not been asked even once."""
    row = db.execute("SELECT 1 FROM feed WHERE enabled AND first_polled_at IS NULL LIMIT 1").fetchone()
    return row is not None


def next_due(db: sqlite3.Connection) -> datetime | None:
    """When the next feed is polled; None without feeds."""
    row = db.execute("SELECT min(due_at) FROM feed WHERE enabled AND health != 'gone'").fetchone()
    return moment_or_none(row[0])


def next_up(db: sqlite3.Connection) -> Feed | None:
    """Give the feed that is polled next; None without feeds."""
    row = db.execute("SELECT * FROM feed WHERE enabled AND health != 'gone' ORDER BY due_at, id LIMIT 1").fetchone()
    return None if row is None else _feed(row)


def _feed(row: sqlite3.Row) -> Feed:
    return Feed(
        id=row["id"],
        name=row["name"],
        url=row["url"],
        lang=row["lang"],
        every_s=row["every_s"],
        enabled=bool(row["enabled"]),
        moved_to=row["moved_to"],
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
        body_hash=row["body_hash"],
        health=row["health"],
        problem=row["problem"],
        note=row["note"],
        fails=row["fails"],
        first_polled=moment_or_none(row["first_polled_at"]),
        polled=moment_or_none(row["polled_at"]),
        ok=moment_or_none(row["ok_at"]),
        new=moment_or_none(row["new_at"]),
        brings_per_day=row["brings_per_day"],
        due=moment(row["due_at"]),
    )
