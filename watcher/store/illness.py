"""What was told last of the sources' health: every illness with the words it was told in, and when it began lately."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime

from watcher.store.columns import json_text, moment, stamp

_TOLD = "health"
_BEGUN = "health begun"


def told(db: sqlite3.Connection) -> dict[str, str]:
    """Give what was told last."""
    return _get(db, _TOLD)


def begun(db: sqlite3.Connection) -> dict[str, datetime]:
    """Give when the beginning of what began lately was told, ended since or not."""
    return {name: moment(told_at) for name, told_at in _get(db, _BEGUN).items()}


def note(db: sqlite3.Connection, ill: Mapping[str, str], begun: Mapping[str, datetime]) -> None:
    """Keep what is told now; expects an open transaction, the one that writes the alert."""
    times = {name: stamp(told_at) for name, told_at in begun.items()}
    db.executemany(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [(_TOLD, json_text(dict(ill))), (_BEGUN, json_text(times))],
    )


def _get(db: sqlite3.Connection, key: str) -> dict[str, str]:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return {} if row is None else json.loads(row[0])
