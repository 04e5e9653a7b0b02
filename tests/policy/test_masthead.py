"""A feed whose address came into other hands is told from one that was renamed and from a busy day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watcher.policy.masthead import Masthead, look

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OLD = Masthead(title="Aldmoor Courier - Local news")


@pytest.mark.parametrize(
    ("title", "fresh", "known", "doubted"),
    [
        ("Lucky Spins Casino", 20, 0, True),
        ("Lucky Spins Casino", 19, 1, False),  # renamed: it still brings what it brought
        ("Lucky Spins Casino", 2, 0, False),  # too few to say anything
        ("The Courier", 20, 0, False),  # a relaunch keeps a word of its name
        ("ALDMOOR COURIER", 20, 0, False),
        ("", 20, 0, False),
        ("Aldmoor Courier - Local news", 50, 0, False),  # a busy day, or a long outage
    ],
)
def test_name_and_entries_speak_together(title: str, fresh: int, known: int, doubted: bool) -> None:
    """Only another name and none but unknown entries make a doubt."""
    assert bool(look(OLD, title, fresh=fresh, known=known, now=NOW).doubt) is doubted


def test_a_doubt_stays_until_the_name_is_back() -> None:
    """The new owner's entries are known after a day; that makes the feed no more the old one. Its old name does when it
    stood for three days.
    """
    doubted = look(OLD, "Lucky Spins Casino", fresh=20, known=0, now=NOW)
    assert look(doubted, "Lucky Spins Casino", fresh=1, known=19, now=NOW + 9 * DAY) == doubted
    assert look(doubted, "", fresh=5, known=5, now=NOW + 9 * DAY) == doubted
    back = look(doubted, "Aldmoor Courier", fresh=9, known=0, now=NOW)
    assert back == replace(doubted, calm=NOW)
    assert look(back, "Aldmoor Courier", fresh=9, known=0, now=NOW + 2 * DAY) == back
    assert look(back, "", fresh=9, known=0, now=NOW + 4 * DAY) == back
    assert look(back, "Lucky Spins Casino", fresh=9, known=0, now=NOW + 2 * DAY) == doubted
    assert look(back, "Aldmoor Courier", fresh=9, known=0, now=NOW - 9 * DAY).calm == NOW - 9 * DAY
    assert look(back, "Aldmoor Courier", fresh=9, known=0, now=NOW + 3 * DAY) == OLD


def test_two_feeds_by_turns_stay_one_doubt() -> None:
    """An address that leads to one feed and to another by turns is doubted once, and stays it."""
    found, doubts = OLD, []
    for turn in range(144 * 5):
        title = "Lucky Spins Casino" if turn % 2 else OLD.title
        found = look(found, title, fresh=5, known=0, now=NOW + turn * timedelta(minutes=10))
        doubts.append(bool(found.doubt))
    assert doubts == [False] + [True] * (len(doubts) - 1)


def test_a_first_look_believes_what_it_sees() -> None:
    """Before a feed was read nothing is known of it; a slow renaming is followed."""
    assert look(None, "A", fresh=9, known=0, now=NOW) == Masthead(title="A")
    renamed = look(OLD, "Moor Post", fresh=3, known=7, now=NOW)
    assert renamed == Masthead(title="Moor Post")
    assert not look(renamed, "Moor Post", fresh=9, known=0, now=NOW).doubt
