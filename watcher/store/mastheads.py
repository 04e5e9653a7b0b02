"""What feeds call themselves. The function that writes expects an open transaction."""

from __future__ import annotations

import json
import sqlite3

from watcher.policy.masthead import Masthead
from watcher.store.columns import json_text, moment_or_none, stamp


def get(db: sqlite3.Connection, feed_id: int) -> Masthead | None:
    """What a feed called itself when it was chosen or was last renamed; None before it was read."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (_key(feed_id),)).fetchone()
    if row is None:
        return None
    title, doubt, *calm = json.loads(row[0])
    return Masthead(title=title, doubt=doubt, calm=moment_or_none(calm[0]) if calm else None)


def put(db: sqlite3.Connection, feed_id: int, masthead: Masthead) -> None:
    """Keep what a feed calls itself."""
    db.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (_key(feed_id), json_text([masthead.title, masthead.doubt, masthead.calm and stamp(masthead.calm)])),
    )


def _key(feed_id: int) -> str:
    return f"masthead {feed_id}"
