"""Work under way: at most so many tasks at once, and of one host never so many that the others wait for it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Any

_FIRST_REST_S = 5.0
_LONGEST_REST_S = 3600.0


class Setbacks:
    """Errors nobody foresaw (a full disk, a bug): what met one rests before it is tried again, longer each time.

    The store may be what failed, so they are remembered here alone.
    """

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._until: dict[int, float] = {}

    def add(self, number: int) -> float:
        """Have an id rest. Returns the pause in seconds."""
        pause_s = min(_FIRST_REST_S * 2.0 ** self._counts[number], _LONGEST_REST_S)
        self._counts[number] += 1
        self._until[number] = asyncio.get_running_loop().time() + pause_s
        return pause_s

    def rests(self, number: int) -> bool:
        """Whether an id is to be left alone now."""
        return self._until.get(number, 0.0) > asyncio.get_running_loop().time()

    def clear(self, number: int) -> None:
        """Forget the setbacks of an id: it went well."""
        self._counts.pop(number, None)
        self._until.pop(number, None)


class Flight:
    """Tasks by the id of what they work on. An id flies once at a time; a task must handle its own errors."""

    def __init__(self, *, limit: int, per_host: int) -> None:
        self._limit = limit
        self._per_host = per_host
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._hosts: Counter[str] = Counter()
        self.setbacks = Setbacks()
        self.landed = 0
        """How many tasks have ended so far: who watches for progress compares."""

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def room(self) -> int:
        """How many more tasks may start."""
        return self._limit - len(self._tasks)

    def takes(self, number: int, host: str) -> bool:
        """Whether a task for this id may start now."""
        if self.room <= 0 or number in self._tasks or self.setbacks.rests(number):
            return False
        return self._hosts[host] < self._per_host

    def start(self, number: int, host: str, work: Coroutine[Any, Any, None]) -> None:
        """Begin a task. Ask `takes` first."""
        self._hosts[host] += 1
        task = asyncio.create_task(work)
        self._tasks[number] = task
        task.add_done_callback(lambda _: self._land(number, host))

    async def one_landed(self) -> None:
        """Wait until a task ends; at once when none is under way."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)

    async def all_landed(self) -> None:
        """Wait until everything under way has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    async def drain(self, seconds: float) -> None:
        """Give what is under way so long to end, then cancel it."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=seconds)
        for task in self._tasks.values():
            task.cancel()
        await self.all_landed()

    def _land(self, number: int, host: str) -> None:
        del self._tasks[number]
        self._hosts[host] -= 1
        if not self._hosts[host]:
            del self._hosts[host]
        self.landed += 1
