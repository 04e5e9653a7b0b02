"""A feed turns into something else: that is told once, and what it brings makes no storm."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from crash.test_kills import make, rows
from crash.warm import InProcess
from crash.world import world
from watcher import wiring
from watcher.edges.config_file import load

_HEALTH = "SELECT channel FROM alert WHERE type = 'health.changed' ORDER BY 1"


def test_a_feed_in_other_hands_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the address of a feed brings another feed, with another name and none but unknown entries, one message says
    so in each channel, however long it stays so and however often the old feed is there in between; `watcher feeds`
    says it, too; its old name ends it with another one when it stood for days.
    """
    real, passed = wiring.now, timedelta()
    monkeypatch.setattr(wiring, "Workers", InProcess)
    monkeypatch.setattr(wiring, "now", lambda: real() + passed)
    turns = [("Wire", 9, 0), ("Casino Bonus", 4, 0), ("Casino Bonus", 5, 0), ("Wire", 9, 0), ("Casino Bonus", 5, 2),
             ("Wire", 9, 2), ("Wire", 9, 4), ("Wire", 9, 6)]  # fmt: skip

    async def work() -> None:
        nonlocal passed
        async with wiring.opened(wiring.prepare(load(program.config))) as watcher:
            for title, holds, days in turns:
                here.title, here.holds, passed = title, holds, timedelta(days=days)
                here.publish(4 if holds == 4 else 1)
                await watcher.walk(everything=True)
                for _ in range(3):
                    await watcher.health.step()
                told.append(len(rows(program, _HEALTH)))
                notes.append(rows(program, "SELECT note FROM feed")[0][0])

    told: list[int] = []
    notes: list[str] = []
    with world() as here:
        program = make(tmp_path, here)
        asyncio.run(work())
        assert told == [0, 2, 2, 2, 2, 2, 2, 4]
        assert not notes[0]
        assert all("Casino Bonus" in note for note in notes[1:7])
        assert not notes[7]
        asyncio.run(wiring.walk_once(load(program.config)))
        assert "may be in other hands" in "".join(str(row) for row in rows(program, "SELECT body FROM alert"))
