"""Developments: what is flagged for review, and the judgements and findings it rests on."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.errors import NotFound
from watcher.records import Finding, Judgement, Nearest, Statement, Status, Verdict
from watcher.store.columns import (
    development_name,
    moment,
    moment_or_none,
    nearest_of,
    nearest_text,
    row_id,
    stamp,
    stamp_or_none,
    statement,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Development:
    """One thing that happened and is not in the base. `alert` tells whether it is worth a message."""

    id: int
    storyline_id: int
    status: Status
    verdict: Verdict
    confidence: float
    headline: str
    opened: datetime
    published: datetime
    alert: bool
    later_until: datetime | None
    event: str | None
    nearest: tuple[Nearest, ...]

    @property
    def name(self) -> str:
        """What it is called: `D12`."""
        return development_name(self.id)


def get(db: sqlite3.Connection, storyline_id: int, name: str) -> Development:
    """One development by its name. Raises `NotFound`."""
    row = db.execute(
        "SELECT * FROM development WHERE storyline_id = ? AND id = ?", (storyline_id, row_id(name))
    ).fetchone()
    if row is None:
        raise NotFound(f"there is no development {name!r}")
    return _development(row)


def every(db: sqlite3.Connection, storyline_id: int, statuses: Sequence[Status] = tuple(Status)) -> list[Development]:
    """Give the developments of these statuses, newest first."""
    marks = ",".join("?" * len(statuses))
    rows = db.execute(
        f"""SELECT * FROM development WHERE storyline_id = ? AND status IN ({marks})
        ORDER BY published_at DESC, id DESC""",  # noqa: S608
        (storyline_id, *(status.value for status in statuses)),
    )
    return [_development(row) for row in rows]


def waiting(db: sqlite3.Connection, storyline_id: int, now: datetime) -> list[Development]:
    """Those that wait for review at `now`, newest first: the open ones and those put off until a time that came."""
    found = every(db, storyline_id, (Status.OPEN, Status.LATER))
    return [
        one for one in found if one.status is Status.OPEN or (one.later_until is not None and one.later_until <= now)
    ]


def open_one(
    db: sqlite3.Connection, storyline_id: int, judgement: Judgement, *, headline: str, published: datetime,
    opened: datetime, alert: bool,
) -> str:  # fmt: skip
    """Open a development for an article that tells something of its own. Returns its name."""
    row = db.execute(
        """INSERT INTO development (storyline_id, verdict, confidence, headline, opened_at, published_at, alert,
          nearest) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
        (
            storyline_id,
            freshest(judgement.findings).value,
            judgement.confidence,
            headline,
            stamp(opened),
            stamp(published),
            alert,
            nearest_text(judgement.nearest),
        ),
    ).fetchone()
    return development_name(row[0])


def freshest(findings: Sequence[Finding]) -> Verdict:
    """Tell what a development is as a whole: `new` when anything in it is, else `changed`."""
    verdicts = {finding.verdict for finding in findings}
    return Verdict.CHANGED if Verdict.CHANGED in verdicts and Verdict.NEW not in verdicts else Verdict.NEW


def grow(db: sqlite3.Connection, development_id: int, *, confidence: float, alert: bool) -> None:
    """Note that another article added to a development: it is as sure as its surest article, and worth a message
    once any of them was.
    """
    db.execute(
        "UPDATE development SET confidence = max(confidence, ?), alert = max(alert, ?) WHERE id = ?",
        (confidence, alert, development_id),
    )


def set_status(
    db: sqlite3.Connection, development_id: int, status: Status, *, event: str | None, later_until: datetime | None
) -> None:
    """Write where a development stands in review."""
    db.execute(
        "UPDATE development SET status = ?, event = ?, later_until = ? WHERE id = ?",
        (status.value, event, stamp_or_none(later_until), development_id),
    )


def retitle(db: sqlite3.Connection, article_id: int) -> None:
    """Let the undecided developments that an article opened have the headline that stands over it today. What only its
    feed said of it counts where no text of it was had.
    """
    db.execute(
        """UPDATE development SET headline = latest.title FROM
          (SELECT title FROM version WHERE article_id = ?1 AND title != '' ORDER BY partial, seen_at DESC, number DESC
            LIMIT 1) AS latest
        WHERE status IN ('open', 'later') AND headline != latest.title AND development.id IN
          (SELECT development_id FROM judgement WHERE opens AND storyline_id IN (SELECT id FROM storyline)
            AND version_id IN (SELECT id FROM version WHERE article_id = ?1))""",
        (article_id,),
    )


def reopen(db: sqlite3.Connection, development_id: int) -> None:
    """Have a development reviewed again. The event it became stays with it until a person decides."""
    db.execute("UPDATE development SET status = 'open', later_until = NULL WHERE id = ?", (development_id,))


def findings_of(db: sqlite3.Connection, storyline_id: int, article_id: int, before: int) -> dict[str, Finding]:
    """Give what was found of the sentences of an article's versions before a number; the first verdict counts."""
    rows = db.execute(
        """SELECT position, text, finding.* FROM judgement JOIN version ON version.id = judgement.version_id
        JOIN finding ON finding.judgement_id = judgement.id JOIN statement ON statement.id = statement_id
        WHERE storyline_id = ? AND article_id = ? AND number < ? ORDER BY number, position""",
        (storyline_id, article_id, before),
    )
    found: dict[str, Finding] = {}
    for row in rows:
        found.setdefault(
            row["text"],
            Finding(
                position=row["position"],
                text=row["text"],
                verdict=Verdict(row["verdict"]),
                event=row["event"],
                was=row["was"],
                now=row["now"],
                score=row["score"],
                reason=row["reason"],
            ),
        )
    return found


