"""Opening the state: what is created, what is refused, what survives."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from watcher.errors import StateBusy, StateCorrupt, StateError, StateTooNew
from watcher.store import database, schema
from watcher.store.database import FILE, check, open_for_reading, open_state, transaction


def test_a_new_state_is_private(tmp_path: Path) -> None:
    """Folder and database are readable by their owner alone, whatever the umask."""
    old = os.umask(0)
    try:
        db = open_state(tmp_path / "deep" / "state")
        db.execute("INSERT INTO meta VALUES ('a', 'b')")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "deep" / "state").iterdir()}
        db.close()
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "deep" / "state").stat().st_mode) == 0o700
    assert set(modes.values()) == {0o600}


def test_a_transaction_is_whole_or_absent(db: sqlite3.Connection) -> None:
    """An error inside undoes everything, what sqlite-utils wrote included."""
    from sqlite_utils import Database

    with pytest.raises(ZeroDivisionError), transaction(db, durable=True):  # noqa: PT012
        Database(db)["meta"].insert({"key": "a", "value": "b"})
        with transaction(db):
            db.execute("INSERT INTO meta VALUES ('c', 'd')")
        raise ZeroDivisionError
    assert db.execute("SELECT count(*) FROM meta WHERE key IN ('a', 'c')").fetchone()[0] == 0
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 1


def test_a_durable_transaction_waits_for_the_disk(db: sqlite3.Connection) -> None:
    """Inside it SQLite runs with synchronous=FULL."""
    with transaction(db, durable=True):
        assert db.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_a_locked_state_is_told_as_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process holds the write lock, a migration gives up with a message that says so."""
    monkeypatch.setattr(database, "_BUSY_MS", 50)
    folder = tmp_path / "state"
    open_state(folder).close()
    first = schema.migrations()
    monkeypatch.setattr(schema, "migrations", lambda: [*first, "CREATE TABLE more (a INTEGER) STRICT;\n"])
    other = sqlite3.connect(folder / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StateBusy, match="another process"):
        open_state(folder)
    other.close()


def test_a_newer_state_is_refused(tmp_path: Path) -> None:
    """A schema from the future is neither used nor changed."""
    db = open_state(tmp_path)
    db.execute("PRAGMA user_version = 999")
    db.close()
    with pytest.raises(StateTooNew, match="999"):
        open_state(tmp_path)
    with pytest.raises(StateTooNew, match="999"):
        open_for_reading(tmp_path)


def test_a_migration_copies_the_state_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next migration runs on a state that was copied before, and readers ask for it until it has run."""
    open_state(tmp_path).close()
    first = schema.migrations()
    monkeypatch.setattr(schema, "migrations", lambda: [*first, "CREATE TABLE more (a INTEGER) STRICT;\n"])
    with pytest.raises(StateError, match="older version"):
        open_for_reading(tmp_path)
    db = open_state(tmp_path)
    assert db.execute("SELECT count(*) FROM more").fetchone()[0] == 0
    db.close()
    kept = tmp_path / f"{FILE}.schema-{len(first)}"
    copy = sqlite3.connect(kept)
    assert copy.execute("SELECT value FROM meta WHERE key = 'knowledge'").fetchone()[0] == "0"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    copy.close()


def test_a_failed_migration_leaves_the_old_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a migration is none."""
    open_state(tmp_path).close()
    first = schema.migrations()
    monkeypatch.setattr(schema, "migrations", lambda: [*first, "CREATE TABLE more (a);\nSELECT nonsense;\n"])
    with pytest.raises(StateError):
        open_state(tmp_path)
    monkeypatch.undo()
    db = open_state(tmp_path)
    assert not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'more'").fetchone()
    db.close()


@pytest.mark.parametrize("damage", [b"no database at all" * 300, b"\xff" * 40_000])
def test_a_damaged_file_is_told_and_kept(tmp_path: Path, damage: bytes) -> None:
    """Damage is an error with a clear message; the file is left byte for byte."""
    db = open_state(tmp_path)
    for number in range(3000):
        db.execute("INSERT INTO meta VALUES (?, ?)", (f"key {number}", "x" * 100))
    db.close()
    with (tmp_path / FILE).open("r+b") as file:
        file.seek(0 if damage.startswith(b"no") else 8192)
        file.write(damage)
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(StateCorrupt, match="damaged"):  # noqa: PT012
        db = open_state(tmp_path)
        try:
            check(db, tmp_path)
        finally:
            db.close()
    assert (tmp_path / FILE).read_bytes() == before


def test_a_command_folds_the_log_in_only_when_alone(tmp_path: Path) -> None:
    """The log of a state that somebody else has open is left to them, however much was written."""
    log = tmp_path / f"{FILE}-wal"
    with closing(open_state(tmp_path, checkpoints=True)), closing(open_state(tmp_path)) as command:
        for number in range(1500):
            command.execute("INSERT INTO meta VALUES (?, ?)", (f"key {number}", "x" * 4000))
        whole = log.stat().st_size
        command.close()
        assert log.stat().st_size == whole > 6_000_000
    assert not log.exists()


def test_no_state_yet_reads_as_an_empty_one(tmp_path: Path) -> None:
    """A command that only reads creates nothing."""
    db = open_for_reading(tmp_path / "state")
    assert db.execute("SELECT count(*) FROM development").fetchone()[0] == 0
    db.close()
    assert not (tmp_path / "state").exists()


def test_reading_cannot_write(tmp_path: Path) -> None:
    """The connection of a reading command refuses to write."""
    open_state(tmp_path).close()
    db = open_for_reading(tmp_path)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM meta")
    db.close()


def test_reading_needs_no_sqlite_utils() -> None:
    """A command that only reads starts without the 0.2 s that library takes to import."""
    program = "import sys, watcher.store.database, watcher.store.description, watcher.store.events as e; "
    done = subprocess.run(
        [sys.executable, "-c", program + "sys.exit('sqlite_utils' in sys.modules)"], check=False, timeout=30
    )
    assert done.returncode == 0
