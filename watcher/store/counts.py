"""What came in and what was made of it since a time."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from watcher.store.columns import stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many entries came, how many articles belonged to the storyline, how many of them held something fresh."""

    entries: int
    relevant: int
    flagged: int


def since(db: sqlite3.Connection, storyline_id: int, when: datetime) -> Counts:
    """Count what was seen and judged after a time."""
    entries = db.execute("SELECT count(*) FROM entry WHERE seen_at > ?", (stamp(when),)).fetchone()[0]
    relevant, flagged = db.execute(
        """SELECT count(*) FILTER (WHERE relevant), count(*) FILTER (WHERE flagged) FROM judgement
        WHERE storyline_id = ? AND judged_at > ?""",
        (storyline_id, stamp(when)),
    ).fetchone()
    return Counts(entries=entries, relevant=relevant, flagged=flagged)
