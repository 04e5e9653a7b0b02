"""How much text is kept, and forgetting what is old enough that nothing rests on it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.store.columns import moment_or_none, packed, stamp
from watcher.store.database import transaction

MOST_VERSIONS = 20
"""So many texts of one article are kept besides the first and those that a development or a judge still needs."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """How many texts are kept, of how many articles, and how large they are with what was understood of them."""

    articles: int
    edited: int
    versions: int
    bytes: int
    oldest: datetime | None


def measure(db: sqlite3.Connection) -> Volume:
    """Count what is kept. Reads every row of it."""
    articles, versions, texts, oldest = db.execute(
        "SELECT count(DISTINCT article_id), count(*), coalesce(sum(length(paragraphs)), 0), min(seen_at) FROM version"
    ).fetchone()
    (edited,) = db.execute("SELECT count(DISTINCT article_id) FROM version WHERE follows IS NOT NULL").fetchone()
    (told,) = db.execute(
        "SELECT coalesce(sum(length(CAST(text AS BLOB)) + length(CAST(understood AS BLOB))), 0) FROM statement"
    ).fetchone()
    return Volume(
        articles=articles, edited=edited, versions=versions, bytes=texts + told, oldest=moment_or_none(oldest)
    )


def forget(db: sqlite3.Connection, now: datetime, kept: timedelta) -> int:
    """Delete the articles whose text was seen last longer than `kept` ago and that tell no development, with their
    entries; of those that tell one, all sentences but the fresh ones. Returns how many texts that were.
    """
    limit = stamp(now - kept)
    forgotten = 0
    while True:
        with transaction(db):
            old = [row[0] for row in db.execute(_OLD_ARTICLES, (limit, _AT_ONCE))]
            for article_id in old:
                forgotten += db.execute("SELECT count(*) FROM version WHERE article_id = ?", (article_id,)).fetchone()[
                    0
                ]
                db.execute("DELETE FROM entry WHERE article_id = ?", (article_id,))
                db.execute("DELETE FROM article WHERE id = ?", (article_id,))
        if len(old) < _AT_ONCE:
            break
    with transaction(db):
        worn = [row[0] for row in db.execute(_OLD_SUPPORTS, (limit,))]
        for version_id in worn:
            db.execute(_THIN, (version_id,))
            db.execute("UPDATE version SET paragraphs = ? WHERE id = ?", (_NOTHING, version_id))
    return forgotten + len(worn)


def trim(db: sqlite3.Connection, article_id: int, most: int = MOST_VERSIONS) -> int:
    """Delete all texts of an article but the first, the `most` that stood there last, those that wait for a judge, and
    those in which a development found what is fresh in it. Returns how many went.

    The numbers of those that stay do not change; what differed between others is forgotten with them.
    """
    return db.execute(_SURPLUS, (article_id, most)).rowcount


_NOTHING = packed(())

_SURPLUS = """DELETE FROM version WHERE article_id = ?1
  AND number != (SELECT min(number) FROM version WHERE article_id = ?1)
  AND id NOT IN (SELECT id FROM version WHERE article_id = ?1
    ORDER BY coalesce(seen_at, fetched_at) DESC, number DESC LIMIT ?2)
  AND id NOT IN (SELECT version_id FROM unjudged)
  AND NOT EXISTS (SELECT 1 FROM judgement JOIN finding ON finding.judgement_id = judgement.id
    WHERE judgement.version_id = version.id AND development_id IS NOT NULL AND verdict IN ('new', 'changed'))"""

_OLD_ARTICLES = """SELECT article.id FROM article WHERE first_seen_at < ?1 AND NOT EXISTS
    (SELECT 1 FROM version WHERE article_id = article.id AND coalesce(seen_at, fetched_at) >= ?1)
  AND NOT EXISTS (SELECT 1 FROM judgement JOIN version ON version.id = version_id
    WHERE article_id = article.id AND development_id IS NOT NULL) LIMIT ?2"""

_OLD_SUPPORTS = """SELECT DISTINCT version.id FROM version JOIN judgement ON version_id = version.id
  JOIN development ON development.id = development_id
  WHERE coalesce(seen_at, fetched_at) < ?1 AND development.status NOT IN ('open', 'later')
    AND length(paragraphs) > 12"""

_THIN = """DELETE FROM statement WHERE version_id = ? AND position >= 0 AND id NOT IN
  (SELECT statement_id FROM finding WHERE verdict IN ('new', 'changed'))"""
