"""What one feed brings at once is read in portions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from watcher.policy import spate

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(("wanted", "told"), [(0, False), (1000, False), (1001, True), (50_000, True)])
def test_a_thousand_at_once_is_still_news(wanted: int, told: bool) -> None:
    """A feed may bring a thousand entries worth reading at once; more is a spate."""
    assert spate.is_spate(wanted) is told


@pytest.mark.parametrize(
    ("place", "queued", "rest"),
    [
        (0, 0, 0),
        (999, 0, 0),
        (1000, 0, 7200),
        (49_999, 0, 49 * 7200),
        (50_000, 0, None),
        (0, 2500, 14_400),
        (0, 50_000, None),
    ],
)
def test_portions_follow_each_other(place: int, queued: int, rest: float | None) -> None:
    """A thousand are read at once, the others two hours apart, behind those that rest already; a full queue ends it."""
    assert spate.rests_s(place, queued) == rest


def test_held_alerts_go_out_when_nothing_more_comes_or_after_long() -> None:
    """Three quiet minutes, or eight since the first, make one message of what is held: it leaves within ten minutes."""
    assert not spate.is_ripe(oldest_s=400, newest_s=10, told=0)
    assert spate.is_ripe(oldest_s=400, newest_s=180, told=0)
    assert spate.is_ripe(oldest_s=480, newest_s=0, told=0)


def test_a_storm_without_end_is_told_ever_more_rarely() -> None:
    """Held alerts come every second for a day: they make less than ten messages."""
    messages, oldest, made = 0, 0, list[int]()
    for second in range(0, 86_400, 10):
        told = len([one for one in made if one > second - 86_400])
        if spate.is_ripe(oldest_s=second - oldest, newest_s=0, told=told):
            messages, oldest = messages + 1, second
            made = [*made, second][-spate.MOST_TOLD :]
    assert 4 <= messages < 10


def feed_days(*bursts: tuple[float, int], burst: int = 24) -> list[bool]:
    """Tell messages of a feed, so many at each of some hours; give which are held."""
    level, held = None, []
    for hour, count in bursts:
        for _ in range(count):
            level, over = spate.pour(level, NOW + timedelta(hours=hour), burst)
            held.append(over)
    return held


@pytest.mark.parametrize(
    ("bursts", "singly"),
    [
        ([(0, 24)], 24),
        ([(0, 500)], 24),
        ([(minute / 60, 1) for minute in range(0, 1440, 3)], 24 + 5),  # twenty an hour for a day
        ([(hour, 3) for hour in range(24)], 72),  # a feed of feeds on the busiest day
        ([(8, 20), (14, 20)], 40),  # a verdict and its echo
        ([(0, 500), (24, 500)], 48),
        ([(0, 30), (-9, 30), (-8, 30)], 24 + 4),  # a clock that was set back
    ],
    ids=["a burst", "a storm", "a steady storm", "a busy day", "a verdict day", "two storms", "back in time"],
)
def test_beyond_a_burst_messages_are_held(bursts: list[tuple[float, int]], singly: int) -> None:
    """What a newsroom writes on its busiest day is told one by one; a storm is, in a burst, and then held."""
    held = feed_days(*bursts)
    assert singly - 4 <= held.count(False) <= singly
