"""The state copied into one file and brought back: consistent while a daemon runs, and never over what is there."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from watcher.errors import StateCorrupt, StateError
from watcher.store.database import FILE, newest_schema

_PAGES = 1000
_PAUSE_S = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a copy holds: its schema and the number of rows of every table. It was read whole and found sound."""

    schema: int
    rows: Mapping[str, int]


def back_up(folder: Path, file: Path) -> Copy:
    """Copy the state in `folder` into a new `file` with mode 0600. A daemon may go on writing meanwhile.

    Raises `StateError` when there is no state or the file exists or cannot be written, `StateCorrupt` when the copy
    is not sound; then there is no file. It has its name only when it is whole: a run that was killed leaves at most
    `FILE.part`, which the next one replaces.
    """
    if not (folder / FILE).exists():
        raise StateError(f"state {folder / FILE}: there is none to copy")
    _refuse_existing(file)
    part = file.with_name(f"{file.name}.part")
    try:
        _discard(part)
        _create(part)
        with closing(_reader(folder / FILE)) as source, closing(_connect(part)) as target:
            source.backup(target, pages=_PAGES, sleep=_PAUSE_S)
            # A copy is one file: without this it would ask for a log beside it.
            target.execute("PRAGMA journal_mode = DELETE")
        copy = verify(part)
        _sync(part)
        _refuse_existing(file)
        part.rename(file)
        _sync(file.parent)
    except BaseException as error:
        _discard(part)
        if isinstance(error, sqlite3.Error | OSError):
            raise StateError(f"{file}: cannot be written: {error}") from error
        raise
    return copy


def verify(file: Path) -> Copy:
    """Read a copy whole. Raises `StateError` when it is none of ours or of a newer version, `StateCorrupt`."""
    try:
        with closing(_reader(file, "&immutable=1")) as db:
            found = [row[0] for row in db.execute("PRAGMA integrity_check(1)")]
            if found != ["ok"] or db.execute("PRAGMA foreign_key_check").fetchone():
                raise StateCorrupt(f"{file}: the copy is damaged ({found[0]})")
            schema = int(db.execute("PRAGMA user_version").fetchone()[0])
            rows = _rows(db)
    except sqlite3.DatabaseError as error:
        raise StateCorrupt(f"{file}: not a copy of a state ({error})") from error
    if not {"feed", "entry", "version", "decision", "alert"} <= rows.keys():
        raise StateCorrupt(f"{file}: not a copy of a state")
    if schema > newest_schema():
        raise StateError(f"{file}: written by a newer version of watcher (schema {schema})")
    return Copy(schema=schema, rows=rows)


def bring_back(folder: Path, file: Path, now: datetime) -> Path | None:
    """Make the copy the state in `folder`. The caller owns the state. Returns where the old state was moved, if any.

    Raises what `verify` raises, before anything is touched, and `StateError` when it cannot be written. At every
    moment there is a whole state in the folder, the old one or the new.
    """
    verify(file)
    part = folder / f"{FILE}.part"
    try:
        _discard(part)
        _create(part)
        with closing(_reader(file, "&immutable=1")) as source, closing(_connect(part)) as target:
            source.backup(target)
        verify(part)
        _sync(part)
        kept = _move_aside(folder, now) if (folder / FILE).exists() else None
        part.rename(folder / FILE)
        _sync(folder)
    except (sqlite3.Error, OSError) as error:
        raise StateError(f"state {folder}: the copy cannot be brought back: {error}") from error
    return kept


def _move_aside(folder: Path, now: datetime) -> Path:
    """Give the old state a second name, and its log that name alone: a new database must not meet an old log."""
    path, kept = folder / FILE, folder / f"{FILE}.before-restore-{now:%Y%m%dT%H%M%S.%fZ}"
    with suppress(sqlite3.DatabaseError), closing(_connect(path)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    os.link(path, kept)
    for part in ("-wal", "-shm"):
        if (folder / f"{FILE}{part}").exists():
            (folder / f"{FILE}{part}").rename(f"{kept}{part}")
    return kept


def _rows(db: sqlite3.Connection) -> dict[str, int]:
    names = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    names = [name for name in names if not name.startswith("sqlite_")]
    return {name: int(db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names}  # noqa: S608


def _refuse_existing(file: Path) -> None:
    if file.exists() or file.is_symlink():
        raise StateError(f"{file}: exists already; nothing was written over it")


def _discard(part: Path) -> None:
    """Delete an unfinished copy with its journal, which would be taken for that of the next one."""
    for name in (part.name, f"{part.name}-journal", f"{part.name}-wal", f"{part.name}-shm"):
        part.with_name(name).unlink(missing_ok=True)


def _create(file: Path) -> None:
    """Make an empty file that nobody else can read. Raises `StateError` when there is one already."""
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    except FileExistsError as error:
        raise StateError(f"{file}: exists already; nothing was written over it") from error
    except OSError as error:
        raise StateError(f"{file}: cannot be written: {error.strerror}") from error


def _reader(file: Path, how: str = "") -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro{how}", uri=True, isolation_level=None)


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
