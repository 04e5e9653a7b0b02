"""Articles: the addresses that lead to them, who wants them read, and when they are read next."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime

from watcher.records import Validators
from watcher.store.columns import moment, moment_or_none, stamp, stamp_or_none

_IN_VAIN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A page that entries lead to. `state` is `waiting`, `read`, `failed` or `gone`; `due` None means not again.

    `gone` is when it was found taken down, `changed` when an edit of it was seen last.
    """

    id: int
    url: str
    outlet: str
    lang: str
    published: datetime | None
    first_seen: datetime
    state: str
    due: datetime | None
    fails: int
    problem: str
    rechecks: int
    validators: Validators
    gone: datetime | None
    changed: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What one attempt to read leaves in its article's row."""

    state: str
    due: datetime | None
    fails: int = 0
    problem: str = ""
    rechecks: int = 0
    validators: Validators = field(default_factory=Validators)


def find(db: sqlite3.Connection, url_key: str) -> int | None:
    """Give the article an address leads to."""
    row = db.execute("SELECT article_id FROM address WHERE url_key = ?", (url_key,)).fetchone()
    return None if row is None else int(row[0])


def with_address(db: sqlite3.Connection, part: str) -> list[int]:
    """Give the articles that hold these letters in their address."""
    return [row[0] for row in db.execute("SELECT id FROM article WHERE instr(url, ?) ORDER BY id", (part,))]


def create(
    db: sqlite3.Connection, *, url: str, url_key: str, seen: datetime, published: datetime | None, lang: str = "",
    due: datetime | None = None,
) -> int:  # fmt: skip
    """Give a new article, with the address that led to it. It is read at `due`, or at once. Returns its id."""
    row = db.execute(
        "INSERT INTO article (url, lang, published_at, first_seen_at, due_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (url, lang, stamp_or_none(published), stamp(seen), stamp(due or seen)),
    ).fetchone()
    lead(db, url_key, int(row[0]))
    return int(row[0])


def lead(db: sqlite3.Connection, url_key: str, article_id: int) -> None:
    """Remember another address of an article; one that leads elsewhere already stays as it is."""
    db.execute("INSERT OR IGNORE INTO address (url_key, article_id) VALUES (?, ?)", (url_key, article_id))


def want(db: sqlite3.Connection, storyline_id: int, article_id: int, reason: str) -> None:
    """Note that a storyline wants an article read, and why. A version that is there already goes to its judge."""
    added = db.execute(
        "INSERT OR IGNORE INTO interest (storyline_id, article_id, reason) VALUES (?, ?, ?)",
        (storyline_id, article_id, reason),
    )
    if added.rowcount:
        db.execute(
            """INSERT OR IGNORE INTO unjudged
            SELECT ?1, id FROM version WHERE article_id = ?2 ORDER BY number DESC LIMIT 1""",
            (storyline_id, article_id),
        )


def get(db: sqlite3.Connection, article_id: int) -> Article | None:
    """One article; None when it was merged into another."""
    row = db.execute("SELECT * FROM article WHERE id = ?", (article_id,)).fetchone()
    return None if row is None else _article(row)


def due(db: sqlite3.Connection, now: datetime, absurd: datetime, limit: int) -> list[Article]:
    """Give the articles to read at `now`: those never read come first, newest first, so that news overtakes re-reading.

    A due time beyond `absurd` comes from a clock that jumped.
    """
    rows = db.execute(
        """SELECT * FROM article WHERE due_at IS NOT NULL AND (due_at <= ? OR due_at > ?)
        ORDER BY state != 'waiting', fails, first_seen_at DESC, id LIMIT ?""",
        (stamp(now), stamp(absurd), limit),
    )
    return [_article(row) for row in rows]


def planned(db: sqlite3.Connection, limit: int) -> list[Article]:
    """Every article that will be read at some time, soonest first."""
    rows = db.execute("SELECT * FROM article WHERE due_at IS NOT NULL ORDER BY due_at, id LIMIT ?", (limit,))
    return [_article(row) for row in rows]


def unread_due(db: sqlite3.Connection, now: datetime) -> bool:
    """Whether an article that was never tried is due."""
    row = db.execute(
        "SELECT 1 FROM article WHERE due_at <= ? AND state = 'waiting' AND fails = 0 LIMIT 1", (stamp(now),)
    ).fetchone()
    return row is not None


def wake(db: sqlite3.Connection, article_id: int, now: datetime) -> None:
    """Have an article read now: its entry was edited. What the server said last still makes it cheap.

    Some feeds date every entry anew in every poll: one that was read often and never had changed is not believed.
    """
    db.execute(
        "UPDATE article SET due_at = ? WHERE id = ? AND (changed_at IS NOT NULL OR rechecks < ?)",
        (stamp(now), article_id, _IN_VAIN),
    )


