"""The daemon as the service manager, a person and a power cut meet it."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crash.warm import Quick

from acceptance import press
from acceptance.origin import RSS, Origin, Reply
from acceptance.program import Program, until, write_config
from acceptance.receivers import SECRET, Call, Sink

HOUR = timedelta(hours=1)


class Notices:
    """What the daemon tells its service manager; heard all the time, as few of them may wait in a socket."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(path)
        self.told: list[str] = []
        self._ear = threading.Thread(target=self._listen)
        self._ear.start()

    def _listen(self) -> None:
        while notice := self._socket.recv(4096):
            self.told.append(notice.decode())

    def has(self, word: str, after: int = 0) -> bool:
        """Whether a notice with that line has come since the `after`-th."""
        return any(word in notice.splitlines() for notice in self.told[after:])

    def close(self) -> None:
        """Hear no more."""
        self._socket.shutdown(socket.SHUT_RD)
        self._ear.join()
        self._socket.close()


@pytest.fixture
def notices() -> Iterator[Notices]:
    """Listen as a service manager does; `NOTIFY_SOCKET` is set for the programs the test starts."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "notify")
        here = Notices(path)
        os.environ["NOTIFY_SOCKET"] = path
        try:
            yield here
        finally:
            del os.environ["NOTIFY_SOCKET"]
            here.close()


def make(folder: Path, site: Origin, name: str, *reports: press.Report, tail: str = "", allow: str = "") -> Program:
    """Make a program that watches one feed with these reports."""
    home = f"http://{site.address}"
    for report in reports:
        site.put(report.path, press.page(report))
    url = site.put(f"/{name}", press.rss(reports, home), RSS)
    hosts = [site.address, allow] if allow else [site.address]
    program = Quick(write_config(folder, feeds={"wire": url}, allow=hosts, tail=tail).folder)
    if "NOTIFY_SOCKET" in os.environ:
        program.env = {"NOTIFY_SOCKET": os.environ["NOTIFY_SOCKET"], "WATCHDOG_USEC": "2000000"}
    return program


def flagged(program: Program) -> list[str]:
    """Give the headlines that wait."""
    answer = program.run("flags", "--json")
    return [one["headline"] for one in answer.json["developments"]] if answer.code == 0 else []


def end(process: subprocess.Popen[bytes]) -> float:
    """Ask the daemon to end and give how long it took, in seconds."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    return time.monotonic() - began


def test_daemon_lives_well(site: Origin, tmp_path: Path, notices: Notices) -> None:
    """The daemon says when it is ready, polls at once, feeds its watchdog, lets commands decide beside it, turns a
    second daemon and a walk away, takes a valid config, keeps the old one when the new is broken, and ends cleanly.
    """
    now = datetime.now(UTC)
    program = make(tmp_path, site, "live", press.VERDICT.at(now - HOUR))
    with program.daemon() as process:
        until(lambda: notices.has("READY=1"), 20, "ready")
        until(lambda: site.asked("/live"), 5, "the first poll")
        until(lambda: flagged(program), 15, "a flag")
        for command in (["run"], ["once"]):
            began = time.monotonic()
            second = program.run(*command)
            assert second.code == 75, second
            assert str(process.pid) in second.err
            assert time.monotonic() - began < 4
        assert program.run("accept", "D1").code == 0
        assert flagged(program) == []
        until(lambda: notices.has("WATCHDOG=1"), 5, "a fed watchdog")
        _reload(program, site, notices, process)
        assert end(process) < 10
        until(lambda: notices.has("STOPPING=1"), 5, "a word of the end")
    assert "Traceback" not in program.log


def _reload(program: Program, site: Origin, notices: Notices, process: subprocess.Popen[bytes]) -> None:
    """Break the config and mend it, with a reload after each."""
    good = program.config.read_text(encoding="utf-8")
    program.config.write_text(good + '\n[storrage]\ndir = "x"\n', encoding="utf-8")
    count = len(notices.told)
    process.send_signal(signal.SIGHUP)
    until(lambda: notices.has("READY=1", count), 10, "ready again after a refused config")
    assert "storrage" in program.log
    polls = len(site.asked("/live"))
    until(lambda: len(site.asked("/live")) > polls, 10, "polling goes on with the old config")
    report = press.RESIGNED.at(datetime.now(UTC) - HOUR)
    site.put(report.path, press.page(report))
    url = site.put("/added", press.rss([report], f"http://{site.address}"), RSS)
    program.config.write_text(good + f'\n[[feed]]\nname = "added"\nurl = "{url}"\n', encoding="utf-8")
    count = len(notices.told)
    process.send_signal(signal.SIGHUP)
    until(lambda: notices.has("RELOADING=1", count) and notices.has("READY=1", count), 10, "reloaded")
    until(lambda: report.title in flagged(program), 20, "the added feed's report")


