"""The program as a person starts it: another process, with a config file and an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NOT_OURS = ("WATCHER_CONFIG", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "CREDENTIALS_DIRECTORY",
            "JOURNAL_STREAM", "NO_COLOR", "XDG_CONFIG_HOME")  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


@dataclass
class Program:
    """The program in a folder with a config file."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        """The config file."""
        return self.folder / "config.toml"

    @property
    def state(self) -> Path:
        """The state directory."""
        return self.folder / "state"

    def environment(self) -> dict[str, str]:
        """Give the environment commands run in: ours without what would lead them elsewhere."""
        kept = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        return {**kept, "HOME": str(self.folder), "TZ": "UTC", **self.env}

    def argv(self, *args: str) -> list[str]:
        """Give the command line."""
        return [sys.executable, "-m", "watcher", "--config", str(self.config), *args]

    def run(self, *args: str, stdin: str = "", timeout_s: float = 100.0) -> Answer:
        """Run a command to its end."""
        done = subprocess.run(
            self.argv(*args), input=stdin, capture_output=True, text=True, timeout=timeout_s, cwd=self.folder,
            env=self.environment(), check=False,
        )  # fmt: skip
        return Answer(done.returncode, done.stdout, done.stderr)

    def ask(self, *args: str, stdin: str = "") -> Any:
        """Run a command that must succeed and give its JSON document."""
        answer = self.run(*args, "--json", stdin=stdin)
        assert answer.code == 0, answer
        return answer.json

    def walk(self, *args: str) -> Any:
        """Take one walk of everything and give its counts."""
        return self.ask("once", "--all", *args)

    @contextmanager
    def daemon(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run the daemon for the length of a block; its log goes to `daemon.log`. It is killed if it still runs."""
        with (self.folder / "daemon.log").open("ab") as log:
            process = subprocess.Popen(
                self.argv("run"), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                env=self.environment(),
            )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(30)

    @property
    def log(self) -> str:
        """What the daemons of this folder have logged so far."""
        return (self.folder / "daemon.log").read_text(encoding="utf-8", errors="replace")


def until(holds: Callable[[], Any], timeout_s: float, what: str) -> Any:
    """Wait until something holds and give it; fail after the time with what was waited for."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        found = holds()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {timeout_s} s: {what}")


def write_config(folder: Path, *, feeds: dict[str, str], allow: list[str], head: str = "", tail: str = "") -> Program:
    """Write a config that watches feeds (name -> address) without pauses; `head` is put first, `tail` last."""
    told = [
        head,
        "[schedule]", 'every = "1s"', 'min = "1s"', 'max = "5s"', "recheck = []",
        "[fetch]", 'timeout = "30s"', "per_host = 8", f"allow_private = {json.dumps(allow)}",
    ]  # fmt: skip
    for name, url in feeds.items():
        told += ["[[feed]]", f"name = {json.dumps(name)}", f"url = {json.dumps(url)}"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text("\n".join([*told, tail, ""]), encoding="utf-8")
    return Program(folder)
