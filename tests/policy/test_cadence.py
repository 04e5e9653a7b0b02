"""When feeds and articles are asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from watcher.policy import cadence
from watcher.policy.cadence import Pace

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PACE = Pace(every_s=900, min_s=300, max_s=21_600)

seconds = st.floats(min_value=1, max_value=1e6)
shares = st.floats(min_value=0, max_value=1)


@given(seconds, st.floats(min_value=0, max_value=1e6), st.none() | st.floats(min_value=0, max_value=1e12), shares)
def test_every_pause_keeps_to_its_bounds(every: float, rate: float, wish: float | None, spread: float) -> None:
    """However busy the feed and whatever its server wishes, the pause lies between min and max."""
    assert 300 <= cadence.next_poll_s(PACE, rate, wish_s=wish, spread=spread) <= 21_600
    for fails in (1, 2, 7, 10_000):
        assert 300 <= cadence.failed_poll_s(PACE, fails, wish_s=wish, spread=spread) <= 21_600


def test_an_unknown_feed_is_asked_at_the_usual_pause() -> None:
    """Until we know a feed, it is polled as the config says."""
    assert cadence.next_poll_s(PACE, cadence.usual_rate(PACE)) == 900


def test_a_busy_feed_is_asked_more_often_than_a_quiet_one() -> None:
    """The pause follows what a feed brings, without leaving the usual one far behind."""
    busy, calm, dead = (cadence.next_poll_s(PACE, rate) for rate in (400, 10, 0))
    assert busy < 900 < calm < dead
    assert dead == 21_600


def test_a_quiet_minute_does_not_slow_a_feed_down() -> None:
    """Sixty empty polls a second apart leave the pause of a feed polled every second nearly as it was."""
    pace = Pace(every_s=1, min_s=1, max_s=21_600)
    rate = cadence.usual_rate(pace)
    for _ in range(60):
        rate = cadence.smoothed_rate(rate, 0, 1.0)
    assert cadence.next_poll_s(pace, rate) < 1.1


def test_the_rate_follows_what_comes() -> None:
    """A feed that starts to bring 96 entries a day is known for it within days; one that stops is forgotten."""
    rate = 0.0
    for _ in range(3 * 96):
        rate = cadence.smoothed_rate(rate, 1, 900)
    assert 85 < rate < 97
    assert cadence.smoothed_rate(rate, 0, 7 * 86_400) == 0


def test_a_server_may_ask_for_patience() -> None:
    """max-age, ttl and Retry-After lengthen the pause and never shorten it."""
    assert cadence.next_poll_s(PACE, 48, wish_s=3600) == 3600
    assert cadence.next_poll_s(PACE, 48, wish_s=1) == 900
    assert cadence.failed_poll_s(PACE, 1, wish_s=7200) == 7200
    assert cadence.failed_poll_s(PACE, 1, wish_s=1e10) == 21_600


def test_failures_back_off_by_doubling() -> None:
    """Half the usual pause first, twice as long after every further failure, and never longer than max."""
    pauses = [cadence.failed_poll_s(PACE, fails) for fails in range(1, 9)]
    assert pauses == [450, 900, 1800, 3600, 7200, 14_400, 21_600, 21_600]


def test_feeds_do_not_ask_in_step() -> None:
    """The spread moves the pause by a tenth either way."""
    assert [round(cadence.next_poll_s(PACE, 48, spread=spread)) for spread in (0, 1)] == [810, 990]


def test_an_article_is_tried_four_times() -> None:
    """Pauses grow; then it is given up. A server's wish is granted up to an hour."""
    assert [cadence.failed_read_s(fails) for fails in range(1, 5)] == [60, 300, 1200, None]
    assert cadence.failed_read_s(1, wish_s=1e9) == 3600


def test_an_article_is_read_again_at_its_ages() -> None:
    """The ages count from first sight; those that passed while nothing ran are not made up for."""
    ages = (3600.0, 21_600.0)
    assert cadence.next_recheck(NOW, ages, NOW) == NOW + timedelta(hours=1)
    assert cadence.next_recheck(NOW, ages, NOW + timedelta(hours=1)) == NOW + timedelta(hours=6)
    assert cadence.next_recheck(NOW, ages, NOW + timedelta(hours=9)) is None
    assert cadence.next_recheck(NOW, (), NOW) is None


def test_a_clock_that_was_set_back_plans_nothing_far_away() -> None:
    """An article seen in the future is taken as seen now, and no due time of ours counts as absurd."""
    seen = NOW + timedelta(days=400)
    assert cadence.next_recheck(seen, (3600.0,), NOW) == NOW + timedelta(hours=1)
    assert cadence.absurd_poll(PACE, NOW) > NOW + timedelta(seconds=21_600)
    assert cadence.absurd_read((3600.0,), NOW) > NOW + timedelta(hours=1)
