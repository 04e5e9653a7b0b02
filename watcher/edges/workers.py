"""A few processes that read what strangers wrote, so that the daemon does not have to.

Each is a fresh interpreter without our environment, bounded in memory and processor time; a task that takes too long
ends with its process. The pool never has more processes than it was given, whatever happens.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from watcher.edges.turns import Turns
from watcher.edges.wire import WireError, load, unpack
from watcher.errors import ParseError, WorkerFailed
from watcher.records import Body, Entry, Page, ParsedFeed

_MOST_IDLE_MIB = 96
# Of documents of this size only one is read at a time: they take most of the memory there is.
_LARGE = 512 * 1024
# All that two processes may hold and an ordinary daemon stay below 400 MiB together.
_ORDINARY_MIB = 120
_LARGE_MIB = 208
_MAX_FRAME = 32 * 2**20
_MAX_FRAMES = 1000
_MAX_ANSWER = 96 * 2**20
_LAST_BREATH_S = 1.0
_FEED_S_PER_MIB = 4
_PASSED_ON = ("LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")
_START = "import sys; sys.path[:] = sys.argv[2:]; from watcher.edges.worker_main import main; main()"


class Workers:
    """The pool. Use as an async context manager; processes start when they are first needed.

    `count` processes at most; over a task each may hold `memory_mib` in all, over a large document (one at a time, in
    a process of its own) `large_mib`. A task may take `cpu_s` of processor time and `wall_s` by the clock, a large feed
    more. A process is replaced after `tasks_each` tasks, or when it keeps much. Hosts whose last document took long
    wait behind the others.
    """

    def __init__(
        self,
        *,
        count: int = 2,
        memory_mib: int = _ORDINARY_MIB,
        large_mib: int = _LARGE_MIB,
        cpu_s: int = 10,
        wall_s: float = 25.0,
        tasks_each: int = 500,
    ) -> None:
        self._turns = Turns(count)
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._memory_mib = memory_mib
        self._large_mib = large_mib
        self._cpu_s = cpu_s
        self._wall_s = wall_s
        self._tasks_each = tasks_each

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(worker.end() for worker in tuple(self._all)))
        self._all.clear()
        self._idle.clear()

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The processes that exist now."""
        return tuple(sorted(worker.pid for worker in self._all))

    async def parse_feed(self, body: Body, content_type: str, url: str) -> ParsedFeed:
        """Read a feed. Raises ParseError when it is none, WorkerFailed when reading it took too much."""
        # A feed of tens of thousands of items is honest work; what a feed may take grows with its size.
        more_s = _FEED_S_PER_MIB * body.size // 2**20
        told: dict[str, str | int] = {"task": "feed", "cpu_s": self._cpu_s + more_s, "content_type": content_type}
        told["url"] = url
        rows = await self._do(told, body, self._wall_s + 2 * more_s)
        try:
            entries: list[Entry] = []
            for row in rows[1:]:
                entries += [unpack(Entry, entry) for entry in row.get("entries", [])]
                await asyncio.sleep(0)  # tens of thousands of entries must not hold up everybody else
            return unpack(ParsedFeed, rows[0].get("feed"), entries=tuple(entries))
        except (WireError, TypeError) as error:
            raise WorkerFailed(f"{url}: the worker answered nonsense ({error})") from error

    async def extract_page(self, body: Body, content_type: str, url: str, feed_title: str = "") -> Page:
        """Read a page. Raises ParseError when it is none, WorkerFailed when reading it took too much."""
        told: dict[str, str | int] = {"task": "page", "cpu_s": self._cpu_s, "content_type": content_type}
        told |= {"url": url, "feed_title": feed_title}
        rows = await self._do(told, body, self._wall_s)
        try:
            return unpack(Page, rows[0].get("page"))
        except WireError as error:
            raise WorkerFailed(f"{url}: the worker answered nonsense ({error})") from error

    async def _do(self, told: dict[str, str | int], body: Body, wall_s: float) -> list[dict[str, Any]]:
        """Have one task done by the next free process. Waiting for one does not count towards the deadline."""
        large = body.size > _LARGE
        memory_mib = self._large_mib if large else self._memory_mib
        async with self._turns.turn(urlsplit(str(told["url"])).netloc, large=large):
            worker = await self._process_for(large=large)
            done = False
            try:
                async with asyncio.timeout(wall_s):
                    rows = await worker.do(told | {"memory_mib": memory_mib}, body)
                done = "out_of_memory" not in rows[0]
            except TimeoutError as error:
                raise WorkerFailed(f"{told['url']}: not read within {wall_s:g} s") from error
            except (asyncio.IncompleteReadError, OSError, WireError) as error:
                raise WorkerFailed(f"{told['url']}: the worker died over it") from error
            finally:
                # Also when we are cancelled: a process in the middle of a task is of no use to the next.
                if done and worker.tasks < self._tasks_each and _is_slim(rows[-1]):
                    self._idle.append(worker)
                else:
                    self._all.discard(worker)
                    await asyncio.shield(worker.end(at_once=not done))
        if not done:
            raise WorkerFailed(f"{told['url']}: reading it took more than {memory_mib} MiB")
        if "parse_error" in rows[0]:
            raise ParseError(str(rows[0]["parse_error"]))
        return rows

    async def _process_for(self, *, large: bool) -> _Worker:
        """Give a free process. One for a large document is new: what others left in it would count as well."""
        if self._idle:
            worker = self._idle.pop()
            if not large:
                return worker
            self._all.discard(worker)
            await asyncio.shield(worker.end())
        return await self._start()

    async def _start(self) -> _Worker:
        # -I: nothing from the environment or the working directory decides which code runs.
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-c", _START, str(os.getpid()), *_paths(),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={"LANG": "C.UTF-8", "TZ": "UTC"} | {n: os.environ[n] for n in _PASSED_ON if n in os.environ},
                start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise WorkerFailed(f"no worker process could be started: {error}") from error
        worker = _Worker(process)
        self._all.add(worker)
        return worker


