"""Killed at random moments again and again, the daemon loses nothing, and repeats a message only under its key.

The number of kills is 25, with `--slow` 300, and what the environment's WATCHER_KILLS says where it does.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from acceptance.program import Program, until

from crash.world import World, world

SEED = int(os.environ.get("WATCHER_SEED", "1"))
_LIMIT_S = 30.0


def make(folder: Path, here: World) -> Program:
    """Write the config: one feed every second, both channels, everything worth an alert."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(
        '[storyline]\nuse = "any"\n[schedule]\nevery = "1s"\nmin = "1s"\nmax = "2s"\nrecheck = []\n'
        f'[fetch]\nper_host = 8\nallow_private = ["{here.host}"]\n'
        f'[[feed]]\nname = "wire"\nurl = "http://{here.host}/feed"\n'
        "[alerts]\nsince = 2020-01-01\nmin_confidence = 0.0\nburst = 100000\n"
        f'[alerts.email]\nhost = "127.0.0.1"\nport = {here.mail_port}\nsecurity = "none"\n'
        'from = "watcher@example.org"\nto = ["desk@example.org"]\n'
        f'[[alerts.webhook]]\nname = "desk"\nurl = "http://{here.host}/hook"\n'
    )
    return Program(folder)


def rows(program: Program, query: str) -> list[tuple[Any, ...]]:
    """Ask the state from outside."""
    with closing(sqlite3.connect(f"file:{program.state}/watcher.db?mode=ro", uri=True, timeout=10)) as db:
        return [tuple(row) for row in db.execute(query)]


@contextmanager
def left(program: Program) -> Iterator[sqlite3.Connection]:
    """Give the database as it was left, in a copy: reading may have to roll back, and the program is to recover its
    own.
    """
    with TemporaryDirectory(dir=program.folder) as copy:
        for part in ("", "-wal", "-journal"):
            if (file := program.state / f"watcher.db{part}").exists():
                shutil.copy(file, copy)
        with closing(sqlite3.connect(f"{copy}/watcher.db", timeout=10)) as db:
            yield db


def check_soundness(program: Program) -> None:
    """I7: the database is whole, whatever moment it was left at."""
    with left(program) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def check_nothing_lost(program: Program, here: World) -> None:
    """I1 to I4, told from outside: by what the origin served, what the receivers took, and the state at rest."""
    stored = rows(program, "SELECT identity, count(*) FROM entry GROUP BY identity")
    assert all(count == 1 for _, count in stored), "an entry was stored twice"
    kept = {name.rpartition("/")[2] for name, _ in stored}
    assert kept == {str(number) for number in range(len(here.stories))}, "an entry that was served is missing"
    judged = rows(
        program, "SELECT version.id, count(judgement.id) FROM version LEFT JOIN judgement ON version_id = version.id"
        " GROUP BY version.id"
    )  # fmt: skip
    assert len(judged) == len(here.stories)
    assert all(count == 1 for _, count in judged), "a version was not judged exactly once"
    alerts = rows(program, "SELECT key, channel, development_id, state FROM alert WHERE type LIKE 'development.%'")
    assert len({key for key, *_ in alerts}) == len(alerts)
    assert {state for *_, state in alerts} == {"sent"}
    flags = rows(program, "SELECT count(*) FROM judgement WHERE flagged")[0][0]
    for channel, taken in (("email", here.mail), ("webhook:desk", here.hook)):
        keys = {key for key, name, *_ in alerts if name == channel}
        assert len(keys) == flags, "a flag has not exactly one alert in a channel"
        assert keys == set(taken.keys), "taken and sent differ"
    assert all(len(subjects) == 1 for subjects in here.mail.subjects.values()), "one key for two messages"


def is_at_rest(program: Program, here: World) -> bool:
    """Whether everything published has been told."""
    try:
        left = rows(
            program, "SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM judgement),"
            " (SELECT count(*) FROM alert WHERE state = 'waiting')",
        )[0]  # fmt: skip
    except sqlite3.OperationalError:
        return False
    return left == (len(here.stories), len(here.stories), 0)


