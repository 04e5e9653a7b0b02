"""What was told last of the sources' health: the name of every illness and the words it was told in."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

from watcher.store.columns import json_text

_TOLD = "health"


def told(db: sqlite3.Connection) -> dict[str, str]:
    """Give what was told last."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (_TOLD,)).fetchone()
    return {} if row is None else json.loads(row[0])


def note(db: sqlite3.Connection, ill: Mapping[str, str]) -> None:
    """Keep what is told now; expects an open transaction, the one that writes the alert."""
    db.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (_TOLD, json_text(dict(ill))),
    )
