"""The disk fails for a moment or for a while: nothing is broken, nothing crashes, and work goes on by itself."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from acceptance.program import until

from crash.stage import Stage, stage
from crash.strace import need_strace
from crash.test_kills import check_soundness, is_at_rest, rows

_FILES = ("pwrite64", "fdatasync", "ftruncate", "unlink", "mkdir", "openat")


@pytest.fixture(scope="module")
def here(in_memory: Path) -> Iterator[Stage]:
    """Give the servers, the warm process and a state."""
    need_strace()
    with stage(in_memory) as set_up:
        yield set_up


@pytest.mark.parametrize(
    "step", [97, pytest.param(1, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])], ids=["some", "every"]
)
def test_one_call_that_fails(here: Stage, step: int) -> None:
    """Whichever write of a walk fails, as on a broken or a full disk, it ends with a word and no trace, and the next
    walk completes it.
    """
    for call in _FILES:
        number, hit = 1 + step // 20, True
        while hit:
            program, error = here.new(), ("EIO", "ENOSPC")[number % 2]
            with here.struck(program, ("once", "--all"), call, f"error={error}:when={number}") as (one, held):
                code = one.wait(60)
                held.let_go()
                hit = held.hit
            assert code in (0, 1, 75), (call, number, program.log[-2000:])
            assert "Traceback" not in program.log, (call, number, program.log[-2000:])
            if hit:
                here.check_whole(program)
            shutil.rmtree(program.folder)
            number += step


@pytest.mark.parametrize(
    ("calls", "error", "again_s"),
    [
        ("pwrite64,fdatasync", "EIO", 20),
        ("pwrite64", "ENOSPC", 20),
        # a page that could not be had is asked for again after a minute
        pytest.param("openat,socket,pipe2", "EMFILE", 100, marks=[pytest.mark.slow, pytest.mark.timeout(300)]),
    ],
)
def test_a_while_of_failing_calls(here: Stage, calls: str, error: str, again_s: float) -> None:
    """While every write fails, or no file can be opened, the daemon lives and rests between its tries; when it can
    write again it goes on by itself, and everything is told once.
    """
    program = here.walked()
    one = here.warm.start(program, "run")
    until(lambda: "watching 1 feed for" in program.log, 30, "the start")
    with here.struck_later(program, one, calls, f"error={error}:when=1+") as held:
        polls = len(here.here.polls)
        here.here.publish(1)
        until(lambda: held.hit, 20, "a failing call")
        time.sleep(3)
        assert one.code() is None, program.log[-2000:]
        assert len(here.here.polls) - polls < 10, "it asks on and on"
        errors = program.log.count("ERROR")
        held.let_go()
    assert errors < 20, "it tells it again and again"
    until(lambda: is_at_rest(program, here.here), again_s, "everything told")
    one.kill(15)
    assert one.wait(20) == 0
    check_soundness(program)
    here.check_whole(program)


@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_a_decision_on_a_failing_disk(here: Stage, error: str) -> None:
    """A decision that cannot be written ends with 1 and a word; it is absent, and can be made later."""
    program = here.walked()
    with here.struck(program, ("accept", "D2"), "pwrite64,fdatasync", f"error={error}:when=1+") as (one, held):
        assert one.wait(60) == 1
        held.let_go()
    assert "Traceback" not in program.log
    assert "watcher.db: " in program.log
    check_soundness(program)
    assert rows(program, "SELECT count(*) FROM decision") == [(0,)]
    assert here.warm.run(program, "accept", "D2") == 0
    assert rows(program, "SELECT kind FROM decision") == [("accept",)]
