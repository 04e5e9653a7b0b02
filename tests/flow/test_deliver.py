"""Alerts reach their channels at least once, in order, and one dead channel holds nobody up."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from watcher.config import parse
from watcher.edges.alert_text import Message
from watcher.errors import DeliveryError, DeliveryRefused, NotFound
from watcher.flow.deliver import Chances, Channel, Deliver, Delivered
from watcher.store import outbox
from watcher.store.database import open_state, transaction
from watcher.store.thread import Store

START = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOOK = "webhook:desk"


@dataclass
class Clock:
    """A clock that only moves when it is told to."""

    now: datetime = START
    moved_s: float = 0.0

    def pass_s(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
        self.moved_s += seconds


@dataclass
class Sink:
    """A channel that keeps what it took, in order, and fails as it is told to."""

    took: list[Message] = field(default_factory=list)
    asked: int = 0
    fails: Callable[[Message], DeliveryError | None] = lambda _: None
    waits: asyncio.Event | None = None

    async def send(self, message: Message) -> str:
        """Take a message or fail."""
        self.asked += 1
        if self.waits is not None:
            await self.waits.wait()
        error = self.fails(message)
        if error is not None:
            raise error
        self.took.append(message)
        return ""


def down(_: Message) -> DeliveryError:
    """Fail as a dead server does."""
    return DeliveryError("connection refused")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a state with one storyline and a few developments."""
    db = open_state(tmp_path)
    with transaction(db):
        db.execute("INSERT INTO storyline (id, name, created_at) VALUES (1, 's', '')")
        for number in range(1, 4):
            db.execute(
                """INSERT INTO development
                (id, storyline_id, verdict, confidence, headline, opened_at, published_at, alert)
                VALUES (?, 1, 'new', 1, 'h', '', '', 1)""",
                (number,),
            )
    db.close()
    return tmp_path


@dataclass
class House:
    """A state, its sinks and a step to walk."""

    folder: Path
    channels: dict[str, Channel]
    alerts: str = ""
    clock: Clock = field(default_factory=Clock)

    def put(
        self, *channels: str, development: int | None = 1, kind: str = "development.opened", count: int = 1
    ) -> None:
        """Write alerts."""
        db = open_state(self.folder)
        for _ in range(count):
            with transaction(db):
                outbox.put(
                    db,
                    storyline_id=1,
                    development_id=development,
                    type=kind,
                    data={"id": f"D{development}", "headline": f"h{development}"},
                    channels=channels,
                    now=self.clock.now,
                )
            self.clock.pass_s(0.001)
        db.close()

    def deliver(self, store: Store) -> Deliver:
        """Make the step."""
        zone = ZoneInfo("Europe/Berlin")
        chances = Chances(
            now=lambda: self.clock.now, zone=zone, monotonic_s=lambda: self.clock.moved_s, dice=lambda: 0.5
        )
        return Deliver(store, self.channels, parse(self.alerts, "config.toml").alerts, chances)

    def walk(self, *pauses_s: float) -> list[Delivered]:
        """Walk once at the start and once after each pause."""

        async def steps() -> list[Delivered]:
            async with Store(self.folder) as store:
                step = self.deliver(store)
                found = [await step.step()]
                for pause_s in pauses_s:
                    self.clock.pass_s(pause_s)
                    found.append(await step.step())
                return found

        return asyncio.run(steps())

    def rows(self) -> list[outbox.Alert]:
        """List the outbox, oldest first."""
        db = open_state(self.folder)
        found = outbox.listing(db)[::-1]
        db.close()
        return found


def test_alerts_arrive_once_and_in_order(folder: Path) -> None:
    """Every channel gets every alert once, oldest first, each with a key of its own and the thread of the first."""
    mail, hook = Sink(), Sink()
    house = House(folder, {"email": mail, HOOK: hook})
    house.put("email", HOOK)
    house.put("email", HOOK, kind="development.updated", count=2)
    house.put("email", HOOK, development=2)
    assert house.walk(60, 86400) == [Delivered(sent=8), Delivered(), Delivered()]
    for sink in (mail, hook):
        assert [message.data["id"] for message in sink.took] == ["D1", "D1", "D1", "D2"]
        assert [message.thread for message in sink.took] == [sink.took[0].key] * 3 + [sink.took[3].key]
    assert len({message.key for message in mail.took + hook.took}) == 8
    assert {row.state for row in house.rows()} == {"sent"}