def _is_slim(last: dict[str, Any]) -> bool:
    """Whether a process may stay; what a large document took, it does not give back."""
    held = last.get("holds_mib", 0)
    return isinstance(held, int) and held <= _MOST_IDLE_MIB


def _length(size: int) -> bytes:
    return size.to_bytes(8, "big")


def _paths() -> list[str]:
    return [str(Path(path or ".").resolve()) for path in sys.path]


class _Worker:
    """One process and the two pipes to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._tasks_to = process.stdin
        self._answers = process.stdout
        self.pid = process.pid
        self.tasks = 0

    async def do(self, told: dict[str, str | int], body: Body) -> list[dict[str, Any]]:
        """Do one task and give the rows of its answer, at least one."""
        self.tasks += 1
        task = json.dumps(told).encode("ascii")
        for piece in chain((_length(len(task)), task, _length(body.size)), body.pieces()):
            self._tasks_to.write(piece)
            await self._tasks_to.drain()
        rows: list[dict[str, Any]] = []
        taken = 0
        while not rows or "end" not in rows[-1]:
            length = int.from_bytes(await self._answers.readexactly(8), "big")
            taken += length
            if length > _MAX_FRAME or taken > _MAX_ANSWER or len(rows) > _MAX_FRAMES:
                raise WireError("an answer without end")
            rows.append(load(await self._answers.readexactly(length)))
        return rows

    async def end(self, *, at_once: bool = False) -> None:
        """End the process: by closing its input, or by force when that does not help or there is no time."""
        self._tasks_to.close()
        if not at_once:
            try:
                async with asyncio.timeout(_LAST_BREATH_S):
                    await self._process.wait()
            except TimeoutError:
                pass
            else:
                return
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
