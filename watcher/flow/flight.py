"""Work under way: at most so many tasks at once, and of one host never so many that the others wait for it."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Generic, Protocol, TypeVar

from watcher.errors import WatcherError

_FIRST_REST_S = 5.0
_LONGEST_REST_S = 3600.0
# The first steps of a task are the dearest, and those of all that start together are one turn of the loop.
_AT_ONCE = 4


class Numbered(Protocol):
    """Something with a row in the store."""

    @property
    def id(self) -> int:
        """The row."""


T = TypeVar("T", bound=Numbered)


def tell_setback(what: str, error: Exception, pause_s: float, log: logging.Logger) -> None:
    """Say what met an item, and how long it rests: with the trace, unless we or the machine raised it on purpose."""
    foreseen = isinstance(error, (WatcherError, OSError, sqlite3.Error))
    log.warning(
        "%s: %s: %s; again in %.0f s",
        what,
        type(error).__name__,
        error,
        pause_s,
        exc_info=None if foreseen else error,
    )


class Setbacks:
    """Errors nobody foresaw (a full disk, a bug): what met one rests before it is tried again, longer each time.

    The store may be what failed, so they are remembered here alone.
    """

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._until: dict[int, float] = {}

    def add(self, number: int, what: str, error: Exception, log: logging.Logger) -> None:
        """Have an id rest, and say so."""
        pause_s = min(_FIRST_REST_S * 2.0 ** self._counts[number], _LONGEST_REST_S)
        self._counts[number] += 1
        self._until[number] = asyncio.get_running_loop().time() + pause_s
        tell_setback(what, error, pause_s, log)

    def rests(self, number: int) -> bool:
        """Whether an id is to be left alone now."""
        return self._until.get(number, 0.0) > asyncio.get_running_loop().time()

    def clear(self, number: int) -> None:
        """Forget the setbacks of an id: it went well."""
        self._counts.pop(number, None)
        self._until.pop(number, None)


class Flight(Generic[T]):
    """Tasks that `work` on items. An item flies once at a time; `work` must handle its own errors.

    A quarter of the room is kept for items that are `proven`: those that are not may all be slow, and together they
    must not keep the others waiting.
    """

    def __init__(
        self,
        work: Callable[[T], Coroutine[Any, Any, None]],
        *,
        host_of: Callable[[T], str],
        limit: int,
        per_host: int,
        proven: Callable[[T], bool] | None = None,
    ) -> None:
        self._work = work
        self._proven = proven or (lambda _: True)
        self._unproven: set[int] = set()
        self._room_for_unproven = limit - limit // 4
        self._host_of = host_of
        self._limit = limit
        self._per_host = per_host
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._hosts: Counter[str] = Counter()
        self._grounded = False
        self.setbacks = Setbacks()
        self.landed = 0
        """How many tasks have ended so far: who watches for progress compares."""

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def is_full(self) -> bool:
        """Whether nothing more may start now."""
        return self._grounded or len(self._tasks) >= self._limit

    async def launch(self, items: Sequence[T]) -> list[T]:
        """Start those that have room, a few in each turn of the loop. Returns those that found none."""
        left: list[T] = []
        started = 0
        for place, item in enumerate(items):
            if self.is_full:
                return left + list(items[place:])
            host = self._host_of(item)
            if self._hosts[host] >= self._per_host or not self._has_room(item):
                left.append(item)
            elif item.id not in self._tasks and not self.setbacks.rests(item.id):
                self._start(item, host)
                started += 1
                if started % _AT_ONCE == 0:
                    await asyncio.sleep(0)
        return left

    async def launch_for(self, seconds: float, items: Sequence[T]) -> int:
        """Start as many as find room within so many seconds. Returns how many were started."""
        clock = asyncio.get_running_loop().time
        end, before = clock() + seconds, self.landed + len(self._tasks)
        left = await self.launch(items)
        while left and self._tasks and not self._grounded and clock() < end:
            await asyncio.wait(
                self._tasks.values(), timeout=max(0.0, end - clock()), return_when=asyncio.FIRST_COMPLETED
            )
            left = await self.launch(left)
        return self.landed + len(self._tasks) - before

    async def launch_all(self, items: Sequence[T]) -> None:
        """Start all and wait for everything under way."""
        left = await self.launch(items)
        while self._tasks:
            await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)
            left = await self.launch(left)

    async def drain(self, seconds: float) -> None:
        """Start nothing more, give what is under way so long to end, then cancel it."""
        self._grounded = True
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=seconds)
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _has_room(self, item: T) -> bool:
        return len(self._unproven) < self._room_for_unproven or self._proven(item)

    def _start(self, item: T, host: str) -> None:
        task = asyncio.create_task(self._work(item))
        if not self._proven(item):
            self._unproven.add(item.id)
        self._hosts[host] += 1
        self._tasks[item.id] = task
        task.add_done_callback(lambda _: self._land(item.id, host))

    def _land(self, number: int, host: str) -> None:
        del self._tasks[number]
        self._unproven.discard(number)
        self._hosts[host] -= 1
        if not self._hosts[host]:
            del self._hosts[host]
        self.landed += 1
