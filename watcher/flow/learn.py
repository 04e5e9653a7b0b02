"""A person's decisions: the base gains or loses, in one durable transaction, and every decision can be taken back."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from watcher.errors import NotFound, WatcherError
from watcher.records import Event, Figure, Precision, Statement, Status, Wording
from watcher.store import decisions, developments, events, knowledge
from watcher.store.database import transaction
from watcher.store.decisions import Decision
from watcher.store.developments import Development

_WORDINGS_A_LANGUAGE = 12
_FIGURES = 12
_ACTORS = 8
_SLUG_WORDS = 6
_DAYS_BACK = 7
_PUT_OFF = timedelta(days=1)
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", re.ASCII)
_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}
_PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}


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
    opened again because a source took something back keeps the event it became.

    `date` is `2025-02-10`, `2025-02` or `2025`. Raises `NotFound`, or `WatcherError` when it was decided already or the
    date is none.
    """
    with transaction(db, durable=True):
        one = _undecided(db, storyline_id, name)
        if one.event is not None and events.exists(db, storyline_id, one.event):
            _decide(db, one, Status.ACCEPTED, now, event=one.event, payload={"event": one.event, "note": note}, undo={})
            return events.get(db, storyline_id, one.event)
        event = _event_of(db, storyline_id, one, title=title.strip(), told_date=date.strip())
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
        added = events.add_wordings(db, storyline_id, event_id, _wordings(developments.fresh_statements(db, one.id)))
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
    day, precision = _dated(date.strip())
    with transaction(db, durable=True):
        event = Event(
            id=_free_id(db, storyline_id, day, title),
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


def _event_of(db: sqlite3.Connection, storyline_id: int, one: Development, *, title: str, told_date: str) -> Event:
    fresh = developments.fresh_statements(db, one.id)
    day, precision = _dated(told_date) if told_date else (_likely_day(fresh, one.published).isoformat(), Precision.DAY)
    title = title or one.headline
    names = Counter(name for told in fresh for name in dict.fromkeys(told.names))
    amounts = dict.fromkeys((amount.value, amount.unit) for told in fresh for amount in told.amounts)
    return Event(
        id=_free_id(db, storyline_id, day, title),
        date=day,
        date_precision=precision,
        title=title,
        summary=" ".join(told.text for told in fresh[:2]) or title,
        actors=tuple(name for name, _ in names.most_common(_ACTORS)),
        figures=tuple(Figure(value=value, unit=unit) for value, unit in list(amounts)[:_FIGURES]),
        wordings=tuple(_wordings(fresh)),
    )


def _free_id(db: sqlite3.Connection, storyline_id: int, day: str, title: str) -> str:
    """Give an id that no event has yet: the date with the first words of the title, numbered where needed."""
    wanted = f"{day}-{_slug(title)}"
    free = (number for number in range(2, 10**6) if not events.exists(db, storyline_id, f"{wanted}-{number}"))
    return f"{wanted}-{next(free)}" if events.exists(db, storyline_id, wanted) else wanted


def _wordings(fresh: Iterable[Statement]) -> list[Wording]:
    """Give the sentences that will tell the event, a bounded number in each language."""
    count: Counter[str] = Counter()
    chosen = []
    for told in fresh:
        count[told.lang] += 1
        if count[told.lang] <= _WORDINGS_A_LANGUAGE:
            chosen.append(Wording(lang=told.lang, text=told.text))
    return chosen


def _likely_day(fresh: Iterable[Statement], published: datetime) -> date:
    """Give the day that most sentences name of the last week, the later of equals; else the day of publication."""
    last = published.date()
    named = Counter(
        mention.day
        for told in fresh
        for mention in told.dates
        if mention.precision is Precision.DAY and last - timedelta(days=_DAYS_BACK) <= mention.day <= last
    )
    return max(named, key=lambda day: (named[day], day), default=last)


def _dated(told: str) -> tuple[str, Precision]:
    """Check a date a person gave."""
    if not _DATE.fullmatch(told):
        raise WatcherError(f"{told!r} is no date: write 2025-02-10, 2025-02 or 2025")
    try:
        date.fromisoformat(told + "-01-01"[len(told) - 4 :])
    except ValueError as error:
        raise WatcherError(f"{told!r} is not in the calendar") from error
    return told, _PRECISIONS[len(told)]


def _slug(title: str) -> str:
    """Give the first words of a title as an id may hold them: `musk-verklagt-openai`."""
    plain = title.casefold().translate(_UMLAUTS)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words[:_SLUG_WORDS])[:60] or "event"
