"""Health is told once, when it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watcher.policy.health import Assessment, FeedState, ReadingState, assess

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
WELL = FeedState(name="a", lang="en", fails=0, gone=False, good=NOW, heard=NOW)
READ = ReadingState(tried=40, unread=2)
HOUR = timedelta(hours=1)


def others(count: int) -> list[FeedState]:
    """Give healthy feeds."""
    return [replace(WELL, name=f"other {n}") for n in range(count)]


def dead(name: str = "a", hours: int = 30) -> FeedState:
    """Give a feed that has not answered well for so long."""
    return replace(WELL, name=name, fails=9, good=NOW - hours * HOUR, problem="HTTP 500")


def lines(assessment: Assessment) -> tuple[str, ...]:
    """What the message says; nothing when there is none."""
    return assessment.notice.lines if assessment.notice else ()


def test_all_well_is_no_message() -> None:
    """Where nothing is ill and nothing was, nothing is told."""
    assert assess([WELL], READ, {}, NOW) == Assessment(ill={}, begun={}, notice=None)


@pytest.mark.parametrize(
    ("feed", "told"),
    [
        (dead(hours=23), False),
        (dead(hours=25), True),
        (replace(dead(), fails=2), False),
        (replace(dead(), fails=1, gone=True), True),
        (replace(dead(hours=2), gone=True), False),
    ],
    ids=["not yet", "a day", "one bad answer", "gone", "gone for two hours"],
)
def test_a_dead_feed_is_told_after_a_day(feed: FeedState, told: bool) -> None:
    """A feed counts as dead after a day without a good answer, and several bad ones or one that says it is gone."""
    assert bool(lines(assess([feed, *others(5)], READ, {}, NOW))) is told


def test_an_illness_is_told_once_and_its_end_once() -> None:
    """The same illness is no second message; its end is one."""
    first = assess([dead(), *others(5)], READ, {}, NOW)
    assert lines(first) == ("feed a is dead: HTTP 500",)
    again = assess([dead(hours=90), *others(5)], READ, first.ill, NOW)
    assert again.notice is None
    ended = assess([WELL, *others(5)], READ, again.ill, NOW)
    assert lines(ended) == ("well again: feed a",)
    assert assess([WELL, *others(5)], READ, ended.ill, NOW).notice is None


def test_a_feed_that_is_gone_every_other_hour_is_no_storm() -> None:
    """A server that says "gone for good" and answers again, in turns, is never told."""
    told: Mapping[str, str] = {}
    for hour in range(200):
        feed = replace(dead(hours=hour % 2 + 1), gone=hour % 2 == 1)
        assessment = assess([feed, *others(5)], READ, told, NOW)
        assert assessment.notice is None
        told = assessment.ill


def test_what_comes_and_goes_is_told_once_a_day() -> None:
    """Half of the feeds die and answer around the share that makes one illness of them: two messages a day, no storm;
    whoever stays ill is told the day after.
    """
    told, begun, at, notices = dict[str, str](), dict[str, datetime](), NOW, 0
    for turn in range(6 * 24 * 3):
        at = NOW + turn * timedelta(minutes=10)
        some = [replace(WELL, name=f"f{n}", good=at, heard=at) for n in range(10)]
        ill = [replace(dead(f"f{n}"), good=at - 30 * HOUR, heard=at) for n in range(5 + turn % 2)]
        found = assess([*ill, *some[len(ill) :]], READ, told, at, begun=begun)
        notices += found.notice is not None
        told, begun = dict(found.ill), dict(found.begun)
    assert notices <= 3 * 4
    later = at + timedelta(days=1)
    ill = [replace(one, good=later - 30 * HOUR) for one in ill]
    some = [replace(one, good=later, heard=later) for one in some]
    assert set(assess([*ill, *some[len(ill) :]], READ, told, later, begun=begun).ill) >= {
        f"feed f{n}" for n in range(5)
    }
    back = assess([dead(), *others(5)], READ, {}, NOW, begun={"feed a": NOW + timedelta(days=400)})
    assert back.notice is not None, "a clock that was set back must not silence anything"


def test_many_dead_feeds_are_one_message() -> None:
    """When most feeds are dead it is one illness in one line, and when they come back one end."""
    feeds = [dead(f"f{n}") for n in range(300)]
    first = assess([*feeds, *others(5)], READ, {}, NOW)
    assert lines(first) == ("300 of 305 feeds have not answered for a day",)
    ended = assess(others(305), READ, first.ill, NOW)
    assert lines(ended) == ("well again: feeds",)


def test_a_growing_outage_is_not_called_well() -> None:
    """Feeds that were told dead one by one are not called well when most others die too."""
    first = assess([dead("f1"), *others(5)], READ, {}, NOW)
    worse = assess([*(dead(f"f{n}") for n in range(5)), *others(1)], READ, first.ill, NOW)
    assert lines(worse) == ("5 of 6 feeds have not answered for a day",)


def test_some_dead_feeds_are_named_and_the_rest_counted() -> None:
    """One message names a few and counts the others."""
    found = lines(assess([*(dead(f"f{n}") for n in range(20)), *others(30)], READ, {}, NOW))
    assert len(found) == 9
    assert found[-1] == "and 12 more"


def test_a_silent_language_is_told() -> None:
    """A language none of whose feeds brought anything for three days is silent, also when they answer well."""
    german = replace(WELL, name="de", lang="de-AT", heard=NOW - 73 * HOUR)
    told = assess([german, *others(5)], READ, {}, NOW)
    assert lines(told) == ("no feed in German brought anything new for 3 days",)
    assert assess([replace(german, heard=NOW - 71 * HOUR), *others(5)], READ, {}, NOW).notice is None
    assert assess(others(5), READ, {}, NOW).notice is None


def test_broken_reading_does_not_waver() -> None:
    """Reading is broken above one share and mended below a smaller one; few pages say nothing either way."""
    broken = assess([WELL], ReadingState(tried=20, unread=13), {}, NOW)
    assert lines(broken) == ("of 20 pages in a day, 13 did not give their text",)
    for unread in (13, 12, 11, 8, 7):
        assert assess([WELL], ReadingState(tried=20, unread=unread), broken.ill, NOW).notice is None
    assert assess([WELL], ReadingState(tried=5, unread=0), broken.ill, NOW).notice is None
    assert lines(assess([WELL], ReadingState(tried=20, unread=6), broken.ill, NOW)) == ("well again: reading",)
    assert assess([WELL], ReadingState(tried=9, unread=9), {}, NOW).notice is None
