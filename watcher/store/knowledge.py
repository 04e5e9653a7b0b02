"""What the judge's memory is made of: the storyline, its base, what articles told, and what a person settled."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from watcher.records import Event, Finding, Judgement, Reading, Relevance, Storyline, Verdict
from watcher.store import events
from watcher.store.columns import article_name, development_name, moment, stamp
from watcher.store.database import transaction
from watcher.store.versions import reading_of

_ALL = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A development that became an event, or was merged into one."""

    development: str
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A version that was judged, as the judge saw it and what it said."""

    reading: Reading
    judgement: Judgement


def enrol(db: sqlite3.Connection, storyline: Storyline, now: datetime) -> int:
    """Give the row of a storyline, made where there is none, with every event of its folder in the base.

    Events the base holds already stay as they are: a person may have taught them more. The first call marks the
    creation of the state.
    """
    with transaction(db, durable=True):
        db.execute("INSERT OR IGNORE INTO meta VALUES ('created', ?)", (stamp(now),))
        db.execute("INSERT OR IGNORE INTO storyline (name, created_at) VALUES (?, ?)", (storyline.name, stamp(now)))
        storyline_id = find(db, storyline.name)
        assert storyline_id is not None, "it was written just now"
        events.add(db, storyline_id, storyline.events, origin="storyline", now=now)
    return storyline_id


def find(db: sqlite3.Connection, name: str) -> int | None:
    """Give the row of a storyline; None before its first walk."""
    row = db.execute("SELECT id FROM storyline WHERE name = ?", (name,)).fetchone()
    return None if row is None else int(row[0])


def created(db: sqlite3.Connection) -> datetime | None:
    """When the state was created; None before the first walk."""
    row = db.execute("SELECT value FROM meta WHERE key = 'created'").fetchone()
    return None if row is None else moment(row[0])


def edition(db: sqlite3.Connection) -> int:
    """Which edition of the knowledge the state holds. It moves with every decision of a person."""
    return int(db.execute("SELECT value FROM meta WHERE key = 'knowledge'").fetchone()[0])


def turn(db: sqlite3.Connection) -> None:
    """Begin a new edition. Call it in the transaction that changes the base or a development's status."""
    db.execute("UPDATE meta SET value = value + 1 WHERE key = 'knowledge'")


def known_events(db: sqlite3.Connection, storyline_id: int) -> list[Event]:
    """Give the base, in the order the events happened."""
    return events.every(db, storyline_id)


def judged(
    db: sqlite3.Connection, storyline_id: int, since: datetime, *, openings: int = _ALL, others: int = _ALL
) -> Iterator[Judged]:
    """Tell what articles told that were published after `since` or belong to a development; every version of them,
    in order of publication. Of those that opened a development at most the latest `openings`, and so many `others`.
    """
    chosen = db.execute(_JUDGED, (storyline_id, stamp(since), openings, others)).fetchall()
    for (judgement_id,) in chosen:
        row = db.execute(
            "SELECT judgement.*, article_id FROM judgement JOIN version ON version.id = version_id"
            " WHERE judgement.id = ?", (judgement_id,),
        ).fetchone()  # fmt: skip
        yield Judged(reading=reading_of(db, row["version_id"]), judgement=judgement_of(db, row))


_JUDGED = """WITH told AS MATERIALIZED (
    SELECT judgement.id, opens, published_at, number, version_id FROM judgement JOIN version ON version.id = version_id
    WHERE storyline_id = ?1 AND relevant AND (published_at >= ?2 OR development_id IS NOT NULL))
  SELECT id FROM told WHERE id IN (SELECT id FROM told WHERE opens ORDER BY published_at DESC, id DESC LIMIT ?3)
    OR id IN (SELECT id FROM told WHERE NOT opens ORDER BY published_at DESC, id DESC LIMIT ?4)
  ORDER BY published_at, number, version_id"""


def settled(db: sqlite3.Connection, storyline_id: int) -> list[Settled]:
    """Every development that belongs to an event today."""
    rows = db.execute(
        "SELECT id, event FROM development WHERE storyline_id = ? AND event IS NOT NULL ORDER BY id", (storyline_id,)
    )
    return [Settled(development=development_name(row["id"]), event=row["event"]) for row in rows]


def judgement_of(db: sqlite3.Connection, row: sqlite3.Row) -> Judgement:
    """Give what was said of a version. `row` is one of `judgement` with the `article_id`."""
    findings = db.execute(
        """SELECT position, text, finding.* FROM finding JOIN statement ON statement.id = statement_id
        WHERE judgement_id = ? ORDER BY position""",
        (row["id"],),
    )
    return Judgement(
        article=article_name(row["article_id"]),
        relevance=Relevance(relevant=bool(row["relevant"]), reason=row["reason"]),
        findings=tuple(_finding(found) for found in findings),
        flagged=bool(row["flagged"]),
        development=None if row["development_id"] is None else development_name(row["development_id"]),
        opens=bool(row["opens"]),
        confidence=row["confidence"],
        copy_of=None if row["copy_of"] is None else article_name(row["copy_of"]),
    )


def _finding(row: sqlite3.Row) -> Finding:
    return Finding(
        position=row["position"],
        text=row["text"],
        verdict=Verdict(row["verdict"]),
        event=row["event"],
        was=row["was"],
        now=row["now"],
        score=row["score"],
        reason=row["reason"],
    )
