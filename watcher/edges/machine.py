"""The machine we run on: its clock and zone, its service manager, its log, its disk, and the lock on the state."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from watcher.errors import StateBusy, StateError

LOCK = "daemon.lock"
_LOCALTIME = Path("/etc/localtime")
_PRIORITIES = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))
_DEBUG = 7


def now() -> datetime:
    """Tell the time in UTC."""
    return datetime.now(UTC)


def local_zone(environ: Mapping[str, str]) -> tzinfo:
    """Find the zone that clocks on this machine show, with its summer time; UTC when it cannot be told."""
    try:
        if name := environ.get("TZ", "").lstrip(":"):
            return ZoneInfo(name)
        with _LOCALTIME.open("rb") as file:
            return ZoneInfo.from_file(file, key="local")
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return UTC


def disk_free(folder: Path) -> int:
    """Count the bytes that we may still write below `folder`. Raises `StateError` when it cannot be told."""
    try:
        return shutil.disk_usage(folder).free
    except OSError as error:
        raise StateError(f"state {folder}: the disk cannot be asked: {error.strerror}") from error


# -- the service manager -----------------------------------------------------------------------------------------------


class ServiceManager:
    """What systemd is told over `$NOTIFY_SOCKET`; without one, nothing happens. Telling never fails or waits."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        # "@" stands for the zero byte of an abstract address.
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self.watchdog_s = _watchdog_s(environ)

    def ready(self, status: str = "") -> None:
        """Tell that the start, or the reload, is done."""
        self._tell("READY=1", status)

    def reloading(self) -> None:
        """Tell that the config is read again; `ready` ends it."""
        self._tell("RELOADING=1", extra=f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self, status: str = "") -> None:
        """Tell that the end has begun."""
        self._tell("STOPPING=1", status)

    def alive(self) -> None:
        """Feed the watchdog; wanted at least every `watchdog_s` seconds when that is not None."""
        self._tell("WATCHDOG=1")

    def status(self, status: str) -> None:
        """Tell in one line what is being done."""
        self._tell("", status)

    def _tell(self, state: str, status: str = "", extra: str = "") -> None:
        told = [part for part in (state, extra, f"STATUS={one_line(status)}" if status else "") if part]
        if not self._address or not told:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
                out.settimeout(0)
                out.sendto("\n".join(told).encode(), self._address)
        except OSError as error:
            logging.getLogger(__name__).debug("service manager was not told: %s", error)


def _watchdog_s(environ: Mapping[str, str]) -> float | None:
    """Half of what the service manager waits for before it kills us; None when it does not watch this process."""
    span, pid = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    if not span.isdecimal() or int(span) == 0 or (pid and pid != str(os.getpid())):
        return None
    return int(span) / 2_000_000


# -- the log -----------------------------------------------------------------------------------------------------------


def set_up_logging(environ: Mapping[str, str], *, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Write the log to stderr: for the journal with priorities, for people with the time."""
    out = stream or sys.stderr
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Lines(for_journal=_is_journal(environ, out)))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Libraries tell every request at this level, with addresses that may be secrets.
    for chatty in ("httpx", "httpcore", "apscheduler"):
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))


def one_line(text: str) -> str:
    """Replace what could forge a line or steer a terminal: control, bidirectional and unassigned characters."""
    return text if text.isprintable() else "".join(c if c.isprintable() else _visible(c) for c in text)


def _visible(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii") if character != "\t" else " "


class _Lines(logging.Formatter):
    """One line for a message, and one for each line of a traceback, set in so that it cannot pass for a message."""

    def __init__(self, *, for_journal: bool) -> None:
        super().__init__()
        self._for_journal = for_journal

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        trace = self.formatException(record.exc_info).splitlines() if record.exc_info else []
        found = [f"{record.name}: {one_line(record.getMessage())}", *(f"    {one_line(line)}" for line in trace)]
        return "\n".join(self._prefix(record) + line for line in found)

    def _prefix(self, record: logging.LogRecord) -> str:
        if self._for_journal:
            return f"<{next((priority for level, priority in _PRIORITIES if record.levelno >= level), _DEBUG)}>"
        moment = datetime.fromtimestamp(record.created, UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%SZ} {record.levelname:<7} "


def _is_journal(environ: Mapping[str, str], out: TextIO) -> bool:
    """Whether a stream is the one `$JOURNAL_STREAM` names by device and inode."""
    try:
        status = os.fstat(out.fileno())
    except (OSError, ValueError):
        return False
    return environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


# -- the lock ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The lock on a state, held. It is one on a file, not on a name: whoever finds another file there owns that."""

    path: Path
    descriptor: int

    def require_place(self) -> None:
        """Raise `StateError` when the file was moved away or replaced, so that a second daemon could own the state, and
        `OSError` when it cannot be looked at.
        """
        held = os.fstat(self.descriptor)
        try:
            found = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            found = None
        if found is None or not os.path.samestat(held, found):
            raise StateError(f"state {self.path.parent}: was moved or replaced while it was in use: start again")


@contextmanager
def daemon_lock(folder: Path) -> Iterator[Lock]:
    """Own the state in `folder`, which is created where needed, until the block or the process ends.

    Raises `StateBusy` with the number of the process that owns it, at once, and `StateError` when there is no locking.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise StateError(f"state {folder}: cannot be locked: {error.strerror}") from error
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = file.read(32).decode("ascii", "replace").strip()
            process = f"process {owner}" if owner.isdecimal() else "another process"
            raise StateBusy(f"state {folder}: {process} owns it") from error
        except OSError as error:
            raise StateError(f"state {folder}: cannot be locked: {error.strerror}") from error
        # The file stays: removing it would let two processes lock two files of one name.
        try:
            file.truncate(0)
            file.write(f"{os.getpid()}\n".encode())
        except OSError as error:
            # A full disk takes the name of the owner, not the lock.
            logging.getLogger(__name__).warning("state %s: the lock does not name us: %s", folder, error.strerror)
        yield Lock(path=folder.absolute() / LOCK, descriptor=file.fileno())
