"""A development as the outside sees it: the object of `show --json`, which an alert carries too."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Mapping
from typing import Any

from watcher.errors import NotFound
from watcher.policy import writing
from watcher.store import edits, origins, versions
from watcher.store.columns import article_name, development_name, moment_or_none, nearest_of, row_id, stamp
from watcher.store.edits import KeptEdit
from watcher.store.origins import Teller


def describe(db: sqlite3.Connection, development_id: int | str) -> dict[str, Any]:
    """One development with every article that tells it and what was found in them. Raises `NotFound`.

    Of the article that opened it all statements are shown, of the others the fresh ones. A statement keeps the verdict
    it had when it was first told: an edited version repeats the sentences of the one before.
    """
    number = row_id(development_id) if isinstance(development_id, str) else development_id
    row = db.execute("SELECT * FROM development WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise NotFound(f"there is no development {development_name(number)!r}")
    sources = _sources(db, number)
    today = _today(db, number, sources)
    return {
        "id": development_name(number),
        "status": row["status"],
        "verdict": row["verdict"],
        "confidence": round(row["confidence"], 4),
        "headline": row["headline"],
        "opened": shown_time(row["opened_at"]),
        "published": shown_time(row["published_at"]),
        "alert": bool(row["alert"]),
        "event": row["event"],
        "later_until": shown_time(row["later_until"]),
        "origins": _origins(sources),
        "nearest": [{"event": near.event, "score": near.score} for near in nearest_of(row["nearest"])],
        "sources": [_shown_source(db, source) for source in sources],
        "statements": _statements(db, number),
        "edits": _edits(db, sources, today),
        "withdrawals": _withdrawals(db, number, sources, today),
    }


def shown_time(text: str | None) -> str | None:
    """Give a time of a column as it is shown: UTC, whole seconds, `Z`."""
    found = moment_or_none(text)
    return None if found is None else found.isoformat(timespec="seconds").replace("+00:00", "Z")


def _sources(db: sqlite3.Connection, development_id: int) -> list[sqlite3.Row]:
    """Give every article once, with the newest version that tells of it, in order of publication."""
    return db.execute(
        """SELECT article.id AS article_id, article.url, version.outlet, version.lang, version.published_at,
          max(version.number) AS number, version.partial, judgement.copy_of, original.url AS original,
          article.state, article.gone_at, article.problem
        FROM judgement JOIN version ON version.id = version_id JOIN article ON article.id = version.article_id
        LEFT JOIN article AS original ON original.id = judgement.copy_of
        WHERE development_id = ? GROUP BY article.id ORDER BY version.published_at, article.id""",
        (development_id,),
    ).fetchall()


def _shown_source(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    return {
        "article": article_name(row["article_id"]),
        "url": row["url"],
        "outlet": row["outlet"],
        "lang": row["lang"],
        "published": shown_time(row["published_at"]),
        "version": row["number"],
        "origin": "own" if row["copy_of"] is None else "copy",
        "copy_of": row["original"],
        "partial": bool(row["partial"]),
        "state": "gone" if row["gone_at"] else "there",
        "gone": shown_time(row["gone_at"]),
        "gone_because": row["problem"] if row["gone_at"] else None,
        "versions": [
            {
                "number": one.number,
                "title": one.title,
                "fetched": shown_time(stamp(one.fetched)),
                "seen": shown_time(stamp(one.seen)),
            }
            for one in versions.every(db, row["article_id"])
        ],
    }


_Today = Mapping[int, Container[str]]
"""The plain sentences that stand in each article today."""


def _today(db: sqlite3.Connection, number: int, sources: list[sqlite3.Row]) -> _Today:
    """Look at the articles of a development where one of them was edited or took something back; else at none."""
    touched = edits.any_of(db, number, [source["article_id"] for source in sources])
    return {source["article_id"]: _plain_sentences(db, source) for source in sources} if touched else {}


def _edits(db: sqlite3.Connection, sources: list[sqlite3.Row], today: _Today) -> list[dict[str, Any]]:
    """What the sources changed after publication, with who still tells what one of them corrected."""
    kept = [(source, edit) for source in sources for edit in edits.of_article(db, source["article_id"])]
    found = [_shown_edit(edit, source, sources, today) for source, edit in kept]
    return sorted(found, key=lambda edit: str(edit["at"]))


def _shown_edit(edit: KeptEdit, source: sqlite3.Row, sources: list[sqlite3.Row], today: _Today) -> dict[str, Any]:
    return {
        "article": article_name(source["article_id"]),
        "url": source["url"],
        "outlet": source["outlet"],
        "from": edit.follows,
        "to": edit.version,
        "at": shown_time(stamp(edit.fetched)),
        "kind": edit.kind,
        "before": edit.before,
        "after": edit.after,
        "was": edit.was,
        "now": edit.now,
        "weaker": edit.weaker,
        "still_told_by": _still_told_by(edit, source, sources, today),
    }


def _still_told_by(
    edit: KeptEdit, editor: sqlite3.Row, sources: list[sqlite3.Row], today: _Today
) -> list[dict[str, str]]:
    """Name the other sources whose text of today holds the sentence that one source changed."""
    if edit.before is None or edit.kind == "title":
        return []
    old = writing.plain(edit.before, editor["lang"])
    return [
        {"outlet": source["outlet"], "url": source["url"]}
        for source in sources
        if source["article_id"] != editor["article_id"]
        and source["lang"] == editor["lang"]
        and old in today[source["article_id"]]
    ]


def _plain_sentences(db: sqlite3.Connection, source: sqlite3.Row) -> frozenset[str]:
    """Give the sentences that stand in an article today, as they are compared; none of one that was taken down."""
    standing = versions.standing(db, source["article_id"])[:1]
    if source["gone_at"] or not standing:
        return frozenset()
    rows = db.execute("SELECT text FROM statement WHERE version_id = ?", (standing[0].id,))
    return frozenset(writing.plain(row[0], source["lang"]) for row in rows)


def _withdrawals(
    db: sqlite3.Connection, number: int, sources: list[sqlite3.Row], today: _Today
) -> list[dict[str, Any]]:  # fmt: skip
    """Tell which source took back which sentence that the development rests on, and how. What stands there again was
    not taken back.
    """
    by_article = {source["article_id"]: source for source in sources}
    return [
        {
            "article": article_name(one.article_id),
            "outlet": by_article[one.article_id]["outlet"],
            "url": by_article[one.article_id]["url"],
            "kind": one.kind,
            "before": one.before,
            "after": one.after,
            "at": shown_time(stamp(one.noted)),
        }
        for one in edits.withdrawals(db, number)
        if (source := by_article.get(one.article_id))
        and (one.kind != edits.GONE or source["gone_at"])
        and writing.plain(one.before, source["lang"]) not in today[one.article_id]
    ]


def _origins(sources: list[sqlite3.Row]) -> int:
    """Count who wrote by themselves: outlets, copies left out."""
    return origins.count(
        {row["article_id"]: Teller(outlet=row["outlet"], url=row["url"], copy_of=row["copy_of"]) for row in sources}
    )


def _statements(db: sqlite3.Connection, development_id: int) -> list[dict[str, Any]]:
    rows = db.execute(
        """SELECT article.id AS article_id, article.url, statement.text, finding.*,
          max(judgement.opens) OVER (PARTITION BY article.id) AS opener
        FROM judgement JOIN version ON version.id = judgement.version_id
        JOIN article ON article.id = version.article_id
        JOIN finding ON finding.judgement_id = judgement.id JOIN statement ON statement.id = statement_id
        WHERE development_id = ?
        ORDER BY opener DESC, version.published_at, article.id, version.number, statement.position""",
        (development_id,),
    )
    shown: dict[tuple[int, str], dict[str, Any]] = {}
    for row in rows:
        if row["opener"] or row["verdict"] in ("new", "changed"):
            shown.setdefault(
                (row["article_id"], row["text"]),
                {
                    "text": row["text"],
                    "verdict": row["verdict"],
                    "event": row["event"],
                    "was": row["was"],
                    "now": row["now"],
                    "score": round(row["score"], 4),
                    "reason": row["reason"],
                    "url": row["url"],
                },
            )
    return list(shown.values())
