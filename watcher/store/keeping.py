"""The state copied into one file and brought back: consistent while a daemon runs, and never over what is there."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from watcher.errors import StateBusy, StateCorrupt, StateError
from watcher.store import schema
from watcher.store.database import FILE, is_there, recognise
from watcher.store.unfinished import put_in_place, unfinished

_PAGES = 1000
_PAUSE_S = 0.01
_PATIENCE_S = 3.0
_PATIENCE_PAUSE_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a copy holds: its schema and the number of rows of every table. It was read whole and found sound."""

    schema: int
    rows: Mapping[str, int]


def back_up(folder: Path, file: Path) -> Copy:
    """Copy the state in `folder` into a new `file` with mode 0600. A daemon may go on writing meanwhile.

    Raises `StateError` when there is no state or the file exists or cannot be written, `StateCorrupt` when the state
    or the copy is not sound; then there is no file. It has its name only when it is whole: a run that was killed
    leaves at most `FILE.watcher-part`, which the next one replaces.
    """
    if not is_there(folder):
        raise StateError(f"state {folder / FILE}: there is none to copy")
    recognise(folder)
    _refuse_existing(file)
    try:
        with unfinished(file) as part:
            with closing(_reader(folder / FILE)) as source, closing(_connect(part)) as target:
                source.backup(target, pages=_PAGES, sleep=_PAUSE_S)
                # A copy is one file: without this it would ask for a log beside it.
                target.execute("PRAGMA journal_mode = DELETE")
            copy = verify(part)
            _refuse_existing(file)
            put_in_place(part, file)
    except (sqlite3.Error, OSError) as error:
        raise StateError(f"{file}: cannot be written: {error}") from error
    return copy


def verify(file: Path) -> Copy:
    """Read a copy whole. Raises `StateError` when it is of a newer version, `StateCorrupt` when damaged or no copy."""
    try:
        with closing(_reader(file, "&immutable=1")) as db:
            found = [row[0] for row in db.execute("PRAGMA integrity_check(1)")]
            if found != ["ok"] or db.execute("PRAGMA foreign_key_check").fetchone():
                raise StateCorrupt(f"{file}: the copy is damaged ({found[0]})")
            number, missing = schema.number_of(db), schema.missing_from(db)
            if number > schema.newest():
                raise StateError(f"{file}: written by a newer version of watcher (schema {number})")
            if number < 1 or missing:
                raise StateCorrupt(f"{file}: not a copy of a state")
            return Copy(schema=number, rows=_rows(db))
    except sqlite3.DatabaseError as error:
        raise StateCorrupt(f"{file}: not a copy of a state ({error})") from error


def bring_back(folder: Path, file: Path, now: datetime) -> Path | None:
    """Make the copy the state in `folder`. The caller owns the state. Returns where the old state was moved, if any.

    Raises what `verify` raises, before anything is touched, `StateBusy` while anybody has the old state open, and
    `StateError` when it cannot be written. At every moment there is a whole state in the folder, the old one or the
    new.
    """
    verify(file)
    path = folder / FILE
    try:
        with unfinished(path) as part:
            with closing(_reader(file, "&immutable=1")) as source, closing(_connect(part)) as target:
                source.backup(target)
            verify(part)
            with _alone(path):
                kept = _move_aside(path, now)
                put_in_place(part, path)
    except (sqlite3.Error, OSError) as error:
        raise StateError(f"state {folder}: the copy cannot be brought back: {error}") from error
    return kept


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep everybody else out of the old state, its log folded into it: a decision saved to it would be lost.

    Raises `StateBusy` when somebody has had it open for some seconds. What is damaged nobody has to be kept out of.
    """
    if not _is_state(path):
        yield
        return
    deadline = time.monotonic() + _PATIENCE_S
    with closing(_connect(path)) as old:
        old.execute("PRAGMA busy_timeout = 0")
        while not _is_ours(old):
            if time.monotonic() > deadline:
                raise StateBusy(
                    f"state {path}: another process has it open; end it (a `watcher review`?), then restore again"
                )
            time.sleep(_PATIENCE_PAUSE_S)
        yield


def _is_state(path: Path) -> bool:
    try:
        recognise(path.parent)
    except StateError:
        return False
    return True


def _is_ours(old: sqlite3.Connection) -> bool:
    """Try to lock a state for good: only who has it alone may leave the write-ahead log."""
    try:
        old.execute("PRAGMA journal_mode = DELETE")
        old.execute("BEGIN EXCLUSIVE")
        if old.execute("PRAGMA journal_mode").fetchone()[0] == "delete":
            return True
        old.execute("ROLLBACK")  # somebody was quicker
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    except sqlite3.DatabaseError:
        return True
    return False


def _move_aside(path: Path, now: datetime) -> Path | None:
    """Give the old state a second name, and its log that name alone: a new database must not meet an old log."""
    kept = path.with_name(f"{path.name}.before-restore-{now:%Y%m%dT%H%M%S.%fZ}")
    moved = None
    if path.exists():
        os.link(path, kept)
        moved = kept
    for part in ("-wal", "-journal", "-shm"):
        if (log := path.with_name(f"{path.name}{part}")).exists():
            moved = moved or kept.with_name(f"{kept.name}{part}")
            log.rename(f"{kept}{part}")
    return moved


def _rows(db: sqlite3.Connection) -> dict[str, int]:
    names = sorted(schema.tables_in(db))
    return {name: int(db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names}  # noqa: S608


def _refuse_existing(file: Path) -> None:
    if file.exists() or file.is_symlink():
        raise StateError(f"{file}: exists already; nothing was written over it")


def _reader(file: Path, how: str = "") -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro{how}", uri=True, isolation_level=None)


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None)
