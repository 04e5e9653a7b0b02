"""The one thread that holds the keeper's connection, so that the event loop never waits for the disk."""

from __future__ import annotations

import asyncio
import functools
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Concatenate, ParamSpec, TypeVar

from watcher.store.database import check, open_state

P = ParamSpec("P")
T = TypeVar("T")


class Store:
    """An async context around the state in a folder. Work runs one piece after another, in the order it was given.

    Entering raises what `open_state` raises, and with `inspected` what `check` raises.
    """

    def __init__(self, folder: Path, *, inspected: bool = False) -> None:
        self._folder = folder
        self._inspected = inspected
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._db: sqlite3.Connection | None = None

    async def __aenter__(self) -> Store:
        try:
            self._db = await asyncio.get_running_loop().run_in_executor(self._thread, self._open)
        except BaseException:
            self._thread.shutdown(wait=False)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._db is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._db.close)
        self._thread.shutdown()

    async def run(self, work: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `work` with the connection in the store's thread. Raises what it raises."""
        assert self._db is not None, "the store is not open"
        call = functools.partial(work, self._db, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def _open(self) -> sqlite3.Connection:
        db = open_state(self._folder, checkpoints=True)
        try:
            if self._inspected:
                check(db, self._folder)
        except BaseException:
            db.close()
            raise
        return db
