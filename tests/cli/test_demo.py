"""`demo` as a person runs it: a whole walk without a network, judged by the real pipeline, and nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from watcher.demo.stream import read_stream


def start(folder: Path) -> subprocess.Popen[str]:
    """Start `watcher demo` with its temporary files in `folder` and no config anywhere."""
    return subprocess.Popen(
        [sys.executable, "-m", "watcher", "demo"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder,
        env={**os.environ, "TMPDIR": str(folder), "HOME": str(folder), "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip


def test_the_whole_walk(tmp_path: Path) -> None:
    """Known news flags nothing; one event in two languages and a copy is one development with one signed alert; a
    sentence in a recap and another figure are found; what was accepted is known; all within a minute.
    """
    process = start(tmp_path)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    first, second = out.split("== ")[1:3]
    assert "developments opened: 0, alerts sent: 0" in first
    assert "read, but beside the storyline" in first
    assert "not read: names nobody of the storyline" in first
    opened = re.search(r"Judge sends Musk and OpenAI to a mediator\n +opens (D\d+)", second)
    assert opened is not None
    name = opened[1]
    assert f"belongs to {name} and adds nothing\n" in second
    assert f"belongs to {name} and adds nothing, a copy of another outlet's text" in second
    assert "(97.4bn USD -> 98.9bn USD)" in second
    assert "3 articles, 2 independent" in out
    assert re.search(rf"development\.opened  {name}  Judge sends .*\n +webhook-id [0-9a-f]{{32}}, signature valid", out)
    assert f"{name} is now the event" in out
    third = out[out.index("== Third walk") :]
    assert "developments opened: 0, alerts sent: 0" in third
    assert f"Taken back: accept of {name}" in third
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_demonstration_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a walk, and SIGTERM too, end it quietly with everything taken down."""
    for number in (signal.SIGINT, signal.SIGTERM):
        process = start(tmp_path)
        deadline = time.monotonic() + 30
        while not list(tmp_path.glob("watcher-demo-*/state/watcher.db")) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
        assert process.returncode == 130
        assert "Traceback" not in err
        assert list(tmp_path.iterdir()) == []


def test_days_of_the_week_fit_the_day_it_begins() -> None:
    """Whatever day the demonstration begins on, its articles name the day they appear on, each in its language."""
    for day in range(1, 8):
        began = datetime(2027, 3, day, 0, 20, tzinfo=UTC)
        for article in read_stream(began):
            assert article.published < began
            assert "{" not in "".join(article.paragraphs)
            if article.slug == "judge-orders-mediation":
                assert f"on {article.published:%A} ordered" in article.paragraphs[0]
