"""Decisions: what a person said of a development, kept for ever, with what it takes to take them back."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from watcher.store.columns import development_name, json_text, moment, stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision. `payload` is what was said, `undo` what `flow.learn.undo` needs."""

    id: int
    development_id: int
    kind: str
    payload: dict[str, Any]
    undo: dict[str, Any]
    decided: datetime


def record(
    db: sqlite3.Connection,
    storyline_id: int,
    development_id: int,
    *,
    kind: str,
    payload: dict[str, object],
    undo: dict[str, object],
    now: datetime,
) -> int:
    """Keep a decision. Returns its id."""
    row = db.execute(
        """INSERT INTO decision (storyline_id, development_id, kind, payload, undo, decided_at)
        VALUES (?, ?, ?, ?, ?, ?) RETURNING id""",
        (storyline_id, development_id, kind, json_text(payload), json_text(undo), stamp(now)),
    ).fetchone()
    return int(row[0])


def last(db: sqlite3.Connection, storyline_id: int) -> Decision | None:
    """Give the last decision that was not taken back."""
    row = db.execute(
        "SELECT * FROM decision WHERE storyline_id = ? AND undone_at IS NULL ORDER BY id DESC LIMIT 1",
        (storyline_id,),
    ).fetchone()
    return None if row is None else _decision(row)


def resting_on(db: sqlite3.Connection, storyline_id: int, event_id: str) -> list[str]:
    """The names of the developments of which something was decided, and not taken back, that needs an event."""
    rows = db.execute(
        """SELECT DISTINCT development_id FROM decision WHERE storyline_id = :storyline AND undone_at IS NULL
          AND :event IN (json_extract(payload, '$.event'), json_extract(undo, '$.event_before'))
          ORDER BY development_id""",
        {"storyline": storyline_id, "event": event_id},
    )
    return [development_name(row["development_id"]) for row in rows]


def take_back(db: sqlite3.Connection, decision_id: int, now: datetime) -> None:
    """Mark a decision as taken back."""
    db.execute("UPDATE decision SET undone_at = ? WHERE id = ?", (stamp(now), decision_id))


def _decision(row: sqlite3.Row) -> Decision:
    return Decision(
        id=row["id"],
        development_id=row["development_id"],
        kind=row["kind"],
        payload=json.loads(row["payload"]),
        undo=json.loads(row["undo"]),
        decided=moment(row["decided_at"]),
    )
