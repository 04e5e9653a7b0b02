"""The daemon under watch: started with our name service, its memory sampled, its ends measured."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from acceptance.program import Program

LAUNCH = Path(__file__).with_name("launch.py")
_MIB = 2**20


@dataclass
class Memory:
    """The most that was held at any sample, in MiB: by the daemon alone, and by it with its workers (shared once)."""

    daemon: float = 0.0
    tree: float = 0.0
    samples: int = 0

    def sample(self, pid: int) -> None:
        """Look once. Processes that end meanwhile count for nothing."""
        held = [_pss_mib(one) for one in (pid, *_children(pid))]
        self.daemon, self.tree = max(self.daemon, _rss_mib(pid)), max(self.tree, sum(held))
        self.samples += 1


@dataclass
class Watched(Program):
    """A program whose daemon runs with names of our making."""

    memory: Memory = field(default_factory=Memory)

    @property
    def dialled(self) -> list[tuple[str, int]]:
        """Every address and port a connection was opened to."""
        file = self.folder / "dialled"
        rows = [line.split() for line in file.read_text("ascii").splitlines()] if file.exists() else []
        return [(host, int(port)) for host, port in rows]

    @contextmanager
    def watched(self, names: Path) -> Iterator[subprocess.Popen[bytes]]:
        """Run the daemon for the length of a block, and look at its memory all the time."""
        files = [str(self.folder / name) for name in ("dialled", "held")]
        argv = [sys.executable, str(LAUNCH), str(names), *files, "--config", str(self.config), "run"]
        with (self.folder / "daemon.log").open("ab") as log:
            process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, env=self.environment()
            )
        stop = threading.Event()
        watch = threading.Thread(target=self._watch, args=(process.pid, stop), daemon=True)
        watch.start()
        try:
            yield process
        finally:
            stop.set()
            watch.join(10)
            if process.poll() is None:
                process.kill()
            process.wait(30)

    def ask_state(self, query: str) -> Any:
        """One value of the state, read beside the daemon; None while there is none."""
        try:
            db = sqlite3.connect(f"file:{self.state}/watcher.db?mode=ro", uri=True, timeout=5)
        except sqlite3.OperationalError:
            return None
        try:
            row = db.execute(query).fetchone()
        except sqlite3.OperationalError:
            return None
        finally:
            db.close()
        return row[0] if row else None

    def _watch(self, pid: int, stop: threading.Event) -> None:
        while not stop.wait(0.15):
            self.memory.sample(pid)


def settle(holds: Callable[[], bool], timeout_s: float) -> float:
    """Wait until something holds and give how long it took; the time itself when it never did."""
    began = time.monotonic()
    while time.monotonic() - began < timeout_s:
        if holds():
            return time.monotonic() - began
        time.sleep(0.2)
    return timeout_s


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _rss_mib(pid: int) -> float:
    return _field(Path(f"/proc/{pid}/status"), "VmRSS:") / 1024


def _pss_mib(pid: int) -> float:
    return _field(Path(f"/proc/{pid}/smaps_rollup"), "Pss:") / 1024


def _field(file: Path, name: str) -> int:
    try:
        return next((int(line.split()[1]) for line in file.read_text().splitlines() if line.startswith(name)), 0)
    except OSError:
        return 0
