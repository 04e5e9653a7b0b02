"""Kept sentences are known by the words the program knows today."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watcher import __version__
from watcher.flow.words import renew_words
from watcher.language import lexicon, statements
from watcher.language.wordbook import Wordbook
from watcher.policy.relevance import Rules
from watcher.records import ArticleText, Reading, Storyline
from watcher.store import articles, terms, versions
from watcher.store.database import open_state
from watcher.store.thread import Store

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
STORYLINE = Storyline(name="court", title="At court")
TEXT = ArticleText(
    title="Das Gericht gibt der Klage statt",
    paragraphs=("BERLIN (dpa) - Das Gericht gab der Klage am 3. März statt.", "Die Firma schuldet ihm 5 Millionen."),
    lang="de", published=NOW, outlet="de", url="https://de.example/a",
)  # fmt: skip
UNDERSTOOD = statements.read(TEXT, Rules(STORYLINE).gazetteer, "A1")


def with_old_words(reading: Reading) -> Reading:
    """Give the reading as an older program knew it: every term by its first letters."""
    title, *told = (
        replace(one, terms=tuple(term[:3] for term in one.terms)) for one in (reading.title, *reading.statements)
    )
    return replace(reading, title=title, statements=tuple(told))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a state with one article that an older program read."""
    with open_state(tmp_path) as db:
        article_id = articles.create(db, url=TEXT.url, url_key="a", seen=NOW, published=NOW)
        told = with_old_words(UNDERSTOOD)
        versions.add(db, article_id, text=TEXT, reading=told, digest="d", problem="", fetched=NOW)
    return tmp_path


def renew(folder: Path) -> Reading:
    """Start on a state, and tell how the article is known then."""

    async def start() -> Reading:
        async with Store(folder) as store:
            await renew_words(store)
            return await store.run(versions.reading_of, 1)

    return asyncio.run(start())


def forget_terms(folder: Path) -> None:
    """Have the kept sentences known by no word at all."""
    with open_state(folder) as db:
        db.execute("UPDATE statement SET understood = json_remove(understood, '$.terms')")


def test_a_new_program_knows_old_sentences_by_its_words(folder: Path) -> None:
    """Sentences kept by a program with other words are found by today's; all else of them stays."""
    assert with_old_words(UNDERSTOOD) != UNDERSTOOD
    renewed = renew(folder)
    assert renewed.statements == UNDERSTOOD.statements
    assert renewed.title.terms == UNDERSTOOD.title.terms


def test_what_is_known_by_todays_words_is_left_alone(folder: Path) -> None:
    """The sentences are gone through once for each edition of the words, and again when a dictionary comes or goes."""
    renew(folder)
    forget_terms(folder)
    assert renew(folder).statements[0].terms == ()
    lexicon.extend(Wordbook.of([("dackel", "dachshund")]))
    try:
        assert renew(folder).statements[0].terms == UNDERSTOOD.statements[0].terms
        forget_terms(folder)
    finally:
        lexicon.extend(None)
    assert renew(folder).statements[0].terms == UNDERSTOOD.statements[0].terms


def test_cut_off_it_goes_on_where_it_was(folder: Path) -> None:
    """One that was cut off goes on behind the last sentence it renewed; of another edition it begins anew."""
    edition = "other words"
    with open_state(folder) as db:
        assert terms.waiting(db, edition) == 0
        terms.renew(db, edition, 0, 1, statements.understood_again)
        after = terms.waiting(db, edition)
        begun = versions.reading_of(db, 1)
    assert after == 1
    assert begun.title.terms == UNDERSTOOD.title.terms
    assert begun.statements == with_old_words(UNDERSTOOD).statements
    assert renew(folder).title.terms == UNDERSTOOD.title.terms
    assert renew(folder).statements == UNDERSTOOD.statements
    with open_state(folder) as db:
        assert terms.waiting(db, edition) == 0


def test_more_sentences_than_one_transaction_holds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sentence is renewed, however few are renewed at once."""
    monkeypatch.setattr("watcher.flow.words.AT_ONCE", 1)
    assert renew(folder).statements == UNDERSTOOD.statements


def test_a_new_state_has_nothing_to_renew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The first start of all says nothing of sentences kept so far; what is read from then on is known already."""

    async def start() -> int | None:
        async with Store(tmp_path) as store:
            await renew_words(store)
            return await store.run(terms.waiting, f"{__version__} {lexicon.edition()}")

    with caplog.at_level("INFO"):
        assert asyncio.run(start()) is None
    assert "sentences" not in caplog.text