def _wait(dice: random.Random, here: World, process: subprocess.Popen[bytes]) -> None:
    """Wait for a moment to kill: within the start, at work after a poll, or while a message is being taken.

    Half of them fall into the start, for which forks of a warm process (`test_hundreds.py`) are no substitute.
    """
    polls, taken = len(here.polls), here.taken
    kind = dice.choice(["start", "start", "work", "tell"])
    if kind == "start":
        time.sleep(dice.uniform(0.05, 1.0))
        return
    until(lambda: len(here.polls) > polls or process.poll() is not None, 20, "a poll")
    end = time.monotonic() + 4
    while kind == "tell" and here.taken == taken and time.monotonic() < end:
        time.sleep(0.002)
    time.sleep(dice.uniform(0.0, 0.04) if kind == "tell" else dice.uniform(0.0, 1.6))


def kills() -> list[Any]:
    """The ordinary number, and the large one for who has time."""
    asked = os.environ.get("WATCHER_KILLS")
    if asked:
        return [pytest.param(int(asked), marks=pytest.mark.timeout(120 + 4 * int(asked)))]
    return [
        pytest.param(14, marks=pytest.mark.timeout(240)),
        pytest.param(300, marks=[pytest.mark.slow, pytest.mark.timeout(1800)]),
    ]


@pytest.mark.parametrize("count", kills())
def test_nothing_is_lost_by_kills(tmp_path: Path, count: int, record_property: Callable[[str, object], None]) -> None:
    """After any number of kills every entry is stored once, every version judged once, and every alert was taken by
    both receivers, which lose acknowledgements and put off, under its one key; the first poll comes soon after a start.
    """
    dice = random.Random(SEED)
    with world() as here:
        program = make(tmp_path, here)
        here.mail.loses = here.hook.loses = 0.1
        here.mail.busy = here.hook.busy = 0.1
        first_polls = []
        for _ in range(count):
            here.publish(dice.randint(1, 2))
            before, began = len(here.polls), time.monotonic()
            with program.daemon() as process:
                _wait(dice, here, process)
                assert process.poll() is None, program.log[-2000:]
                process.kill()
                process.wait(10)
            first_polls += [moment - began for moment in here.polls[before : before + 1]]
            if (program.state / "watcher.db").exists():
                check_soundness(program)
        here.publish(2)
        here.mail.loses = here.hook.loses = here.mail.busy = here.hook.busy = 0.0
        with program.daemon() as process:
            began, before = time.monotonic(), len(here.polls)
            until(lambda: len(here.polls) > before, 20, "the first poll")
            until(lambda: is_at_rest(program, here), _LIMIT_S + count, "everything told")
            process.terminate()
            assert process.wait(20) == 0
        check_soundness(program)
        check_nothing_lost(program, here)
        repeats = [len(taken.keys) - len(set(taken.keys)) for taken in (here.mail, here.hook)]
        told = len(set(here.mail.keys))
        record_property("kills, stories, alerts a channel, repeats", (count, len(here.stories), told, repeats))
        record_property("longest wait for the first poll in seconds", max(first_polls, default=0.0))
    assert "Traceback" not in program.log


def test_without_faults_nothing_is_repeated(tmp_path: Path) -> None:
    """I5: a daemon that is stopped properly and started again tells nothing twice."""
    with world() as here:
        program = make(tmp_path, here)
        for _ in range(2):
            here.publish(4)
            with program.daemon() as process:
                until(lambda: is_at_rest(program, here), _LIMIT_S, "everything told")
                process.terminate()
                assert process.wait(20) == 0
        check_nothing_lost(program, here)
        assert len(here.mail.keys) == len(set(here.mail.keys))
        assert len(here.hook.keys) == len(set(here.hook.keys))
