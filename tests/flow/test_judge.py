"""What the judge's step makes of verdicts: developments, growth, alerts, and the order it takes things in."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from watcher.config import AlertsConfig, WebhookConfig
from watcher.flow import learn
from watcher.flow.edited import only_new
from watcher.flow.judge import Judge
from watcher.flow.tally import Tally
from watcher.novelty.memory import Memory
from watcher.novelty.weights import Weights
from watcher.records import ArticleText, Finding, Judgement, Reading, Relevance, Statement, Storyline, Verdict
from watcher.store import articles, feeds, knowledge, versions
from watcher.store.database import open_state, transaction
from watcher.store.thread import Store

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
STORYLINE = Storyline(name="any", title="Everything", everything=True)
CHANNELS = AlertsConfig(
    since=NOW - timedelta(days=1), webhooks=(WebhookConfig(name="a", url="https://a.example"), WebhookConfig(name="b", url="https://b.example")),
)  # fmt: skip


def simple_judge(reading: Reading, memory: Memory, weights: Weights) -> Judgement:
    """Fresh is what begins with `New`; an article joins the development whose name stands in its title."""
    findings = tuple(
        Finding(
            position=told.position,
            text=told.text,
            verdict=Verdict.NEW if told.text.startswith("New") else Verdict.KNOWN,
        )
        for told in reading.statements
    )
    flagged = any(finding.verdict.is_fresh for finding in findings)
    joins = next((word for word in reading.title.text.split() if word.startswith("D")), None)
    return Judgement(
        article=reading.article, relevance=Relevance(relevant="beside" not in reading.title.text, reason=""),
        findings=findings, flagged=flagged, development=joins, opens=flagged and joins is None, confidence=0.9,
        copy_of=reading.article,
    )  # fmt: skip


class Bench:
    """A state and a judge over it."""

    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        self.folder, self.db, self.now = folder, db, NOW
        self.row = knowledge.enrol(db, STORYLINE, NOW - timedelta(days=9))
        self.articles = 0

    def tell(self, title: str, *sentences: str, hours: float = 0.0, article_id: int = 0) -> int:
        """Save a version of a new article, or of a known one."""
        self.articles += 1
        published = NOW + timedelta(hours=hours)
        url = f"https://a.example/{self.articles}"
        with transaction(self.db):
            if not article_id:
                article_id = articles.create(self.db, url=url, url_key=url, seen=NOW, published=published)
                articles.want(self.db, self.row, article_id, "")
                self.db.execute("UPDATE article SET state = 'read', due_at = NULL WHERE id = ?", (article_id,))
            text = ArticleText(title=title, paragraphs=sentences, lang="en", published=published, outlet="A", url=url)
            told = tuple(Statement(position=n, paragraph=n, text=text, lang="en") for n, text in enumerate(sentences))
            reading = Reading(
                article="", title=Statement(position=-1, paragraph=-1, text=title, lang="en"), statements=told,
                lang="en", published=published, outlet="A", url=url,
            )  # fmt: skip
            versions.add(
                self.db, article_id, text=text, reading=reading, digest=f"{text}", problem="", fetched=self.now
            )
        return article_id

    def judge(self, *, patient: bool = False, alerts: AlertsConfig = CHANNELS) -> Tally:
        """Run the step once."""
        tally = Tally()

        async def step() -> None:
            async with Store(self.folder) as store:
                await Judge(
                    store, folder=self.folder, storyline=STORYLINE, storyline_id=self.row, alerts=alerts,
                    clock=lambda: self.now, tally=tally,
                ).step(patient=patient)  # fmt: skip

        asyncio.run(step())
        return tally

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Tell what the state says."""
        return [tuple(row) for row in self.db.execute(query)]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Give a state with nothing in it."""
    monkeypatch.setattr("watcher.flow.judge.judge", simple_judge)
    with closing(open_state(tmp_path)) as db:
        yield Bench(tmp_path, db)


def test_a_flag_has_one_alert_a_channel(bench: Bench) -> None:
    """Development, judgement and one alert for each channel come together, and the alert holds what `show` shows."""
    bench.tell("Headline", "New fact.", "Old fact.")
    tally = bench.judge()
    assert (tally.developments.opened, tally.developments.grown) == (1, 0)
    assert bench.rows("SELECT headline, alert FROM development") == [("Headline", 1)]
    assert bench.rows("SELECT channel, type FROM alert ORDER BY 1") == [
        ("webhook:a", "development.opened"), ("webhook:b", "development.opened")
    ]  # fmt: skip
    (body,) = {row[0] for row in bench.rows("SELECT body FROM alert")}
    shown = json.loads(str(body))
    assert shown["id"] == "D1"
    assert [(told["text"], told["verdict"]) for told in shown["statements"]] == [
        ("New fact.", "new"),
        ("Old fact.", "known"),
    ]
    assert shown["sources"][0]["origin"] == "own", "an article is no copy of itself"


def test_a_failed_save_leaves_nothing(bench: Bench) -> None:
    """When the alert cannot be written, there is no development either, and the version waits on."""
    bench.tell("Headline", "New fact.")
    bench.db.execute("CREATE TRIGGER full BEFORE INSERT ON alert BEGIN SELECT raise(ABORT, 'disk is full'); END")
    bench.judge()
    assert bench.rows("SELECT count(*) FROM development") == [(0,)]
    assert bench.rows("SELECT count(*) FROM judgement") == [(0,)]
    bench.db.execute("DROP TRIGGER full")
    assert bench.judge().developments.opened == 1


@pytest.mark.parametrize(("hours", "alerts"), [(-25, 0), (-23, 2)])
def test_nothing_old_is_alerted(bench: Bench, hours: float, alerts: int) -> None:
    """What was published before `since` is flagged and sends nothing."""
    bench.tell("Headline", "New fact.", hours=hours)
    assert bench.judge().developments.opened == 1
    assert bench.rows("SELECT count(*) FROM alert") == [(alerts,)]


def test_a_fresh_fact_grows_an_open_development(bench: Bench) -> None:
    """Another article with a fresh fact is told as an update; one that repeats is a silent source."""
    bench.tell("Headline", "New fact.")
    bench.tell("About D1", "New other fact.", hours=1)
    bench.tell("Again D1", "Old fact.", hours=2)
    tally = bench.judge()
    assert (tally.developments.opened, tally.developments.grown) == (1, 1)
    assert bench.rows("SELECT type, count(*) FROM alert GROUP BY 1") == [
        ("development.opened", 2),
        ("development.updated", 2),
    ]
    assert bench.rows("SELECT count(*) FROM judgement WHERE development_id = 1") == [(3,)]


def test_a_development_first_worth_a_message_by_growing_is_told_as_opened(bench: Bench) -> None:
    """An old story that grows today opens for those who get messages."""
    bench.tell("Headline", "New fact.", hours=-50)
    bench.tell("About D1", "New other fact.", hours=1)
    bench.judge()
    assert bench.rows("SELECT DISTINCT type FROM alert") == [("development.opened",)]
    assert bench.rows("SELECT alert FROM development") == [(1,)]


def test_a_fresh_fact_about_a_closed_development_opens_another(bench: Bench) -> None:
    """What a person has closed is not grown behind their back."""
    bench.tell("Headline", "New fact.")
    bench.judge()
    learn.accept(bench.db, bench.row, "D1", now=NOW)
    bench.tell("About D1", "New other fact.", hours=1)
    assert bench.judge().developments.opened == 1
    assert bench.rows("SELECT id, status FROM development") == [(1, "accepted"), (2, "open")]


def test_a_development_put_off_grows_in_silence(bench: Bench) -> None:
    """Whoever said later hears nothing of it until then."""
    bench.tell("Headline", "New fact.")
    bench.judge()
    learn.later(bench.db, bench.row, "D1", now=NOW)
    bench.tell("About D1", "New other fact.", hours=1)
    assert bench.judge().developments.grown == 1
    assert bench.rows("SELECT count(*) FROM alert") == [(2,)]


def test_of_an_edit_only_new_sentences_are_fresh(bench: Bench) -> None:
    """A later version stays with its development, and what an earlier one told is known."""
    first = bench.tell("Headline", "New fact.", "Old fact.")
    bench.judge()
    bench.tell("Headline", "New fact.", "Old fact, rewritten.", article_id=first)
    assert bench.judge().developments.grown == 0
    bench.tell("Headline", "New fact.", "New sentence.", article_id=first)
    assert bench.judge().developments.grown == 1
    assert bench.rows("SELECT count(*) FROM development") == [(1,)]
    found = bench.rows(
        "SELECT verdict, event FROM finding JOIN statement ON id = statement_id WHERE text = 'New fact.'"
    )
    assert sorted(found, key=str) == [("known", "D1"), ("known", "D1"), ("new", None)]


def test_versions_are_judged_in_order_of_publication(bench: Bench) -> None:
    """Whatever was fetched first, what was published first opens the development."""
    bench.tell("Later", "New fact.", hours=2)
    bench.tell("Earlier", "New fact.", hours=1)
    bench.judge()
    assert bench.rows("SELECT headline FROM development ORDER BY id") == [("Earlier",), ("Later",)]


def test_the_judge_waits_for_what_may_be_older(bench: Bench) -> None:
    """While articles are still to be read, versions wait; after two minutes, or when the clock jumped, no more."""
    bench.tell("Headline", "New fact.")
    articles.create(bench.db, url="https://b.example", url_key="b", seen=NOW, published=None)
    assert bench.judge(patient=True).developments.opened == 0
    bench.now = NOW + timedelta(minutes=2, seconds=1)
    assert bench.judge(patient=True).developments.opened == 1
    bench.now = NOW - timedelta(days=1)
    bench.db.execute("UPDATE version SET fetched_at = '2026-03-05T12:00:00.000000Z'")
    bench.db.execute("UPDATE article SET state = 'read'")
    feeds.sync(bench.db, [feeds.FeedName(name="F", url="https://f.example")], NOW)
    bench.tell("Second", "New fact.")
    bench.db.execute("UPDATE version SET fetched_at = '2026-03-05T12:00:00.000000Z'")
    assert bench.judge(patient=True).developments.opened == 1


def test_an_article_beside_the_storyline_is_not_read_again(bench: Bench) -> None:
    """Nobody looks for edits of what does not belong."""
    one = bench.tell("beside it", "Old fact.")
    articles.wake(bench.db, one, NOW)
    bench.judge()
    assert bench.rows("SELECT due_at FROM article") == [(None,)]


def test_a_judgement_of_a_first_version_is_left_alone() -> None:
    """Without earlier versions nothing is tempered, but for the copy of itself."""
    finding = Finding(position=0, text="New.", verdict=Verdict.NEW)
    judgement = Judgement(
        article="A1", relevance=Relevance(relevant=True, reason=""), findings=(finding,), flagged=True, opens=True,
        copy_of="A7",
    )  # fmt: skip
    assert only_new(judgement, frozenset(), None) == judgement
