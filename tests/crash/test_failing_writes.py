"""The n-th write fails, for every n: what was not saved is done again, and nothing is saved by half."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crash.test_kills import check_nothing_lost, check_soundness, make
from crash.warm import InProcess
from crash.world import world
from watcher import wiring
from watcher.config import Config
from watcher.edges.config_file import load
from watcher.errors import WatcherError
from watcher.flow import learn
from watcher.store.database import Placed, open_state

_WRITES = ("INSERT", "UPDATE", "DELETE", "BEGIN", "COMMIT", "CREATE")
_connect = sqlite3.connect


@dataclass
class Fault:
    """Which write fails (0: none), how many there were, and whether it was reached."""

    at: int = 0
    seen: int = 0

    @property
    def reached(self) -> bool:
        """Whether a write failed."""
        return 0 < self.at <= self.seen

    def meet(self, sql: str) -> None:
        """Count a statement; raise where it is the one that fails."""
        if sql.lstrip()[:6].upper().startswith(_WRITES):
            self.seen += 1
            if self.seen == self.at:
                raise sqlite3.OperationalError("disk I/O error")


FAULT = Fault()


class _Failing(Placed):
    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        """Execute, unless it is this one's turn to fail."""
        FAULT.meet(sql)
        return super().execute(sql, *args)

    def executemany(self, sql: str, *args: Any) -> sqlite3.Cursor:
        """Execute, unless it is this one's turn to fail."""
        FAULT.meet(sql)
        return super().executemany(sql, *args)


@pytest.fixture(autouse=True)
def _failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def connect(*args: Any, **more: Any) -> sqlite3.Connection:
        # a new state is made beside its place and thrown away when that fails
        return _connect(*args, **(more | {"factory": _Failing} if "factory" in more else more))  # type: ignore[no-any-return]

    monkeypatch.setattr("watcher.wiring.Workers", InProcess)
    monkeypatch.setattr("watcher.store.database.sqlite3.connect", connect)
    yield
    FAULT.at = 0


def walk(config: Config, fail_at: int = 0) -> None:
    """Walk once, with one write that fails where asked for; that a whole walk fails over it is no fault."""
    FAULT.at, FAULT.seen = fail_at, 0
    with suppress(WatcherError, sqlite3.OperationalError):
        asyncio.run(wiring.walk_once(config, everything=True))


def steps() -> list[Any]:
    """Some of the writes, and with `--slow` every single one."""
    return [
        pytest.param(11, id="some"),
        pytest.param(1, id="every", marks=[pytest.mark.slow, pytest.mark.timeout(900)]),
    ]


@pytest.mark.parametrize("step", steps())
def test_a_walk_survives_every_failing_write(tmp_path: Path, step: int) -> None:
    """Whichever write of a walk fails (of gather, read, judge or deliver), the next walk finds every entry once, every
    version judged once, every alert told under its one key, and a sound database.
    """
    number = 1
    while True:
        with world() as here:
            program = make(tmp_path / str(number), here)
            here.publish(2)
            config = load(program.config)
            walk(config, number)
            reached = FAULT.reached
            walk(config)
            walk(config)
            check_soundness(program)
            check_nothing_lost(program, here)
        if not reached:
            break
        number += step
    assert number > 40, "a walk writes more than that"


@pytest.mark.parametrize("decision", ["accept", "dismiss", "undo"])
def test_a_decision_is_whole_or_absent(tmp_path: Path, decision: str) -> None:
    """Whichever write of a decision fails, the state is as it was before; without a failure it is kept."""
    with world() as here:
        program = make(tmp_path / "walked", here)
        here.publish(1)
        config = load(program.config)
        walk(config)
    if decision == "undo":
        with closing(open_state(config.state.dir)) as db:
            learn.accept(db, 1, "D1", now=wiring.now())
    number, failed = 0, True
    while failed:
        number += 1
        folder = tmp_path / str(number)
        shutil.copytree(config.state.dir, folder)
        with closing(open_state(folder)) as db:
            before = list(db.iterdump())
            FAULT.at, FAULT.seen = number, 0
            with suppress(sqlite3.OperationalError):
                _decide(db, decision)
            failed, FAULT.at = FAULT.reached, 0
            assert (list(db.iterdump()) == before) is failed
        shutil.rmtree(folder)
    assert number > 3


def _decide(db: sqlite3.Connection, decision: str) -> None:
    if decision == "accept":
        learn.accept(db, 1, "D1", now=wiring.now())
    elif decision == "dismiss":
        learn.dismiss(db, 1, "D1", now=wiring.now(), reason="no")
    else:
        learn.undo(db, 1, now=wiring.now())
