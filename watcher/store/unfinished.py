"""A file that is being made: beside the one it will be, under a name of our own, and readable by us alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from watcher.errors import StateError

SUFFIX = ".watcher-part"
"""What no other program calls its files: one that is found was left by a run of ours that was killed."""


@contextmanager
def unfinished(target: Path) -> Iterator[Path]:
    """Give an empty file to fill; `put_in_place` gives it its name. However the block ends, nothing else is left.

    Raises `StateError` when it cannot be made.
    """
    part = target.with_name(f"{target.name}{SUFFIX}")
    _discard(part)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    except OSError as error:
        raise StateError(f"{target}: cannot be written: {error.strerror}") from error
    try:
        yield part
    finally:
        _discard(part)


def put_in_place(part: Path, target: Path) -> None:
    """Let a finished file take the name it was made for: a name that outlives a power cut stands for all of it."""
    sync(part)
    part.rename(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _discard(part: Path) -> None:
    """Delete an unfinished file with its journal, which would be taken for that of the next one."""
    for beside in ("", "-journal", "-wal", "-shm"):
        part.with_name(f"{part.name}{beside}").unlink(missing_ok=True)
