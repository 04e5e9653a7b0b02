"""The program without its start-up cost: a process that has loaded all of it, and forks one for every command.

What runs is `watcher.cli.main.main`, as ever, but nothing is imported again for every command. For those that are to be
killed, what the worker processes do is done in the process itself, too. They hold no state.
"""

from __future__ import annotations

import asyncio
import atexit
import ctypes
import gc
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import trust
from acceptance.program import Answer, Program, until

from watcher import wiring
from watcher.cli.main import COMMANDS, main
from watcher.edges.config_file import load
from watcher.edges.feeds import parse
from watcher.edges.pages import extract
from watcher.language import lexicon
from watcher.novelty.memory import Memory
from watcher.records import Body, Page, ParsedFeed
from watcher.storylines import load as load_storyline

_ROOT = Path(__file__).parents[2]
_PR_SET_PDEATHSIG = 1
# what commands import only when they run
_LOADED = {
    "daemon", "flow.learn", "store.knowledge", *(f"cli.{place.partition(':')[0]}" for place in COMMANDS.values()),
}  # fmt: skip


@dataclass
class Started:
    """A command that runs; `kill` and `wait` are for it alone, its workers die with it."""

    pid: int
    nursery: Nursery
    _code: int | None = None

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send it a signal, unless it has ended."""
        if self.code() is None:
            os.kill(self.pid, number)

    def code(self, timeout_s: float = 0.0) -> int | None:
        """Its exit code, negative for the signal that killed it; None when it still runs after so long."""
        if self._code is None:
            handle = os.pidfd_open(self.pid)
            try:
                ended, _, _ = select.select([handle], [], [], timeout_s)
            finally:
                os.close(handle)
            self._code = self.nursery.ask({"reap": self.pid}) if ended else None
        return self._code

    def wait(self, timeout_s: float = 30.0) -> int:
        """Wait for its end and give the exit code."""
        code = self.code(timeout_s)
        assert code is not None, "it did not end"
        return code


@dataclass
class Nursery:
    """The process that forks. Requests and answers are lines of JSON."""

    process: subprocess.Popen[bytes]
    started: list[Started] = field(default_factory=list)

    def ask(self, request: dict[str, Any]) -> Any:
        """Send a request and give its answer."""
        to, back = self.process.stdin, self.process.stdout
        assert to is not None
        assert back is not None
        to.write(json.dumps(request).encode() + b"\n")
        to.flush()
        return json.loads(back.readline())

    def warm_up(self, program: Program) -> None:
        """Take a walk in the process that forks, so that every table is loaded."""
        self.ask({"walk": str(program.config)})

    def start(self, program: Program, *args: str, stdin: str = "", held: bool = False) -> Started:
        """Start a command of a program; what it says goes to `daemon.log`. With `held` it waits for SIGCONT first."""
        told, log = program.folder / "stdin", program.folder / "daemon.log"
        told.write_text(stdin)
        log.touch()
        request = {
            "argv": ["watcher", "--config", str(program.config), *args], "cwd": str(program.folder), "held": held,
            "env": program.environment(), "in": str(told), "out": str(log), "err": str(log),
        }  # fmt: skip
        one = Started(self.ask(request), self)
        self.started.append(one)
        if held:
            until(lambda: "\nState:\tT" in Path(f"/proc/{one.pid}/status").read_text(), 20, "a command that waits")
        return one

    def run(self, program: Program, *args: str, stdin: str = "", timeout_s: float = 60.0) -> int:
        """Run a command to its end and give its exit code."""
        return self.start(program, *args, stdin=stdin).wait(timeout_s)

    def answer(self, *args: str, cwd: Path, env: dict[str, str], stdin: str = "", timeout_s: float = 60.0) -> Answer:
        """Run a command to its end and give how it ended and what it said."""
        with TemporaryDirectory(prefix="watcher-test-") as folder:
            given, out, err = (Path(folder) / name for name in ("in", "out", "err"))
            given.write_text(stdin, encoding="utf-8")
            request = {
                "argv": ["watcher", *args], "cwd": str(cwd), "held": False, "env": env,
                "in": str(given), "out": str(out), "err": str(err),
            }  # fmt: skip
            one = Started(self.ask(request), self)
            try:
                code = one.wait(timeout_s)
            finally:
                one.kill()
            return Answer(code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


@dataclass
class Quick(Program):
    """A program whose commands are forked from a warm process; their worker processes are real."""

    def run(self, *args: str, stdin: str = "", timeout_s: float = 100.0) -> Answer:
        """Run a command to its end."""
        words = ("--config", str(self.config), *args)
        return ready().answer(*words, cwd=self.folder, env=self.environment(), stdin=stdin, timeout_s=timeout_s)


class InProcess:
    """The work of the worker processes, done here."""

    async def __aenter__(self) -> InProcess:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def parse_feed(self, body: Body, content_type: str, url: str) -> ParsedFeed:
        """Parse a feed."""
        return parse(b"".join(body.pieces()), content_type, url)

    async def extract_page(self, body: Body, content_type: str, url: str, feed_title: str) -> Page:
        """Extract a page."""
        return extract(b"".join(body.pieces()), content_type, url, feed_title)


@cache
def ready() -> Nursery:
    """Give the one for ordinary commands. It lives as long as this process of tests does."""
    held = ExitStack()
    atexit.register(held.close)
    return held.enter_context(nursery(alone=False))


@contextmanager
def nursery(*, alone: bool = True) -> Iterator[Nursery]:
    """Run one for the length of a block; everything it started ends with it. One that is `alone` has no workers."""
    path = os.pathsep.join([str(_ROOT), str(_ROOT / "tests")])
    with subprocess.Popen(
        [sys.executable, "-uc", f"from crash.warm import serve; serve(alone={alone})"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path},
    ) as process:  # fmt: skip
        here = Nursery(process)
        try:
            yield here
        finally:
            for one in here.started:
                one.kill()


# -- inside that process -----------------------------------------------------------------------------------------------


def serve(*, alone: bool) -> None:
    """Answer requests until there are no more. In a forked process this returns through the program's own end."""
    trust.read_once()
    for name in _LOADED:
        import_module(f"watcher.{name}")
    if alone:
        wiring.Workers = InProcess  # type: ignore[assignment, misc]
    else:
        Memory(load_storyline("musk-altman", Path()))
        lexicon.bundled()
    # not sys.stdin: a forked process must not inherit what it has read ahead
    requests = os.fdopen(os.dup(0), "rb", buffering=0)
    gc.freeze()
    while line := requests.readline():
        request = json.loads(line)
        if "reap" in request:
            _answer(os.waitstatus_to_exitcode(os.waitpid(request["reap"], 0)[1]))
            continue
        if "walk" in request:
            asyncio.run(wiring.walk_once(load(Path(request["walk"]))))
            _answer(0)
            continue
        pid = os.fork()
        if pid == 0:
            requests.close()
            _become(request)
            _work()
        _answer(pid)


def _work() -> None:
    """Do what the program does, and end without taking apart what the warm process had loaded."""
    try:
        main()
    except SystemExit as end:
        sys.stdout.flush()
        os._exit(int(end.code or 0))


def _answer(value: int) -> None:
    os.write(1, json.dumps(value).encode() + b"\n")


def _become(request: dict[str, Any]) -> None:
    """Take on the environment of the command."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    os.chdir(request["cwd"])
    given = os.open(request["in"], os.O_RDONLY)
    out, err = (os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) for name in ("out", "err"))
    for target, source in enumerate((given, out, err)):
        os.dup2(source, target)
        os.close(source)
    sys.argv = request["argv"]
    if request["held"]:
        os.kill(os.getpid(), signal.SIGSTOP)
