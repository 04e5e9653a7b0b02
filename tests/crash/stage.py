"""One world and one warm process for many commands, each on a state of its own that was made once."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from importlib import resources
from itertools import count
from pathlib import Path

from acceptance.program import Program

from crash.strace import WRITES, Grip, grip, settle
from crash.test_kills import check_nothing_lost, check_soundness, is_at_rest, make
from crash.warm import Nursery, Started, nursery
from crash.world import Taken, World, world


@dataclass
class Stage:
    """The servers, the warm process, and a folder whose state knows the first three stories."""

    folder: Path
    here: World
    warm: Nursery
    _taken: tuple[Taken, Taken] | None = None
    _numbers: Iterator[int] = field(default_factory=count)

    def build(self) -> None:
        """Walk over three stories; keep the state, and what the receivers had by then."""
        program = make(self.folder / "walked", self.here)
        self.here.publish(3)
        self.warm.warm_up(program)
        self._taken = deepcopy((self.here.mail, self.here.hook))

    def new(self) -> Program:
        """Give a program that has no state yet; the receivers have had nothing."""
        self.here.mail, self.here.hook = Taken(), Taken()
        return make(self.folder / str(next(self._numbers)), self.here)

    def walked(self) -> Program:
        """Give a program with a copy of the state; the receivers have had what it has sent."""
        assert self._taken is not None
        program = self.new()
        shutil.copytree(self.folder / "walked/state", program.state)
        self.here.mail, self.here.hook = deepcopy(self._taken)
        return program

    @contextmanager
    def struck(self, program: Program, args: tuple[str, ...], calls: str, what: str, stdin: str = "") -> Iterator[
        tuple[Started, Grip]
    ]:  # fmt: skip
        """Start a command with a fault in its system calls."""
        one = self.warm.start(program, *args, stdin=stdin, held=True)
        with grip(one, calls, what, program.folder / "calls") as held:
            yield one, held

    def struck_later(self, program: Program, one: Started, calls: str, what: str) -> AbstractContextManager[Grip]:
        """Let the system calls of a command that runs already fail for a while."""
        return grip(one, calls, what, program.folder / "calls")

    def kill_at(self, program: Program, args: tuple[str, ...], call: str, number: int, stdin: str = "") -> int:
        """Run a command that is killed at its n-th call of a kind. Gives how it ended: -9, or its exit code."""
        with self.struck(program, args, call, f"signal=KILL:when={number}", stdin) as (one, held):
            return settle(one, held)

    def count(self, program: Program, args: tuple[str, ...], stdin: str = "") -> dict[str, int]:
        """Run a command and count its writing calls: for each kind the most that one thread made."""
        calls = ",".join(WRITES)
        with self.struck(program, args, calls, "error=EIO:when=65535", stdin) as (one, held):
            assert settle(one, held) == 0, program.log[-2000:]
        made: dict[tuple[str, str], int] = {}
        for line in held.told.read_text(errors="replace").splitlines():
            thread, _, rest = line.partition(" ")
            name = rest.strip().partition("(")[0]
            if name in WRITES:
                made[name, thread] = made.get((name, thread), 0) + 1
        return {call: max((n for (name, _), n in made.items() if name == call), default=0) for call in WRITES}

    def check_whole(self, program: Program) -> None:
        """Walk on without faults, and find everything once: in the state and at the receivers."""
        check_soundness(program)
        for _ in range(4):
            assert self.warm.run(program, "once", "--all") == 0, program.log[-2000:]
            if is_at_rest(program, self.here):
                break
        check_soundness(program)
        check_nothing_lost(program, self.here)
        assert "Traceback" not in program.log


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Set one up for the length of a block."""
    with world() as here, nursery() as warm:
        set_up = Stage(folder, here, warm)
        set_up.build()
        yield set_up


def to_first_schema(state: Path) -> None:
    """Write a state anew as the first version of the program would have."""
    path, old = state / "watcher.db", state / "first.db"
    script = (resources.files("watcher.store") / "migrations/0001_first.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(old, isolation_level=None)) as db:
        db.executescript(script)
        db.execute("PRAGMA user_version = 1")
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("ATTACH ? AS new", (str(path),))
        for (table,) in db.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'").fetchall():
            columns = ", ".join(f'"{row[1]}"' for row in db.execute(f"PRAGMA main.table_info({table})"))
            db.execute(f"DELETE FROM main.{table}")
            db.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
        db.execute("DETACH new")
    for part in ("", "-wal", "-shm"):
        (state / f"watcher.db{part}").unlink(missing_ok=True)
    old.chmod(0o600)
    old.rename(path)
