"""Starts the program with a name service of our own, and notes every connection it opens and how its loop fares.

Arguments: the file of names (JSON: name -> list of answers, each a list of addresses, taken in turn), the file the
dialled addresses go to, the file the loop's longest holds go to, then the program's own arguments.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
import sys
import threading
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import httpcore

from watcher import daemon
from watcher.cli.main import main

_NAMES, _DIALLED, _HELD = (Path(argument) for argument in sys.argv[1:4])
_ANSWERS: dict[str, list[list[str]]] = json.loads(_NAMES.read_text("utf-8"))
_LONG_S = 0.05
_ASKED: Counter[str] = Counter()
_resolve = socket.getaddrinfo
_connect = httpcore.AnyIOBackend.connect_tcp
_serve = daemon.Daemon.serve


def _look_up(host: Any, port: Any, *args: Any, **more: Any) -> list[Any]:
    """Answer for the names we know, and never ask a name service."""
    if host in _ANSWERS:
        turns = _ANSWERS[host]
        found = turns[min(_ASKED[host], len(turns) - 1)]
        _ASKED[host] += 1
        rows = []
        for address in found:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            rows.append((family, socket.SOCK_STREAM, 6, "", (address, port)))
        return rows
    name = host.decode() if isinstance(host, bytes) else host or ""
    is_name = any(letter.isalpha() for letter in name) and ":" not in name and not name.startswith("0x")
    if is_name and name != "localhost":
        raise socket.gaierror(socket.EAI_NONAME, "no such name here")
    return list(_resolve(host, port, *args, **more))


async def _dial(self: Any, host: str, port: int, *args: Any, **more: Any) -> Any:
    """Note where a connection goes; it comes about on this machine alone."""
    with _DIALLED.open("a", encoding="ascii") as file:
        file.write(f"{host} {port}\n")
    if not ipaddress.ip_address(host).is_loopback:
        raise httpcore.ConnectError("the test lets nothing out")
    return await _connect(self, host, port, *args, **more)


class _Sampler(threading.Thread):
    """Notes where the loop is while one of its turns takes long, so that a turn above the bound names its cause."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.began_s = time.thread_time()
        self.stacks: list[tuple[float, list[str]]] = []
        self._loop = threading.get_ident()
        self._clock = time.pthread_getcpuclockid(self._loop)
        self._ended = threading.Event()

    def run(self) -> None:
        """Look a hundred times a second."""
        while not self._ended.wait(0.01):
            began_s = self.began_s
            took_s = time.clock_gettime(self._clock) - began_s
            if took_s > _LONG_S:
                frame = sys._current_frames()[self._loop]
                told = [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_stack(frame)[-8:]]
                if began_s == self.began_s:
                    self.stacks = sorted([*self.stacks, (took_s, told)], reverse=True)[:12]

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        self.join()


async def _watch_loop() -> None:
    """Measure how long one turn of the loop takes: by the clock, and of processor time of its own thread."""
    longest = {"wall": 0.0, "cpu": 0.0}
    sampler = _Sampler()
    sampler.start()
    try:
        while True:
            wall, cpu = time.monotonic(), time.thread_time()
            sampler.began_s = cpu
            await asyncio.sleep(0.01)
            longest["wall"] = max(longest["wall"], time.monotonic() - wall - 0.01)
            longest["cpu"] = max(longest["cpu"], time.thread_time() - cpu)
    finally:
        sampler.end()
        _HELD.write_text(json.dumps(longest | {"stacks": sampler.stacks}), "ascii")


async def _watched(self: daemon.Daemon, plan: Any) -> None:
    beat = asyncio.create_task(_watch_loop())
    try:
        await _serve(self, plan)
    finally:
        beat.cancel()
        await asyncio.gather(beat, return_exceptions=True)


if __name__ == "__main__":
    socket.getaddrinfo = _look_up
    httpcore.AnyIOBackend.connect_tcp = _dial  # type: ignore[method-assign]
    daemon.Daemon.serve = _watched  # type: ignore[method-assign]
    sys.argv[1:] = sys.argv[4:]
    main()
