"""A restore has the state for itself: no decision is acknowledged into a state that gives way."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from watcher.errors import StateBusy, StateError
from watcher.records import Storyline
from watcher.store import keeping, knowledge
from watcher.store.database import FILE, open_for_reading, open_state, transaction
from watcher.store.keeping import back_up, bring_back
from watcher.store.unfinished import put_in_place

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a config, a state in which a development waits, and a copy of it."""
    (tmp_path / "config.toml").write_text('[storyline]\nuse = "any"\n')
    with closing(open_state(tmp_path / "state")) as db:
        row = knowledge.enrol(db, Storyline(name="any", title="Any"), NOW)
        db.execute(
            "INSERT INTO development (storyline_id, verdict, confidence, headline, opened_at, published_at, alert)"
            " VALUES (?, 'new', 1, 'Ada wins', ?, ?, 0)",
            (row, "2026-03-01T12:00:00.000000Z", "2026-03-01T12:00:00.000000Z"),
        )
    back_up(tmp_path / "state", tmp_path / "copy.db")
    return tmp_path


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a restore wait for nobody."""
    monkeypatch.setattr(keeping, "_PATIENCE_S", 0.0)


@pytest.fixture
def review(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Give a review that has asked its first question."""
    with subprocess.Popen(
        [sys.executable, "-m", "watcher", "--config", str(home / "config.toml"), "review", "--plain"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said = ""
        while not said.endswith("uit > "):
            said += process.stdout.read(1)
        yield process
        process.kill()


def statuses(folder: Path) -> list[str]:
    """Tell where each development stands."""
    with closing(open_for_reading(folder)) as db:
        return [row[0] for row in db.execute("SELECT status FROM development")]


@pytest.mark.usefixtures("impatient")
def test_a_review_holds_up_a_restore(home: Path, review: subprocess.Popen[str]) -> None:
    """While somebody reviews, a restore ends as busy and has moved nothing; the decision made then stands, and may be
    restored away once the review has ended.
    """
    with pytest.raises(StateBusy, match="another process has it open"):
        bring_back(home / "state", home / "copy.db", NOW)
    said, _ = review.communicate("d\nno\n", timeout=20)
    assert (review.returncode, "D1 is dismissed" in said) == (0, True)
    assert statuses(home / "state") == ["dismissed"]
    assert not list((home / "state").glob("*before-restore*"))
    kept = bring_back(home / "state", home / "copy.db", NOW)
    assert statuses(home / "state") == ["open"]
    assert kept is not None
    with closing(sqlite3.connect(kept)) as db:
        assert db.execute("SELECT status FROM development").fetchone() == ("dismissed",)


def test_a_review_of_a_state_that_was_replaced_ends(home: Path, review: subprocess.Popen[str]) -> None:
    """Replaced by hand under a review, the state takes no answer: it is not acknowledged, and the review says why."""
    (home / "copy.db").rename(home / "state" / FILE)
    said, _ = review.communicate("d\nno\n", timeout=20)
    assert review.returncode == 1
    assert "is dismissed" not in said
    assert "was moved or replaced while it was in use" in said


def test_who_comes_while_it_is_replaced_writes_to_no_old_state(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens the state in the midst of a restore decides in the new one, or is refused."""
    said: list[str] = []

    def decide() -> None:
        try:
            with closing(open_state(home / "state")) as db, transaction(db, durable=True):
                db.execute("UPDATE development SET status = 'dismissed'")
            said.append("dismissed")
        except StateError:
            said.append("open")

    decider = Thread(target=decide)

    def place(part: Path, target: Path) -> None:
        decider.start()
        decider.join(0.2)
        put_in_place(part, target)

    monkeypatch.setattr(keeping, "put_in_place", place)
    bring_back(home / "state", home / "copy.db", NOW)
    decider.join(10)
    assert statuses(home / "state") == said


def test_a_log_without_its_state_is_not_laid_over_the_copy(home: Path) -> None:
    """Where only the log of a lost state is left, the copy comes back as it was, and the log stays aside."""
    with closing(open_state(home / "state")) as db:
        db.execute("UPDATE development SET status = 'dismissed'")
        log = (home / "state" / f"{FILE}-wal").read_bytes()
    (home / "state" / FILE).unlink()
    (home / "state" / f"{FILE}-wal").write_bytes(log)
    kept = bring_back(home / "state", home / "copy.db", NOW)
    assert kept is not None
    assert kept.read_bytes() == log
    assert statuses(home / "state") == ["open"]


def test_a_file_of_somebody_else_is_not_deleted(home: Path) -> None:
    """A backup deletes no file beside the one it makes, such as the rest of a download of that name."""
    (home / "new.db.part").write_text("mine")
    back_up(home / "state", home / "new.db")
    assert (home / "new.db.part").read_text() == "mine"
