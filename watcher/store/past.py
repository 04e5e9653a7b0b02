"""What happened, in the order it happened: what the judge saw, what the base gained, what a person decided of it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.records import Event, Status
from watcher.store import events
from watcher.store.columns import article_name, development_name, moment
from watcher.store.knowledge import Judged, Settled, judgement_of
from watcher.store.versions import reading_of

_NO_TEXT_BYTES = 12
"""A list of paragraphs packed into so few bytes holds none: the text was forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """How a development stands that a person closed, and when. `reason` is theirs, or ''.

    `event` is what it was merged into or became; `first_told` when the development of that event was published, None
    for an event that no development made.
    """

    development: str
    status: Status
    event: str | None
    first_told: datetime | None
    reason: str
    headline: str
    published: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What the base knew from a moment on: an event as it then was, a development that belongs to one, or both."""

    at: datetime
    event: Event | None = None
    settled: Settled | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One relevant version the judge saw. `is_first` when it saw none of that article before; `has_text` is false for
    one whose sentences were forgotten.
    """

    version_id: int
    article: str
    at: datetime
    published: datetime
    development: str | None
    opens: bool
    is_first: bool
    has_text: bool


def decided(db: sqlite3.Connection, storyline_id: int) -> list[Decided]:
    """Give every development a person closed, as the last word on it says, in order of publication."""
    rows = db.execute(
        """SELECT one.*, decision.payload, decision.decided_at, first.published_at AS first_told
        FROM development AS one JOIN decision ON decision.id = (SELECT max(id) FROM decision
          WHERE development_id = one.id AND undone_at IS NULL)
        LEFT JOIN development AS first ON first.storyline_id = one.storyline_id AND first.event = one.event
          AND first.status = 'accepted' AND first.id != one.id
        WHERE one.storyline_id = ? AND one.status IN ('accepted', 'merged', 'dismissed')
        GROUP BY one.id ORDER BY one.published_at, one.id""",
        (storyline_id,),
    )
    return [
        Decided(
            development=development_name(row["id"]),
            status=Status(row["status"]),
            event=row["event"],
            first_told=None if row["first_told"] is None else moment(row["first_told"]),
            reason=str(json.loads(row["payload"]).get("reason", "")),
            headline=row["headline"],
            published=moment(row["published_at"]),
            at=moment(row["decided_at"]),
        )
        for row in rows
    ]


def gains(db: sqlite3.Connection, storyline_id: int) -> list[Gain]:
    """Tell how the base of today came to be, oldest first. What was taken back is not part of it."""
    base = {event.id: event for event in events.every(db, storyline_id)}
    merged = _merged(db, storyline_id, base)
    later = {(gain.event.id, told.text) for gain in merged if gain.event for told in gain.event.wordings}
    created = db.execute("SELECT id, created_at FROM event WHERE storyline_id = ?", (storyline_id,))
    found = [
        Gain(
            at=moment(row["created_at"]),
            event=replace(
                base[row["id"]],
                wordings=tuple(told for told in base[row["id"]].wordings if (row["id"], told.text) not in later),
            ),
        )
        for row in created
    ]
    known = {gain.event.id: gain.event for gain in found if gain.event}
    for gain in merged:
        if gain.event is None:
            found.append(gain)
            continue
        so_far = known[gain.event.id]
        grown = known[so_far.id] = replace(so_far, wordings=(*so_far.wordings, *gain.event.wordings))
        found.append(replace(gain, event=grown))
    return sorted(found, key=lambda gain: gain.at)


def _merged(db: sqlite3.Connection, storyline_id: int, base: dict[str, Event]) -> list[Gain]:
    """Accepted and merged developments with the time of that; of their events only the wordings that came with them."""
    rows = db.execute(
        """SELECT development.id, development.event, kind, undo, decided_at FROM decision
        JOIN development ON development.id = development_id
        WHERE decision.storyline_id = ? AND undone_at IS NULL AND kind IN ('accept', 'merge')
          AND development.event IS NOT NULL ORDER BY decision.id""",
        (storyline_id,),
    )
    found = []
    for row in rows:
        event = base.get(row["event"])
        added = set(json.loads(row["undo"]).get("remove_wordings", ()))
        came = tuple(told for told in event.wordings if told.text in added) if event else ()
        found.append(
            Gain(
                at=moment(row["decided_at"]),
                event=replace(event, wordings=came) if event and came else None,
                settled=Settled(development=development_name(row["id"]), event=row["event"]),
            )
        )
    return found


def turns(db: sqlite3.Connection, storyline_id: int) -> list[Turn]:
    """Tell what relevant versions the judge saw, in the order it saw them."""
    rows = db.execute(
        """SELECT version_id, article_id, judged_at, published_at, development_id, opens,
          length(paragraphs) > ? AS has_text,
          NOT EXISTS (SELECT 1 FROM judgement AS before JOIN version AS text ON text.id = before.version_id
            WHERE before.storyline_id = judgement.storyline_id AND text.article_id = version.article_id
              AND before.id < judgement.id) AS is_first
        FROM judgement JOIN version ON version.id = version_id WHERE storyline_id = ? AND relevant
        ORDER BY judgement.id""",
        (_NO_TEXT_BYTES, storyline_id),
    )
    return [
        Turn(
            version_id=row["version_id"],
            article=article_name(row["article_id"]),
            at=moment(row["judged_at"]),
            published=moment(row["published_at"]),
            development=None if row["development_id"] is None else development_name(row["development_id"]),
            opens=bool(row["opens"]),
            is_first=bool(row["is_first"]),
            has_text=bool(row["has_text"]),
        )
        for row in rows
    ]


def judged_in(db: sqlite3.Connection, storyline_id: int, turn: Turn) -> Judged:
    """Give the version of a turn as the judge saw it, and what it said."""
    row = db.execute(
        """SELECT judgement.*, article_id FROM judgement JOIN version ON version.id = version_id
        WHERE storyline_id = ? AND version_id = ?""",
        (storyline_id, turn.version_id),
    ).fetchone()
    return Judged(reading=reading_of(db, turn.version_id), judgement=judgement_of(db, row))
