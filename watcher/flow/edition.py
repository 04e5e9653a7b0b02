"""Keeping a text: under which article, and whether it is another version, the one we have, or a page read wrongly."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.flow import compose
from watcher.policy import overlooked
from watcher.policy.doubt import Doubt, is_believed, weigh
from watcher.policy.edits import Difference, Kind, compare
from watcher.records import ArticleText, Reading
from watcher.store import articles, edits, suspicions, versions
from watcher.store.articles import Article, Attempt
from watcher.store.database import transaction
from watcher.store.versions import Version

_COMPARED = 8
"""With so many of the texts that stood there last a text is compared: pages flip between two or three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A text to keep: what it says, what was understood, and every address that led to it."""

    text: ArticleText
    reading: Reading
    problem: str
    keys: tuple[str, ...] = ()
    canonical_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of a text: the number of the version it made, or None, and why it is not believed, or ''."""

    number: int | None = None
    doubt: str = ""


def keep(
    db: sqlite3.Connection, article: Article, told: Told, attempt: Attempt, again: datetime, now: datetime
) -> Kept:
    """Keep a text under the article it belongs to. One in doubt is looked at `again`, with the old validators."""
    with transaction(db):
        if articles.get(db, article.id) is None:  # merged while we were reading
            return Kept()
        home = _home_of(db, article.id, told)
        for url_key in (*told.keys, told.canonical_key):
            if url_key:
                articles.lead(db, url_key, home)
        kept = _add_version(db, home, told, now)
        if kept.doubt:
            attempt = replace(attempt, due=again, validators=article.validators)
        articles.save_attempt(db, home, attempt)
        if not told.text.partial:
            articles.mark_gone(db, home, None)
    return kept


def _home_of(db: sqlite3.Connection, article_id: int, told: Told) -> int:
    """Find the article a text belongs to: another one when its addresses lead there, and this one has no text yet.

    A server that leads us to the same place means the same article. A canonical link is believed when the titles agree:
    some sites give every page the same one.
    """
    if versions.newest(db, article_id) is not None:
        return article_id
    for url_key in (*told.keys, told.canonical_key):
        other = articles.find(db, url_key) if url_key else None
        if other is None or other == article_id:
            continue
        agreed = url_key in told.keys or compose.plain_title(told.text.title) in {
            compose.plain_title(title) for title in articles.titles(db, other)
        }
        if agreed:
            articles.merge(db, article_id, other)
            return other
    return article_id


def _add_version(db: sqlite3.Connection, article_id: int, told: Told, now: datetime) -> Kept:
    """Add a version where a reader would notice the difference. A stub never follows a whole text."""
    text = told.text
    stood = versions.standing(db, article_id)
    if text.partial and any(not version.partial for version in stood):
        return Kept()
    articles.describe(db, article_id, url=text.url, outlet=text.outlet, lang=text.lang, published=text.published)
    before = [version for version in stood if version.partial == text.partial]
    if not before:
        return Kept(number=_add(db, article_id, told, now))
    compared = _compared(db, before, told)
    if isinstance(compared, Version):
        versions.see(db, compared.id, now)
        suspicions.clear(db, article_id)
        return Kept()
    opinion = weigh(
        versions.reading_of(db, before[0].id),
        told.reading,
        compared,
        suspicions.told_elsewhere(db, article_id, text.url, text.lang),
    )
    if opinion.doubt is not None and not _is_believed(
        db, article_id, told, compared, opinion.doubt, opinion.reason, now
    ):
        return Kept(doubt=opinion.reason)
    suspicions.clear(db, article_id)
    if not opinion.is_edit and opinion.doubt is None:
        versions.see(db, before[0].id, now)
        return Kept()
    number = _add(db, article_id, told, now, follows=before[0], difference=compared)
    return Kept(number=number)


def _compared(db: sqlite3.Connection, before: list[Version], told: Told) -> Version | Difference:
    """Give the version that a text is for a reader, or what differs from the one that stood there last."""
    digest = compose.digest(told.text)
    for version in before:
        if version.digest == digest:
            return version
    latest: Difference | None = None
    for version in before[:_COMPARED]:
        difference = compare(versions.reading_of(db, version.id), told.reading)
        if not difference.noticed:
            return version
        latest = latest or difference
    assert latest is not None, "there is a version to compare with"
    return latest


def _is_believed(
    db: sqlite3.Connection, article_id: int, told: Told, difference: Difference, doubt: Doubt, reason: str,
    now: datetime,
) -> bool:  # fmt: skip
    """Note a doubtful text; whether it was seen often enough to be an edit after all."""
    text = told.text
    lines = [
        overlooked.plain(edit.after.text, text.lang) for edit in difference.of(Kind.ADDED) if edit.after is not None
    ]
    noted = suspicions.note(
        db, article_id, url=text.url, outlet=text.outlet, kind=doubt.value, reason=reason,
        digest=compose.digest(text), lines=lines, now=now,
    )  # fmt: skip
    return is_believed(doubt, noted.times, others=suspicions.others(db, article_id, text.url))


def _add(
    db: sqlite3.Connection, article_id: int, told: Told, now: datetime, *, follows: Version | None = None,
    difference: Difference | None = None,
) -> int | None:  # fmt: skip
    number = versions.add(
        db, article_id, text=told.text, reading=told.reading, digest=compose.digest(told.text), problem=told.problem,
        fetched=now, follows=follows.number if follows else None,
    )  # fmt: skip
    added = versions.newest(db, article_id)
    if number is not None and added is not None and difference is not None:
        edits.save(db, added.id, difference)
        articles.mark_changed(db, article_id, now)
    return number
