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
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpcore

from watcher import daemon
from watcher.cli.main import main

_NAMES, _DIALLED, _HELD = (Path(argument) for argument in sys.argv[1:4])
_ANSWERS: dict[str, list[list[str]]] = json.loads(_NAMES.read_text("utf-8"))
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


async def _watch_loop() -> None:
    """Measure how long one turn of the loop takes: by the clock, and of processor time of its own thread."""
    longest = {"wall": 0.0, "cpu": 0.0}
    try:
        while True:
            wall, cpu = time.monotonic(), time.thread_time()
            await asyncio.sleep(0.01)
            longest["wall"] = max(longest["wall"], time.monotonic() - wall - 0.01)
            longest["cpu"] = max(longest["cpu"], time.thread_time() - cpu)
    finally:
        _HELD.write_text(json.dumps(longest), "ascii")


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
