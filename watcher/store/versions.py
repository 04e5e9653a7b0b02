"""Versions: each distinct text of an article that was seen, its statements, and which wait for the judge."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from watcher.records import ArticleText, Reading, Statement
from watcher.store.columns import (
    TITLE,
    article_name,
    moment,
    packed,
    stamp,
    statement,
    understood,
    unpacked,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One text of an article, without the text. `problem` says why it is partial.

    `seen` is when it stood there last; `follows` the number of the version it was compared with, None for a first one.
    """

    id: int
    article_id: int
    number: int
    title: str
    digest: str
    partial: bool
    problem: str
    published: datetime
    fetched: datetime
    seen: datetime
    follows: int | None


def newest(db: sqlite3.Connection, article_id: int) -> Version | None:
    """Give the last version of an article."""
    row = db.execute(
        "SELECT * FROM version WHERE article_id = ? ORDER BY number DESC LIMIT 1", (article_id,)
    ).fetchone()
    return None if row is None else _version(row)


def get(db: sqlite3.Connection, version_id: int) -> Version:
    """One version."""
    return _version(db.execute("SELECT * FROM version WHERE id = ?", (version_id,)).fetchone())


def every(db: sqlite3.Connection, article_id: int) -> list[Version]:
    """Give all versions of an article, oldest first."""
    rows = db.execute("SELECT * FROM version WHERE article_id = ? ORDER BY number", (article_id,))
    return [_version(row) for row in rows]


def standing(db: sqlite3.Connection, article_id: int) -> list[Version]:
    """Give all versions of an article, the one that stood there last first."""
    return sorted(every(db, article_id), key=lambda version: (version.seen, version.number), reverse=True)


def see(db: sqlite3.Connection, version_id: int, now: datetime) -> None:
    """Note that a version stands there still, or again."""
    db.execute("UPDATE version SET seen_at = ? WHERE id = ?", (stamp(now), version_id))


def judged_before(db: sqlite3.Connection, storyline_id: int, version: Version) -> list[Version]:
    """Give the earlier versions of the same article that a storyline's judge has seen, oldest first."""
    rows = db.execute(
        """SELECT version.* FROM version JOIN judgement ON version_id = version.id
        WHERE storyline_id = ? AND article_id = ? AND number < ? ORDER BY number""",
        (storyline_id, version.article_id, version.number),
    )
    return [_version(row) for row in rows]


