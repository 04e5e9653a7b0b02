"""What is odd about one alert is its own matter: the queue goes on. What is odd about the clock loses nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import test_deliver
from test_deliver import HOOK, House, down

from watcher.edges.alert_text import Message
from watcher.errors import DeliveryError
from watcher.flow.deliver import Delivered

folder = test_deliver.folder
DAY_S = 86_400.0


@dataclass
class Sink(test_deliver.Sink):
    """A channel that breaks over some messages."""

    breaks: Callable[[Message], bool] = lambda _: False
    broke: list[str] = field(default_factory=list)

    async def send(self, message: Message) -> str:
        """Take a message, fail, or break."""
        if self.breaks(message):
            self.broke.append(message.key)
            raise UnicodeEncodeError("utf-8", "\udc80", 0, 1, "surrogates not allowed")
        return await test_deliver.Sink.send(self, message)


def test_one_that_cannot_be_written_fails_alone(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The first in line cannot be composed: the others leave in the same step, and it is tried over days, then listed
    with the reason.
    """
    mail = Sink(breaks=lambda message: message.data["id"] == "D1")
    house = House(folder, {"email": mail})
    house.put("email")
    house.put("email", development=2, count=3)
    with caplog.at_level(logging.WARNING):
        assert house.walk() == [Delivered(sent=3)]
    assert "alert 1 to email: UnicodeEncodeError" in caplog.text
    row = house.rows()[0]
    assert (row.state, row.attempts) == ("waiting", len(mail.broke))
    assert "UnicodeEncodeError" in row.problem
    house.walk(*[1800] * 48 * 5)
    row = house.rows()[0]
    assert row.state == "failed"
    assert row.problem.startswith("given up after")
    assert "surrogates not allowed" in row.problem
    assert len(mail.broke) < 300


def test_it_does_not_keep_a_channel_silent(folder: Path) -> None:
    """Asked first after an outage or a restart, it says nothing of the channel: others are asked within minutes."""
    mail = Sink(fails=down)
    house = House(folder, {"email": mail})
    house.put("email")
    house.put("email", development=2, count=20)
    house.walk(*[60] * 30)
    mail.fails, mail.breaks = lambda _: None, lambda message: message.data["id"] == "D1"
    house.walk(*[60] * 10)
    assert len(mail.took) == 20


def test_only_an_odd_one_left_is_not_asked_all_the_time(folder: Path) -> None:
    """Alone in a channel that counts as silent, it is asked with after a rest each time."""
    mail = Sink(breaks=lambda _: True)
    house = House(folder, {"email": mail})
    house.put("email")
    house.walk()
    house.walk(*[1] * 60)  # after a restart the channel counts as silent
    assert 2 <= len(mail.broke) <= 20


@pytest.mark.parametrize("slept_s", [4 * DAY_S, 400 * DAY_S])
def test_a_long_sleep_gives_nothing_up(folder: Path, slept_s: float) -> None:
    """After days of sleep, or a clock set forward, and hours more without network, all is told when it is back."""
    hook = Sink(fails=down)
    house = House(folder, {HOOK: hook})
    house.put(HOOK)
    house.walk(10, 60)
    house.clock.now += timedelta(seconds=slept_s)
    house.walk(*[60] * 60 * 12)
    assert [row.state for row in house.rows()] == ["waiting"]
    hook.fails = lambda _: None
    house.walk(*[60] * 10)
    assert len(hook.took) == 1


def test_what_nobody_takes_is_given_up_in_the_end(folder: Path) -> None:
    """Also after a sleep: within some days more it is listed as failed, with the reason."""
    hook = Sink(fails=down)
    house = House(folder, {HOOK: hook})
    house.put(HOOK)
    house.walk(10, 60, 4 * DAY_S)
    house.walk(*[1800] * 48 * 3)
    (row,) = house.rows()
    assert row.state == "failed"
    assert "connection refused" in row.problem


def test_a_wish_for_a_day_is_not_granted(folder: Path) -> None:
    """A receiver that asks for a day and is back after an hour has everything within ten minutes of that."""
    hook = Sink(fails=lambda _: DeliveryError("HTTP 503", retry_after_s=DAY_S))
    house = House(folder, {HOOK: hook})
    house.put(HOOK, count=30)
    hook.fails = lambda _: DeliveryError("HTTP 503", retry_after_s=DAY_S) if house.clock.moved_s < 3600 else None
    house.walk(*[60] * 70)
    assert len(hook.took) == 30
    assert hook.asked < 60
