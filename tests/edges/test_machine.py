"""The service manager is told, the log cannot be forged, the state has one owner."""

from __future__ import annotations

import io
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from watcher.edges import machine
from watcher.edges.machine import ServiceManager, daemon_lock, disk_free, local_zone, one_line, set_up_logging
from watcher.errors import StateBusy, StateError


@pytest.fixture(params=["file", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """A socket that listens as a service manager does, and its name in the environment."""
    name = str(tmp_path / "notify") if request.param == "file" else f"@watcher-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(name.replace("@", "\0", 1) if request.param == "abstract" else name)
        listener.settimeout(5)
        yield listener, name


def test_service_manager_is_told(manager: tuple[socket.socket, str]) -> None:
    """Every state is one datagram, a reload carries the monotonic time, a status stays one line."""
    listener, name = manager
    service = ServiceManager({"NOTIFY_SOCKET": name})
    service.ready("watching\nREADY=0")
    service.reloading()
    service.alive()
    service.stopping()
    service.status("")
    told = [listener.recv(4096).decode().split("\n") for _ in range(4)]
    assert told[0] == ["READY=1", "STATUS=watching\\nREADY=0"]
    assert told[1][0] == "RELOADING=1"
    assert told[1][1].partition("=")[0] == "MONOTONIC_USEC"
    assert int(told[1][1].partition("=")[2]) > 0
    assert told[2:] == [["WATCHDOG=1"], ["STOPPING=1"]]


def test_nobody_listening_is_no_problem(tmp_path: Path) -> None:
    """Without a service manager, or with a dead one, telling does nothing."""
    ServiceManager({}).ready("x")
    ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "nothing")}).ready("x")


@pytest.mark.parametrize(
    ("environ", "span_s"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "120000000"}, 60),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": str(os.getpid())}, 60),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_watchdog_is_fed_at_half_its_span(environ: dict[str, str], span_s: float | None) -> None:
    """The pause between two signs of life, or None when nobody watches this process."""
    assert ServiceManager(environ).watchdog_s == span_s


@pytest.fixture
def quiet_root() -> Iterator[None]:
    """Put the root logger back as it was."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.usefixtures("quiet_root")
def test_log_lines_cannot_be_forged() -> None:
    """A foreign text stays within its line, without control characters; a traceback is set in."""
    out = io.StringIO()
    set_up_logging({}, stream=out)
    logging.getLogger("watcher.x").warning("title %s", "a\n2026-01-01 ERROR forged\x1b[2J\u202e\x9b")

    def fail() -> None:
        raise ValueError("one\ntwo\x07")

    try:
        fail()
    except ValueError:
        logging.getLogger("watcher.x").exception("failed")
    lines = out.getvalue().splitlines()
    assert lines[0].endswith("WARNING watcher.x: title a\\n2026-01-01 ERROR forged\\x1b[2J\\u202e\\x9b")
    assert lines[1].endswith("ERROR   watcher.x: failed")
    assert lines[-1].endswith("     two\\x07")
    assert all(line.isprintable() for line in lines)


@pytest.mark.usefixtures("quiet_root")
def test_journal_gets_priorities(tmp_path: Path) -> None:
    """When stderr is the journal, each line carries its priority and the journal adds the time."""
    with (tmp_path / "journal").open("w") as out:
        status = os.fstat(out.fileno())
        set_up_logging({"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}, level=logging.DEBUG, stream=out)
        for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
            logging.getLogger("w").log(level, "x")
    assert (tmp_path / "journal").read_text().splitlines() == [f"<{number}>w: x" for number in (7, 6, 4, 3, 2)]


def test_visible_text_is_left_alone() -> None:
    """Umlauts and emoji are no danger."""
    assert one_line("Grüße – 日本 🎉") == "Grüße – 日本 🎉"
    assert one_line("a\tb\ud800") == "a b\\ud800"


def test_second_daemon_is_told_who_owns_the_state(tmp_path: Path) -> None:
    """The lock names its process, is free after the block, and the folder is nobody else's to read."""
    folder = tmp_path / "state"
    with daemon_lock(folder):
        assert folder.stat().st_mode & 0o777 == 0o700
        with pytest.raises(StateBusy, match=f"process {os.getpid()} owns it"), daemon_lock(folder):
            pass
    with daemon_lock(folder):
        pass


def test_a_killed_daemon_leaves_no_lock(tmp_path: Path) -> None:
    """After kill -9 the next daemon starts at once."""
    script = (
        "import sys, time, pathlib\nfrom watcher.edges.machine import daemon_lock\n"
        "with daemon_lock(pathlib.Path(sys.argv[1])):\n  print('locked', flush=True)\n  time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process, process.stdout:
        assert process.stdout.readline() == "locked\n"
        with pytest.raises(StateBusy, match=f"process {process.pid} "), daemon_lock(tmp_path):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    with daemon_lock(tmp_path):
        pass


def test_state_that_cannot_be_locked_is_told(tmp_path: Path) -> None:
    """A file where the folder should be is an error in our words."""
    (tmp_path / "state").touch()
    with pytest.raises(StateError, match="cannot be locked"), daemon_lock(tmp_path / "state"):
        pass


def test_clock_and_zone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The clock is UTC; the zone is that of the environment, else that of the machine, else UTC."""
    assert machine.now().tzinfo is UTC
    summer = datetime(2026, 7, 1, tzinfo=UTC)
    assert summer.astimezone(local_zone({"TZ": "Europe/Berlin"})).utcoffset() == timedelta(hours=2)
    assert local_zone({"TZ": "No/Where"}) is UTC
    monkeypatch.setattr(machine, "_LOCALTIME", tmp_path / "missing")
    assert local_zone({}) is UTC


def test_disk_is_asked(tmp_path: Path) -> None:
    """Free bytes are a number, and a folder that is not there an error."""
    assert disk_free(tmp_path) > 0
    with pytest.raises(StateError):
        disk_free(tmp_path / "missing")
