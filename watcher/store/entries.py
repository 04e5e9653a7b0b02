"""Entries: the items of feeds, one row for each identity within its feed."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.records import Entry
from watcher.store.columns import json_text, moment_or_none, stamp, stamp_or_none

_AT_ONCE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is kept of an entry that was seen before."""

    digest: str
    url: str
    article_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """An entry that led to an article, with the feed that brought it."""

    entry: Entry
    feed_name: str
    feed_url: str
    feed_lang: str


def digest(entry: Entry) -> str:
    """Tell what a reader of the feed would notice of an entry: another digest is an edited entry."""
    told = [entry.url, entry.title, entry.summary, stamp_or_none(entry.updated)]
    return hashlib.sha256(json_text(told).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def known(db: sqlite3.Connection, feed_id: int, identities: Sequence[str]) -> dict[str, Known]:
    """Give the entries of a feed that are kept already, by identity."""
    found: dict[str, Known] = {}
    for start in range(0, len(identities), _AT_ONCE):
        some = identities[start : start + _AT_ONCE]
        marks = ",".join("?" * len(some))
        rows = db.execute(
            f"SELECT identity, digest, url, article_id FROM entry WHERE feed_id = ? AND identity IN ({marks})",  # noqa: S608
            (feed_id, *some),
        )
        for row in rows:
            found[row["identity"]] = Known(digest=row["digest"], url=row["url"], article_id=row["article_id"])
    return found


def save(
    db: sqlite3.Connection, feed_id: int, entry: Entry, *, digest: str, article_id: int | None, seen: datetime
) -> None:
    """Write an entry; one of the same identity is overwritten, keeping when it was first seen."""
    db.execute(
        """INSERT INTO entry (feed_id, identity, url, title, summary, author, source, lang, published_at, updated_at,
          seen_at, digest, article_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (feed_id, identity) DO UPDATE SET url = excluded.url, title = excluded.title,
          summary = excluded.summary, author = excluded.author, source = excluded.source, lang = excluded.lang,
          published_at = coalesce(published_at, excluded.published_at), updated_at = excluded.updated_at,
          digest = excluded.digest, article_id = excluded.article_id""",
        (
            feed_id,
            entry.identity,
            entry.url,
            entry.title,
            entry.summary,
            entry.author,
            entry.source,
            entry.lang,
            stamp_or_none(entry.published),
            stamp_or_none(entry.updated),
            stamp(seen),
            digest,
            article_id,
        ),
    )


def leads(db: sqlite3.Connection, article_id: int) -> list[Lead]:
    """Give the entries that led to an article, first seen first."""
    rows = db.execute(
        """SELECT entry.*, feed.name AS feed_name, feed.url AS feed_url, feed.lang AS feed_lang
        FROM entry JOIN feed ON feed.id = feed_id WHERE article_id = ? ORDER BY seen_at, entry.id""",
        (article_id,),
    )
    return [
        Lead(entry=_entry(row), feed_name=row["feed_name"], feed_url=row["feed_url"], feed_lang=row["feed_lang"])
        for row in rows
    ]


def count(db: sqlite3.Connection, feed_id: int) -> int:
    """How many entries a feed has brought."""
    return int(db.execute("SELECT count(*) FROM entry WHERE feed_id = ?", (feed_id,)).fetchone()[0])


def forget(db: sqlite3.Connection, now: datetime, kept: timedelta, most: int) -> int:
    """Delete entries that led nowhere and were first seen longer than `kept` ago, and of each feed all but the latest
    `most`. Returns how many.
    """
    gone = db.execute("DELETE FROM entry WHERE article_id IS NULL AND seen_at < ?", (stamp(now - kept),)).rowcount
    crowded = db.execute(
        "SELECT feed_id FROM entry WHERE article_id IS NULL GROUP BY feed_id HAVING count(*) > ?", (most,)
    )
    return gone + sum(trim(db, row[0], most) for row in crowded.fetchall())


def trim(db: sqlite3.Connection, feed_id: int, most: int) -> int:
    """Delete all but the latest `most` of a feed's entries that led nowhere. Returns how many."""
    return db.execute(
        """DELETE FROM entry WHERE id IN
        (SELECT id FROM entry WHERE feed_id = ? AND article_id IS NULL ORDER BY id DESC LIMIT -1 OFFSET ?)""",
        (feed_id, most),
    ).rowcount


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(
        identity=row["identity"],
        url=row["url"],
        title=row["title"],
        summary=row["summary"],
        author=row["author"],
        source=row["source"],
        lang=row["lang"],
        published=moment_or_none(row["published_at"]),
        updated=moment_or_none(row["updated_at"]),
    )
