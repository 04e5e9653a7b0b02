"""A day without a mail server, a disk that only reads, a clock that jumps, a page of bits turned over."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from acceptance.program import Program, until

from crash.test_kills import check_nothing_lost, check_soundness, is_at_rest, make, rows
from crash.world import World, world
from watcher import wiring
from watcher.config import Config
from watcher.edges.config_file import load
from watcher.edges.mail import Mailer
from watcher.edges.webhook import Webhook
from watcher.errors import StateError
from watcher.flow.deliver import Chances, Deliver
from watcher.records import Storyline
from watcher.store import knowledge, outbox
from watcher.store.database import open_state, transaction
from watcher.store.thread import Store

START = datetime(2026, 3, 5, 12, tzinfo=UTC)


def fill(config: Config, count: int) -> None:
    """Write alerts for both channels."""
    with closing(open_state(config.state.dir)) as db:
        row = knowledge.enrol(db, Storyline(name="any", title="Any"), START)
        with transaction(db):
            for number in range(count):
                db.execute(
                    "INSERT INTO development (storyline_id, verdict, confidence, headline, opened_at, published_at,"
                    " alert) VALUES (?, 'new', 1, 'h', '', '', 1)", (row,),
                )  # fmt: skip
                outbox.put(
                    db, storyline_id=row, development_id=number + 1, type="development.opened",
                    data={"id": f"D{number + 1}", "headline": f"Headline {number + 1}"},
                    channels=("email", "webhook:desk"), now=START + timedelta(seconds=number / 10),
                )  # fmt: skip


async def outage(config: Config, here: World, count: int) -> tuple[list[int], float]:
    """Let the mail server be away for a day by the step's clock. Returns what the webhook had after the first step,
    and how many seconds after the server's return the last mail was taken.
    """
    passed_s = 60.0
    zone = wiring.now().tzinfo or UTC
    chances = Chances(
        now=lambda: START + timedelta(seconds=passed_s), zone=zone, monotonic_s=lambda: passed_s, dice=lambda: 0.5
    )
    plan = wiring.prepare(config)
    assert config.alerts.email is not None
    async with Store(config.state.dir) as store, wiring.web_for(config) as web:
        hook = Webhook(plan.config.alerts.webhooks[0], "", web, chances.now)
        channels = {"email": Mailer(config.alerts.email, ""), "webhook:desk": hook}
        deliver = Deliver(store, channels, config.alerts, chances)
        here.mail_is_down = True
        await deliver.step()
        at_once = [len(here.hook.keys), len(here.mail.keys)]
        while passed_s < 86_400:
            await deliver.step()
            passed_s += 60
        here.mail_is_down, returned_s = False, passed_s
        while len(here.mail.keys) < count and passed_s < returned_s + 3600:
            await deliver.step()
            passed_s += 5
        return at_once, passed_s - returned_s


@pytest.mark.parametrize("count", [40, pytest.param(500, marks=pytest.mark.slow)])
def test_a_day_without_mail(tmp_path: Path, count: int) -> None:
    """With the mail server away for a day, the webhook takes everything at once; after its return every mail comes
    within ten minutes, once, in order, under the key it was written with.
    """
    with world() as here:
        config = load(make(tmp_path, here).config)
        fill(config, count)
        at_once, took_s = asyncio.run(outage(config, here, count))
        assert at_once == [count, 0]
        assert took_s <= 600
        assert len(here.mail.keys) == len(set(here.mail.keys)) == count
        assert len(here.hook.keys) == len(set(here.hook.keys)) == count
        with closing(open_state(config.state.dir)) as db:
            told = {one.key: one for one in outbox.listing(db)}
        assert Counter(one.state for one in told.values()) == {"sent": 2 * count}
        assert [told[key].channel for key in here.mail.keys] == ["email"] * count
        assert [told[key].data["id"] for key in here.hook.keys] == [f"D{n + 1}" for n in range(count)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a file system of our own; skip where none may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no file system may be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)


def on_disk(program: Program, disk: Path) -> Program:
    """Move the state to another file system."""
    text = program.config.read_text()
    program.config.write_text(f'[state]\ndir = "{disk}/state"\n{text}')
    (program.folder / "state").symlink_to(disk / "state")
    return program


@pytest.mark.parametrize("trouble", ["full", pytest.param("locked", marks=pytest.mark.slow)])
def test_the_state_comes_back(tmp_path: Path, small_disk: Path, trouble: str) -> None:
    """While the disk is full or another process holds the database, the daemon lives and says so; afterwards
    everything is told, once.
    """
    with world() as here:
        program = on_disk(make(tmp_path / "p", here), small_disk)
        here.publish(1)
        with program.daemon() as process:
            until(lambda: is_at_rest(program, here), 30, "the first story")
            filler, other = small_disk / "filler", sqlite3.connect(small_disk / "state/watcher.db", timeout=20)
            other.isolation_level = None
            if trouble == "full":
                with filler.open("wb", buffering=0) as file:
                    _fill(file)
            else:
                other.execute("BEGIN IMMEDIATE")
            here.publish(2)
            until(lambda: trouble in program.log.lower(), 30, "a word of it")
            assert process.poll() is None
            filler.unlink(missing_ok=True)
            other.close()
            until(lambda: is_at_rest(program, here), 60, "everything told")
            process.terminate()
            assert process.wait(20) == 0
        check_soundness(program)
        check_nothing_lost(program, here)
        assert "Traceback" not in program.log


def _fill(file: object) -> None:
    for size in (65536, 4096, 512, 1):
        try:
            while True:
                file.write(bytes(size))  # type: ignore[attr-defined]
        except OSError:
            continue


def test_a_state_that_only_reads_is_told(tmp_path: Path, small_disk: Path) -> None:
    """On a file system that only reads, the start ends with a clear word, and reading commands work."""
    with world() as here:
        program = on_disk(make(tmp_path / "p", here), small_disk)
        here.publish(1)
        assert program.run("once").code == 0
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True, capture_output=True)
        answer = program.run("once")
        assert answer.code in (1, 75)
        assert "state" in answer.err
        assert "Traceback" not in answer.err


def test_bits_turned_over_are_found(tmp_path: Path) -> None:
    """A database with damaged pages is found at the start or reads as before; it is never replaced."""
    with world() as here:
        program = make(tmp_path / "p", here)
        here.publish(2)
        config = load(program.config)
        asyncio.run(wiring.walk_once(config, everything=True))
        with closing(sqlite3.connect(program.state / "watcher.db")) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        path, dice, found = program.state / "watcher.db", random.Random(3), 0
        whole = path.read_bytes()
        for _ in range(40):
            body = bytearray(whole)
            start = 4096 * dice.randrange(0, len(body) // 4096)  # where a page says what it holds
            body[start : start + 512] = dice.randbytes(512)
            path.write_bytes(body)
            for part in ("-wal", "-shm"):
                (program.state / f"watcher.db{part}").unlink(missing_ok=True)
            found += _is_found(config)
            assert path.stat().st_size == len(body)
        assert found >= 36


def _is_found(config: Config) -> bool:
    async def start() -> None:
        async with Store(config.state.dir, inspected=True):
            pass

    try:
        asyncio.run(start())
    except StateError:
        return True
    return False


@pytest.mark.parametrize(
    "days", [-400, 1, pytest.param(-1, marks=pytest.mark.slow), pytest.param(400, marks=pytest.mark.slow)]
)
def test_a_clock_that_jumped_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """After the clock jumped a day or a year either way, what is published next is polled, read, judged and told,
    as soon as the feed's pause of a second or two is over.
    """
    with world() as here:
        program = make(tmp_path, here)
        config = load(program.config)
        here.publish(1)
        asyncio.run(wiring.walk_once(config))
        assert is_at_rest(program, here)
        real = wiring.now
        monkeypatch.setattr(wiring, "now", lambda: real() + timedelta(days=days))
        here.publish(1)

        def is_stored() -> bool:
            asyncio.run(wiring.walk_once(config))
            return rows(program, "SELECT count(*) FROM entry") == [(2,)]

        until(is_stored, 20, "what was published is stored")
        assert rows(program, "SELECT count(*) FROM judgement") == [(2,)]
        flags = rows(program, "SELECT count(*) FROM judgement WHERE flagged")[0][0]
        assert rows(program, "SELECT state, count(*) FROM alert GROUP BY state") == [("sent", 2 * flags)]


def test_two_daemons_started_at_once(tmp_path: Path) -> None:
    """Of daemons started in the same moment exactly one watches; the others end with 75."""
    with world() as here, ExitStack() as started:
        program = make(tmp_path, here)
        processes = [started.enter_context(program.daemon()) for _ in range(3)]

        def ended() -> list[int]:
            return [code for process in processes if (code := process.poll()) is not None]

        until(lambda: here.polls, 60, "a poll")
        until(lambda: len(ended()) == 2, 60, "two of three to end")
        assert ended() == [75, 75]
