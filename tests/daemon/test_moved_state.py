"""A state that is moved or replaced under a running daemon: it ends and says so, lest two work side by side."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from watcher.edges.machine import daemon_lock
from watcher.errors import StateError
from watcher.store.database import FILE, open_for_reading

ROOT = Path(__file__).parents[2]


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Give a daemon that has nothing to watch and has begun."""
    (tmp_path / "config.toml").write_text('[storyline]\nuse = "any"\n')
    with subprocess.Popen(
        [sys.executable, "-m", "watcher", "--config", str(tmp_path / "config.toml"), "run"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert "watching 0 feeds" in process.stderr.readline()
        yield process
        process.kill()


def _move_folder(state: Path) -> None:
    state.rename(state.with_name("away"))


def _replace_file(state: Path) -> None:
    shutil.copy(state / FILE, state / "copy")
    (state / "copy").rename(state / FILE)


def _remove_lock(state: Path) -> None:
    (state / "daemon.lock").unlink()


@pytest.mark.parametrize("trouble", [_move_folder, _replace_file, _remove_lock])
def test_it_ends_when_its_state_is_not_in_its_place(
    daemon: subprocess.Popen[str], tmp_path: Path, trouble: Callable[[Path], None]
) -> None:
    """Its folder moved, its file replaced, or its lock removed: within seconds it ends with 1 and the reason, which a
    service manager takes for a reason to start it again.
    """
    begun = time.monotonic()
    trouble(tmp_path / "state")
    _, log = daemon.communicate(timeout=20)
    assert time.monotonic() - begun < 10
    assert daemon.returncode == 1
    assert "was moved or replaced while it was in use" in log
    assert "Traceback" not in log
    place = tmp_path / ("away" if trouble is _move_folder else "state")
    with closing(open_for_reading(place)) as db:
        assert db.execute("PRAGMA quick_check").fetchone()[0] == "ok"


def test_a_lock_is_on_a_file(tmp_path: Path) -> None:
    """Held, it stands; with another file of its name in its place, it says so."""
    with daemon_lock(tmp_path) as lock:
        lock.require_place()
        (tmp_path / "daemon.lock").unlink()
        with daemon_lock(tmp_path) as other, pytest.raises(StateError, match="moved or replaced"):
            lock.require_place()
        other.path.unlink()
        with pytest.raises(StateError, match="moved or replaced"):
            lock.require_place()
