"""Keeping a text: under which article, and whether it is another version, the one we have, or a page read wrongly."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.flow import compose
from watcher.policy import writing
from watcher.policy.difference import Difference, Kind
from watcher.policy.doubt import Doubt, is_believed, weigh
from watcher.policy.edits import compare, is_same
from watcher.records import ArticleText, Reading
from watcher.store import articles, developments, edits, retention, suspicions, versions
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The texts of an article that stood there last, the latest first, by the numbers of their versions. `newest` is
    the last version of all.
    """

    newest: int
    readings: tuple[tuple[int, Reading], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How a text differs from what stood there when `newest` was the last version. `same` is the version that it is to
    a reader; else `difference` is that from the one that stood there last, `before`.
    """

    newest: int
    same: int | None = None
    before: Reading | None = None
    difference: Difference | None = None


def standing(db: sqlite3.Connection, article_id: int, *, partial: bool) -> Standing:
    """Give what a new text of an article is compared with."""
    found = [version for version in versions.standing(db, article_id) if version.partial == partial][:_COMPARED]
    newest = versions.newest(db, article_id)
    return Standing(
        newest=newest.number if newest else 0,
        readings=tuple((version.number, versions.reading_of(db, version.id)) for version in found),
    )


def lay_beside(stood: Standing, reading: Reading) -> Compared:
    """Compare a text with what stood there. Takes its time with long texts, and needs no store."""
    if not stood.readings:
        return Compared(newest=stood.newest)
    before = stood.readings[0][1]
    difference = compare(before, reading)
    same = next(
        (
            number
            for number, earlier in stood.readings
            if (not difference.noticed if earlier is before else is_same(earlier, reading))
        ),
        None,
    )  # fmt: skip
    return Compared(newest=stood.newest, same=same, before=before, difference=difference)


def keep(
    db: sqlite3.Connection, article: Article, told: Told, attempt: Attempt, again: datetime, now: datetime,
    compared: Compared | None = None,
) -> Kept:  # fmt: skip
    """Keep a text under the article it belongs to. One in doubt is looked at `again`, with the old validators.

    `compared` spares the comparing while no other version came; without it the texts are compared here.
    """
    with transaction(db):
        if articles.get(db, article.id) is None:  # merged while we were reading
            return Kept()
        home = _home_of(db, article.id, told)
        for url_key in (*told.keys, told.canonical_key):
            if url_key:
                articles.lead(db, url_key, home)
        kept = _add_version(db, home, told, now, compared if home == article.id else None)
        if kept.doubt:
            attempt = replace(attempt, due=again, validators=article.validators)
        developments.retitle(db, home)
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


def _add_version(
    db: sqlite3.Connection, article_id: int, told: Told, now: datetime, compared: Compared | None
) -> Kept:  # fmt: skip
    """Add a version where a reader would notice the difference. A stub never follows a whole text."""
    text = told.text
    stood = versions.standing(db, article_id)
    if text.partial and any(not version.partial for version in stood):
        return Kept()
    articles.describe(db, article_id, url=text.url, outlet=text.outlet, lang=text.lang, published=text.published)
    before = {version.number: version for version in stood if version.partial == text.partial}
    if not before:
        return Kept(number=_add(db, article_id, told, now))
    latest, digest = next(iter(before.values())), compose.digest(text)
    same = next((version for version in before.values() if version.digest == digest), None)
    if same is None:
        if compared is None or compared.newest != max(version.number for version in stood):
            compared = lay_beside(standing(db, article_id, partial=text.partial), told.reading)
        same = before.get(compared.same) if compared.same else None
    if same is not None or compared is None or compared.before is None or compared.difference is None:
        versions.see(db, (same or latest).id, now)
        suspicions.clear(db, article_id)
        return Kept()
    opinion = weigh(
        compared.before, told.reading, compared.difference, _elsewhere(db, article_id, text, compared.difference)
    )
    if opinion.doubt is not None and not _is_believed(
        db, article_id, told, compared.difference, opinion.doubt, opinion.reason, now
    ):
        return Kept(doubt=opinion.reason)
    suspicions.clear(db, article_id)
    if not opinion.is_edit and opinion.doubt is None:
        versions.see(db, latest.id, now)
        return Kept()
    number = _add(db, article_id, told, now, follows=latest, difference=compared.difference)
    return Kept(number=number)


def _elsewhere(db: sqlite3.Connection, article_id: int, text: ArticleText, difference: Difference) -> frozenset[str]:
    """Give the plain sentences that came or went and stand on other pages of the outlet as well."""
    told = [one.text for edit in difference.of(Kind.ADDED, Kind.REMOVED) if (one := edit.after or edit.before)]
    return suspicions.told_elsewhere(db, article_id, text.url, text.lang, told)


def _is_believed(
    db: sqlite3.Connection, article_id: int, told: Told, difference: Difference, doubt: Doubt, reason: str,
    now: datetime,
) -> bool:  # fmt: skip
    """Note a doubtful text; whether it was seen often enough to be an edit after all."""
    text = told.text
    lines = [writing.plain(edit.after.text, text.lang) for edit in difference.of(Kind.ADDED) if edit.after is not None]
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
        retention.trim(db, article_id)  # a page that is another one at every look must not fill the disk
    return number
