"""A feed turns into something else: that is told once, and what it brings makes no storm."""

from __future__ import annotations

import asyncio
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
    so in each channel, however long it stays so; `watcher feeds` says it, too; its old name ends it with another one.
    """
    monkeypatch.setattr(wiring, "Workers", InProcess)

    async def work() -> None:
        async with wiring.opened(wiring.prepare(load(program.config))) as watcher:
            for title, holds in [("Wire", 9), ("Casino Bonus", 4), ("Casino Bonus", 5), ("Wire", 9)]:
                here.title, here.holds = title, holds
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
        assert told == [0, 2, 2, 4]
        assert "Casino Bonus" in notes[1]
        assert "Casino Bonus" in notes[2]
        assert not notes[3]
        asyncio.run(wiring.walk_once(load(program.config)))
        assert "may be in other hands" in "".join(str(row) for row in rows(program, "SELECT body FROM alert"))
