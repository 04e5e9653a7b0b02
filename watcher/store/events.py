"""The event base of a storyline: dated known events with the wordings accepted as telling them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from watcher.errors import NotFound
from watcher.records import Event, Precision, Wording
from watcher.store.columns import figures_of, figures_text, json_text, stamp


def every(db: sqlite3.Connection, storyline_id: int) -> list[Event]:
    """All events in the order they happened."""
    wordings: dict[str, list[Wording]] = {}
    for row in db.execute("SELECT * FROM wording WHERE storyline_id = ? ORDER BY id", (storyline_id,)):
        wordings.setdefault(row["event_id"], []).append(Wording(lang=row["lang"], text=row["text"]))
    rows = db.execute("SELECT * FROM event WHERE storyline_id = ? ORDER BY date, id", (storyline_id,))
    return [_event(row, wordings.get(row["id"], ())) for row in rows]


def get(db: sqlite3.Connection, storyline_id: int, event_id: str) -> Event:
    """One event. Raises `NotFound`."""
    row = db.execute("SELECT * FROM event WHERE storyline_id = ? AND id = ?", (storyline_id, event_id)).fetchone()
    if row is None:
        raise NotFound(f"there is no event {event_id!r} in the base")
    wordings = db.execute(
        "SELECT * FROM wording WHERE storyline_id = ? AND event_id = ? ORDER BY id", (storyline_id, event_id)
    )
    return _event(row, [Wording(lang=told["lang"], text=told["text"]) for told in wordings])


def exists(db: sqlite3.Connection, storyline_id: int, event_id: str) -> bool:
    """Whether the base holds an event of that id."""
    found = db.execute("SELECT 1 FROM event WHERE storyline_id = ? AND id = ?", (storyline_id, event_id))
    return found.fetchone() is not None


def add(db: sqlite3.Connection, storyline_id: int, events: Sequence[Event], *, origin: str, now: datetime) -> list[str]:
    """Add the events the base does not hold yet, with their wordings; the others stay as they are.

    Returns the ids of those that were added. Call it in a transaction.
    """
    from sqlite_utils import Database

    fresh = [event for event in events if not exists(db, storyline_id, event.id)]
    tables = Database(db)
    tables.table("event").insert_all(
        (_row(event, storyline_id, origin, now) for event in fresh), columns={}, ignore=True
    )
    for event in fresh:
        add_wordings(db, storyline_id, event.id, event.wordings)
    return [event.id for event in fresh]


def remove(db: sqlite3.Connection, storyline_id: int, event_id: str) -> None:
    """Take an event and its wordings out of the base."""
    db.execute("DELETE FROM event WHERE storyline_id = ? AND id = ?", (storyline_id, event_id))


def rename(db: sqlite3.Connection, storyline_id: int, event: Event) -> None:
    """Write title and date of an event the base holds; its id stays."""
    db.execute(
        "UPDATE event SET title = ?, date = ?, date_precision = ? WHERE storyline_id = ? AND id = ?",
        (event.title, event.date, event.date_precision.value, storyline_id, event.id),
    )


def add_wordings(
    db: sqlite3.Connection, storyline_id: int, event_id: str, wordings: Iterable[Wording]
) -> list[Wording]:
    """Let an event be told by more sentences too. Returns those it did not have."""
    added = []
    for wording in wordings:
        done = db.execute(
            "INSERT OR IGNORE INTO wording (storyline_id, event_id, lang, text) VALUES (?, ?, ?, ?)",
            (storyline_id, event_id, wording.lang, wording.text),
        )
        if done.rowcount:
            added.append(wording)
    return added


def remove_wordings(db: sqlite3.Connection, storyline_id: int, event_id: str, texts: Iterable[str]) -> None:
    """Take sentences away from an event."""
    db.executemany(
        "DELETE FROM wording WHERE storyline_id = ? AND event_id = ? AND text = ?",
        [(storyline_id, event_id, text) for text in texts],
    )


def _row(event: Event, storyline_id: int, origin: str, now: datetime) -> dict[str, object]:
    return {
        "storyline_id": storyline_id,
        "id": event.id,
        "date": event.date,
        "date_precision": event.date_precision.value,
        "title": event.title,
        "summary": event.summary,
        "actors": json_text(event.actors),
        "figures": figures_text(event.figures),
        "kind": event.kind,
        "disputed": json_text(event.disputed),
        "origin": origin,
        "created_at": stamp(now),
    }


def _event(row: sqlite3.Row, wordings: Iterable[Wording]) -> Event:
    return Event(
        id=row["id"],
        date=row["date"],
        date_precision=Precision(row["date_precision"]),
        title=row["title"],
        summary=row["summary"],
        actors=tuple(json.loads(row["actors"])),
        figures=figures_of(row["figures"]),
        kind=row["kind"],
        wordings=tuple(wordings),
        disputed=tuple(json.loads(row["disputed"])),
    )
