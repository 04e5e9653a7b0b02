"""The gate: figures of the shipped weights on labelled streams must not fall unseen."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.gate import FLOORS, figures, folder_of

REPO = Path(__file__).parents[2]


@pytest.mark.parametrize("name", sorted(FLOORS["streams"]))
def test_figures_do_not_fall(name: str) -> None:
    """On each pinned stream every figure reaches its floor, and the data is the data the floor was measured on."""
    pinned = FLOORS["streams"][name]
    folder = folder_of(name)
    if not folder.exists():
        pytest.skip("the stream lies beside the repository and is not here")
    assert hashlib.sha256((folder / "stream.jsonl").read_bytes()).hexdigest() == pinned["sha256"], "pin the gate anew"
    reached = figures(name)
    fallen = {key: (reached[key], floor) for key, floor in pinned["floors"].items() if reached[key] < floor}
    assert not fallen


def test_same_input_same_bytes(tmp_path: Path) -> None:
    """Replay writes the same bytes whatever seed the process hashes strings with."""
    folder = REPO / "benchmarks" / "streams" / "bank-merger"
    written = []
    for seed in ("1", "2"):
        out = tmp_path / seed
        command = [sys.executable, "-m", "watcher", "replay", "--base", folder / "base.jsonl"]
        command += ["--stream", folder / "stream.jsonl", "--out", out]
        subprocess.run(
            command, check=True, cwd=tmp_path, env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(REPO)}
        )
        written.append(out.read_bytes())
    assert written[0] == written[1]
    assert len(written[0].splitlines()) == 54


def test_weights_say_how_they_were_made() -> None:
    """The data file names the script and the streams it was fitted on."""
    made = json.loads((REPO / "watcher" / "novelty" / "weights.json").read_text(encoding="utf-8"))["made"]
    assert made["by"] == "benchmarks/fit.py"
    assert set(FLOORS["streams"]) <= set(made["streams"])
