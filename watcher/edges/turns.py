"""Turns at something scarce: who was quick last time goes first, and who was slow never takes the last place.

Without this, servers that send what is hard to read would have everybody else wait behind them.
"""

from __future__ import annotations

import asyncio
import heapq
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_QUICK, _UNKNOWN, _SLOW = 0, 1, 2
_SLOW_S = 2.0
_REMEMBERED = 5000


class Turns:
    """So many places at once. Names are remembered by how long their last turn took; the oldest are forgotten."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._slow_free = max(1, places - 1)
        self._queue: list[tuple[int, int, asyncio.Future[None]]] = []
        self._number = 0
        self._took_s: OrderedDict[str, float] = OrderedDict()

    @asynccontextmanager
    async def turn(self, name: str, *, large: bool = False) -> AsyncIterator[None]:
        """Wait for a place: quick names before unknown ones, those before slow ones, else first come, first served.

        What is `large` counts as slow.
        """
        rank = _SLOW if large else self._rank(name)
        await self._wait(rank)
        began = time.monotonic()
        try:
            yield
        finally:
            self._remember(name, time.monotonic() - began)
            self._give_back(rank)

    def _rank(self, name: str) -> int:
        took_s = self._took_s.get(name)
        if took_s is None:
            return _UNKNOWN
        return _QUICK if took_s < _SLOW_S else _SLOW

    def _remember(self, name: str, took_s: float) -> None:
        self._took_s[name] = took_s
        self._took_s.move_to_end(name)
        if len(self._took_s) > _REMEMBERED:
            self._took_s.popitem(last=False)

    async def _wait(self, rank: int) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._number += 1
        heapq.heappush(self._queue, (rank, self._number, place))
        self._hand_out()
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():  # it was given to us in the same moment
                self._give_back(rank)
            raise

    def _hand_out(self) -> None:
        while self._free and self._queue:
            rank, _, place = self._queue[0]
            if place.cancelled():
                heapq.heappop(self._queue)
                continue
            if rank == _SLOW and not self._slow_free:
                return  # nobody quicker waits: they would stand before it
            heapq.heappop(self._queue)
            self._free -= 1
            self._slow_free -= rank == _SLOW
            place.set_result(None)

    def _give_back(self, rank: int) -> None:
        self._free += 1
        self._slow_free += rank == _SLOW
        self._hand_out()