def save_judgement(
    db: sqlite3.Connection, storyline_id: int, version_id: int, judgement: Judgement, now: datetime
) -> None:
    """Keep what was said of a version, statement by statement. It then waits for the judge no more."""
    row = db.execute(
        """INSERT INTO judgement (storyline_id, version_id, relevant, reason, flagged, development_id, opens,
          confidence, copy_of, judged_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, (SELECT id FROM article WHERE id = ?), ?) RETURNING id""",
        (
            storyline_id,
            version_id,
            judgement.relevance.relevant,
            judgement.relevance.reason,
            judgement.flagged,
            None if judgement.development is None else row_id(judgement.development),
            judgement.opens,
            judgement.confidence,
            None if judgement.copy_of is None else row_id(judgement.copy_of),
            stamp(now),
        ),
    ).fetchone()
    ids = dict(db.execute("SELECT position, id FROM statement WHERE version_id = ?", (version_id,)).fetchall())
    db.executemany(
        """INSERT INTO finding (judgement_id, statement_id, verdict, event, was, now, score, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (row[0], ids[told.position], told.verdict.value, told.event, told.was, told.now, told.score, told.reason)
            for told in judgement.findings
        ],
    )
    db.execute("DELETE FROM unjudged WHERE storyline_id = ? AND version_id = ?", (storyline_id, version_id))


def told_by(db: sqlite3.Connection, storyline_id: int, article_id: int) -> str | None:
    """Give the development that the versions of an article judged so far belong to."""
    row = db.execute(
        """SELECT development_id FROM judgement JOIN version ON version.id = version_id
        WHERE storyline_id = ? AND article_id = ? AND development_id IS NOT NULL ORDER BY number DESC LIMIT 1""",
        (storyline_id, article_id),
    ).fetchone()
    return None if row is None else development_name(row[0])


def events_of(db: sqlite3.Connection, storyline_id: int, article_id: int) -> frozenset[str]:
    """Give the events of the base that the developments an article tells of are now."""
    rows = db.execute(
        """SELECT DISTINCT development.event FROM judgement JOIN version ON version.id = version_id
        JOIN development ON development.id = development_id
        WHERE judgement.storyline_id = ? AND article_id = ? AND event IS NOT NULL""",
        (storyline_id, article_id),
    )
    return frozenset(row[0] for row in rows)


def fresh_statements(db: sqlite3.Connection, development_id: int) -> list[Statement]:
    """Tell what a development tells that nobody told before: each sentence once, those of the opening article first, in
    reading order over all its versions.
    """
    rows = db.execute(
        """SELECT statement.*, max(judgement.opens) OVER (PARTITION BY article_id) AS opener
        FROM judgement JOIN version ON version.id = judgement.version_id
        JOIN finding ON finding.judgement_id = judgement.id JOIN statement ON statement.id = statement_id
        WHERE development_id = ? AND verdict IN ('new', 'changed')
        ORDER BY opener DESC, min(version.published_at) OVER (PARTITION BY article_id), article_id, statement.position,
          version.id""",
        (development_id,),
    )
    found: dict[str, Statement] = {}
    for row in rows:
        found.setdefault(
            row["text"],
            statement(row["position"], row["paragraph"], row["text"], row["lang"], row["understood"]),
        )
    return list(found.values())


def standing_statements(db: sqlite3.Connection, development_id: int) -> list[Statement]:
    """As `fresh_statements`, without what its source corrected or took back and does not say today."""
    rows = db.execute(
        """SELECT statement.text FROM judgement JOIN version ON version.id = judgement.version_id
        JOIN article ON article.id = version.article_id
        JOIN finding ON finding.judgement_id = judgement.id JOIN statement ON statement.id = statement_id
        WHERE development_id = ?1 AND verdict IN ('new', 'changed') AND (
          NOT EXISTS (SELECT 1 FROM withdrawal AS lost WHERE lost.development_id = ?1
            AND lost.article_id = version.article_id AND lost.before = statement.text)
          AND NOT EXISTS (SELECT 1 FROM edit JOIN version AS later ON later.id = edit.version_id
            WHERE later.article_id = version.article_id AND edit.was IS NOT NULL AND edit.before = statement.text)
          OR gone_at IS NULL AND statement.text IN (SELECT today.text FROM statement AS today WHERE today.version_id =
            (SELECT id FROM version AS last WHERE last.article_id = article.id
              ORDER BY seen_at DESC, number DESC LIMIT 1)))
        """,
        (development_id,),
    )
    told = {row[0] for row in rows}
    return [one for one in fresh_statements(db, development_id) if one.text in told]


def told_today(db: sqlite3.Connection, development_id: int) -> list[int]:
    """Give the version that stands today of every article of a development that was not taken down: that of the opening
    one first, then in order of publication.
    """
    rows = db.execute(
        """SELECT (SELECT id FROM version AS last WHERE last.article_id = article.id
            ORDER BY partial, seen_at DESC, number DESC LIMIT 1)
        FROM judgement JOIN version ON version.id = version_id JOIN article ON article.id = article_id
        WHERE development_id = ? AND gone_at IS NULL
        GROUP BY article.id ORDER BY max(opens) DESC, min(version.published_at), article.id""",
        (development_id,),
    )
    return [row[0] for row in rows]


def _development(row: sqlite3.Row) -> Development:
    return Development(
        id=row["id"],
        storyline_id=row["storyline_id"],
        status=Status(row["status"]),
        verdict=Verdict(row["verdict"]),
        confidence=row["confidence"],
        headline=row["headline"],
        opened=moment(row["opened_at"]),
        published=moment(row["published_at"]),
        alert=bool(row["alert"]),
        later_until=moment_or_none(row["later_until"]),
        event=row["event"],
        nearest=nearest_of(row["nearest"]),
    )
