"""The scorers of the public sets, run where they lie beside the repository; nothing of them is kept here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from benchmarks.public.tasks import Row, Task

SHARED = Path(__file__).parents[3] / "shared"
TOOLS = SHARED / "tools"
SETS = {"score_ecbplus.py": "ecbplus", "score_itn.py": "itn", "score_dewikinews.py": "dewikinews"}


def missing(task: Task) -> str:
    """Why a task cannot be run here; '' when it can."""
    for path in (TOOLS / task.scorer, SHARED / "bench" / SETS[task.scorer]):
        if not path.exists():
            return f"{path} is absent"
    absent = [name for name in ("numpy", "scipy", "sklearn") if find_spec(name) is None]
    if absent:
        return f"the scorers need {', '.join(absent)}: the extra `fit`"
    return ""


def stream(task: Task) -> list[Row]:
    """The rows a scorer hands out: neutral ids, no labels."""
    return [json.loads(line) for line in _run(task, "stream").splitlines() if line.strip()]


def figures(task: Task, predictions: Iterable[Row]) -> dict[str, float]:
    """What a scorer says of some predictions."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as sink:
        sink.writelines(json.dumps(row) + "\n" for row in predictions)
        sink.flush()
        told: dict[str, float] = json.loads(_run(task, "eval", "--pred", sink.name))
    return told


def _run(task: Task, *command: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(TOOLS), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, str(TOOLS / task.scorer), command[0], *task.args, *command[1:]],
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
        timeout=600,
    )
    return done.stdout
