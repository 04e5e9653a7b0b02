"""A server that answers byte for byte as a case wants it to, and a canary that nobody may ever ask."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Script = Callable[["Hit", asyncio.StreamWriter], Awaitable[None]]
Answer = bytes | Script


@dataclass(frozen=True, slots=True)
class Hit:
    """One request: the case it is for (the first label of its host), its path, and how often that was asked before."""

    case: str
    path: str
    before: int
    headers: dict[str, str]


@dataclass
class Stage:
    """The running server. `answers` is by case and path; `hits` counts requests, `moments` says when they came."""

    port: int = 0
    canary: int = 0
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    hits: Counter[tuple[str, str]] = field(default_factory=Counter)
    moments: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    """First lines of what the canary was asked; `answers` must never fill it."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                path = head[0].split(" ")[1]
                headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in head[1:] if line)}
                case = headers.get("host", "").partition(".")[0]
                key = (case, path.partition("?")[0])
                hit = Hit(case, path, self.hits[key], headers)
                self.hits[key] += 1
                self.moments.setdefault(key, []).append(asyncio.get_running_loop().time())
                answer = self.answers.get(key, reply(b"nothing", "404 Not Found"))
                if isinstance(answer, bytes):
                    writer.write(answer)
                else:
                    await answer(hit, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError, IndexError):
            pass
        finally:
            with suppress(OSError):
                writer.close()

    async def sing(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Note that somebody came where nobody may."""
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(2):
                self.heard.append((await reader.readline()).decode("latin-1"))
        writer.write(reply(b"<p>CANARY-7f3a the secret of the house</p>", "200 OK", Content_Type="text/html"))
        with suppress(OSError):
            writer.close()


def reply(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """Give a whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8") + body


@contextmanager
def stage() -> Iterator[Stage]:
    """Run the server and the canary in a thread for the length of a block."""
    here = Stage()
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    stop = asyncio.Event()

    async def run() -> None:
        server = await asyncio.start_server(here.serve, "127.0.0.1", 0)
        canary = await asyncio.start_server(here.sing, "127.0.0.1", 0)
        here.port = server.sockets[0].getsockname()[1]
        here.canary = canary.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        for one in (server, canary):
            one.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield here
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
