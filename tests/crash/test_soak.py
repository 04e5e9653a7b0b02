"""Hours of ordinary work: memory stays flat, files do not pile up, nothing is lost.

Runs only when `WATCHER_SOAK_S` says for how many seconds: `make soak`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from acceptance.program import until

from crash.test_kills import check_nothing_lost, check_soundness, is_at_rest, make
from crash.world import world

SECONDS = int(os.environ.get("WATCHER_SOAK_S", "0"))
_SAMPLE_S = 5.0
_STORY_S = 60.0
_MOST_MIB_AN_HOUR = 5.0


@pytest.mark.slow
@pytest.mark.skipif(SECONDS < 60, reason="set WATCHER_SOAK_S to the seconds it may take: make soak")
@pytest.mark.timeout(SECONDS + 300)
def test_memory_stays_flat(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """With a poll every second and a story a minute, more than a year's busiest day brings, the daemon's memory grows
    by no more than 5 MiB an hour after its warm-up, the number of its open files is constant, and everything is told
    once.
    """
    with world() as here:
        here.holds = 50
        program = make(tmp_path, here)
        samples: list[tuple[float, float, int]] = []
        began = time.monotonic()
        with program.daemon() as process:
            until(lambda: here.polls, 30, "the first poll")
            while time.monotonic() - began < SECONDS:
                if time.monotonic() - began >= len(here.stories) * _STORY_S:
                    here.publish(1)
                time.sleep(_SAMPLE_S)
                assert process.poll() is None, program.log[-3000:]
                samples.append((time.monotonic() - began, _resident_mib(process.pid), _open_files(process.pid)))
            until(lambda: is_at_rest(program, here), 120, "everything told")
            process.terminate()
            assert process.wait(20) == 0
        check_soundness(program)
        check_nothing_lost(program, here)
    warm = samples[len(samples) // 3 :]
    slope = _slope([(at / 3600, mib) for at, mib, _ in warm])
    record_property("MiB at the end, MiB an hour, stories", (warm[-1][1], slope, len(here.stories)))
    # a short run cannot tell a slope from noise
    assert slope * SECONDS / 3600 < max(_MOST_MIB_AN_HOUR * SECONDS / 3600, 4.0)
    assert max(files for *_, files in warm) - min(files for *_, files in warm) < 20


def _slope(points: list[tuple[float, float]]) -> float:
    """Fit a line; give how much it rises for each unit."""
    x0 = sum(x for x, _ in points) / len(points)
    y0 = sum(y for _, y in points) / len(points)
    return sum((x - x0) * (y - y0) for x, y in points) / max(sum((x - x0) ** 2 for x, _ in points), 1e-9)


def _resident_mib(pid: int) -> float:
    line = next(row for row in Path(f"/proc/{pid}/status").read_text().splitlines() if row.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def _open_files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
