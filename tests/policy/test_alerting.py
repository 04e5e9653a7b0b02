"""When messages go out, how often they are tried, and under which key."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.config import parse
from watcher.policy.alerting import (
    alert_key,
    channel_pause_s,
    channels,
    digest_key,
    gives_up,
    is_worth_alert,
    last_digest,
    next_digest,
    quiet_until,
    retry_pause_s,
)

BERLIN = ZoneInfo("Europe/Berlin")
DAY_S = 86400


def utc(text: str) -> datetime:
    """Read a time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("confidence", "published", "worth"),
    [
        (0.5, "2026-01-02T00:00", True),
        (0.49, "2026-01-02T00:00", False),
        (0.9, "2026-01-01T23:59", False),
    ],
)
def test_sure_and_fresh_developments_are_worth_a_message(confidence: float, published: str, worth: bool) -> None:
    """Both limits count themselves in."""
    alerts = parse("alerts.min_confidence = 0.5", "config.toml").alerts
    since = utc("2026-01-02T00:00")
    assert is_worth_alert(confidence=confidence, published=utc(published), since=since, alerts=alerts) is worth


def test_channels_are_named() -> None:
    """Mail first, then the webhooks in the order of the file."""
    text = (
        '[alerts.email]\nfrom = "a@example.org"\nto = ["b@example.org"]\n'
        '[[alerts.webhook]]\nname = "x"\nurl = "https://x.example"\n[[alerts.webhook]]\nname = "y"\nurl = "https://y.example"\n'
    )
    assert channels(parse(text, "config.toml").alerts) == ("email", "webhook:x", "webhook:y")
    assert channels(parse("", "config.toml").alerts) == ()


def test_keys_are_stable_and_distinct() -> None:
    """The same message has the same key in every year; everything that sets two messages apart sets keys apart."""
    usual = {"state": "s", "subject": "12", "kind": "development.opened", "number": 1, "channel": "email"}
    key = alert_key(**usual)  # type: ignore[arg-type]
    assert key == "55ba31c6c951f8faea60acfa33602dad"
    others = [{"state": "t"}, {"subject": "1"}, {"kind": "x"}, {"number": 2}, {"channel": "webhook:a"}]
    assert len({key, *(alert_key(**{**usual, **other}) for other in others)}) == 6  # type: ignore[arg-type]
    assert digest_key(("a", "b")) == digest_key(("b", "a")) != digest_key(("a", "c"))


def test_retries_reach_over_days() -> None:
    """Pauses grow from seconds to a day; a message is given up after three and a half days and never before."""
    age, attempts = 0.0, 1
    pauses = []
    while not gives_up(attempts=attempts, age_s=age):
        pauses.append(retry_pause_s(attempts=attempts, jitter=0.5))
        age += pauses[-1]
        attempts += 1
    assert pauses == sorted(pauses)
    assert pauses[0] == 5
    assert 3.5 * DAY_S <= age <= 4.5 * DAY_S
    assert 8 <= attempts <= 15


def test_old_messages_are_still_tried() -> None:
    """What became old while nothing ran, or when a clock was set, is given every pause of the table first."""
    assert [gives_up(attempts=attempts, age_s=30 * DAY_S) for attempts in (1, 3, 9, 10)] == [False, False, False, True]


@given(st.integers(0, 1000), st.floats(0, 1), st.none() | st.floats(-1e9, 1e9))
def test_pauses_have_bounds(attempts: int, jitter: float, wish_s: float | None) -> None:
    """No wish of the other side and no count makes a pause shorter than seconds or longer than about a day."""
    assert 4 <= retry_pause_s(attempts=attempts, jitter=jitter, wish_s=wish_s) <= 1.21 * DAY_S
    assert 4 <= channel_pause_s(failures=attempts, jitter=jitter, wish_s=wish_s) <= DAY_S


def test_wishes_are_granted() -> None:
    """Retry-After replaces the usual pause in both directions."""
    assert retry_pause_s(attempts=1, jitter=0, wish_s=90) == 90
    assert retry_pause_s(attempts=8, jitter=0, wish_s=90) == 90
    assert channel_pause_s(failures=1, jitter=0, wish_s=90) == 90


def test_no_wish_rests_a_channel_for_long() -> None:
    """Who asks to be left alone for a day is asked again after minutes, as what waits shall leave soon."""
    for failures in range(1, 9):
        assert channel_pause_s(failures=failures, jitter=1, wish_s=86400) < 400


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-01-10T20:59", None),
        ("2026-01-10T21:00", "2026-01-11T06:00"),
        ("2026-01-11T03:00", "2026-01-11T06:00"),
        ("2026-01-11T06:00", None),
        ("2026-03-28T22:00", "2026-03-29T05:00"),  # the night the clocks go forward
        ("2026-10-24T21:00", "2026-10-25T06:00"),  # and back
    ],
)
def test_quiet_hours_are_local(now: str, until: str | None) -> None:
    """From 22:00 to 7:00 by the clock on the wall, whatever it does in that night."""
    found = quiet_until(utc(now), (time(22), time(7)), BERLIN)
    assert found == (until and utc(until))


def test_quiet_hours_within_a_day() -> None:
    """Hours that do not pass midnight hold on one day; without hours nothing is quiet."""
    assert quiet_until(utc("2026-07-01T11:00"), (time(12), time(14)), BERLIN) == utc("2026-07-01T12:00")
    assert quiet_until(utc("2026-07-01T12:00"), (time(12), time(14)), BERLIN) is None
    assert quiet_until(utc("2026-07-01T12:00"), None, BERLIN) is None


_MOMENTS = st.integers(0, 2 * 366 * 1440).map(lambda minute: utc("2026-01-01") + timedelta(minutes=minute))
_TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(_MOMENTS, _TIMES, _TIMES, st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]))
def test_quiet_hours_always_end(now: datetime, start: time, end: time, zone: str) -> None:
    """The end lies ahead, less than a day and an hour away, and it is outside of the quiet hours."""
    if start == end:
        return
    until = quiet_until(now, (start, end), ZoneInfo(zone))
    if until is not None:
        assert now < until <= now + timedelta(hours=25)


@given(_MOMENTS, _TIMES, st.sampled_from(["Europe/Berlin", "America/New_York", "UTC"]))
def test_one_digest_a_day(now: datetime, at: time, zone: str) -> None:
    """Digests are about a day apart, on every day one, also when a clock shows the hour twice or never."""
    place = ZoneInfo(zone)
    latest, following = last_digest(now, at, place), next_digest(now, at, place)
    assert latest <= now < following
    assert timedelta(hours=22) <= following - latest <= timedelta(hours=26)
    assert next_digest(latest, at, place) == following
    assert last_digest(following, at, place) == following
    assert following.astimezone(place).date() - latest.astimezone(place).date() == timedelta(days=1)
