"""The state copied and brought back: consistent under load, never over what is there, never with a secret in it."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from watcher.cli.main import watcher
from watcher.edges.machine import daemon_lock
from watcher.errors import StateBusy, StateCorrupt, StateError, WatcherError
from watcher.store.database import FILE, open_state

PLANTED = "planted-secret-in-a-file"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Give a folder with a config that names a secret, and a state with a feed and some entries."""
    (tmp_path / "password").touch(mode=0o600)
    (tmp_path / "password").write_text(PLANTED)
    (tmp_path / "config.toml").write_text(
        '[storyline]\nuse = "any"\n[[feed]]\nname = "Feed"\nurl = "https://feed.example/rss"\n'
        'username = "reader"\npassword_file = "password"\n'
    )
    with closing(open_state(tmp_path / "state")) as db:
        db.execute("INSERT INTO feed (id, url, name, due_at) VALUES (1, 'https://feed.example/rss', 'Feed', 'x')")
        fill(db, 0, 50)
    return tmp_path


def fill(db: sqlite3.Connection, start: int, end: int) -> None:
    """Write entries two at a time: a copy with an odd number of them is not consistent."""
    for number in range(start, end, 2):
        db.execute("BEGIN IMMEDIATE")
        for one in (number, number + 1):
            db.execute(
                "INSERT INTO entry (feed_id, identity, title, seen_at, digest) VALUES (1, ?, ?, 'x', 'x')",
                (str(one), "Words of a title. " * 20),
            )
        db.execute("COMMIT")


def call(home: Path, *args: str) -> Result:
    """Run a command; what went wrong is raised."""
    return CliRunner().invoke(watcher, ["--config", str(home / "config.toml"), *args], catch_exceptions=False)


def titles(home: Path) -> int:
    """Count the entries of the state."""
    with closing(sqlite3.connect(home / "state" / FILE)) as db:
        return int(db.execute("SELECT count(*) FROM entry").fetchone()[0])


def test_what_was_copied_comes_back(home: Path) -> None:
    """A copy brought back is the state of then; the state of now stays beside it under a name that is told."""
    copied = json.loads(call(home, "backup", str(home / "copy.db"), "--json").stdout)
    assert (copied["rows"]["entry"], copied["whole"]) == (50, True)
    with closing(open_state(home / "state")) as db:
        fill(db, 50, 60)
    told = json.loads(call(home, "restore", str(home / "copy.db"), "--verify", "--json").stdout)
    assert told["restored"]
    assert titles(home) == 50
    with closing(sqlite3.connect(told["kept"])) as before:
        assert before.execute("SELECT count(*) FROM entry").fetchone() == (60,)
    with closing(open_state(home / "state")) as db:
        fill(db, 50, 52)
    assert titles(home) == 52


def test_a_copy_is_consistent_while_others_write(home: Path) -> None:
    """While another connection writes all the time, a copy holds whole transactions alone, and is private."""
    stop = threading.Event()

    def write() -> None:
        with closing(open_state(home / "state", checkpoints=True)) as db:
            number = 50
            while not stop.is_set() and number < 20_000:
                fill(db, number, number + 2)
                number += 2

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(4):
            told = json.loads(call(home, "backup", str(home / f"copy{number}.db"), "--json").stdout)
            assert told["rows"]["entry"] % 2 == 0
            assert (home / f"copy{number}.db").stat().st_mode & 0o777 == 0o600
    finally:
        stop.set()
        writer.join()
    assert not list(home.glob("copy*-wal"))


def test_nothing_is_written_over(home: Path) -> None:
    """A file that exists is no place for a copy."""
    (home / "mine").write_text("mine")
    with pytest.raises(StateError, match="exists already"):
        call(home, "backup", str(home / "mine"))
    assert (home / "mine").read_text() == "mine"


@pytest.mark.parametrize("damage", ["words", "cut", "flipped", "other"])
def test_a_damaged_copy_is_refused_untouched(home: Path, damage: str) -> None:
    """A copy that is none, is cut, has flipped bits or is another program's is refused before the state is touched."""
    copy = home / "copy.db"
    call(home, "backup", str(copy))
    body = bytearray(copy.read_bytes())
    if damage == "words":
        body = bytearray(b"no database, just words " * 300)
    elif damage == "cut":
        del body[len(body) // 2 :]
    elif damage == "flipped":
        for place in range(4096, len(body), 512):
            body[place] ^= 0xFF
    copy.write_bytes(body)
    if damage == "other":
        copy.unlink()
        with closing(sqlite3.connect(copy)) as db:
            db.execute("CREATE TABLE cards (number)")
    for more in ([], ["--dry-run"], ["--verify"]):
        with pytest.raises(StateCorrupt):
            call(home, "restore", str(copy), *more)
    assert titles(home) == 50
    assert not list((home / "state").glob("*before-restore*"))


def test_a_damaged_state_is_not_copied(home: Path) -> None:
    """A copy that would not be whole is an error and leaves no file."""
    path = home / "state" / FILE
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    body = bytearray(path.read_bytes())
    for place in range(8192, len(body), 256):
        body[place] ^= 0xFF
    path.write_bytes(body)
    with pytest.raises(WatcherError):
        call(home, "backup", str(home / "copy.db"))
    assert not (home / "copy.db").exists()


def test_a_damaged_state_gives_way_to_a_copy(home: Path) -> None:
    """Where the state is beyond use, a copy takes its place, and the damaged file stays to be looked at."""
    call(home, "backup", str(home / "copy.db"))
    (home / "state" / FILE).write_bytes(b"garbage" * 1000)
    told = json.loads(call(home, "restore", str(home / "copy.db"), "--json").stdout)
    assert titles(home) == 50
    assert Path(told["kept"]).read_bytes() == b"garbage" * 1000


def test_not_while_a_daemon_runs(home: Path) -> None:
    """With a daemon on the state, copying works and bringing back is refused as busy."""
    with daemon_lock(home / "state"):
        call(home, "backup", str(home / "copy.db"))
        with pytest.raises(StateBusy):
            call(home, "restore", str(home / "copy.db"))


def test_a_dry_run_changes_nothing(home: Path) -> None:
    """`--dry-run` says what a copy holds and leaves the state as it is."""
    call(home, "backup", str(home / "copy.db"))
    with closing(open_state(home / "state")) as db:
        fill(db, 50, 60)
    assert "50 entries" in call(home, "restore", str(home / "copy.db"), "--dry-run").stdout
    assert titles(home) == 60


def test_a_copy_holds_no_secret(home: Path) -> None:
    """Secrets are files that the config names; neither they nor their names are in a copy."""
    call(home, "backup", str(home / "copy.db"))
    body = (home / "copy.db").read_bytes()
    assert PLANTED.encode() not in body
    assert b"password" not in body


def test_a_state_that_is_not_there_is_told(home: Path, tmp_path: Path) -> None:
    """Without a state there is nothing to copy; with a copy alone, the state is made from it."""
    call(home, "backup", str(home / "copy.db"))
    for path in (home / "state").iterdir():
        path.unlink()
    with pytest.raises(StateError, match="none to copy"):
        call(home, "backup", str(home / "other.db"))
    call(home, "restore", str(home / "copy.db"), "--verify")
    assert titles(home) == 50
