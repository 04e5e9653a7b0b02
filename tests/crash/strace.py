"""System calls that fail or kill: `strace` lays hands on a running command, and lets go of it again."""

from __future__ import annotations

import functools
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from acceptance.program import until

from crash.warm import Started

# What changes a file, a directory, or what another machine knows. SQLite writes with the first three.
WRITES = ("pwrite64", "fdatasync", "ftruncate", "unlink", "fsync", "rename", "link", "mkdir", "sendto", "write")


@functools.cache
def _usable() -> bool:
    strace = shutil.which("strace")
    if strace is None:
        return False
    return subprocess.run([strace, "-o", os.devnull, "true"], capture_output=True, check=False).returncode == 0


def need_strace() -> None:
    """Skip the test where there is no strace, or where it may not trace."""
    if not _usable():
        pytest.skip("strace is not installed or may not trace here")


@dataclass
class Grip:
    """A hold on a process and all of its threads and children."""

    tracer: subprocess.Popen[bytes]
    told: Path

    @property
    def hit(self) -> bool:
        """Whether a call was failed or a process killed."""
        text = self.told.read_text(errors="replace")
        return "INJECTED" in text or "killed by SIGKILL" in text

    def let_go(self) -> None:
        """Leave the process alone from now on."""
        if self.tracer.poll() is None:
            self.tracer.send_signal(signal.SIGTERM)
        self.tracer.wait(10)


@contextmanager
def grip(one: Started, calls: str, what: str, told: Path) -> Iterator[Grip]:
    """Inject `what` (as strace writes it: `signal=KILL:when=3`, `error=EIO:when=2+`) into `calls` of a command.

    A command that was started `held` goes on once it is held.
    """
    said = told.with_suffix(".err")
    with said.open("wb") as err:
        tracer = subprocess.Popen(
            ["strace", "-f", "-q", "-s", "0", "-o", str(told), "-e", f"trace={calls}", "-e", "signal=none",
             "-e", f"inject={calls}:{what}", "-p", str(one.pid)], stderr=err,
        )  # fmt: skip
    held = Grip(tracer, told)
    try:
        until(lambda: _is_traced(one.pid) or tracer.poll() is not None, 10, "a grip")
        assert tracer.poll() is None, said.read_text()
        os.kill(one.pid, signal.SIGCONT)
        yield held
    finally:
        held.let_go()


def _is_traced(pid: int) -> bool:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    return "TracerPid:\t0\n" not in text


def settle(one: Started, held: Grip, timeout_s: float = 60.0) -> int:
    """Wait for the end of a command that is held, and of what holds it. Gives its exit code."""
    code = one.wait(timeout_s)
    end = time.monotonic() + 10
    while held.tracer.poll() is None and time.monotonic() < end:
        time.sleep(0.005)
    return code
