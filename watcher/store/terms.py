"""The terms that kept sentences are known by, and of which edition of the program's words they are."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable

from watcher.records import Statement
from watcher.store.columns import json_text, statement, understood
from watcher.store.database import transaction

_KEY = "terms"
_DONE = None


def waiting(db: sqlite3.Connection, edition: str) -> int | None:
    """Give the row behind which sentences wait to be known by an edition of the words; None when none waits."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (_KEY,)).fetchone()
    known, after = json.loads(row[0]) if row else ("", 0)
    # What was begun for another edition tells nothing of this one.
    return after if known == edition else 0


def is_empty(db: sqlite3.Connection) -> bool:
    """Whether no sentence is kept."""
    return db.execute("SELECT 1 FROM statement LIMIT 1").fetchone() is None


def renew(db: sqlite3.Connection, edition: str, after: int, most: int, again: Callable[[Statement], Statement]) -> None:
    """Have so many sentences behind a row understood again, and note how far that went: all in one transaction."""
    rows = db.execute("SELECT * FROM statement WHERE id > ? ORDER BY id LIMIT ?", (after, most)).fetchall()
    anew = []
    for row in rows:
        known = statement(row["position"], row["paragraph"], row["text"], row["lang"], row["understood"])
        anew.append((understood(again(known)), row["id"]))
    with transaction(db):
        db.executemany("UPDATE statement SET understood = ? WHERE id = ?", anew)
        db.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (_KEY, json_text([edition, rows[-1]["id"] if rows else _DONE])),
        )
