"""Opening the state, and its transactions.

Connections are in autocommit mode: a transaction is what `transaction` opens, and nothing else. While others have the
state open only the daemon checkpoints the write-ahead log: two checkpointing processes can corrupt it in SQLite before
3.51.3. Whoever closes the state last does so too, but SQLite sees to it that they have it alone.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from watcher.errors import StateBusy, StateCorrupt, StateError, StateTooNew
from watcher.store import schema
from watcher.store.unfinished import put_in_place, unfinished

FILE = "watcher.db"
_LOGS = ("-wal", "-journal")
_BUSY_MS = 5_000
_CHECKPOINT_PAGES = 1000


# The head of an SQLite file, and where the number of its schema stands in it (https://www.sqlite.org/fileformat2.html).
_HEAD_BYTES, _MAGIC, _SCHEMA_AT = 100, b"SQLite format 3\0", 60


class Placed(sqlite3.Connection):
    """A connection that knows which file it was opened on, and so whether another one has taken its place."""

    path: Path
    file: tuple[int, int]


def is_there(folder: Path) -> bool:
    """Tell whether there is a state in `folder`. Raises `StateCorrupt` where only the log of one is left."""
    path = folder / FILE
    if os.path.lexists(path):  # a link to a disk that is away is no empty place
        return True
    left = [part for part in _LOGS if os.path.lexists(f"{path}{part}")]
    if left:
        raise _corrupt(path, f"it is gone, and {FILE}{left[0]} is left of it")
    return False


def open_state(folder: Path, *, checkpoints: bool = False) -> sqlite3.Connection:
    """Give the state in `folder`, created or migrated where needed. `checkpoints` is for the one process that keeps it.

    Only where there is nothing a new one begins, and only for whoever owns the folder. Raises `StateError`,
    `StateBusy`, `StateTooNew` or `StateCorrupt`; what is damaged or none of ours is never replaced or changed.
    """
    path = folder / FILE
    with _told(path):
        if not is_there(folder):
            _create(folder, path)
        recognise(folder)
        db = _connect(path, "rw")
        try:
            _tune(db)
            _examine(db, path)
            db.execute("PRAGMA journal_mode = WAL")
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
        if not is_there(folder):
            db = sqlite3.connect(":memory:", isolation_level=None)
            _tune(db)
            schema.apply(db)
            return db
        recognise(folder)
        db = _connect(path, "ro")
        try:
            _tune(db)
            _examine(db, path)
            _refuse_older(schema.number_of(db), path)
        except BaseException:
            db.close()
            raise
    return db


def require_place(db: sqlite3.Connection) -> None:
    """Raise `StateError` when the file of an open state was moved away or replaced, so that what is written would be
    lost, and `OSError` when it cannot be looked at.
    """
    if isinstance(db, Placed) and _file_at(db.path) != db.file:
        raise StateError(
            f"state {db.path}: was moved or replaced while it was in use; nothing more is saved: start again"
        )


def recognise(folder: Path) -> None:
    """Look whether what stands in `folder` is a state at all, without touching it or its log: SQLite would lay the log
    over any file. Raises `StateCorrupt`, or `StateError` when it cannot be looked at.
    """
    path = folder / FILE
    with _told(path):
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        if not head:
            raise _corrupt(path, "it is empty")
        if not head.startswith(_MAGIC) or len(head) < _HEAD_BYTES:
            raise _corrupt(path, "file is not a database")
        # Of a file whose log was folded in by half only the head is sure to be whole: SQLite must not read it alone.
        if int.from_bytes(head[_SCHEMA_AT : _SCHEMA_AT + 4], signed=True) < 1:
            raise _corrupt(path, "it is no state")


@contextmanager
def transaction(db: sqlite3.Connection, *, durable: bool = False) -> Iterator[None]:
    """Everything inside is saved together or not at all. Inside another transaction it becomes a part of that one.

    `durable` waits for the disk: the rows survive a power cut. Without it they survive a crash of the process.
    Raises `sqlite3.OperationalError` when another process holds the write lock for too long, and `StateError` when the
    state is not in its place any more.
    """
    if db.in_transaction:
        yield
        return
    if durable:
        db.execute("PRAGMA synchronous = FULL")
    try:
        db.execute("BEGIN IMMEDIATE")
        try:
            require_place(db)
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


def _create(folder: Path, path: Path) -> None:
    """Make a new state. It has its name only when it is whole, so that half of one is never taken for a state.

    Folder and file have modes 0700 and 0600 from the start, so that nothing is ever readable by others.
    """
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True)
        folder.chmod(0o700)
    with unfinished(path) as part:
        with closing(sqlite3.connect(part, isolation_level=None)) as db:
            # what breaks off is thrown away, so it needs no journal
            db.execute("PRAGMA journal_mode = MEMORY")
            db.execute("PRAGMA synchronous = OFF")
            with transaction(db):
                schema.apply(db)
        put_in_place(part, path)


def _connect(path: Path, mode: str) -> Placed:
    """Open a file that is there, and remember which one it is."""
    before = _file_at(path)
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=_BUSY_MS / 1000,
        factory=Placed,
    )
    if before is None or _file_at(path) != before:
        db.close()
        raise StateBusy(f"state {path}: it is being replaced")
    db.path, db.file = path.absolute(), before
    return db


def _file_at(path: Path) -> tuple[int, int] | None:
    """Tell which file has a name today; None when none has."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_dev, status.st_ino


def _examine(db: sqlite3.Connection, path: Path) -> None:
    """Refuse a schema from the future, and a database that lacks some of its own."""
    number, newest = schema.number_of(db), schema.newest()
    if number > newest:
        raise StateTooNew(
            f"state {path}: written by a newer version of watcher (schema {number}, this one knows {newest})"
        )
    missing = schema.missing_from(db)
    if number < 1 or missing:
        raise _corrupt(path, f"it lacks the tables {', '.join(missing)}" if missing else "it is no state")


def _tune(db: sqlite3.Connection) -> None:
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA temp_store = MEMORY")


def _refuse_older(number: int, path: Path) -> None:
    if number < schema.newest():
        raise StateError(f"state {path}: written by an older version; `watcher once` brings it up to date")


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    """Bring an older schema up to date in one transaction, after copying the state."""
    if schema.number_of(db) == schema.newest():
        return
    _copy(db, path)
    with transaction(db, durable=True):
        # another process may have been quicker while we waited for the lock
        schema.apply(db)


def _copy(db: sqlite3.Connection, path: Path) -> None:
    copy = path.with_name(f"{path.name}.schema-{schema.number_of(db)}")
    if not copy.exists():
        with unfinished(copy) as part:
            db.execute("VACUUM INTO ?", (str(part),))
            put_in_place(part, copy)


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