def test_a_dead_channel_holds_nobody_up(folder: Path) -> None:
    """While one channel waits for its server, the other delivers, in later steps too."""
    mail, hook = Sink(), Sink()
    house = House(folder, {"email": mail, HOOK: hook})
    house.put("email", HOOK)

    async def walk() -> None:
        mail.waits = asyncio.Event()
        async with Store(folder) as store:
            step = house.deliver(store)
            first = asyncio.create_task(step.step())
            await asyncio.sleep(0)
            house.put("email", HOOK, development=2)
            async with asyncio.timeout(60):
                while len(hook.took) < 2:
                    await step.step()
            assert (len(mail.took), mail.asked) == (0, 1)
            mail.waits.set()
            await first

    asyncio.run(walk())
    assert [message.data["id"] for message in mail.took] == ["D1", "D2"]


def test_two_steps_at_once_send_an_alert_once(folder: Path) -> None:
    """A channel that one step is about to walk is left alone by another that begins in the same moment."""
    mail, hook = Sink(), Sink()
    house = House(folder, {"email": mail, HOOK: hook})
    house.put("email", HOOK)

    async def walk() -> None:
        async with Store(folder) as store:
            step = house.deliver(store)
            both = [asyncio.create_task(step.step()) for _ in range(2)]
            await asyncio.sleep(0)
            store._thread.submit(int).result()  # the loop stands still until both have what they asked the store for
            assert sum(delivered.sent for delivered in await asyncio.gather(*both)) == 2

    asyncio.run(walk())
    assert (mail.asked, hook.asked) == (1, 1)


def test_a_cancelled_step_leaves_its_channels_free(folder: Path) -> None:
    """Whenever a step is cancelled, the next one can walk every channel."""
    hook = Sink()
    house = House(folder, {HOOK: hook})
    house.put(HOOK)

    async def walk() -> None:
        async with Store(folder) as store:
            step = house.deliver(store)
            for turns in range(6):
                hook.waits = asyncio.Event()
                cancelled = asyncio.create_task(step.step())
                for _ in range(turns):
                    await asyncio.sleep(0)
                store._thread.submit(int).result()
                await asyncio.sleep(0)
                cancelled.cancel()
                await asyncio.gather(cancelled, return_exceptions=True)
            hook.waits = None
            assert await step.step() == Delivered(sent=1)

    asyncio.run(walk())


def test_backlog_leaves_soon_after_the_return(folder: Path) -> None:
    """After a day without the server, 500 alerts are there within ten minutes, in order and once."""
    mail = Sink(fails=down)
    house = House(folder, {"email": mail})
    house.put("email", count=500)
    house.walk(*[60] * 1440)
    assert mail.asked < 400
    mail.fails = lambda _: None
    before = house.clock.moved_s
    house.walk()  # a restart asks at once
    assert len(mail.took) == 500
    assert len({message.key for message in mail.took}) == 500
    assert house.clock.moved_s - before < 600
    assert mail.took[1:] == sorted(mail.took[1:], key=lambda message: message.created)


def test_backlog_leaves_without_a_restart(folder: Path) -> None:
    """The same when the daemon ran all the time."""
    mail = Sink(fails=down)
    house = House(folder, {"email": mail})
    house.put("email", count=30)
    mail.fails = lambda message: down(message) if house.clock.moved_s < 86400 else None
    house.walk(*[60] * 1450)
    assert len(mail.took) == 30


def test_one_odd_alert_does_not_block_the_others(folder: Path) -> None:
    """An alert that fails time and again is tried over days, given up and listed; the others pass it."""
    hook = Sink()
    house = House(folder, {HOOK: hook})
    house.put(HOOK)
    odd = house.rows()[0].key
    hook.fails = lambda message: DeliveryError("HTTP 500") if message.key == odd else None
    house.put(HOOK, development=2, count=5)
    house.walk(10, 10)
    assert len(hook.took) == 5
    house.walk(*[600] * 700)
    row = house.rows()[0]
    assert row.state == "failed"
    assert row.problem.startswith("given up after")
    assert "HTTP 500" in row.problem


def test_refused_alerts_stay_listed_and_can_be_retried(folder: Path) -> None:
    """A refusal is final until a person says otherwise; the retried alert keeps its key."""
    hook = Sink(fails=lambda _: DeliveryRefused("HTTP 410"))
    house = House(folder, {HOOK: hook})
    house.put(HOOK)
    assert house.walk(86400) == [Delivered(failed=1), Delivered()]
    row = house.rows()[0]
    assert (row.state, row.problem, hook.asked) == ("failed", "HTTP 410", 1)
    hook.fails = lambda _: None
    db = open_state(folder)
    with transaction(db):
        assert outbox.retry(db, house.clock.now, [row.id]) == 1
        with pytest.raises(NotFound):
            outbox.retry(db, house.clock.now, [99])
    db.close()
    assert house.walk() == [Delivered(sent=1)]
    assert [message.key for message in hook.took] == [row.key]


