"""Weights a person kept: a pile in the state, the last one on top. They go with every copy of it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from watcher.errors import StateError
from watcher.store.columns import json_text, moment, stamp

_KEPT = 8
"""So many are kept: each is some hundred kilobytes with its trees, and nobody goes back further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Weights as they were kept. `made_for` is the fingerprint of the shipped weights they correct; `models` holds
    what they put in place, as JSON values; `figures` what was measured when they were kept.
    """

    made_for: str
    at: datetime
    decisions: int
    forced: bool
    figures: dict[str, Any]
    models: dict[str, Any]


def top(db: sqlite3.Connection, storyline_id: int) -> Kept | None:
    """Give the weights that were kept last; None when the shipped ones count."""
    pile = _pile(db, storyline_id)
    return _kept(pile[-1]) if pile else None


def put(db: sqlite3.Connection, storyline_id: int, kept: Kept) -> None:
    """Lay weights on top. Call it in a transaction."""
    row = {
        "made_for": kept.made_for,
        "at": stamp(kept.at),
        "decisions": kept.decisions,
        "forced": kept.forced,
        "figures": kept.figures,
        "models": kept.models,
    }
    _write(db, storyline_id, [*_pile(db, storyline_id), row][-_KEPT:])


def take(db: sqlite3.Connection, storyline_id: int) -> Kept | None:
    """Take the topmost weights away. Returns them; None when there were none. Call it in a transaction."""
    pile = _pile(db, storyline_id)
    if not pile:
        return None
    _write(db, storyline_id, pile[:-1])
    return _kept(pile[-1])


def _pile(db: sqlite3.Connection, storyline_id: int) -> list[dict[str, Any]]:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (_key(storyline_id),)).fetchone()
    if row is None:
        return []
    try:
        pile: list[dict[str, Any]] = json.loads(row[0])
    except ValueError as error:
        raise StateError(f"the learned weights in the state cannot be read: {error}") from error
    return pile


def _write(db: sqlite3.Connection, storyline_id: int, pile: list[dict[str, Any]]) -> None:
    if pile:
        db.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (_key(storyline_id), json_text(pile)),
        )
    else:
        db.execute("DELETE FROM meta WHERE key = ?", (_key(storyline_id),))


def _key(storyline_id: int) -> str:
    return f"learned weights {storyline_id}"


def _kept(row: dict[str, Any]) -> Kept:
    return Kept(
        made_for=row["made_for"],
        at=moment(row["at"]),
        decisions=row["decisions"],
        forced=row["forced"],
        figures=row["figures"],
        models=row["models"],
    )