def add(
    db: sqlite3.Connection,
    article_id: int,
    *,
    text: ArticleText,
    reading: Reading,
    digest: str,
    problem: str,
    fetched: datetime,
    follows: int | None = None,
) -> int | None:
    """Save a text that was not seen before and what was understood of it, and hand it to the judges that want it.

    Returns its number; None when this article has had that text already.
    """
    said = db.execute("SELECT number, digest FROM version WHERE article_id = ?", (article_id,)).fetchall()
    if any(row["digest"] == digest for row in said):
        return None
    number = 1 + max((row["number"] for row in said), default=0)
    offset = text.published.utcoffset() or timedelta()
    added = db.execute(
        """INSERT INTO version (article_id, number, title, lang, outlet, published_at, offset_minutes, partial, problem,
          paragraphs, digest, fetched_at, seen_at, follows) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            article_id,
            number,
            text.title,
            text.lang,
            text.outlet,
            stamp(text.published),
            int(offset.total_seconds() // 60),
            text.partial,
            problem,
            packed(text.paragraphs),
            digest,
            stamp(fetched),
            stamp(fetched),
            follows,
        ),
    )
    version_id = added.lastrowid
    assert version_id is not None
    _add_statements(db, version_id, reading)
    db.execute("DELETE FROM unjudged WHERE version_id IN (SELECT id FROM version WHERE article_id = ?)", (article_id,))
    db.execute(
        "INSERT INTO unjudged SELECT storyline_id, ? FROM interest WHERE article_id = ?", (version_id, article_id)
    )
    return int(number)


def text_of(db: sqlite3.Connection, version_id: int) -> ArticleText:
    """Give the text of a version, as it was read."""
    row = db.execute(
        "SELECT version.*, article.url FROM version JOIN article ON article.id = article_id WHERE version.id = ?",
        (version_id,),
    ).fetchone()
    return ArticleText(
        title=row["title"],
        paragraphs=unpacked(row["paragraphs"]),
        lang=row["lang"],
        published=_local(row),
        outlet=row["outlet"],
        url=row["url"],
        partial=bool(row["partial"]),
    )


def reading_of(db: sqlite3.Connection, version_id: int) -> Reading:
    """Give a version as the judge sees it. Its article is called `A` and a number."""
    row = db.execute(
        "SELECT version.*, article.url FROM version JOIN article ON article.id = article_id WHERE version.id = ?",
        (version_id,),
    ).fetchone()
    statements = [
        statement(told["position"], told["paragraph"], told["text"], told["lang"], told["understood"])
        for told in db.execute("SELECT * FROM statement WHERE version_id = ? ORDER BY position", (version_id,))
    ]
    return Reading(
        article=article_name(row["article_id"]),
        title=statements[0],
        statements=tuple(statements[1:]),
        lang=row["lang"],
        published=_local(row),
        outlet=row["outlet"],
        url=row["url"],
        partial=bool(row["partial"]),
    )


def told_beside(db: sqlite3.Connection, storyline_id: int, article_id: int) -> list[int]:
    """Give the ids of the last versions of other articles that tell of the same developments as an article, the latest
    first, thirty at most.
    """
    rows = db.execute(
        """SELECT max(version.id) AS last FROM version JOIN judgement ON version_id = version.id
        WHERE storyline_id = ?1 AND article_id != ?2 AND development_id IN
          (SELECT development_id FROM judgement JOIN version ON version.id = version_id
            WHERE storyline_id = ?1 AND article_id = ?2)
        GROUP BY article_id ORDER BY last DESC LIMIT 30""",
        (storyline_id, article_id),
    )
    return [row[0] for row in rows]


def sentences_of(db: sqlite3.Connection, version_ids: Sequence[int]) -> frozenset[str]:
    """Give every sentence that some versions tell, their titles left out."""
    query = "SELECT text FROM statement WHERE version_id = ? AND position != ?"
    return frozenset(row[0] for one in version_ids for row in db.execute(query, (one, TITLE)))


def unjudged(db: sqlite3.Connection, storyline_id: int) -> list[Version]:
    """Give the versions that wait for a storyline's judge, in the order they were published."""
    rows = db.execute(
        """SELECT version.* FROM unjudged JOIN version ON version.id = version_id
        WHERE storyline_id = ? ORDER BY published_at, version.id""",
        (storyline_id,),
    )
    return [_version(row) for row in rows]


def _add_statements(db: sqlite3.Connection, version_id: int, reading: Reading) -> None:
    title = replace(reading.title, position=TITLE)
    db.executemany(
        "INSERT INTO statement (version_id, position, paragraph, text, lang, understood) VALUES (?, ?, ?, ?, ?, ?)",
        [_statement_row(version_id, told) for told in (title, *reading.statements)],
    )


def _statement_row(version_id: int, told: Statement) -> tuple[int, int, int, str, str, str]:
    return version_id, told.position, told.paragraph, told.text, told.lang, understood(told)


def _local(row: sqlite3.Row) -> datetime:
    """Give the time of publication in the zone the outlet wrote it in: its weekdays are meant there."""
    return moment(row["published_at"]).astimezone(timezone(timedelta(minutes=row["offset_minutes"])))


def _version(row: sqlite3.Row) -> Version:
    return Version(
        id=row["id"],
        article_id=row["article_id"],
        number=row["number"],
        title=row["title"],
        digest=row["digest"],
        partial=bool(row["partial"]),
        problem=row["problem"],
        published=moment(row["published_at"]),
        fetched=moment(row["fetched_at"]),
        seen=moment(row["seen_at"] or row["fetched_at"]),
        follows=row["follows"],
    )
