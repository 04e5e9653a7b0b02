"""Which owners a statement may refer to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.novelty.told import NOON, STORYLINE, read, told
from watcher.novelty import compare
from watcher.novelty.index import marks
from watcher.novelty.links import AT_ONCE, FITS, IN_DOUBT, Link, candidates, chosen, links
from watcher.novelty.memory import Memory
from watcher.novelty.weights import Linear
from watcher.records import Precision

BID, SUIT = STORYLINE.events


def owners(memory: Memory, text: str, lang: str = "en", at: datetime = NOON) -> list[str]:
    """Tell which owners one sentence is laid beside."""
    reading = read(memory, "a", "Ferries", text, lang=lang, at=at)
    (statement,) = reading.statements
    marked = marks(statement)
    matches = tuple(memory.index.nearest(marked, 12))
    return [one.profile.id for one in candidates(statement, marked, matches, reading.published, memory)]


@pytest.mark.parametrize(
    ("text", "lang", "owner"),
    [
        ("The papers had come in at the end of September 2030.", "en", SUIT.id),
        ("Die Papiere kamen Ende September 2030.", "de", SUIT.id),
        ("It went out on 3 February 2031, after lunch.", "en", BID.id),
        ("It went out in February, after lunch.", "en", BID.id),
    ],
)
def test_a_day_or_month_names_what_happened_then(text: str, lang: str, owner: str) -> None:
    """A sentence that shares not one word with an event is laid beside it when it names its day or month."""
    assert owners(Memory(STORYLINE), text, lang) == [owner]


@pytest.mark.parametrize(
    "text",
    ["It went out in 2031, after lunch.", "It went out on 4 February 2031, after lunch.", "It went out in March."],
)
def test_a_year_or_another_day_names_nothing(text: str) -> None:
    """A whole year or the day beside it is no reason to look."""
    assert owners(Memory(STORYLINE), text) == []


def test_a_day_of_this_week_names_nothing() -> None:
    """What is told of a day in the news may be anything that happened on it."""
    happened = datetime(2031, 2, 3, 18, tzinfo=UTC)
    text = "It went out on Monday, after lunch."
    for days in (0, 2, 5):
        assert owners(Memory(STORYLINE), text, at=happened + timedelta(days=days)) == []
    assert owners(Memory(STORYLINE), "It went out on 3 February.", at=happened + timedelta(days=8)) == [BID.id]


def test_a_day_is_not_its_month() -> None:
    """An event of which only the month is known is not what happened on one of its days."""
    assert owners(Memory(STORYLINE), "The papers had come in on 9 September 2030.") == []


def test_what_left_the_base_is_named_no_more() -> None:
    """An event learned again is found once, at its new day; one that was forgotten is not."""
    memory = Memory(STORYLINE)
    memory.learn(replace(SUIT, date="2030-10"))
    assert owners(memory, "The papers had come in at the end of September 2030.") == []
    assert owners(memory, "The papers had come in at the end of October 2030.") == [SUIT.id]
    memory.forget(SUIT.id)
    assert owners(memory, "The papers had come in at the end of October 2030.") == []


def test_a_busy_month_is_bounded() -> None:
    """However much happened in a month, a sentence that names it is laid beside some of it only; one that names a day
    finds what happened on it, in whatever order the base was learned.
    """
    memory = Memory(STORYLINE)
    for day in range(30, 0, -1):
        memory.learn(replace(SUIT, id=f"2030-09-{day:02}-suit", date=f"2030-09-{day:02}", date_precision=Precision.DAY))
    found = owners(memory, "The papers had come in at the end of September 2030.")
    assert len(found) == AT_ONCE
    assert found == sorted(found)
    for day in (1, 2, 29, 30):
        assert f"2030-09-{day:02}-suit" in owners(memory, f"The papers had come in on {day} September 2030.")


def test_a_day_comes_before_its_month() -> None:
    """Whatever happened in a month that is named too, what is on a named day is found."""
    memory = Memory(STORYLINE)
    for day in range(1, 31):
        memory.learn(replace(SUIT, id=f"2030-09-{day:02}-suit", date=f"2030-09-{day:02}", date_precision=Precision.DAY))
    text = "In September 2030 it was quiet, until the papers came in on 30 September 2030."
    assert "2030-09-30-suit" in owners(memory, text)


def test_a_month_is_past_when_it_is_over() -> None:
    """What is told of the month that runs may be anything that happened in it."""
    text = "It went out in February, after lunch."
    for day in (6, 12, 28):
        assert owners(Memory(STORYLINE), text, at=datetime(2031, 2, day, 18, tzinfo=UTC)) == []
    assert owners(Memory(STORYLINE), text, at=datetime(2031, 3, 12, 18, tzinfo=UTC)) == [BID.id]


def test_what_only_lies_in_its_time_has_no_vote() -> None:
    """However many wordings an event has, a day alone brings none of them near."""
    memory = Memory(STORYLINE)
    reading = read(memory, "a", "Ferries", "It rained in Kiel on 3 February 2031.")
    (statement,) = reading.statements
    (found,) = candidates(statement, marks(statement), (), reading.published, memory)
    assert found.profile.id == BID.id
    assert found.evidence["votes"] == 0.0


def test_a_year_fits_a_year() -> None:
    """A day of the year of which an event is known is its year, not its month."""
    memory = Memory(STORYLINE)
    memory.learn(replace(SUIT, date="2030", date_precision=Precision.YEAR))
    profile = memory.profile(SUIT.id)
    assert profile is not None
    for day in ("14 January 2030", "14 March 2030"):
        (statement,) = read(memory, "a", "Ferries", f"The papers had come in on {day}.").statements
        assert compare.dates_fit(statement, profile) == compare.SAME_YEAR


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("The papers had come in at the end of January 2030.", compare.SAME_PART),
        ("The papers had come in during mid-January 2030.", compare.OTHER_TIME),
        ("The papers had come in early February 2030.", compare.NEAR_DAY),
        ("The papers had come in in early January 2030.", compare.OTHER_TIME),
        ("The papers had come in in January 2030.", compare.SAME_MONTH),
        ("The papers had come in late in January 2030.", compare.SAME_PART),
        ("The papers had come in in 2030.", compare.SAME_YEAR),
        ("The papers had come in in early 2030.", compare.SAME_SEASON),
        ("The papers had come in in late 2030.", compare.OTHER_TIME),
        ("The papers had come in in the summer of 2030.", compare.OTHER_TIME),
    ],
)
def test_a_part_of_a_month_or_year_fits_what_happened_in_it(text: str, fit: float) -> None:
    """`Late January` is nearer to the 30th than `January` is; another part of it, or of the year, speaks against it."""
    memory = Memory(STORYLINE)
    memory.learn(replace(SUIT, date="2030-01-30", date_precision=Precision.DAY))
    profile = memory.profile(SUIT.id)
    assert profile is not None
    reading = read(memory, "a", "Ferries", text)
    (statement,) = reading.statements
    assert compare.dates_fit(statement, profile) == fit
    found = {one.profile.id: one for one in candidates(statement, marks(statement), (), reading.published, memory)}
    of_month = fit in (compare.SAME_MONTH, compare.SAME_PART)
    assert (SUIT.id in found and found[SUIT.id].evidence["same_month"] == 1.0) is of_month


def test_an_event_of_a_year_has_no_month() -> None:
    """What is known to have happened in a year is not taken for what happened in its first month."""
    memory = Memory(STORYLINE)
    memory.learn(replace(SUIT, date="2030", date_precision=Precision.YEAR))
    assert owners(memory, "The papers had come in on 14 January 2030.") == []
    assert owners(memory, "The papers had come in at the end of January 2030.") == []


def test_a_name_of_a_development_can_be_an_event() -> None:
    """An event that is called as a development was takes its place."""
    memory = Memory(STORYLINE)
    told(memory, read(memory, "x", "Court forbids the ferry merger", "A court in Kiel forbade the merger of Norden."))
    memory.learn(replace(BID, id="D-x"))
    profile = memory.profile("D-x")
    assert profile is not None
    assert profile.is_event


NEARER = Linear(names=("likeness",), rows=((6.0,),), bias=(-3.0,))
OLDER = Linear(names=("aged",), rows=((6.0,),), bias=(-3.0,))


def linked(text: str) -> tuple[Link, ...]:
    """Link one sentence to what is known, by likeness alone."""
    memory = Memory(STORYLINE)
    reading = read(memory, "a", "Ferries", text)
    (statement,) = reading.statements
    marked = marks(statement)
    matches = tuple(memory.index.nearest(marked, 12))
    return links(statement, marked, matches, reading.published, memory, NEARER)


def test_which_event_is_told_is_asked_of_the_likeliest() -> None:
    """What is likeliest by itself may lose to a rival when it is asked which of them is told; its score is then how
    likely it is that one.
    """
    found = linked("Norden bid 97.4 million euros for Suederlinie, which had sued over berths.")
    assert [link.owner for link in found] == [BID.id, SUIT.id]
    first = chosen(found, NEARER)
    other = chosen(found, OLDER)
    assert first is not None
    assert other is not None
    assert (first.owner, other.owner) == (BID.id, SUIT.id)
    assert other.score == OLDER.probabilities(found[1].evidence)[0] != found[1].score


def test_what_fits_nothing_is_not_linked() -> None:
    """A sentence whose likeliest event does not fit at all tells none of them, nor does one without any."""
    found = linked("Norden bid for Suederlinie.")
    assert chosen(found, OLDER) is not None
    assert chosen([replace(found[0], score=FITS / 2)], OLDER) is None
    assert chosen([], OLDER) is None


@pytest.mark.parametrize(("doubt", "is_base"), [(0.5, True), (0.9, True), (1.1, False), (2.0, False)])
def test_in_doubt_the_base_is_told(doubt: float, is_base: bool) -> None:
    """An event of the base is told rather than an open development that is likelier by less than `IN_DOUBT`."""
    base, other = linked("Norden bid 97.4 million euros for Suederlinie, which had sued over berths.")
    likeness = [link.evidence["likeness"] for link in (base, other)]
    weight = doubt * IN_DOUBT / (likeness[0] - likeness[1])
    apart = Linear(names=("likeness",), rows=((weight,),), bias=(-weight * sum(likeness) / 2,))
    development = replace(base, profile=replace(base.profile, id="D1", is_event=False))
    told_of = chosen([development, other], apart)
    assert told_of is not None
    assert told_of.owner == (other.owner if is_base else "D1")
    among_events = chosen([base, other], apart)
    assert among_events is not None
    assert among_events.owner == base.owner
