"""A state as a person's years with the watcher leave it: a labelled stream judged article by article, and decided."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.streams import Labelled, Stream, own_streams
from watcher.config import AlertsConfig
from watcher.flow import learn
from watcher.flow.judge import Judge
from watcher.flow.tally import Tally
from watcher.language import statements
from watcher.policy.relevance import Rules
from watcher.records import Status
from watcher.store import articles, developments, knowledge, versions
from watcher.store.columns import moment, stamp
from watcher.store.database import open_state, transaction
from watcher.store.developments import Development
from watcher.store.thread import Store

Person = Callable[[sqlite3.Connection, int, Development, datetime], None]
"""Decides on one open development, at a time."""


@dataclass(slots=True)
class Years:
    """A state in the making. `now` is an hour after the last article."""

    folder: Path
    stream: Stream
    row: int
    now: datetime

    def judge(self) -> None:
        """Let the judge's step judge what waits."""

        async def step() -> None:
            async with Store(self.folder) as store:
                await Judge(
                    store, folder=self.folder, storyline=self.stream.storyline, storyline_id=self.row,
                    alerts=AlertsConfig(), clock=lambda: self.now, tally=Tally(),
                ).step(patient=False)  # fmt: skip

        asyncio.run(step())


def stream(name: str) -> Stream:
    """Give one of the labelled streams."""
    return next(one for one in own_streams() if one.name == name)


def live(folder: Path, told: Stream, decide: Person, *, every: int = 5) -> Years:
    """Judge a stream in its order; after so many articles each, everything open is decided."""
    start = told.articles[0].text.published - timedelta(days=1)
    with closing(open_state(folder)) as db:
        years = Years(folder=folder, stream=told, row=knowledge.enrol(db, told.storyline, start), now=start)
        rules = Rules(told.storyline)
        for number, article in enumerate(told.articles, start=1):
            years.now = max(years.now, article.text.published) + timedelta(hours=1)
            _save(db, years, article, rules)
            if number % every == 0 or number == len(told.articles):
                years.judge()
                years.now += timedelta(minutes=1)
                for one in reversed(developments.every(db, years.row, (Status.OPEN,))):
                    decide(db, years.row, one, years.now)
    return years


def _save(db: sqlite3.Connection, years: Years, article: Labelled, rules: Rules) -> None:
    text = article.text
    reading = statements.read(text, rules.gazetteer, article.id)
    with transaction(db):
        number = articles.create(db, url=text.url, url_key=article.id, seen=years.now, published=text.published)
        articles.want(db, years.row, number, "")
        db.execute("UPDATE article SET state = 'read', due_at = NULL WHERE id = ?", (number,))
        versions.add(db, number, text=text, reading=reading, digest=article.id, problem="", fetched=years.now)


def wants_what_is_sure(db: sqlite3.Connection, one: Development) -> bool:
    """Tell a person who wants what the judge is surer of than of half of what it flagged so far."""
    less, every = db.execute(
        "SELECT count(*) FILTER (WHERE confidence < ?), count(*) FROM development WHERE published_at <= ?",
        (one.confidence, stamp(one.published)),
    ).fetchone()
    return bool(2 * less >= every)


def accept_or_dismiss(wants: Callable[[sqlite3.Connection, Development], bool], reason: str = "known") -> Person:
    """Make a person who accepts what they want and dismisses the rest."""

    def decide(db: sqlite3.Connection, row: int, one: Development, now: datetime) -> None:
        if wants(db, one):
            learn.accept(db, row, one.name, now=now)
        else:
            learn.dismiss(db, row, one.name, now=now, reason=reason)

    return decide


def end(db: sqlite3.Connection) -> datetime:
    """Tell a time after everything that was decided."""
    return moment(db.execute("SELECT max(decided_at) FROM decision").fetchone()[0]) + timedelta(hours=1)


def verdicts(folder: Path) -> list[tuple[object, ...]]:
    """Tell everything the judge said in a state, but for when."""
    with closing(open_state(folder)) as db:
        return [
            tuple(row)
            for row in db.execute(
                """SELECT judgement.version_id, flagged, confidence, position, verdict, event, score, finding.reason
                FROM judgement JOIN finding ON judgement_id = judgement.id JOIN statement ON statement.id = statement_id
                ORDER BY judgement.version_id, position"""
            )
        ]
