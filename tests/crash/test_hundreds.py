"""Walks, daemons and decisions killed at hundreds of random moments, with receivers that lose acknowledgements.

Everything runs as a fork of a warm process, so that most moments fall into the work and not into the start; the start
has its turn in `test_kills.py`. The number of kills is 190, and what WATCHER_KILLS says where it does: `make kills`.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from acceptance.program import Program, until

from crash.test_kills import SEED, check_nothing_lost, check_soundness, is_at_rest, make, rows
from crash.warm import Nursery, Started, nursery
from crash.world import World, world

KILLS = int(os.environ.get("WATCHER_KILLS", "190"))
# not "later": what a development that was put off gains is told to nobody, and every flag shall be told here
_DECISIONS = ("accept", "dismiss", "undo")


@dataclass
class Siege:
    """A state under attack, and what was acknowledged to the person who decides: each decision, and each taken back."""

    program: Program
    here: World
    warm: Nursery
    dice: random.Random
    made: list[int] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    def kill(self, one: Started, moment_s: float) -> bool:
        """Kill a command at a moment, unless it comes to its end before. Gives whether it was killed."""
        one.code(moment_s)
        one.kill()
        code = one.wait()
        assert code in (0, -9), self.program.log[-2000:]
        return code == -9

    def strike(self, usual_s: float) -> None:
        """Start something and kill it. `usual_s` is what a walk takes."""
        dice = self.dice
        kind = dice.choices(["once", "run", "decide"], [70, 10, 20])[0]
        if kind == "decide" and self._decide():
            return
        if dice.random() < 0.4:
            self.here.publish(1)
        command = ("once", "--all") if kind != "run" else ("run",)
        one = self.warm.start(self.program, *command)
        moment_s = dice.uniform(0.0, 1.1 * usual_s) if kind != "run" else dice.uniform(0.0, 2.5)
        self.kinds[kind] += self.kill(one, moment_s)

    def _decide(self) -> bool:
        """Make or take back a decision, killed at a moment: acknowledged it is kept, else whole or absent."""
        if not (self.program.state / "watcher.db").exists():
            return False
        before = self.decisions()
        waiting = self._ask("SELECT id FROM development WHERE status = 'open'")
        kind = self.dice.choice(_DECISIONS)
        if (kind == "undo" and not before) or (kind != "undo" and not waiting):
            return False
        args = (kind,) if kind == "undo" else (kind, f"D{self.dice.choice(waiting)[0]}")
        killed = self.kill(self.warm.start(self.program, *args), self.dice.uniform(0.0, 0.12))
        self.kinds["decide"] += killed
        after = self.decisions()
        changed = len(before ^ after)
        assert changed <= 1
        assert killed or changed == 1, "acknowledged and not kept"
        self.made = sorted(after)
        return True

    def decisions(self) -> set[int]:
        """The decisions that stand."""
        return {number for (number,) in self._ask("SELECT id FROM decision WHERE undone_at IS NULL")}

    def _ask(self, query: str) -> list[tuple[int]]:
        """Ask a copy of the state, as it was left: the program is to recover its own."""
        with TemporaryDirectory(dir=self.program.folder) as copy:
            shutil.copytree(self.program.state, f"{copy}/state")
            return rows(Program(Path(copy)), query)


@pytest.mark.timeout(200 + 3 * KILLS)
def test_nothing_is_lost_by_hundreds_of_kills(in_memory: Path, record_property: Callable[[str, object], None]) -> None:
    """After hundreds of kills every entry is stored once, every version judged once, every decision that was
    acknowledged stands, and every alert was taken by both receivers under its one key; the state was sound each time.
    """
    with world() as here, nursery() as warm:
        warm.warm_up(make(in_memory / "warm", here))
        here.publish(2)
        program = make(in_memory / "state", here)
        siege = Siege(program, here, warm, random.Random(SEED))
        here.mail.loses = here.hook.loses = here.mail.busy = here.hook.busy = 0.1
        began = time.monotonic()
        warm.run(make(in_memory / "usual", here), "once", "--all")
        usual_s = time.monotonic() - began
        here.mail.keys.clear(), here.hook.keys.clear(), here.mail.subjects.clear()
        while siege.kinds.total() < KILLS:
            siege.strike(usual_s)
            if (program.state / "watcher.db").exists():
                check_soundness(program)
        here.publish(2)
        here.mail.loses = here.hook.loses = here.mail.busy = here.hook.busy = 0.0
        one = warm.start(program, "run")
        until(lambda: is_at_rest(program, here), 120 + KILLS / 5, "everything told")
        one.kill(15)
        assert one.wait(20) == 0
        check_soundness(program)
        check_nothing_lost(program, here)
        assert siege.made == sorted(siege.decisions())
        assert "Traceback" not in program.log
        repeats = [len(taken.keys) - len(set(taken.keys)) for taken in (here.mail, here.hook)]
        told = len(set(here.mail.keys))
        record_property(
            "kills, stories, alerts a channel, repeats", str((siege.kinds, len(here.stories), told, repeats))
        )