def test_wishes_to_wait_are_granted(folder: Path) -> None:
    """A server that asks for two minutes is left alone for two minutes."""
    hook = Sink(fails=lambda _: DeliveryError("HTTP 429", retry_after_s=120))
    house = House(folder, {HOOK: hook})
    house.put(HOOK)
    house.walk(60, 59)
    assert hook.asked == 1
    hook.fails = lambda _: None
    house.walk(2)
    assert len(hook.took) == 1


def test_an_unsaved_success_is_repeated_with_the_same_key(folder: Path) -> None:
    """When the state cannot be written after the channel took an alert, it comes again under the same key."""
    hook = Sink()
    house = House(folder, {HOOK: hook})
    house.put(HOOK)
    db = open_state(folder)
    db.execute("CREATE TRIGGER broken BEFORE UPDATE ON alert BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    with pytest.raises(sqlite3.IntegrityError, match="disk full"):
        house.walk()
    db.execute("DROP TRIGGER broken")
    db.close()
    house.walk()
    assert len(hook.took) == 2
    assert len({message.key for message in hook.took}) == 1


def test_quiet_hours_delay_and_lose_nothing(folder: Path) -> None:
    """Nothing leaves from 22 to 7 local time but tests; everything leaves then."""
    hook = Sink()
    house = House(folder, {HOOK: hook}, 'alerts.quiet_hours = "22:00-07:00"')
    house.clock.now = datetime(2026, 1, 10, 21, 30, tzinfo=UTC)  # 22:30 in Berlin
    house.put(HOOK, count=3)
    house.put(HOOK, development=None, kind="test")
    assert house.walk(3600, 7 * 3600) == [Delivered(sent=1), Delivered(), Delivered()]
    assert [message.type for message in hook.took] == ["test"]
    house.clock.now = datetime(2026, 1, 11, 6, 0, tzinfo=UTC)
    assert house.walk() == [Delivered(sent=3)]


def test_digest_is_one_mail_a_day(folder: Path) -> None:
    """Mail waits for the digest and tells each development once, as it was last; webhooks do not wait."""
    mail, hook = Sink(), Sink()
    house = House(folder, {"email": mail, HOOK: hook}, 'alerts.digest = "18:00"')
    house.put("email", HOOK)
    house.put("email", HOOK, development=2)
    house.put("email", HOOK, kind="development.updated")
    assert house.walk(3600) == [Delivered(sent=3), Delivered()]
    house.clock.now = datetime(2026, 1, 10, 17, 0, 1, tzinfo=UTC)  # 18:00 in Berlin
    house.put("email", development=3)  # comes after the digest was due
    assert house.walk(60) == [Delivered(sent=1), Delivered()]
    assert [message.type for message in mail.took] == ["digest"]
    assert sorted(item["id"] for item in mail.took[0].data["developments"]) == ["D1", "D2"]
    house.walk(86400)
    assert [item["id"] for item in mail.took[1].data["developments"]] == ["D3"]
    states = [row.state for row in house.rows() if row.channel == "email"]
    assert sorted(states) == ["bundled"] * 4 + ["sent"] * 2


def test_digest_survives_a_dead_server(folder: Path) -> None:
    """A digest that cannot be sent is tried again as one mail with one key."""
    mail = Sink(fails=down)
    house = House(folder, {"email": mail}, 'alerts.digest = "18:00"')
    house.put("email")
    house.clock.pass_s(86400)
    house.walk(60)
    mail.fails = lambda _: None
    house.walk(600)
    assert [message.type for message in mail.took] == ["digest"]
    assert mail.asked >= 2


def test_alerts_for_a_channel_that_is_gone_are_listed(folder: Path) -> None:
    """Taking a channel out of the config does not lose what waits for it."""
    house = House(folder, {})
    house.put("webhook:old")
    assert house.walk() == [Delivered(failed=1)]
    assert "no such channel" in house.rows()[0].problem


def test_tally_counts_the_outbox(folder: Path) -> None:
    """Waiting, sent and failed alerts are counted."""
    hook = Sink(fails=lambda message: DeliveryRefused("no") if message.data["id"] == "D2" else None)
    house = House(folder, {HOOK: hook})
    house.put(HOOK, development=1)
    house.put(HOOK, development=2)
    house.walk()
    house.put(HOOK, development=3)
    db = open_state(folder)
    assert outbox.tally(db) == outbox.Tally(waiting=1, sent=1, failed=1)
    assert [alert.state for alert in outbox.listing(db, "failed")] == ["failed"]
    db.close()
