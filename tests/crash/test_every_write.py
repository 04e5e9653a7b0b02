"""Killed at any system call that writes, a walk, a decision, a migration, a backup and a restore lose nothing.

`strace` kills the program as it enters its n-th `pwrite64`, `fdatasync`, `rename`, `sendto` and so on: some of each,
and with `--slow` every single one, until the program comes to its end.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from acceptance.program import Program

from crash.stage import Stage, stage, to_first_schema
from crash.strace import need_strace
from crash.test_kills import check_soundness, left, rows

KILLED = -9
SOME = 2
ANSWERS = "a\n\nd\nno\nl\n"
SAID = ("is now the event", "is dismissed", "comes back")
_how_many = pytest.mark.parametrize(
    "every", [False, pytest.param(True, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])], ids=["some", "every"]
)


@pytest.fixture(scope="module")
def here(in_memory: Path) -> Iterator[Stage]:
    """Give the servers, the warm process and a state."""
    need_strace()
    with stage(in_memory) as set_up:
        yield set_up


def points(here: Stage, program: Program, args: tuple[str, ...], every: bool, stdin: str = "") -> list[tuple[str, int]]:
    """Run a command once to see what it writes; give the calls to kill it at."""
    chosen = []
    for call, made in here.count(program, args, stdin).items():
        numbers = range(1, made + 1)
        step = 1 if every else max(1, -(-made // SOME))
        chosen += [(call, number) for number in numbers[made % step // 2 :: step]]
    assert len(chosen) >= 4, "the program writes more than that"
    shutil.rmtree(program.folder)
    return chosen


def sweep(
    here: Stage,
    make: Callable[[], Program],
    args: tuple[str, ...],
    every: bool,
    check: Callable[[Program, int], None],
    stdin: str = "",
) -> None:
    """Kill a command at each point, on a new state each time, and check what is left by how it ended."""
    killed = 0
    chosen = points(here, make(), args, every, stdin)
    for call, number in chosen:
        program = make()
        code = here.kill_at(program, args, call, number, stdin)
        assert code in (0, KILLED), (call, number, program.log[-2000:])
        killed += code == KILLED
        try:
            if (program.state / "watcher.db").exists():
                check_soundness(program)
            check(program, code)
        except AssertionError as error:
            error.add_note(f"killed at {call} number {number}: {program.folder}")
            raise
        shutil.rmtree(program.folder)
    # threads take turns as they like: a call that was made by one may be made by another the next time
    assert killed >= 0.9 * len(chosen)


@_how_many
def test_a_walk_killed_at_a_write(here: Stage, every: bool) -> None:
    """The first walk, from making the state to the last acknowledgement: the next one finds and tells everything once,
    with no key told for two things.
    """
    sweep(here, here.new, ("once", "--all"), every, lambda program, _: here.check_whole(program))


def _decisions(program: Program) -> list[str]:
    with left(program) as db:
        return [kind for (kind,) in db.execute("SELECT kind FROM decision ORDER BY id")]


@_how_many
@pytest.mark.parametrize("command", ["accept", "dismiss", "later"])
def test_a_decision_killed_at_a_write(here: Stage, command: str, every: bool) -> None:
    """A decision that was acknowledged is kept; one that was not is whole or absent, and can be made again."""

    def check(program: Program, code: int) -> None:
        made = _decisions(program)
        said = any(word in program.log for word in SAID)
        assert made == [command] or (not made and not said and code == KILLED)
        status = {"accept": "accepted", "dismiss": "dismissed", "later": "later"}[command]
        assert rows(program, "SELECT status FROM development WHERE id = 2") == [(status if made else "open",)]
        if not made:
            assert here.warm.run(program, command, "D2") == 0, program.log[-2000:]
        assert _decisions(program) == [command]
        assert rows(program, "SELECT count(*) FROM event") == [(int(command == "accept"),)]
        here.check_whole(program)

    sweep(here, here.walked, (command, "D2"), every, check)


@_how_many
def test_taking_back_killed_at_a_write(here: Stage, every: bool) -> None:
    """What was accepted is taken back as a whole, or not at all and then by the next `undo`."""

    def accepted() -> Program:
        program = here.walked()
        assert here.warm.run(program, "accept", "D2") == 0
        return program

    def check(program: Program, code: int) -> None:
        status = rows(program, "SELECT status FROM development WHERE id = 2")[0][0]
        assert rows(program, "SELECT count(*) FROM event") == [(int(status == "accepted"),)]
        if status == "accepted":
            assert "Taken back" not in program.log
            assert here.warm.run(program, "undo") == 0
        assert rows(program, "SELECT status FROM development WHERE id = 2") == [("open",)]
        assert rows(program, "SELECT count(*) FROM event") == [(0,)]

    sweep(here, accepted, ("undo",), every, check)


@_how_many
def test_a_review_killed_at_a_write(here: Stage, every: bool) -> None:
    """Of three answers in one review every one that was acknowledged is kept, in order; no other is half there."""

    def check(program: Program, code: int) -> None:
        made = _decisions(program)
        assert made == ["accept", "dismiss", "later"][: len(made)]
        assert len(made) >= sum(word in program.log for word in SAID)
        counted = rows(program, "SELECT status, count(*) FROM development GROUP BY status")
        expected = {"accepted": 1, "dismissed": 1, "later": 1}
        names = list(expected)[: len(made)]
        left = {"open": 3 - len(made)} if len(made) < 3 else {}
        assert dict(counted) == dict.fromkeys(names, 1) | left
        here.check_whole(program)

    sweep(here, here.walked, ("review", "--plain"), every, check, ANSWERS)


@_how_many
def test_a_migration_killed_at_a_write(here: Stage, every: bool) -> None:
    """A state of the first schema is migrated as a whole or not at all; the copy that is taken before is whole under
    its name, or has none; the next start completes it, and nothing of what was there is lost.
    """

    def old() -> Program:
        program = here.walked()
        to_first_schema(program.state)
        return program

    def check(program: Program, code: int) -> None:
        copy = program.state / "watcher.db.schema-1"
        here.check_whole(program)
        with closing(sqlite3.connect(copy)) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert db.execute("PRAGMA user_version").fetchone() == (1,)
            assert db.execute("SELECT count(*) FROM version").fetchone() == (3,)

    sweep(here, old, ("once", "--all"), every, check)


@_how_many
def test_a_backup_killed_at_a_write(here: Stage, tmp_path: Path, every: bool) -> None:
    """Under the name of the copy stands a whole copy or nothing, and the next backup to that name is not held up."""
    copy = tmp_path / "copy.db"

    def walked() -> Program:
        copy.unlink(missing_ok=True)
        return here.walked()

    def check(program: Program, code: int) -> None:
        if not copy.exists():
            assert here.warm.run(program, "backup", str(copy)) == 0, program.log[-2000:]
        assert here.warm.run(program, "restore", "--dry-run", str(copy)) == 0, program.log[-2000:]
        with closing(sqlite3.connect(copy)) as db:
            assert db.execute("SELECT count(*) FROM version").fetchone() == (3,)
        assert [file.name for file in tmp_path.iterdir()] == [copy.name]
        here.check_whole(program)

    sweep(here, walked, ("backup", str(copy)), every, check)


@_how_many
def test_a_restore_killed_at_a_write(here: Stage, tmp_path: Path, every: bool) -> None:
    """At every moment the state is the one before or the one of the copy, whole; a second try completes it."""
    copy = tmp_path / "copy.db"
    assert here.warm.run(here.walked(), "backup", str(copy)) == 0

    def dismissed() -> Program:
        program = here.walked()
        assert here.warm.run(program, "dismiss", "D2") == 0
        return program

    def check(program: Program, code: int) -> None:
        assert _decisions(program) in (["dismiss"], [])
        assert here.warm.run(program, "restore", "--verify", str(copy)) == 0, program.log[-2000:]
        assert _decisions(program) == []
        kept = list(program.state.glob("watcher.db.before-restore-*Z"))
        assert kept
        here.check_whole(program)

    sweep(here, dismissed, ("restore", "--verify", str(copy)), every, check)
