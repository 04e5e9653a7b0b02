"""`demo` as a person runs it: a whole walk without a network, judged by the real pipeline, and nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

from watcher.demo.past import write_storyline
from watcher.demo.stream import read_stream
from watcher.storylines.load import load


def heed_interrupts() -> None:
    """Take Ctrl-C as in a terminal: what a shell starts in the background, such as these tests, ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(folder: Path) -> subprocess.Popen[str]:
    """Start `watcher demo` with its temporary files in `folder` and no config anywhere."""
    return subprocess.Popen(
        [sys.executable, "-m", "watcher", "demo"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder,
        env={**os.environ, "TMPDIR": str(folder), "HOME": str(folder), "PYTHONPATH": str(Path(__file__).parents[2])},
        preexec_fn=heed_interrupts,  # noqa: PLW1509  one signal, set before anything runs
    )  # fmt: skip


def test_the_whole_walk(tmp_path: Path) -> None:
    """A real event opens one development, which its German report and its copy join; the alert of it comes signed and
    once; what is accepted is taken back; nothing stays in the temporary folder.
    """
    process = start(tmp_path)
    out, err = process.communicate(timeout=110)
    assert process.returncode == 0, err
    first, second, third, _ = out.split("== ")[1:5]
    assert "4 new" in first
    assert "developments opened: 0, alerts sent: 0" in first
    assert "Eagles take the Super Bowl, 40 to 22\n      not read: names nobody of the storyline" in first
    opened = re.search(r"\+ 10 Feb 2025 22:20  Bayside Courier .*\n +opens (D\d+)", second)
    assert opened is not None
    name = opened[1]
    assert second.count("opens D") == 1
    assert re.search(rf"Musk group bids .*\n +belongs to {name} and adds nothing, a copy of another outlet's", second)
    assert re.search(rf"Musk will OpenAI .*\n +belongs to {name}\b", second)
    assert re.search(r"OpenAI's board rejects Musk's bid unanimously\n +opens D\d+", third)
    alerts = re.findall(rf"development\.opened  {name}  Musk-led .*\n +webhook-id [0-9a-f]{{32}}, signature valid", out)
    assert len(alerts) == 1
    assert "NOT VALID" not in out
    assert f"{name} is now the event 2025-02-10-" in out
    assert f"Taken back: accept of {name}" in out
    assert err == ""
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_demonstration_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a walk, and SIGTERM too, end it quietly with everything taken down."""
    for number in (signal.SIGINT, signal.SIGTERM):
        process = start(tmp_path)
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("watcher-demo-*/state/watcher.db")) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "Traceback" not in err
        assert list(tmp_path.iterdir()) == []


def test_the_base_ends_before_the_story_begins(tmp_path: Path) -> None:
    """The demonstration knows what the bundled storyline holds of the time before, and nothing of the bid."""
    bundled = load("musk-altman", tmp_path)
    count = write_storyline(tmp_path / "then", date(2025, 2, 10))
    known = load("then", tmp_path)
    assert known.actors == bundled.actors
    assert known.events == tuple(event for event in bundled.events if event in known.events)
    assert 40 < count == len(known.events) < len(bundled.events)
    dates = {event.date for event in known.events}
    assert "2025-02-04" in dates
    assert "2025-01" in dates
    assert dates.isdisjoint({"2025-02-10", "2025-02", "2025"})


def test_articles_tell_their_own_days() -> None:
    """Every article is of February 2025, in order; the story's own days come with its later chapters."""
    articles = read_stream()
    assert {(a.published.year, a.published.month) for a in articles} == {(2025, 2)}
    assert [a.chapter for a in articles] == sorted(a.chapter for a in articles)
    assert {a.chapter for a in articles} == {1, 2, 3, 4}
    assert all(a.published < datetime(2025, 2, 10, 12, tzinfo=UTC) for a in articles if a.chapter == 1)
