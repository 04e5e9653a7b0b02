"""Texts that were not believed to be edits: too little of a page, or lines that stand on many pages of one outlet."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from watcher.policy import writing
from watcher.store.columns import json_text, moment, stamp

_PAGES = 40
_ON_OTHER_PAGES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """The last doubtful text of an article and how often it was seen."""

    article_id: int
    kind: str
    digest: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenOutlet:
    """An outlet whose pages are read wrongly: on how many of them, since when, and why on the last."""

    outlet: str
    site: str
    pages: int
    since: datetime
    reason: str
    example: str


def site_of(url: str) -> str:
    """Give the host an article stands on, with its port."""
    return urlsplit(url).netloc.lower().removeprefix("www.")


def note(
    db: sqlite3.Connection, article_id: int, *, url: str, outlet: str, kind: str, reason: str, digest: str,
    lines: list[str], now: datetime,
) -> Suspicion:  # fmt: skip
    """Note a doubtful text. The same one seen again counts on, another one begins anew."""
    db.execute(
        """INSERT INTO suspicion (article_id, site, outlet, kind, reason, digest, lines, first_seen_at, seen_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
        ON CONFLICT (article_id) DO UPDATE SET site = excluded.site, outlet = excluded.outlet, kind = excluded.kind,
          reason = excluded.reason, lines = excluded.lines, seen_at = excluded.seen_at,
          times = CASE digest WHEN excluded.digest THEN times + 1 ELSE 1 END, digest = excluded.digest""",
        (article_id, site_of(url), outlet, kind, reason, digest, json_text(lines), stamp(now)),
    )
    row = db.execute("SELECT * FROM suspicion WHERE article_id = ?", (article_id,)).fetchone()
    return Suspicion(article_id=article_id, kind=row["kind"], digest=row["digest"], times=row["times"])


def clear(db: sqlite3.Connection, article_id: int) -> None:
    """Forget the doubt about an article: its page is as it should be."""
    db.execute("DELETE FROM suspicion WHERE article_id = ?", (article_id,))


def others(db: sqlite3.Connection, article_id: int, url: str) -> int:
    """How many other pages of the same site are in doubt."""
    row = db.execute(
        "SELECT count(*) FROM suspicion WHERE site = ? AND article_id != ?", (site_of(url), article_id)
    ).fetchone()
    return int(row[0])


def told_elsewhere(
    db: sqlite3.Connection, article_id: int, url: str, lang: str, texts: Sequence[str]
) -> frozenset[str]:  # fmt: skip
    """Give those of some sentences, plain, that stand on at least two other late pages of the same site as well,
    doubtful pages included.
    """
    site = site_of(url)
    pages = [
        row["id"]
        for row in db.execute("SELECT id, url FROM article WHERE id != ? ORDER BY id DESC LIMIT 1000", (article_id,))
        if site_of(row["url"]) == site
    ][:_PAGES]
    asked = {text: writing.plain(text, lang) for text in texts}
    counts = Counter(line for page in pages for line in _lines_of(db, page, asked))
    return frozenset(line for line, count in counts.items() if count >= _ON_OTHER_PAGES)


def _lines_of(db: sqlite3.Connection, article_id: int, asked: Mapping[str, str]) -> set[str]:
    told = db.execute(
        """SELECT text FROM statement WHERE version_id =
        (SELECT id FROM version WHERE article_id = ? ORDER BY number DESC LIMIT 1)""",
        (article_id,),
    )
    lines = {asked[row[0]] for row in told if row[0] in asked}
    doubtful = db.execute("SELECT lines FROM suspicion WHERE article_id = ?", (article_id,)).fetchone()
    return lines if doubtful is None else lines.union(set(asked.values()).intersection(json.loads(doubtful[0])))


def broken(db: sqlite3.Connection) -> list[BrokenOutlet]:
    """Give the outlets whose pages are read wrongly, the worst first."""
    rows = db.execute(
        """SELECT suspicion.outlet, site, count(*) AS pages, min(suspicion.first_seen_at) AS since, reason,
          max(suspicion.seen_at) AS last, article.url
        FROM suspicion JOIN article ON article.id = article_id
        GROUP BY site ORDER BY pages DESC, site"""
    )
    return [
        BrokenOutlet(
            outlet=row["outlet"],
            site=row["site"],
            pages=row["pages"],
            since=moment(row["since"]),
            reason=row["reason"],
            example=row["url"],
        )
        for row in rows
    ]
