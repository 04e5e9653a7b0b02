"""The daemon as a process: it starts at once, survives what happens to it, and ends when told."""

from __future__ import annotations

import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from watcher.daemon import Beat, Pulse

if TYPE_CHECKING:
    from newssite import Site

ROOT = Path(__file__).parents[2]
TEXT = "Ada Lovelace told the committee on Tuesday that the engine would be finished before the end of the year."


class Machine:
    """A config and the daemons started on it."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder, self.site = folder, site
        self.config = folder / "config.toml"
        self.write()
        self.started: list[subprocess.Popen[str]] = []
        self.environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}

    def write(self, *, feed: str = "/feed", more: str = "") -> None:
        """Write the config."""
        self.config.write_text(
            '[storyline]\nuse = "any"\n[schedule]\nmin = "1s"\nevery = "1s"\n'
            f'[fetch]\nallow_private = ["{self.site.host}"]\n'
            f'[[feed]]\nname = "Feed"\nurl = "{self.site.url(feed)}"\n{more}'
        )

    def start(self) -> subprocess.Popen[str]:
        """Start a daemon."""
        process = subprocess.Popen(
            [sys.executable, "-m", "watcher", "--config", str(self.config), "run"],
            env=self.environ,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def ask(self, query: str) -> object:
        """One value of the state; None while there is no answer."""
        try:
            db = sqlite3.connect(f"file:{self.folder}/state/watcher.db?mode=ro", uri=True)
            try:
                row = db.execute(query).fetchone()
            finally:
                db.close()
        except sqlite3.OperationalError:
            return None
        return row[0] if row else None


@pytest.fixture
def machine(tmp_path: Path, site: Site) -> Iterator[Machine]:
    """Give a machine with one feed of one article."""
    site.feed("/feed", site.item("/a", "Ada speaks", TEXT))
    site.article("/a", "Ada speaks", TEXT, TEXT.replace("Tuesday", "Friday"), TEXT.replace("engine", "machine"))
    box = Machine(tmp_path, site)
    yield box
    for process in box.started:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()


def until(what: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def end(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> str:
    """End a daemon, which it does soon and without an error. Returns its log."""
    process.send_signal(number)
    _, log = process.communicate(timeout=60)
    assert process.returncode == 0, log
    assert "Traceback" not in log
    return log


def processor_s(pid: int) -> float:
    """How much processor time a process has taken, its threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_it_watches_until_told_to_stop(machine: Machine) -> None:
    """The first poll comes soon, feeds are asked again, articles are judged, SIGTERM ends it."""
    begun = time.monotonic()
    process = machine.start()
    until(lambda: machine.site.hits["/feed"])
    spent_s = processor_s(process.pid)
    assert time.monotonic() - begun < 30
    # 5 s by the clock are promised; on a loaded machine only this can be held to account
    assert spent_s < 3, spent_s
    until(lambda: machine.ask("SELECT count(*) FROM judgement") == 1)
    until(lambda: machine.site.hits["/feed"] >= 3)
    log = end(process)
    assert "watching 1 feed for any" in log
    assert "entries: 1 seen, 1 new, 1 relevant" in log


def test_two_daemons_do_not_share_a_state(machine: Machine) -> None:
    """The second ends with 75 and says why, before it has done half a second of work, and asks nobody anything."""
    first = machine.start()
    until(lambda: machine.site.hits["/feed"])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    second = machine.start()
    _, log = second.communicate(timeout=60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # processor time: by the clock a loaded machine may take its time
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.6
    assert second.returncode == 75
    assert log == f"watcher: state {machine.folder}/state: process {first.pid} owns it\n"
    end(first, signal.SIGINT)


def test_a_killed_daemon_goes_on_where_it_was(machine: Machine) -> None:
    """Kills at any time lose nothing and repeat nothing: every entry once, every version judged once."""
    for round_ in range(4):
        machine.site.feed("/feed", *(machine.site.item("", f"T{n}", TEXT) for n in range(5 * (round_ + 1))))
        process = machine.start()
        hits = machine.site.hits["/feed"]
        until(lambda before=hits: machine.site.hits["/feed"] > before)
        time.sleep(0.15 * round_)
        process.kill()
        process.wait()
    process = machine.start()
    until(lambda: machine.ask("SELECT count(*) FROM judgement") == 20)
    end(process)
    assert machine.ask("SELECT count(*) FROM entry") == 20
    assert machine.ask("SELECT count(*) FROM unjudged") == 0
    assert machine.ask("PRAGMA integrity_check") == "ok"


def test_a_config_is_reloaded_when_it_can_be_used(machine: Machine) -> None:
    """SIGHUP with a broken config keeps the old one and says so; with a good one the new feed is asked."""
    process = machine.start()
    until(lambda: machine.site.hits["/feed"])
    machine.write(more="nonsense = 1\n")
    process.send_signal(signal.SIGHUP)
    before = machine.site.hits["/feed"]
    until(lambda: machine.site.hits["/feed"] > before + 1)
    machine.site.feed("/new")
    machine.write(feed="/new")
    process.send_signal(signal.SIGHUP)
    until(lambda: machine.site.hits["/new"])
    log = end(process)
    assert "config not reloaded, the old one stays" in log
    assert "nonsense" in log
    assert "config reloaded" in log


@pytest.mark.slow
def test_a_locked_state_is_waited_for(machine: Machine) -> None:
    """While another process holds the database the daemon stays alive, and goes on by itself afterwards."""
    process = machine.start()
    until(lambda: machine.ask("SELECT count(*) FROM judgement") == 1)
    other = sqlite3.connect(machine.folder / "state" / "watcher.db", isolation_level=None, timeout=20)
    other.execute("BEGIN IMMEDIATE")
    machine.site.feed("/feed", machine.site.item("", "More", TEXT))
    time.sleep(7)
    assert process.poll() is None
    other.execute("ROLLBACK")
    other.close()
    until(lambda: machine.ask("SELECT count(*) FROM judgement") == 2)
    assert "database is locked" in end(process)


def test_a_damaged_state_is_told(machine: Machine) -> None:
    """A damaged database ends the start with a clear message and stays as it is."""
    (machine.folder / "state").mkdir(mode=0o700)
    path = machine.folder / "state" / "watcher.db"
    path.write_bytes(b"no database at all, just words " * 100)
    process = machine.start()
    _, log = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "the database is damaged" in log
    assert path.read_bytes() == b"no database at all, just words " * 100


def test_the_service_manager_is_told(machine: Machine, tmp_path: Path) -> None:
    """READY comes after the start, WATCHDOG while it works, STOPPING at the end."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(15)
        machine.environ |= {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "2000000"}
        process = machine.start()
        assert manager.recv(500).decode().startswith("READY=1")
        assert manager.recv(500).decode() == "WATCHDOG=1"
        process.send_signal(signal.SIGHUP)
        told = ""
        while "READY=1" not in told:
            told += manager.recv(500).decode()
        assert "RELOADING=1" in told
        end(process)
        while "STOPPING=1" not in told:
            told += manager.recv(500).decode()


def test_the_watchdog_bites_when_nothing_moves() -> None:
    """A step that hangs or a flight that never lands is no progress; rest is."""
    pulse = Pulse(moved_s=0.0)
    assert pulse.is_well({}, 3, 0, 100)
    assert not pulse.is_well({}, 3, 0, 700)
    assert pulse.is_well({}, 3, 1, 800)
    assert pulse.is_well({}, 0, 1, 5000)
    assert not pulse.is_well({"judge": Beat(since_s=4000)}, 0, 1, 5000)
    assert pulse.is_well({"judge": Beat()}, 0, 1, 5000)