def rest(db: sqlite3.Connection, article_id: int) -> None:
    """Do not read an article again: nobody's storyline is told in it."""
    db.execute("UPDATE article SET due_at = NULL WHERE id = ?", (article_id,))


def save_attempt(db: sqlite3.Connection, article_id: int, attempt: Attempt) -> None:
    """Write what an attempt to read left."""
    db.execute(
        """UPDATE article SET state = ?, due_at = ?, fails = ?, problem = ?, rechecks = ?, etag = ?, last_modified = ?
        WHERE id = ?""",
        (
            attempt.state,
            stamp_or_none(attempt.due),
            attempt.fails,
            attempt.problem,
            attempt.rechecks,
            attempt.validators.etag,
            attempt.validators.last_modified,
            article_id,
        ),
    )


def mark_gone(db: sqlite3.Connection, article_id: int, now: datetime | None) -> None:
    """Note when an article was found taken down, the first time counts; with None that it stands there."""
    if now is None:
        db.execute("UPDATE article SET gone_at = NULL WHERE id = ?", (article_id,))
    else:
        db.execute("UPDATE article SET gone_at = coalesce(gone_at, ?) WHERE id = ?", (stamp(now), article_id))


def mark_changed(db: sqlite3.Connection, article_id: int, now: datetime) -> None:
    """Note that an edit of an article was seen."""
    db.execute("UPDATE article SET changed_at = ? WHERE id = ?", (stamp(now), article_id))


def tells_undecided(db: sqlite3.Connection, article_id: int) -> bool:
    """Whether an article tells a development that waits for review."""
    row = db.execute(
        """SELECT 1 FROM judgement JOIN version ON version.id = version_id
        JOIN development ON development.id = development_id
        WHERE article_id = ? AND development.status IN ('open', 'later') LIMIT 1""",
        (article_id,),
    ).fetchone()
    return row is not None


def taken_down(db: sqlite3.Connection, storyline_id: int) -> list[int]:
    """Give the articles that are surely taken down, tell a development, and whose leaving it was not noted there since
    they were last there.

    A page that was missing once may be back in half an hour; one that is gone for good or missed twice is taken down.
    """
    rows = db.execute(
        """SELECT DISTINCT article.id FROM article JOIN version ON version.article_id = article.id
        JOIN judgement ON judgement.version_id = version.id
        WHERE article.state = 'gone' AND (article.due_at IS NULL OR article.fails > 1) AND article.gone_at IS NOT NULL
          AND storyline_id = ? AND development_id IS NOT NULL AND NOT EXISTS
          (SELECT 1 FROM withdrawal WHERE withdrawal.article_id = article.id AND kind = 'gone'
            AND noted_at >= article.gone_at)
        ORDER BY article.id""",
        (storyline_id,),
    )
    return [row[0] for row in rows]


def describe(db: sqlite3.Connection, article_id: int, *, url: str, outlet: str, lang: str, published: datetime) -> None:
    """Note what the text told about its article."""
    db.execute(
        "UPDATE article SET url = ?, outlet = ?, lang = ?, published_at = ? WHERE id = ?",
        (url, outlet, lang, stamp(published), article_id),
    )


def titles(db: sqlite3.Connection, article_id: int) -> frozenset[str]:
    """Every title an article has gone by: its entries' and its versions'."""
    rows = db.execute(
        "SELECT title FROM entry WHERE article_id = ?1 UNION SELECT title FROM version WHERE article_id = ?1",
        (article_id,),
    )
    return frozenset(row[0] for row in rows if row[0])


def merge(db: sqlite3.Connection, article_id: int, into: int) -> None:
    """Make one article of two addresses: everything of `article_id`, which has no version, goes to `into`."""
    db.execute("UPDATE entry SET article_id = ? WHERE article_id = ?", (into, article_id))
    db.execute("UPDATE address SET article_id = ? WHERE article_id = ?", (into, article_id))
    for wanted in db.execute(
        "SELECT storyline_id, reason FROM interest WHERE article_id = ?", (article_id,)
    ).fetchall():
        want(db, wanted["storyline_id"], into, wanted["reason"])
    db.execute("DELETE FROM article WHERE id = ?", (article_id,))


def _article(row: sqlite3.Row) -> Article:
    return Article(
        id=row["id"],
        url=row["url"],
        outlet=row["outlet"],
        lang=row["lang"],
        published=moment_or_none(row["published_at"]),
        first_seen=moment(row["first_seen_at"]),
        state=row["state"],
        due=moment_or_none(row["due_at"]),
        fails=row["fails"],
        problem=row["problem"],
        rechecks=row["rechecks"],
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
        gone=moment_or_none(row["gone_at"]),
        changed=moment_or_none(row["changed_at"]),
    )
