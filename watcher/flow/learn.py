"""A person's decisions: the base gains or loses, in one durable transaction, and every decision can be taken back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from watcher.errors import NotFound, WatcherError
from watcher.flow import drafting
from watcher.records import Event, Status, Storyline
from watcher.store import decisions, developments, events, knowledge
from watcher.store.database import transaction
from watcher.store.decisions import Decision
from watcher.store.developments import Development

_PUT_OFF = timedelta(days=1)


def accept(
    db: sqlite3.Connection,
    storyline_id: int,
    name: str,
    *,
    now: datetime,
    title: str = "",
    date: str = "",
    note: str = "",
) -> Event:
    """Make a development an event of the base. Title and date are taken from it where none are given. One that was
    opened again because a source took something back keeps the event it became, but for a title or date that is given.

    `date` is `2025-02-10`, `2025-02` or `2025`. Raises `NotFound`, or `WatcherError` when it was decided already or the
    date is none.
    """
    title, date = title.strip(), date.strip()
    with transaction(db, durable=True):
        one = _undecided(db, storyline_id, name)
        if one.event is not None and events.exists(db, storyline_id, one.event):
            before = events.get(db, storyline_id, one.event)
            event = _renamed(before, title=title, told_date=date)
            events.rename(db, storyline_id, event)
            was = {"event": before.id, "title": before.title, "date": before.date}
            undo: dict[str, object] = {} if event == before else {"rename_event": was}
            _decide(db, one, Status.ACCEPTED, now, event=event.id, payload={"event": event.id, "note": note}, undo=undo)
            return event
        event = drafting.draft(db, storyline_id, one, title=title, told_date=date)
        events.add(db, storyline_id, [event], origin="development", now=now)
        _decide(
            db, one, Status.ACCEPTED, now, event=event.id, payload={"event": event.id, "note": note},
            undo={"remove_event": event.id},
        )  # fmt: skip
    return event


def merge(
    db: sqlite3.Connection, storyline_id: int, name: str, event_id: str, *, now: datetime, note: str = ""
) -> Event:
    """Let a development belong to a known event: its sentences become wordings of it. Raises as `accept` does."""
    with transaction(db, durable=True):
        one = _undecided(db, storyline_id, name)
        events.get(db, storyline_id, event_id)
        added = events.add_wordings(db, storyline_id, event_id, drafting.wordings(drafting.sentences(db, one.id)))
        _decide(
            db, one, Status.MERGED, now, event=event_id, payload={"event": event_id, "note": note},
            undo={"remove_wordings": [wording.text for wording in added], "event": event_id},
        )  # fmt: skip
        return events.get(db, storyline_id, event_id)


def dismiss(db: sqlite3.Connection, storyline_id: int, name: str, *, now: datetime, reason: str = "") -> None:
    """Say that a development is no news. What it told stays told: it will not be flagged again. Raises as `accept`."""
    with transaction(db, durable=True):
        one = _undecided(db, storyline_id, name)
        _decide(db, one, Status.DISMISSED, now, payload={"reason": reason}, undo={})


def later(
    db: sqlite3.Connection, storyline_id: int, name: str, *, now: datetime, until: datetime | None = None
) -> datetime:
    """Put a development off, by a day when no time is given. Returns when it comes back. Raises as `accept` does."""
    until = until or now + _PUT_OFF
    with transaction(db, durable=True):
        one = _undecided(db, storyline_id, name)
        _decide(db, one, Status.LATER, now, later_until=until, payload={"until": until.isoformat()}, undo={})
    return until


def undo(db: sqlite3.Connection, storyline_id: int, *, now: datetime) -> Decision:
    """Take the last decision back: base and development are as they were before it. Raises `NotFound` without one."""
    with transaction(db, durable=True):
        last = decisions.last(db, storyline_id)
        if last is None:
            raise NotFound("there is no decision to take back")
        if "remove_event" in last.undo:
            events.remove(db, storyline_id, last.undo["remove_event"])
        if "rename_event" in last.undo:
            was = last.undo["rename_event"]
            kept = events.get(db, storyline_id, was["event"])
            events.rename(db, storyline_id, _renamed(kept, title=was["title"], told_date=was["date"]))
        if "remove_wordings" in last.undo:
            events.remove_wordings(db, storyline_id, last.undo["event"], last.undo["remove_wordings"])
        until = last.undo["later_until"]
        developments.set_status(
            db,
            last.development_id,
            Status(last.undo["status"]),
            event=last.undo.get("event_before"),
            later_until=None if until is None else datetime.fromisoformat(until),
        )
        decisions.take_back(db, last.id, now)
        knowledge.turn(db)
    return last


def teach(db: sqlite3.Connection, storyline_id: int, added: Sequence[Event], *, now: datetime) -> list[str]:
    """Add events a person wrote or imported. Returns the ids of those the base did not have; the others stay."""
    with transaction(db, durable=True):
        fresh = events.add(db, storyline_id, added, origin="person", now=now)
        if fresh:
            knowledge.turn(db)
    return fresh


def write_event(
    db: sqlite3.Connection,
    storyline_id: int,
    *,
    title: str,
    date: str,
    summary: str,
    kind: str,
    actors: Sequence[str],
    now: datetime,
) -> Event:
    """Add one event as a person tells it; `date` as for `accept`. Raises `WatcherError` when it is none."""
    day, precision = drafting.dated(date.strip())
    with transaction(db, durable=True):
        event = Event(
            id=drafting.free_id(db, storyline_id, day, title),
            date=day,
            date_precision=precision,
            title=title,
            summary=summary,
            actors=tuple(actors),
            kind=kind,
        )
        events.add(db, storyline_id, [event], origin="person", now=now)
        knowledge.turn(db)
    return event


def remove_event(db: sqlite3.Connection, storyline: Storyline, storyline_id: int, event_id: str) -> Event:
    """Take an event out of the base again. Raises `NotFound`, or `WatcherError` for one that a decision rests on or
    that the storyline would bring again.
    """
    with transaction(db, durable=True):
        event = events.get(db, storyline_id, event_id)
        resting = decisions.resting_on(db, storyline_id, event_id)
        if resting:
            raise WatcherError(
                f"what was decided of {', '.join(resting)} needs it; `watcher undo` takes decisions back"
            )
        if any(brought.id == event_id for brought in storyline.events):
            raise WatcherError(f"{event_id} stands in the storyline {storyline.name!r}, which would bring it again")
        events.remove(db, storyline_id, event_id)
        knowledge.turn(db)
    return event


def _renamed(event: Event, *, title: str, told_date: str) -> Event:
    """Give an event another title, another date, or neither. Raises `WatcherError` when the date is none."""
    day, precision = drafting.dated(told_date) if told_date else (event.date, event.date_precision)
    return replace(event, title=title or event.title, date=day, date_precision=precision)


def _undecided(db: sqlite3.Connection, storyline_id: int, name: str) -> Development:
    one = developments.get(db, storyline_id, name)
    if one.status not in (Status.OPEN, Status.LATER):
        raise WatcherError(f"{one.name} is {one.status} already; `watcher undo` takes the last decision back")
    return one


def _decide(
    db: sqlite3.Connection,
    one: Development,
    status: Status,
    now: datetime,
    *,
    payload: dict[str, object],
    undo: dict[str, object],
    event: str | None = None,
    later_until: datetime | None = None,
) -> None:
    """Write status and decision, with what it takes to restore what was there, and begin a new edition."""
    before = {
        "status": one.status.value,
        "later_until": one.later_until and one.later_until.isoformat(),
        "event_before": one.event,
    }
    developments.set_status(db, one.id, status, event=event, later_until=later_until)
    kind = {Status.ACCEPTED: "accept", Status.MERGED: "merge", Status.DISMISSED: "dismiss", Status.LATER: "later"}
    decisions.record(db, one.storyline_id, one.id, kind=kind[status], payload=payload, undo={**before, **undo}, now=now)
    knowledge.turn(db)