@pytest.mark.slow
def test_slow_origin_does_not_hold_the_end(site: Origin, tmp_path: Path) -> None:
    """SIGTERM ends the daemon within ten seconds also while a server keeps it waiting."""
    stop = threading.Event()
    program = make(tmp_path, site, "stalls")
    site.replies["/stalls"] = Reply(b"", RSS, pause=stop)
    text = program.config.read_text(encoding="utf-8")
    program.config.write_text(text.replace('timeout = "10s"', 'timeout = "60s"'), encoding="utf-8")
    try:
        with program.daemon() as process:
            until(lambda: "watching 1 feed for" in program.log, 20, "the start")
            time.sleep(1.5)
            assert end(process) < 10
    finally:
        stop.set()


def _signed(sink: Sink, folder: Path) -> str:
    """Write a signed webhook channel."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "secret"
    secret.touch(mode=0o600)
    secret.write_text(SECRET, encoding="ascii")
    return (
        "[alerts]\nsince = 2020-01-01\nmin_confidence = 0.0\n"
        f'[[alerts.webhook]]\nname = "desk"\nurl = "{sink.url}"\nsecret_file = "secret"\n'
    )


@pytest.mark.slow
def test_alert_whose_acknowledgement_is_lost_repeats_its_key(site: Origin, tmp_path: Path, sink: Sink) -> None:
    """Killed after the receiver took an alert and before it was told so, the daemon sends it again under the same key
    and opens nothing twice.
    """
    report = press.VERDICT.at(datetime.now(UTC))
    program = make(tmp_path, site, "lost", report, tail=_signed(sink, tmp_path), allow=sink.address)
    called = len(sink.calls)
    with program.daemon() as process:

        def kill(call: Call) -> bool:
            process.kill()
            return True

        sink.before_answer = kill
        try:
            assert process.wait(40) == -signal.SIGKILL
        finally:
            sink.before_answer = None
    with program.daemon() as process:
        until(lambda: len(sink.calls) > called + 1, 30, "the repeat")
        until(lambda: program.ask("alerts", "list")["alerts"] == [], 10, "nothing waits")
        end(process)
    assert len({call.key for call in sink.calls[called:]}) == 1
    sink.verify(sink.calls[-1])
    assert flagged(program) == [report.title]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_kills_at_any_moment_lose_nothing(site: Origin, tmp_path: Path, sink: Sink) -> None:
    """Killed again and again while it reads and judges, the daemon ends with every report told, each alert under one
    key, and a sound database.
    """
    now = datetime.now(UTC)
    reports = [press.VERDICT.at(now - 3 * HOUR), press.RESIGNED.at(now - 2 * HOUR), press.SEIZED.at(now - HOUR)]
    program = make(tmp_path, site, "killed", *reports, tail=_signed(sink, tmp_path), allow=sink.address)
    called = len(sink.calls)
    for pause_s in (0.7, 1.1, 1.6, 2.2, 3.0, 4.0):
        with program.daemon() as process:
            time.sleep(pause_s)
            process.kill()
            process.wait(10)
    starts = program.log.count("watching 1 feed for")
    with program.daemon() as process:
        until(lambda: program.log.count("watching 1 feed for") > starts, 20, "the last start")
        until(lambda: len(flagged(program)) == 3, 60, "all three reports")
        until(lambda: program.ask("alerts", "list")["alerts"] == [], 20, "nothing waits")
        end(process)
    told: dict[str, set[str]] = {}
    for call in sink.calls[called:]:
        told.setdefault(call.told["data"]["id"], set()).add(call.key)
    assert {name: len(keys) for name, keys in told.items()} == {"D1": 1, "D2": 1, "D3": 1}
    assert sorted(flagged(program)) == sorted(report.title for report in reports)
    with closing(sqlite3.connect(program.state / "watcher.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
