"""The step that takes due alerts out of the outbox and to their channels.

Each channel is walked on its own, one alert at a time, oldest first; a dead one rests and holds nobody up. An alert is
marked as sent after the channel took it, in a durable transaction of its own: a crash in between repeats it with the
same key, and nothing is ever lost. One that cannot be written or sent for a reason nobody foresaw fails alone.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from watcher.config import AlertsConfig
from watcher.edges.alert_text import Message, counted
from watcher.edges.clean import clean_text
from watcher.errors import DeliveryError, DeliveryRefused
from watcher.flow.flight import tell_setback
from watcher.policy.alerting import (
    EMAIL,
    OUTAGE_S,
    channel_pause_s,
    gives_up,
    last_digest,
    quiet_until,
    retry_pause_s,
)
from watcher.policy.spate import is_ripe
from watcher.store import outbox
from watcher.store.database import transaction
from watcher.store.outbox import Alert
from watcher.store.thread import Store

log = logging.getLogger(__name__)

_REASON = 300
_MERELY_TESTS = outbox.TEST
_ALL = "*"
_NO_DEVELOPMENTS = "!development.*"


class Channel(Protocol):
    """Something that takes messages."""

    async def send(self, message: Message) -> str:
        """Take a message and return a note, or raise `DeliveryError` (again later) or `DeliveryRefused` (never)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """What a step needs of the outside besides channels: the time (UTC), the place's zone, monotonic seconds, dice."""

    now: Callable[[], datetime]
    zone: tzinfo
    monotonic_s: Callable[[], float]
    dice: Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What one step did."""

    sent: int = 0
    failed: int = 0


@dataclass(slots=True)
class _Outage:
    """How long a channel has been silent: failures in a row, since when, and when to ask again (monotonic seconds)."""

    failures: int
    since_s: float
    next_s: float


class Deliver:
    """The step, with what it remembers of silent channels. `step` may be called while an earlier call still waits."""

    def __init__(self, store: Store, channels: Mapping[str, Channel], alerts: AlertsConfig, chances: Chances) -> None:
        self._store = store
        self._channels = channels
        self._alerts = alerts
        self._chances = chances
        self._outages: dict[str, _Outage] = {}
        self._busy: set[str] = set()
        self._known: set[str] = set()

    async def step(self, *, patient: bool = True) -> Delivered:
        """Deliver what is due now. Channels that an earlier call is still busy with are left to it.

        A `patient` step lets alerts that are held for one message gather for some minutes, the first time, too.
        """
        lost = await self._fail_unknown()
        walks = [self._begin(name, patient=patient) for name in self._channels if name not in self._busy]
        found = await asyncio.gather(*walks, return_exceptions=True)
        for result in found:
            if isinstance(result, BaseException):
                raise result
        counts = [result for result in found if isinstance(result, Delivered)]
        return Delivered(sent=sum(count.sent for count in counts), failed=lost + sum(count.failed for count in counts))

    async def _fail_unknown(self) -> int:
        """List as failed what waits for a channel that the config does not have any more."""
        known = frozenset(self._channels)

        def save(db: sqlite3.Connection) -> int:
            strange = outbox.waiting_channels(db) - known
            if not strange:
                return 0
            with transaction(db, durable=True):
                return sum(outbox.fail_channel(db, name, "the config has no such channel any more") for name in strange)

        return await self._store.run(save)

    def _begin(self, name: str, *, patient: bool) -> asyncio.Task[Delivered]:
        """Start walking a channel. It is busy from now on, not from when its task first runs: another step may look in
        between, and would send the same alert twice.
        """
        self._busy.add(name)
        walk = asyncio.create_task(self._walk(name, patient=patient))
        # a task that is cancelled before it ran never comes to its own end
        walk.add_done_callback(lambda _: self._busy.discard(name))
        return walk

    async def _walk(self, name: str, *, patient: bool) -> Delivered:
        """Send one alert after another until nothing is due or the channel falls silent."""
        sent = failed = 0
        await self._store.run(_bundle_held, name, self._chances.now(), patient=patient)
        await self._remember(name)
        while (alert := await self._next(name)) is not None:
            outcome = await self._deliver(name, alert)
            sent += outcome == "sent"
            failed += outcome == "failed"
        return Delivered(sent=sent, failed=failed)

    async def _remember(self, name: str) -> None:
        """After a start, a channel with failed attempts counts as silent until it answers: it is asked at once."""
        if name not in self._known:
            self._known.add(name)
            if await self._store.run(outbox.waits_for_retry, name):
                now_s = self._chances.monotonic_s()
                self._outages[name] = _Outage(failures=1, since_s=now_s - OUTAGE_S, next_s=now_s)

    async def _next(self, name: str) -> Alert | None:
        """Find the alert to send now: the oldest that is due, or in an outage the one to ask with."""
        now = self._chances.now()
        outage = self._outages.get(name)
        if outage is not None and self._chances.monotonic_s() < outage.next_s:
            return None
        kinds = _ALL
        if quiet_until(now, self._alerts.quiet_hours, self._chances.zone) is not None:
            kinds = _MERELY_TESTS
        elif name == EMAIL and self._alerts.digest is not None:
            kinds = _NO_DEVELOPMENTS
            await self._store.run(_bundle, name, last_digest(now, self._alerts.digest, self._chances.zone), now)
        if outage is not None:
            return await self._store.run(outbox.probe, name, kinds=kinds)
        return await self._store.run(outbox.due, name, now, kinds=kinds)

    async def _deliver(self, name: str, alert: Alert) -> str:
        """Make the one outside call and save how it ended: `sent`, `failed` or `waiting`."""
        message = Message(key=alert.key, thread=alert.thread, type=alert.type, created=alert.created, data=alert.data)
        try:
            note = await self._channels[name].send(message)
        except DeliveryRefused as error:
            await self._store.run(_save_failed, alert.id, str(error))
            return "failed"
        except DeliveryError as error:
            return await self._put_off(name, alert, error)
        except Exception as error:  # noqa: BLE001  one message that cannot be written must not stop those behind it
            return await self._set_back(name, alert, error)
        outage = self._outages.pop(name, None)
        back = outage is not None and self._chances.monotonic_s() - outage.since_s >= OUTAGE_S
        await self._store.run(_save_sent, alert, self._chances.now(), note, back=back)
        return "sent"

    async def _put_off(self, name: str, alert: Alert, error: DeliveryError) -> str:
        """Let the channel rest, and the alert too."""
        now_s = self._chances.monotonic_s()
        outage = self._outages.setdefault(name, _Outage(failures=0, since_s=now_s, next_s=now_s))
        outage.failures += 1
        jitter = self._chances.dice()
        outage.next_s = now_s + channel_pause_s(failures=outage.failures, jitter=jitter, wish_s=error.retry_after_s)
        pause_s = retry_pause_s(attempts=alert.attempts + 1, jitter=jitter, wish_s=error.retry_after_s)
        return await self._try_later(alert, str(error), pause_s)

    async def _set_back(self, name: str, alert: Alert, error: Exception) -> str:
        """Let the alert alone rest: an error nobody foresaw says nothing of the channel."""
        jitter = self._chances.dice()
        pause_s = retry_pause_s(attempts=alert.attempts + 1, jitter=jitter)
        tell_setback(f"alert {alert.id} to {name}", error, pause_s, log)
        outage = self._outages.get(name)
        if outage is not None:
            outage.next_s = self._chances.monotonic_s() + channel_pause_s(failures=outage.failures, jitter=jitter)
        return await self._try_later(alert, clean_text(f"{type(error).__name__}: {error}", _REASON), pause_s)

    async def _try_later(self, alert: Alert, problem: str, pause_s: float) -> str:
        """Save a failed attempt: the alert rests, or is given up.

        One that was asked with before its own time had come, to see whether the channel is back, keeps that time and
        is not given up: its attempts were more than its pauses.
        """
        now, attempts = self._chances.now(), alert.attempts + 1
        due, early = now + timedelta(seconds=pause_s), alert.due > now
        if not early and gives_up(attempts=attempts, age_s=(now - alert.created).total_seconds()):
            await self._store.run(_save_failed, alert.id, f"given up after {counted(attempts, 'attempt')}: {problem}")
            return "failed"
        await self._store.run(_save_retry, alert.id, min(due, alert.due) if early else due, problem)
        return "waiting"


def _bundle(db: sqlite3.Connection, channel: str, before: datetime, now: datetime) -> None:
    with transaction(db, durable=True):
        outbox.bundle(db, channel, before, now)


def _bundle_held(db: sqlite3.Connection, channel: str, now: datetime, *, patient: bool) -> None:
    """Make one message of what is held for a feed, where it has gathered. Who does not wait makes the first at once."""
    for held in outbox.held(db, channel, now):
        oldest_s, newest_s = (now - held.oldest).total_seconds(), (now - held.newest).total_seconds()
        at_once = not patient and held.told == 0
        # one from the future was written before the clock was set back
        if at_once or newest_s < 0 or is_ripe(oldest_s=oldest_s, newest_s=newest_s, told=held.told):
            with transaction(db, durable=True):
                outbox.bundle_held(db, channel, held.feed, now)


def _save_sent(db: sqlite3.Connection, alert: Alert, now: datetime, note: str, *, back: bool) -> None:
    with transaction(db, durable=True):
        outbox.mark_sent(db, alert.id, now, note)
        if back:
            outbox.release(db, alert.channel, now)


def _save_failed(db: sqlite3.Connection, alert_id: int, problem: str) -> None:
    with transaction(db, durable=True):
        outbox.mark_failed(db, alert_id, problem)


def _save_retry(db: sqlite3.Connection, alert_id: int, due_at: datetime, problem: str) -> None:
    with transaction(db, durable=True):
        outbox.mark_retry(db, alert_id, due_at, problem)
