"""What stands where the state belongs and is none is told and left; a new state begins only where there was none."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from watcher.errors import StateCorrupt, StateError
from watcher.store import database
from watcher.store.database import FILE, is_there, open_for_reading, open_state, transaction
from watcher.store.keeping import back_up


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of a state whose log holds what its file does not, as a kill leaves it."""
    work, left = tmp_path / "work", tmp_path / "state"
    with closing(open_state(work)) as db:
        db.execute("INSERT INTO meta VALUES ('told', 'in the log')")
        left.mkdir()
        for part in (FILE, f"{FILE}-wal"):
            (left / part).write_bytes((work / part).read_bytes())
    return left


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _foreign(path: Path, number: int = 0) -> None:
    other = path.parent.parent / "other.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE card (number)")
        db.execute(f"PRAGMA user_version = {number}")
    other.rename(path)


def _foreign_with_a_number(path: Path) -> None:
    path.with_name(f"{path.name}-wal").unlink()
    _foreign(path, 1)


def _negative(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA user_version = -5")


def _without_decisions(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DROP TABLE decision")


@pytest.mark.parametrize(
    "trouble", [_empty, _foreign, _foreign_with_a_number, _negative, _without_decisions, Path.unlink]
)
@pytest.mark.parametrize("opened", [open_state, open_for_reading])
def test_what_is_no_state_is_told_and_left(
    folder: Path, trouble: Callable[[Path], None], opened: Callable[[Path], sqlite3.Connection]
) -> None:
    """Emptied, replaced by another program's file, without some of its tables, or gone with its log still there:
    whoever opens it is told that it is damaged, and every file stays byte for byte, the log included.
    """
    trouble(folder / FILE)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}
    with pytest.raises(StateCorrupt, match="damaged"):
        opened(folder).close()
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_a_link_to_nowhere_is_no_empty_place(tmp_path: Path) -> None:
    """Where the name is a link whose target is away, such as an unmounted disk, nothing begins anew."""
    (tmp_path / FILE).symlink_to(tmp_path / "away")
    with pytest.raises(StateError):
        open_state(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_beginning_that_broke_off_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new state has its name only when it is whole; what a kill left of one is no hindrance."""
    monkeypatch.setattr(database, "put_in_place", lambda part, target: None)
    with pytest.raises(StateError):
        open_state(tmp_path)
    monkeypatch.undo()
    assert not is_there(tmp_path)
    (tmp_path / f"{FILE}.watcher-part").write_bytes(b"half")
    with closing(open_state(tmp_path)) as db:
        assert db.execute("SELECT count(*) FROM decision").fetchone()[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_what_was_moved_is_not_written_to(tmp_path: Path) -> None:
    """A state that was moved away or replaced while it was open takes no more changes, and says why."""
    with closing(open_state(tmp_path / "state")) as db:
        (tmp_path / "state").rename(tmp_path / "away")
        for _ in range(2):
            with pytest.raises(StateError, match="moved or replaced"), transaction(db, durable=True):
                db.execute("INSERT INTO meta VALUES ('a', 'b')")
            assert not db.in_transaction
            open_state(tmp_path / "state").close()
    with closing(open_for_reading(tmp_path / "away")) as db:
        assert not db.execute("SELECT 1 FROM meta WHERE key = 'a'").fetchone()


def test_no_copy_of_what_is_no_state(folder: Path, tmp_path: Path) -> None:
    """A backup of an emptied state is refused, and the log beside it stays."""
    _empty(folder / FILE)
    log = (folder / f"{FILE}-wal").read_bytes()
    with pytest.raises(StateCorrupt, match="empty"):
        back_up(folder, tmp_path / "copy.db")
    assert (folder / f"{FILE}-wal").read_bytes() == log
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("opened", [open_state, open_for_reading])
def test_a_log_folded_in_by_half_is_no_damage(tmp_path: Path, opened: Callable[[Path], sqlite3.Connection]) -> None:
    """A disk that was full while the log was folded in leaves a file that is whole only together with the log."""
    whole, half = tmp_path / "whole", tmp_path / "half"
    with closing(open_state(whole)) as db:
        for number in range(200):
            db.execute("INSERT INTO meta VALUES (?, ?)", (f"key {number}", "x" * 4000))
        shutil.copytree(whole, half)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        folded = (whole / FILE).read_bytes()
    (half / f"{FILE}-shm").unlink()
    (half / FILE).write_bytes(folded[: len(folded) // 8192 * 4096])
    with closing(opened(half)) as db:
        assert db.execute("SELECT count(*) FROM meta WHERE key LIKE 'key %'").fetchone()[0] == 200
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
