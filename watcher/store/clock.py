"""What was written while the clock was ahead, brought back to today when it is set back.

Left as it is, a feed that was polled in the future, an article found and an alert written there would wait until the
clock has come so far again.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from watcher.store.columns import moment, stamp
from watcher.store.database import transaction

# So much a clock may be corrected at any time.
_SLIGHT = timedelta(seconds=2)
# Only what was written last can have been written in the future; so many rows are looked at every time.
_LATEST = 1000
# What is written in each table, and when it was.
_WRITTEN = {"feed": "polled_at", "article": "first_seen_at", "alert": "created_at"}


def pull_back(db: sqlite3.Connection, now: datetime) -> int:
    """Bring what was written after `now` back to it, and what was planned from there by as much. Returns how many rows
    that were.
    """
    if not any(_is_ahead(db, table, written, now) for table, written in _WRITTEN.items()):
        return 0
    with transaction(db):
        return sum(_shift(db, table, written, now) for table, written in _WRITTEN.items())


def _is_ahead(db: sqlite3.Connection, table: str, written: str, now: datetime) -> bool:
    latest = f"SELECT {written} AS at FROM {table} ORDER BY id DESC LIMIT {_LATEST}"  # noqa: S608  our own names
    (newest,) = db.execute(f"SELECT max(at) FROM ({latest})").fetchone()  # noqa: S608
    return newest is not None and newest > stamp(now + _SLIGHT)


def _shift(db: sqlite3.Connection, table: str, written: str, now: datetime) -> int:
    rows = db.execute(f"SELECT id, {written}, due_at FROM {table} WHERE {written} > ?", (stamp(now),)).fetchall()  # noqa: S608
    for row_id, at, due in rows:
        planned = None if due is None else stamp(moment(due) - (moment(at) - now))
        db.execute(f"UPDATE {table} SET {written} = ?, due_at = ? WHERE id = ?", (stamp(now), planned, row_id))  # noqa: S608
    return len(rows)
