"""Judge: lay new versions beside what is known, in order of publication, and flag what is fresh.

Judgement, development and alerts are saved in one durable transaction: there is never one without the others.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from watcher.config import AlertsConfig
from watcher.flow import taste
from watcher.flow.edited import (
    Earlier,
    Past,
    Shaken,
    earlier_of,
    only_new,
    past_of,
    shake,
    shake_gone,
    with_additions,
    with_corrections,
)
from watcher.flow.flight import Setbacks
from watcher.flow.memories import recall
from watcher.flow.tally import Tally
from watcher.novelty.judge import judge
from watcher.novelty.memory import Memory
from watcher.novelty.semantics import Likeness
from watcher.novelty.weights import shipped
from watcher.policy.alerting import channels, is_worth_alert
from watcher.records import Judgement, Reading, Status, Storyline
from watcher.store import articles, developments, feeds, knowledge, outbox, spates, versions
from watcher.store.database import open_for_reading, transaction
from watcher.store.description import describe
from watcher.store.thread import Store
from watcher.store.versions import Version

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=2)
"""So long a version waits for others that may have been published before it and are being read."""

_AT_ONCE = 25
_MEMORY_LASTS = timedelta(days=1)
"""A memory grows with every article; made anew, it leaves out what is too old to be compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the state says of a version before it is judged: what its article told, and which development it tells."""

    reading: Reading
    earlier: Earlier | None
    development: str | None
    past: Past | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saved:
    """What became of a judgement: as it was kept, and whether a development opened or grew."""

    judgement: Judgement
    opened: bool
    grown: bool


class Judge:
    """The step. It keeps the memory and the weights, and has both anew when a person has decided something."""

    def __init__(
        self, store: Store, *, folder: Path, storyline: Storyline, storyline_id: int, alerts: AlertsConfig,
        clock: Callable[[], datetime], tally: Tally, likeness: Likeness | None = None,
    ) -> None:  # fmt: skip
        self._store = store
        self._folder = folder
        self._storyline = storyline
        self._storyline_id = storyline_id
        self._alerts = alerts
        self._clock = clock
        self._tally = tally
        self._likeness = likeness
        self._memory: Memory | None = None
        self._recalled = clock()
        self._weights = shipped()
        self._edition = -1
        self._setbacks = Setbacks()

    async def step(self, *, patient: bool = True) -> int:
        """Judge what waits. Returns how many versions were judged.

        A `patient` step leaves them alone while articles that may be older are still to be read, for two minutes.
        """
        await self._store.run(self._note_gone)
        waiting = [
            version
            for version in await self._store.run(versions.unjudged, self._storyline_id)
            if not self._setbacks.rests(version.id)
        ]
        if not waiting or (patient and await self._better_wait(waiting)):
            return 0
        judged = 0
        for version in waiting[:_AT_ONCE]:
            judged += await self._guarded(version)
        return judged

    async def _better_wait(self, waiting: list[Version]) -> bool:
        now = self._clock()
        oldest = min(version.fetched for version in waiting)
        # a version from the future was read before the clock was set back
        return now - PATIENCE < oldest <= now and await self._store.run(_more_to_come, now)

    async def _guarded(self, version: Version) -> bool:
        try:
            await self._judge(version)
        except Exception as error:  # noqa: BLE001  one article must not stop the judge, and a full disk will be freed
            self._setbacks.add(version.id, f"version {version.id}", error, log)
            # what was said of it may be remembered by half
            self._memory = None
            return False
        self._setbacks.clear(version.id)
        return True

    async def _judge(self, version: Version) -> None:
        memory = await self._ready_memory()
        known = await self._store.run(_known, self._storyline_id, version)
        if known.earlier is not None:
            known = replace(known, past=await asyncio.to_thread(past_of, known.earlier, known.reading))
        judgement = await asyncio.to_thread(judge, known.reading, memory, self._weights)
        past = known.past
        judgement = only_new(judgement, past.told if past else frozenset(), known.development)
        if past is not None:
            judgement = with_additions(judgement, past, known.development)
            judgement = with_corrections(judgement, past, known.development)
        saved = await self._store.run(self._save, version, known, judgement)
        memory.remember(known.reading, saved.judgement)
        self._tally.developments.opened += saved.opened
        self._tally.developments.grown += saved.grown
        if saved.opened or saved.grown:
            what = "opened" if saved.opened else "grown"
            log.info("%s %s: %s", saved.judgement.development, what, known.reading.title.text)

    async def _ready_memory(self) -> Memory:
        old = abs(self._clock() - self._recalled) > _MEMORY_LASTS
        if self._memory is None or old or self._edition != await self._store.run(knowledge.edition):
            # the old one is let go first: two would take twice the room
            self._memory = None
            self._memory = await asyncio.to_thread(self._recall)
        return self._memory

    def _recall(self) -> Memory:
        """Read everything on a connection of its own: it may take seconds, and the store has other work."""
        with closing(open_for_reading(self._folder)) as db:
            self._edition, self._recalled = knowledge.edition(db), self._clock()
            self._weights = taste.in_use(db, self._storyline_id, shipped()).weights
            memory = recall(db, self._storyline, self._storyline_id, self._clock())
        memory.likeness = self._likeness
        return memory

    def _save(self, db: sqlite3.Connection, version: Version, known: _Known, judgement: Judgement) -> _Saved:
        now, reading = self._clock(), known.reading
        with transaction(db, durable=True):
            judgement = _placed(db, self._storyline_id, judgement)
            worth = is_worth_alert(
                confidence=judgement.confidence,
                published=reading.published,
                since=self._alerts.since or knowledge.created(db) or now,
                alerts=self._alerts,
            )
            kind = ""
            if judgement.opens:
                name = developments.open_one(
                    db, self._storyline_id, judgement, headline=reading.title.text, published=reading.published,
                    opened=now, alert=worth,
                )  # fmt: skip
                judgement = replace(judgement, development=name)
                kind = "development.opened" if worth else ""
            grown = judgement.flagged and not judgement.opens
            if grown:
                kind = _grow(db, self._storyline_id, judgement, worth=worth)
            developments.save_judgement(db, self._storyline_id, version.id, judgement, now)
            if judgement.opens:  # a later version may have come while this one waited
                developments.retitle(db, version.article_id)
            if not judgement.relevance.relevant:
                articles.rest(db, version.article_id)
            shaken = []
            if known.past is not None and judgement.relevance.relevant:
                shaken = shake(db, self._storyline_id, version, known.past, now)
            if kind and judgement.development:
                self._write_alerts(db, judgement.development, kind, version.article_id, now)
            self._tell_shaken(db, [one for one in shaken if one.development != judgement.development or not kind])
        return _Saved(judgement=judgement, opened=judgement.opens, grown=grown)

    def _note_gone(self, db: sqlite3.Connection) -> None:
        if articles.taken_down(db, self._storyline_id):
            with transaction(db, durable=True):
                self._tell_shaken(db, shake_gone(db, self._storyline_id, self._clock()))

    def _tell_shaken(self, db: sqlite3.Connection, shaken: list[Shaken]) -> None:
        """Write alerts for open developments that lost a source, where they were worth one before."""
        for one in shaken:
            found = developments.get(db, self._storyline_id, one.development)
            if one.reopened:
                knowledge.turn(db)
            if found.alert:
                self._write_alerts(db, one.development, "development.updated", one.article_id, self._clock())
            again = " opens again" if one.reopened else ""
            log.info("%s%s: a source took back what it said", one.development, again)

    def _write_alerts(
        self, db: sqlite3.Connection, development: str, kind: str, article_id: int, now: datetime
    ) -> None:  # fmt: skip
        """Write the alerts of a development, for what an article says. Of a loud feed they are held for one message."""
        to = channels(self._alerts)
        if not to:
            return
        shown, held = describe(db, development), spates.holds(db, article_id, now, self._alerts.burst)
        outbox.put(
            db, storyline_id=self._storyline_id, development_id=int(development[1:]), type=kind, data=shown,
            channels=to, now=now, held=held,
        )  # fmt: skip


def _placed(db: sqlite3.Connection, storyline_id: int, judgement: Judgement) -> Judgement:
    """Give a fresh fact about something a person has closed opens a development of its own: it wants to be seen."""
    if judgement.flagged and judgement.development is not None:
        one = developments.get(db, storyline_id, judgement.development)
        if one.status not in (Status.OPEN, Status.LATER):
            return replace(judgement, development=None, opens=True)
    return judgement


def _grow(db: sqlite3.Connection, storyline_id: int, judgement: Judgement, *, worth: bool) -> str:
    """Note that a development grew. Returns the type of the alert this is worth, or ''."""
    assert judgement.development is not None, "what is flagged opens a development or belongs to one"
    one = developments.get(db, storyline_id, judgement.development)
    developments.grow(db, one.id, confidence=judgement.confidence, alert=worth)
    if not worth or one.status is not Status.OPEN:
        return ""
    return "development.updated" if one.alert else "development.opened"


def _more_to_come(db: sqlite3.Connection, now: datetime) -> bool:
    return articles.unread_due(db, now) or feeds.never_polled(db)


def _known(db: sqlite3.Connection, storyline_id: int, version: Version) -> _Known:
    reading = versions.reading_of(db, version.id)
    return _Known(
        reading=reading,
        earlier=earlier_of(db, storyline_id, version) if version.number > 1 else None,
        development=developments.told_by(db, storyline_id, version.article_id),
    )
