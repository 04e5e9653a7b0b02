"""Months of work: what the judge remembers does not pile up."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crash.test_kills import make
from crash.warm import InProcess
from crash.world import world
from watcher import wiring
from watcher.edges.config_file import load
from watcher.flow import judge


def test_the_memory_is_made_anew_every_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a day the judge adds to its memory; after a day it is read anew, without what is too old to compare with;
    so a daemon that runs for months knows what one would know that was started today.
    """
    days, made, real_now, real_recall = [0.0], [], wiring.now, judge.recall

    def recall(*args: Any) -> Any:
        made.append(days[0])
        return real_recall(*args)

    monkeypatch.setattr(wiring, "Workers", InProcess)
    monkeypatch.setattr(wiring, "now", lambda: real_now() + timedelta(days=days[0]))
    monkeypatch.setattr(judge, "recall", recall)

    async def work() -> None:
        async with wiring.opened(wiring.prepare(load(program.config))) as watcher:
            for day in (0.0, 0.5, 1.5, 2.0, -30.0):
                days[0] = day
                here.publish(1)
                await watcher.walk(everything=True)

    with world() as here:
        program = make(tmp_path, here)
        asyncio.run(work())
    assert made == [0.0, 1.5, -30.0]
