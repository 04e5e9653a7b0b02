"""What runs inside a worker process: one task after another from standard input, answers to standard output.

A task is two frames: a JSON object (`task`, `cpu_s`, `memory_mib`, `content_type`, `url`, `feed_title`) and the body.
An answer is one or more frames of JSON, the last with `"end": true` and the memory the process holds. A frame is its
length in eight bytes, then its bytes. The process ends when its input does, when its parent dies, or when a limit is
reached.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import resource
import signal
import sys
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from watcher.edges.wire import pack
from watcher.errors import ParseError
from watcher.records import Entry

BATCH = 48 * 1024
"""So many characters, about, make one frame of entries."""
_ENTRY = 400
_PR_SET_PDEATHSIG = 1
_OPEN_FILES = 64


def main() -> None:
    """Serve tasks until the input ends. Argument: the parent's id."""
    _settle_in(int(sys.argv[1]))
    # Nothing a library prints may get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    tasks = os.fdopen(0, "rb", closefd=False)
    while (head := _frame(tasks)) is not None:
        body = _frame(tasks)
        if body is None:
            return
        _serve(json.loads(head), body, answers)


def _serve(told: dict[str, Any], body: bytes, answers: BinaryIO) -> None:
    """Do one task. Ends the process when memory ran out, since nothing is known of its state then."""
    try:
        for row in _answer(told, body):
            _send(answers, row)
        _send(answers, {"end": True, "holds_mib": _memory_pages()[1] * resource.getpagesize() // 2**20})
    except ParseError as error:
        _send(answers, {"parse_error": str(error), "end": True})
    except MemoryError:
        _lift_memory()
        _send(answers, {"out_of_memory": True, "end": True})
        answers.flush()
        os._exit(1)
    answers.flush()


def _answer(told: dict[str, Any], body: bytes) -> Iterator[dict[str, Any]]:
    # The extractor takes long to load and is not needed by a worker that reads feeds only.
    if told["task"] == "feed":
        from watcher.edges import feeds

        _limit(told["memory_mib"], told["cpu_s"])
        feed = feeds.parse(body, told["content_type"], told["url"])
        yield {"feed": pack(feed, without=frozenset(["entries"]))}
        for batch in _batches(feed.entries):
            yield {"entries": [pack(entry) for entry in batch]}
    else:
        from watcher.edges import pages

        _limit(told["memory_mib"], told["cpu_s"])
        yield {"page": pack(pages.extract(body, told["content_type"], told["url"], told["feed_title"]))}


def _batches(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """Cut entries into batches that the daemon takes in within a few milliseconds each."""
    start = size = 0
    for end, entry in enumerate(entries):
        size += _ENTRY + len(entry.title) + len(entry.summary) + len(entry.url)
        if size > BATCH:
            yield entries[start : end + 1]
            start, size = end + 1, 0
    if start < len(entries):
        yield entries[start:]


def _settle_in(parent: int) -> None:
    """Become a process that cannot outlive its parent, write files, or be disturbed by signals meant for it."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)  # it died before we could ask to be told
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    logging.disable(logging.CRITICAL)


def _limit(memory_mib: int, cpu_s: int) -> None:
    """Bound what the process may hold over the coming task, and the processor time it may take for it."""
    reserved, held = _memory_pages()
    # what is reserved and not held now (mapped files, mostly) is no memory
    ceiling = (reserved - held) * resource.getpagesize() + memory_mib * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, resource.RLIM_INFINITY))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + cpu_s + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def _memory_pages() -> tuple[int, int]:
    """Give how many pages of memory the process has reserved, and how many of them it holds."""
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - cheaper than a path, done for every task
        reserved, held = statm.read().split()[:2]
    return int(reserved), int(held)


def _lift_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _frame(source: BinaryIO) -> bytes | None:
    """Read one frame; None at the end of the input."""
    size = source.read(8)
    if len(size) < 8:
        return None
    length = int.from_bytes(size, "big")
    data = source.read(length)
    return data if len(data) == length else None


def _send(answers: BinaryIO, row: dict[str, Any]) -> None:
    frame = json.dumps(row).encode("ascii")
    answers.write(len(frame).to_bytes(8, "big"))
    answers.write(frame)
