"""What differs between the versions of an article, and which sources took back what a development rests on."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from watcher.store.columns import moment, stamp

if TYPE_CHECKING:  # commands that only show load nothing that compares
    from watcher.policy.difference import Difference, Edit

NOTE = "note"
REMOVED, WEAKENED, GONE = "removed", "weakened", "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEdit:
    """One edit as it is kept. `kind` is `title`, `added`, `removed`, `reworded` or `note` (the outlet's own words)."""

    version: int
    follows: int
    fetched: datetime
    kind: str
    before: str | None
    after: str | None
    was: str | None
    now: str | None
    weaker: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A sentence that one source of a development took back. `kind` is `removed`, `weakened` or `gone`."""

    article_id: int
    kind: str
    before: str
    after: str | None
    noted: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """A development that a sentence of an article supports; its status, and whether it is the sentence's own."""

    development_id: int
    status: str


def save(db: sqlite3.Connection, version_id: int, difference: Difference) -> None:
    """Keep what a reader would notice of a version, and the outlet's own notes on it."""
    rows = [_row(edit) for edit in difference.noticed]
    rows += [(NOTE, None, note, None, None, False) for note in difference.notes]
    db.executemany(
        "INSERT INTO edit (version_id, number, kind, before, after, was, now, weaker) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(version_id, number, *row) for number, row in enumerate(rows)],
    )


def of_article(db: sqlite3.Connection, article_id: int) -> list[KeptEdit]:
    """Give every edit of an article, oldest version first, in reading order."""
    rows = db.execute(
        """SELECT edit.*, version.number AS version, follows, fetched_at FROM edit
        JOIN version ON version.id = version_id WHERE article_id = ? ORDER BY version.number, edit.number""",
        (article_id,),
    )
    return [
        KeptEdit(
            version=row["version"],
            follows=row["follows"] or 1,
            fetched=moment(row["fetched_at"]),
            kind=row["kind"],
            before=row["before"],
            after=row["after"],
            was=row["was"],
            now=row["now"],
            weaker=bool(row["weaker"]),
        )
        for row in rows
    ]


def any_of(db: sqlite3.Connection, development_id: int, article_ids: Sequence[int]) -> bool:
    """Whether one of these articles was edited, or a source of the development took something back."""
    marks = ",".join("?" * len(article_ids))
    query = f"""SELECT EXISTS (SELECT 1 FROM withdrawal WHERE development_id = ?)
      OR EXISTS (SELECT 1 FROM version WHERE article_id IN ({marks}) AND follows IS NOT NULL)"""  # noqa: S608
    return bool(db.execute(query, (development_id, *article_ids)).fetchone()[0])


def withdraw(
    db: sqlite3.Connection, development_id: int, article_id: int, *, kind: str, before: str, after: str | None,
    now: datetime,
) -> bool:  # fmt: skip
    """Note that a source took a sentence back. False when that was noted already; what was taken down, came back and
    is taken down again is noted again.
    """
    added = db.execute(
        """INSERT INTO withdrawal (development_id, article_id, kind, before, after, noted_at)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (development_id, article_id, kind, before) DO UPDATE SET noted_at = excluded.noted_at
        WHERE kind = 'gone' AND noted_at < (SELECT gone_at FROM article WHERE article.id = excluded.article_id)""",
        (development_id, article_id, kind, before, after, stamp(now)),
    )
    return added.rowcount > 0


def withdrawals(db: sqlite3.Connection, development_id: int) -> list[Withdrawal]:
    """Give what sources of a development took back, oldest first."""
    rows = db.execute("SELECT * FROM withdrawal WHERE development_id = ? ORDER BY id", (development_id,))
    return [
        Withdrawal(
            article_id=row["article_id"],
            kind=row["kind"],
            before=row["before"],
            after=row["after"],
            noted=moment(row["noted_at"]),
        )
        for row in rows
    ]


def supported_by(
    db: sqlite3.Connection, storyline_id: int, article_id: int, texts: Sequence[str]
) -> dict[str, list[Support]]:
    """Give for each of these sentences of an article the developments it supports.

    A sentence supports the development it was fresh in, and one of its article that it was known to tell: the
    development itself or the event it became.
    """
    marks = ",".join("?" * len(texts))
    rows = db.execute(
        f"""SELECT DISTINCT statement.text, development.id, development.status
        FROM judgement JOIN version ON version.id = judgement.version_id
        JOIN finding ON finding.judgement_id = judgement.id JOIN statement ON statement.id = statement_id
        JOIN development ON development.id = judgement.development_id
        WHERE judgement.storyline_id = ? AND version.article_id = ? AND statement.text IN ({marks})
          AND (finding.verdict IN ('new', 'changed')
            OR finding.event IN ('D' || development.id, development.event))
          AND development.status != 'dismissed'
        ORDER BY development.id""",  # noqa: S608
        (storyline_id, article_id, *texts),
    )
    found: dict[str, list[Support]] = {}
    for text, development_id, status in rows:
        found.setdefault(text, []).append(Support(development_id=development_id, status=status))
    return found


def supporting(db: sqlite3.Connection, storyline_id: int, article_id: int) -> list[str]:
    """Give the sentences of an article that are fresh in a development."""
    rows = db.execute(
        """SELECT DISTINCT statement.text FROM judgement JOIN version ON version.id = judgement.version_id
        JOIN finding ON finding.judgement_id = judgement.id JOIN statement ON statement.id = statement_id
        WHERE judgement.storyline_id = ? AND version.article_id = ? AND judgement.development_id IS NOT NULL
          AND finding.verdict IN ('new', 'changed') ORDER BY statement.id""",
        (storyline_id, article_id),
    )
    return [row[0] for row in rows]


def _row(edit: Edit) -> tuple[str, str | None, str | None, str | None, str | None, bool]:
    value = edit.value
    return (
        edit.kind.value,
        edit.before.text if edit.before else None,
        edit.after.text if edit.after else None,
        value.was if value else None,
        value.now if value else None,
        edit.weakens,
    )
