"""Spates: when a feed brought far too much at once, what of it still waits to be read, and how much was told of it.

Functions that write expect an open transaction.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta

from watcher.policy.spate import Level, pour
from watcher.store.columns import json_text, moment, stamp

_ONE_SPATE = timedelta(days=7)


def note(db: sqlite3.Connection, feed_id: int, seen: datetime) -> None:
    """Note that what a feed brought at `seen` is a spate; it goes on from one noted not long before."""
    told = _told(db, feed_id)
    goes_on = told is not None and seen - moment(told[1]) <= _ONE_SPATE
    since = told[0] if told is not None and goes_on else stamp(seen)
    _keep(db, _key(feed_id), [since, stamp(seen)])


def holds(db: sqlite3.Connection, article_id: int, now: datetime, burst: int) -> str:
    """Count a message about an article to every feed that led to it. Returns the name of a feed when the message is to
    be held, as part of its spate or as one too many; '' when it is told by itself.

    One too many is a message that is so for every feed: what a calm one tells, too, is no matter of a loud one.
    """
    rows = db.execute(
        "SELECT DISTINCT feed_id, name FROM entry JOIN feed ON feed.id = feed_id WHERE article_id = ? ORDER BY feed_id",
        (article_id,),
    ).fetchall()
    held = [_poured(db, row["feed_id"], now, burst) for row in rows]
    if held and all(held):
        return str(rows[0]["name"])
    return brought(db, article_id)


def _poured(db: sqlite3.Connection, feed_id: int, now: datetime, burst: int) -> bool:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (f"told {feed_id}",)).fetchone()
    before = None
    if row is not None:
        height, at = json.loads(row[0])
        before = Level(height=height, at=moment(at))
    level, held = pour(before, now, burst)
    _keep(db, f"told {feed_id}", [level.height, stamp(level.at)])
    return held


def brought(db: sqlite3.Connection, article_id: int) -> str:
    """Name the feed whose spate brought an article; '' when another entry led to it, too."""
    name = ""
    rows = db.execute(
        "SELECT feed_id, name, seen_at FROM entry JOIN feed ON feed.id = feed_id WHERE article_id = ?", (article_id,)
    )
    for row in rows.fetchall():
        told = _told(db, row["feed_id"])
        if told is None or not told[0] <= row["seen_at"] <= told[1]:
            return ""
        name = row["name"]
    return name


def queued(db: sqlite3.Connection, feed_id: int) -> int:
    """Count the articles of a feed that were never tried."""
    query = """SELECT count(DISTINCT article.id) FROM entry JOIN article ON article.id = article_id
        WHERE feed_id = ? AND state = 'waiting' AND fails = 0"""
    return int(db.execute(query, (feed_id,)).fetchone()[0])


def _keep(db: sqlite3.Connection, key: str, value: list[object]) -> None:
    db.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, json_text(value))
    )


def _key(feed_id: int) -> str:
    return f"spate {feed_id}"


def _told(db: sqlite3.Connection, feed_id: int) -> tuple[str, str] | None:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (_key(feed_id),)).fetchone()
    if row is None:
        return None
    since, until = json.loads(row[0])
    return since, until
