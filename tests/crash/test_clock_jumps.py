"""The clock jumps under a running daemon, and the machine sleeps: it goes on at once, and loses and repeats nothing."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from acceptance.program import Program, until

from crash.test_kills import check_nothing_lost, check_soundness, is_at_rest, make
from crash.world import World, world

_LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
_SOON_S = 60.0
_DAY = 86_400


def with_false_clock(program: Program) -> Path:
    """Let the program see a clock that is off by what a file says. Gives the file."""
    clock = program.folder / "clock"
    program.env |= {
        "LD_PRELOAD": str(_LIBRARIES[0]), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
        # as in life: what counts since the start of the machine does not jump
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    set_clock(clock, 0)
    return clock


def set_clock(clock: Path, seconds: int) -> None:
    """Set the false clock, all at once."""
    new = clock.with_suffix(".new")
    new.write_text(f"{seconds:+d}\n")
    new.rename(clock)


def goes_on(program: Program, here: World, what: str) -> None:
    """Publish, and see it told."""
    polls = len(here.polls)
    here.publish(1)
    until(lambda: len(here.polls) > polls, _SOON_S, f"a poll {what}")
    until(lambda: is_at_rest(program, here), _SOON_S, f"everything told {what}")


@pytest.mark.timeout(400)
def test_a_jump_under_a_running_daemon(tmp_path: Path) -> None:
    """Set forward or back by an hour (as by who confuses summer time), a day or a year, the daemon polls, reads, judges
    and tells what comes next, at once, and neither loses nor repeats anything.
    """
    if not _LIBRARIES:
        pytest.skip("libfaketime is not installed")
    with world() as here:
        program = make(tmp_path, here)
        clock = with_false_clock(program)
        with program.daemon() as process:
            goes_on(program, here, "before any jump")
            for seconds in (3600, -_DAY, 400 * _DAY, -400 * _DAY, 0):
                set_clock(clock, seconds)
                goes_on(program, here, f"at {seconds:+d} s")
            assert process.poll() is None
            process.terminate()
            assert process.wait(20) == 0
        check_soundness(program)
        check_nothing_lost(program, here)
        assert len(here.mail.keys) == len(set(here.mail.keys))
        assert "Traceback" not in program.log


@pytest.mark.timeout(400)
def test_a_jump_back_between_two_steps(tmp_path: Path) -> None:
    """Set back by a day between the poll that found an article and its reading, or before its alert is sent, the daemon
    reads, judges and tells it at once, not a day later.
    """
    if not _LIBRARIES:
        pytest.skip("libfaketime is not installed")
    with world() as here:
        program = make(tmp_path, here)
        clock = with_false_clock(program)
        with program.daemon():
            goes_on(program, here, "before any jump")
            for number, steps_s in enumerate((0.0, 0.5, 1.0, 1.5, 2.0)):
                polls = len(here.polls)
                here.publish(1)
                until(lambda polls=polls: len(here.polls) > polls, _SOON_S, "a poll")
                time.sleep(steps_s)
                set_clock(clock, -_DAY * (number + 1))
                until(lambda: is_at_rest(program, here), _SOON_S, f"everything told {steps_s} s after the poll")
        check_nothing_lost(program, here)


def test_a_sleep_of_the_machine(tmp_path: Path) -> None:
    """A daemon that stood still goes on within a poll: no storm of missed polls, nothing lost, nothing repeated."""
    with world() as here:
        program = make(tmp_path, here)
        with program.daemon() as process:
            goes_on(program, here, "before the sleep")
            os.kill(process.pid, signal.SIGSTOP)
            polls = len(here.polls)
            here.publish(2)
            time.sleep(6)
            assert len(here.polls) <= polls + 1
            os.kill(process.pid, signal.SIGCONT)
            until(lambda: len(here.polls) > polls, 10, "a poll after the sleep")
            time.sleep(1)
            assert len(here.polls) <= polls + 4, "it makes up for the polls it missed"
            until(lambda: is_at_rest(program, here), _SOON_S, "everything told")
            process.terminate()
            assert process.wait(20) == 0
        check_nothing_lost(program, here)
        assert len(here.mail.keys) == len(set(here.mail.keys))
