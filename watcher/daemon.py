"""The daemon: a metronome over the steps. What is due stands in the store; here is only when to look.

One tick a second starts what is due. Nothing here keeps work in memory: after any end, the next start goes on where
the store says.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from watcher.edges import config_file
from watcher.edges.alert_text import counted
from watcher.edges.machine import Lock, ServiceManager, now, set_up_logging
from watcher.edges.progress import Progress
from watcher.errors import ConfigError, StateError, WatcherError
from watcher.flow.tally import Tally
from watcher.store import clock, database, feeds
from watcher.wiring import Plan, Watcher, forget_old, opened, prepare

log = logging.getLogger(__name__)

_TICK_S = 1.0
_LAUNCH_S = 0.9
_DRAIN_S = 6.0
_MAINTAIN_S = 86_400.0
# Not at once: after a rest, feeds first get the chance to answer.
_HEALTH_S = 600.0
_LONGEST_PAUSE_S = 60.0
_STUCK_S = 600.0
_DELIVERIES = 4
_JUMP_S = 2.0


def run(config_path: Path, lock: Lock) -> None:
    """Watch until SIGTERM or SIGINT; SIGHUP reads the config anew. The caller holds the lock on the state.

    Raises `ConfigError`, `StorylineError` or a `StateError`, also when the state is moved or replaced meanwhile.
    """
    progress = Progress(sys.stderr, os.environ)
    # the wrapper has every method a log handler asks a stream for
    set_up_logging(os.environ, stream=progress)  # type: ignore[arg-type]
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    plan = prepare(config_file.load(config_path))
    try:
        asyncio.run(Daemon(config_path, lock, ServiceManager(os.environ), progress).serve(plan))
    finally:
        progress.clear()


@dataclass(slots=True, kw_only=True)
class Beat:
    """How one repeated piece of work fares: since when it runs, and how long it rests after errors (loop seconds)."""

    since_s: float | None = None
    errors: int = 0
    rests_until_s: float = 0.0


@dataclass(slots=True, kw_only=True)
class Pulse:
    """Whether work progresses: a step that hangs, or a flight from which nothing lands, lets the watchdog bite."""

    landed: int = 0
    moved_s: float = 0.0

    def is_well(self, beats: dict[str, Beat], under_way: int, landed: int, now_s: float) -> bool:
        """Take the pulse at `now_s` (loop seconds)."""
        if landed != self.landed or under_way == 0:
            self.landed, self.moved_s = landed, now_s
        hangs = any(beat.since_s is not None and now_s - beat.since_s > _STUCK_S for beat in beats.values())
        return not hangs and now_s - self.moved_s <= _STUCK_S


class _Every(BaseTrigger):  # type: ignore[misc]  # the scheduler comes without types
    """Again so long after the last time, whatever was missed.

    The scheduler's own interval counts every beat that it missed, one by one: after a clock that was set from 1970 to
    today that are two thousand million.
    """

    def __init__(self, pause: timedelta) -> None:
        self.pause = pause

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:  # noqa: ARG002
        """A pause from now, for the scheduler."""
        return now + self.pause


@dataclass(slots=True)
class Daemon:
    """The metronome and the signals. `serve` runs until told to stop."""

    config_path: Path
    lock: Lock
    manager: ServiceManager
    progress: Progress
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: bool = False
    _lost: StateError | None = None
    _next: Plan | None = None
    _ticks: set[asyncio.Task[None]] = field(default_factory=set)
    _beats: dict[str, Beat] = field(default_factory=dict)
    _pulse: Pulse = field(default_factory=Pulse)
    _told: dict[str, Any] = field(default_factory=dict)

    async def serve(self, plan: Plan) -> None:
        """Run the steps of a plan, and of every plan that takes its place. Raises `StateError` when the state is moved
        or replaced.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end)
        loop.add_signal_handler(signal.SIGHUP, self._reload, plan)
        first = True
        while not self._ended:
            self._next = None
            self._stop.clear()
            async with opened(plan, inspected=first) as watcher:
                await self._watch(watcher)
            plan, first = self._next or plan, False
        if self._lost is not None:
            raise self._lost

    async def _watch(self, watcher: Watcher) -> None:
        """Tick until the end or a new plan, then let what is under way come to its end."""
        self._told = asdict(Tally())
        self._pulse = Pulse(moved_s=asyncio.get_running_loop().time())
        scheduler = self._metronome(watcher)
        scheduler.start()
        beside = [asyncio.create_task(_follow_clock(scheduler)), asyncio.create_task(self._guard_place(watcher))]
        count = len([feed for feed in watcher.plan.config.feeds if feed.enabled])
        log.info("watching %s for %s", counted(count, "feed"), watcher.plan.storyline.name)
        self.manager.ready(f"watching {counted(count, 'feed')}")
        if not self._ended:
            await self._stop.wait()
        if self._ended:
            self.manager.stopping("finishing what is under way")
            log.info("stopping")
        for task in beside:
            task.cancel()
        scheduler.remove_all_jobs()
        await self._drain(watcher)
        scheduler.shutdown(wait=False)
        self._report(watcher)
        self.progress.clear()

    def _metronome(self, watcher: Watcher) -> AsyncIOScheduler:
        scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

        def every(
            seconds: float, name: str, work: Callable[[], Awaitable[object]], *, at_once: int = 1, first_s: float = 0.0
        ) -> None:
            scheduler.add_job(
                self._tick, _Every(timedelta(seconds=seconds)), args=(name, work), id=name, max_instances=at_once,
                next_run_time=now() + timedelta(seconds=first_s),
            )  # fmt: skip

        every(_TICK_S, "clock", lambda: watcher.store.run(clock.pull_back, now()))
        every(_TICK_S, "gather", lambda: watcher.gather.step(for_s=_LAUNCH_S))
        every(_TICK_S, "read", lambda: watcher.read.step(for_s=_LAUNCH_S))
        every(_TICK_S, "judge", watcher.judge.step)
        every(_TICK_S, "deliver", watcher.send, at_once=_DELIVERIES)
        every(_TICK_S, "show", lambda: self._show(watcher))
        every(_MAINTAIN_S, "maintain", lambda: _maintain(watcher))
        every(_HEALTH_S, "health", watcher.health.step, first_s=_HEALTH_S)
        if self.manager.watchdog_s is not None:
            every(self.manager.watchdog_s / 2, "watchdog", lambda: self._feed_watchdog(watcher))
        return scheduler

    async def _tick(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Run a step once; an error makes it rest, longer each time, up to a minute."""
        loop = asyncio.get_running_loop()
        beat = self._beats.setdefault(name, Beat())
        if loop.time() < beat.rests_until_s:
            return
        tick = asyncio.current_task()
        assert tick is not None, "the metronome runs its ticks as tasks"
        self._ticks.add(tick)
        beat.since_s = loop.time()
        try:
            await work()
        except Exception as error:
            beat.errors += 1
            pause_s = min(2.0 ** min(beat.errors - 1, 10), _LONGEST_PAUSE_S)
            beat.rests_until_s = loop.time() + pause_s
            foreseen = isinstance(error, (WatcherError, OSError)) or "sqlite3" in type(error).__module__
            log.error(  # noqa: TRY400  the trace of a full disk tells nobody anything
                "%s: %s: %s; again in %.0f s", name, type(error).__name__, error, pause_s,
                exc_info=None if foreseen else error,
            )  # fmt: skip
        else:
            if beat.errors:
                log.info("%s: works again", name)
            beat.errors = 0
        finally:
            beat.since_s = None
            self._ticks.discard(tick)

    async def _guard_place(self, watcher: Watcher) -> None:
        """End when the state is moved or replaced: another daemon may own what stands in its place."""
        while True:
            await asyncio.sleep(_TICK_S)
            try:
                self.lock.require_place()
                await watcher.store.run(database.require_place)
            except StateError as error:
                self._lost = error
                self._end()
                return
            except OSError:
                continue  # a disk that fails has moved nothing, and the steps tell of it

    async def _drain(self, watcher: Watcher) -> None:
        """Let what is under way end by itself for a few seconds; the store knows what was not done."""
        await asyncio.gather(
            watcher.gather.flight.drain(_DRAIN_S), watcher.read.flight.drain(_DRAIN_S), self._drain_ticks()
        )

    async def _drain_ticks(self) -> None:
        if self._ticks:
            await asyncio.wait(self._ticks, timeout=_DRAIN_S)
        for tick in self._ticks:
            tick.cancel()
        await asyncio.gather(*self._ticks, return_exceptions=True)

    async def _show(self, watcher: Watcher) -> None:
        """Bar on a terminal; in the log one line for each step that did something and came to rest."""
        polls, reads = len(watcher.gather.flight), len(watcher.read.flight)
        if not polls and not reads:
            self._report(watcher)
        if not self.progress.shown:
            return
        landed = watcher.gather.flight.landed + watcher.read.flight.landed
        opened_ = counted(watcher.tally.developments.opened, "development")
        words = f"{counted(polls, 'feed')} asked, {counted(reads, 'article')} read, {opened_} opened"
        if not polls and not reads:
            due = await watcher.store.run(feeds.next_due)
            wait_s = max(0.0, (due - now()).total_seconds()) if due else 0.0
            words = f"next feed in {wait_s:.0f} s, {opened_} opened"
        self.progress.show(landed, landed + polls + reads, words, shutil.get_terminal_size().columns)

    def _report(self, watcher: Watcher) -> None:
        current = asdict(watcher.tally)
        for step, counts in current.items():
            before = self._told.get(step, {})
            moved = {name: count - before.get(name, 0) for name, count in counts.items()}
            if any(moved.values()):
                log.info("%s: %s", step, ", ".join(f"{count} {name}" for name, count in moved.items() if count))
        self._told = current

    async def _feed_watchdog(self, watcher: Watcher) -> None:
        gather, read = watcher.gather.flight, watcher.read.flight
        under_way, landed = len(gather) + len(read), gather.landed + read.landed
        if self._pulse.is_well(self._beats, under_way, landed, asyncio.get_running_loop().time()):
            self.manager.alive()
        else:
            log.error("no progress for %.0f s: the watchdog is not fed any more", _STUCK_S)

    def _end(self) -> None:
        self._ended = True
        self._stop.set()

    def _reload(self, running: Plan) -> None:
        """Read the config anew. One that cannot be used is refused, and the old one stays."""
        self.manager.reloading()
        try:
            plan = prepare(config_file.load(self.config_path))
            _refuse_other_state(plan, running)
        except WatcherError as error:
            log.error("config not reloaded, the old one stays: %s", error)  # noqa: TRY400  the message says it all
            self.manager.ready("the config was refused; the old one stays")
            return
        log.info("config reloaded")
        self._next = plan
        self._stop.set()


def _refuse_other_state(plan: Plan, running: Plan) -> None:
    """Refuse a config with another state: the lock on the one we own would be lost on the way."""
    if plan.config.state.dir != running.config.state.dir:
        raise ConfigError((f"state.dir: {plan.config.state.dir} needs a restart",))


async def _follow_clock(scheduler: AsyncIOScheduler) -> None:
    """Shift what is planned when the wall clock is set, by which the metronome goes: set back by a day, it would stand
    still for a day.
    """
    loop = asyncio.get_running_loop()
    before = now().timestamp() - loop.time()
    while True:
        await asyncio.sleep(_TICK_S)
        off = now().timestamp() - loop.time()
        jumped_s, before = off - before, off
        if abs(jumped_s) > _JUMP_S:
            log.warning("the clock was set %s by %.0f s", "forward" if jumped_s > 0 else "back", abs(jumped_s))
            for job in scheduler.get_jobs():
                # after a step forward a job may have been planned anew before we saw it
                job.modify(
                    next_run_time=min(job.next_run_time + timedelta(seconds=jumped_s), now() + job.trigger.pause)
                )


async def _maintain(watcher: Watcher) -> None:
    """Daily: forget what is too old, fold the log into the database."""
    await forget_old(watcher)
    await watcher.store.run(database.checkpoint)
