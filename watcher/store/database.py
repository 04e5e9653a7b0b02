"""Opening the state, its transactions and its numbered migrations.

Connections are in autocommit mode: a transaction is what `transaction` opens, and nothing else. Only the daemon
checkpoints the write-ahead log; two checkpointing processes can corrupt it in SQLite before 3.51.3.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import resources
from pathlib import Path

from watcher.errors import StateBusy, StateCorrupt, StateError, StateTooNew

FILE = "watcher.db"
_BUSY_MS = 5_000
_CHECKPOINT_PAGES = 1000


def open_state(folder: Path, *, checkpoints: bool = False) -> sqlite3.Connection:
    """Give the state in `folder`, created or migrated where needed. `checkpoints` is for the one process that keeps it.

    Raises `StateError`, `StateBusy`, `StateTooNew` or `StateCorrupt`; a damaged file is never replaced.
    """
    path = folder / FILE
    try:
        _create(folder, path)
    except OSError as error:
        raise StateError(f"state {folder}: cannot be created: {error.strerror or error}") from error
    with _told(path):
        db = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_MS / 1000)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            _tune(db)
            db.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES if checkpoints else 0}")
            _migrate(db, path)
        except BaseException:
            db.close()
            raise
    return db


def open_for_reading(folder: Path) -> sqlite3.Connection:
    """Give the state in `folder` for reading alone; an empty one where there is none yet.

    Raises `StateError`, `StateTooNew` or `StateCorrupt`; a state that waits for a migration is a `StateError`.
    """
    path = folder / FILE
    with _told(path):
        if not path.exists():
            db = sqlite3.connect(":memory:", isolation_level=None)
            _tune(db)
            _migrate(db, path)
            return db
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            _tune(db)
            _refuse_newer(schema_of(db), path)
            _refuse_older(schema_of(db), path)
        except BaseException:
            db.close()
            raise
    return db


@contextmanager
def transaction(db: sqlite3.Connection, *, durable: bool = False) -> Iterator[None]:
    """Everything inside is saved together or not at all. Inside another transaction it becomes a part of that one.

    `durable` waits for the disk: the rows survive a power cut. Without it they survive a crash of the process.
    Raises `sqlite3.OperationalError` when another process holds the write lock for too long.
    """
    if db.in_transaction:
        yield
        return
    if durable:
        db.execute("PRAGMA synchronous = FULL")
    try:
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if db.in_transaction:  # a full disk may have rolled it back already
                db.execute("ROLLBACK")
            raise
        try:
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
    finally:
        if durable:
            db.execute("PRAGMA synchronous = NORMAL")


def check(db: sqlite3.Connection, folder: Path) -> None:
    """Read the whole file for damage. Raises `StateCorrupt` with the first thing found."""
    path = folder / FILE
    with _told(path):
        found = [row[0] for row in db.execute("PRAGMA quick_check(1)")]
        if found != ["ok"]:
            raise _corrupt(path, found[0])
        if db.execute("PRAGMA foreign_key_check").fetchone():
            raise _corrupt(path, "rows refer to rows that are gone")


def checkpoint(db: sqlite3.Connection) -> None:
    """Fold the write-ahead log back into the file, as far as readers allow, and let SQLite refresh its statistics."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.execute("PRAGMA optimize")


def set_aside(folder: Path, now: datetime) -> Path:
    """Rename a damaged state so that a new one can begin; nothing is deleted. Returns the new name of the file.

    Raises `StateError` when there is no state or it cannot be renamed.
    """
    kept = folder / f"{FILE}.damaged-{now:%Y%m%dT%H%M%SZ}"
    try:
        (folder / FILE).rename(kept)
        for part in ("-wal", "-shm"):
            if (folder / f"{FILE}{part}").exists():
                (folder / f"{FILE}{part}").rename(f"{kept}{part}")
    except OSError as error:
        raise StateError(f"state {folder / FILE}: cannot be set aside: {error.strerror}") from error
    return kept


def newest_schema() -> int:
    """Give the number of the schema this version writes."""
    return len(_migrations())


def _create(folder: Path, path: Path) -> None:
    """Give the folder with mode 0700 and an empty file with mode 0600, so that nothing is ever readable by others."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True)
        folder.chmod(0o700)
    if not path.exists():
        path.touch(mode=0o600)


def _tune(db: sqlite3.Connection) -> None:
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA temp_store = MEMORY")


def schema_of(db: sqlite3.Connection) -> int:
    """Give the number of the last migration a database went through."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _migrations() -> list[str]:
    """Give the text of every migration, in order: the first is number 1."""
    folder = resources.files(__package__) / "migrations"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return [(folder / name).read_text(encoding="utf-8") for name in names]


def _refuse_newer(number: int, path: Path) -> None:
    newest = len(_migrations())
    if number > newest:
        raise StateTooNew(
            f"state {path}: written by a newer version of watcher (schema {number}, this one knows {newest})"
        )


def _refuse_older(number: int, path: Path) -> None:
    if number < len(_migrations()):
        raise StateError(f"state {path}: written by an older version; `watcher once` brings it up to date")


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    """Bring the schema up to date in one transaction, after copying a state that holds anything."""
    migrations = _migrations()
    _refuse_newer(schema_of(db), path)
    if schema_of(db) == len(migrations):
        return
    if schema_of(db) > 0:
        _copy(db, path)
    with transaction(db, durable=True):
        # another process may have been quicker while we waited for the lock
        for number in range(schema_of(db) + 1, len(migrations) + 1):
            for statement in _statements(migrations[number - 1]):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {number}")


def _copy(db: sqlite3.Connection, path: Path) -> None:
    copy = path.with_name(f"{path.name}.schema-{schema_of(db)}")
    if not copy.exists():
        unfinished = path.with_name(f"{copy.name}.part")
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)
        db.execute("VACUUM INTO ?", (str(unfinished),))
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())  # a name that outlives a power cut must not stand for half a copy
        unfinished.rename(copy)


def _statements(script: str) -> Iterator[str]:
    """Give the single statements of a script: `executescript` would commit our transaction."""
    gathered = ""
    for line in script.splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""


def _corrupt(path: Path, what: str) -> StateCorrupt:
    return StateCorrupt(f"state {path}: the database is damaged ({what}); it was left as it is")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """SQLite's errors in our words."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise StateBusy(f"state {path}: another process is writing to it") from error
        if "malformed" in str(error):
            raise _corrupt(path, str(error)) from error
        raise StateError(f"state {path}: {error}") from error
    except UnicodeDecodeError as error:
        # SQLite quotes the damaged bytes in its message, and Python cannot read the message
        raise _corrupt(path, "its text is not UTF-8") from error
    except sqlite3.DatabaseError as error:
        raise _corrupt(path, str(error)) from error
    except OSError as error:
        raise StateError(f"state {path}: {error.strerror or error}") from error
