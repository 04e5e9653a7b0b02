"""States that cannot be used, and disks that are full: a clear word and an exit code, never a trace or a lost state."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crash.warm import Quick

from acceptance import press
from acceptance.origin import RSS, Origin
from acceptance.program import Program, until, write_config

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def walked(site: Origin, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Give a state after one walk."""
    report = press.VERDICT.at(datetime.now(UTC) - HOUR)
    site.put(report.path, press.page(report))
    url = site.put("/state", press.rss([report], f"http://{site.address}"), RSS)
    program = Quick(write_config(tmp_path_factory.mktemp("state"), feeds={"wire": url}, allow=[site.address]).folder)
    program.walk()
    return program


@pytest.fixture
def program(walked: Program, tmp_path: Path) -> Program:
    """Give a copy of that state to spoil."""
    shutil.copytree(walked.folder, tmp_path / "own")
    return Quick(tmp_path / "own")


def test_state_of_a_newer_version_is_left_alone(program: Program) -> None:
    """A database that a newer program wrote is refused by reader and writer, named as such, and not touched."""
    path = program.state / "watcher.db"
    with closing(sqlite3.connect(path)) as db:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        db.execute(f"PRAGMA user_version = {version + 1}")
        db.commit()
    before = path.read_bytes()
    for command in (["flags"], ["once"], ["accept", "D1"]):
        answer = program.run(*command)
        assert answer.code == 1, answer
        assert "newer" in answer.err
        assert "Traceback" not in answer.err
    assert path.read_bytes() == before


def test_damaged_state_is_named(program: Program) -> None:
    """A file that is no database is told as damaged, with its path; nothing is written over it."""
    path = program.state / "watcher.db"
    for rest in program.state.glob("watcher.db-*"):
        rest.unlink()
    path.write_bytes(b"this is no database" * 1000)
    for command in (["flags"], ["once"]):
        answer = program.run(*command)
        assert answer.code == 1, answer
        assert "watcher.db" in answer.err or str(program.state) in answer.err
        assert "Traceback" not in answer.err
    assert path.read_bytes().startswith(b"this is no database")


def test_state_directory_that_cannot_be_made_is_named(program: Program) -> None:
    """A file where the state directory should be ends with 1 and names the place."""
    shutil.rmtree(program.state)
    program.state.write_text("in the way", encoding="utf-8")
    answer = program.run("once")
    assert answer.code == 1, answer
    assert str(program.state) in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_state_directory_that_is_not_ours_is_named(program: Program) -> None:
    """A state directory without write permission ends with 1 and names the place."""
    program.state.chmod(0o500)
    try:
        answer = program.run("once")
    finally:
        program.state.chmod(0o700)
    assert answer.code == 1
    assert str(program.state) in answer.err


@pytest.mark.slow
def test_state_survives_being_read_while_the_walk_writes(program: Program) -> None:
    """Commands that read work while another process walks."""
    walk = subprocess.Popen(
        program.argv("once", "--all", "--json"), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=program.environment(), cwd=program.folder,
    )  # fmt: skip
    answers = [program.run("flags") for _ in range(3)]
    _, err = walk.communicate(timeout=60)
    assert walk.returncode == 0, err
    assert [answer.code for answer in answers] == [0, 0, 0]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a file system of six megabytes; skip where none may be mounted."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"no file system may be mounted here: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)


@pytest.mark.slow
def test_full_disk_stops_nothing_for_good(site: Origin, tmp_path: Path, small_disk: Path) -> None:
    """On a full disk the daemon says so and lives; with room again it finds what it could not keep."""
    report = press.VERDICT.at(datetime.now(UTC) - HOUR)
    site.put(report.path, press.page(report))
    url = site.put("/full", press.rss([report], f"http://{site.address}"), RSS)
    program = write_config(
        tmp_path / "p", feeds={"wire": url}, allow=[site.address], head=f'[state]\ndir = "{small_disk}/state"'
    )
    with program.daemon() as process:
        until(lambda: program.run("flags").out.count(report.title), 30, "the first flag")
        filler = small_disk / "filler"
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        more = press.RESIGNED.at(datetime.now(UTC) - HOUR)
        site.put(more.path, press.page(more))
        site.put("/full", press.rss([more, report], f"http://{site.address}"), RSS)
        until(lambda: "full" in program.log.lower(), 30, "a word of the full disk")
        assert process.poll() is None
        filler.unlink()
        until(lambda: more.title in program.run("flags").out, 100, "the report after the disk was freed")
