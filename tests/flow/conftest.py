"""A state with one open development, told by two articles in two languages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import newssite
import pytest

from watcher.records import (
    Amount,
    ArticleText,
    DateMention,
    Event,
    Finding,
    Judgement,
    Precision,
    Reading,
    Relevance,
    Statement,
    Storyline,
    Verdict,
)
from watcher.store import articles, developments, knowledge, versions
from watcher.store.database import open_state

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
BASE = Event(id="2024-suit", date="2024", date_precision=Precision.YEAR, title="The suit", summary="A suit is filed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The connection, the storyline's row, and the name of the open development."""

    db: sqlite3.Connection
    storyline_id: int
    development: str
    now: datetime


def told(position: int, text: str, lang: str, *, amount: float | None = None, day: date | None = None) -> Statement:
    """Give a sentence about Ada, with a figure and a date where given."""
    return Statement(
        position=position, paragraph=0, text=text, lang=lang, names=("Ada",),
        amounts=() if amount is None else (Amount(value=amount, unit="EUR"),),
        dates=() if day is None else (DateMention(day=day, precision=Precision.DAY),),
    )  # fmt: skip


def judged(
    db: sqlite3.Connection, storyline_id: int, statements: tuple[Statement, ...], verdicts: tuple[Verdict, ...],
    development: str | None,
) -> str:  # fmt: skip
    """Save an article with these statements and their verdicts. Returns its development."""
    lang = statements[0].lang
    text = ArticleText(
        title=f"Ada {lang}", paragraphs=(), lang=lang, published=NOW, outlet=lang, url=f"https://{lang}.example"
    )
    article_id = articles.create(db, url=text.url, url_key=lang, seen=NOW, published=NOW)
    articles.want(db, storyline_id, article_id, "")
    reading = Reading(
        article=f"A{article_id}", title=told(0, text.title, lang), statements=statements, lang=lang, published=NOW,
        outlet=lang, url=text.url,
    )  # fmt: skip
    versions.add(db, article_id, text=text, reading=reading, digest="d", problem="", fetched=NOW)
    version = versions.newest(db, article_id)
    assert version is not None
    judgement = Judgement(
        article=f"A{article_id}", relevance=Relevance(relevant=True, reason=""),
        findings=tuple(
            Finding(position=one.position, text=one.text, verdict=verdict)
            for one, verdict in zip(statements, verdicts, strict=True)
        ),
        flagged=True, development=development, opens=development is None, confidence=0.9,
    )  # fmt: skip
    if development is None:
        development = developments.open_one(
            db, storyline_id, judgement, headline=text.title, published=NOW, opened=NOW, alert=True
        )
    developments.save_judgement(db, storyline_id, version.id, replace(judgement, development=development), NOW)
    return development


@pytest.fixture
def site() -> Iterator[newssite.Site]:
    """Give a news site on loopback."""
    with newssite.running() as news:
        yield news


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a state with development D1."""
    db = open_state(tmp_path / "state")
    row = knowledge.enrol(db, Storyline(name="ada", title="Ada", events=(BASE,)), NOW)
    day = date(2026, 3, 4)
    name = judged(
        db, row,
        (
            told(0, "Ada pays 5 euros.", "en", amount=5, day=day),
            told(1, "Old.", "en"),
            told(2, "Long ago.", "en", day=date(2020, 1, 1)),
        ),
        (Verdict.NEW, Verdict.KNOWN, Verdict.CHANGED), None,
    )  # fmt: skip
    judged(db, row, (told(0, "Ada zahlt am Mittwoch.", "de", day=day),), (Verdict.NEW,), name)
    yield Desk(db=db, storyline_id=row, development=name, now=NOW)
    db.close()
