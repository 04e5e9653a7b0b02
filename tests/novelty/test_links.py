"""Which owners a statement may refer to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.novelty.told import STORYLINE, read
from watcher.novelty.index import marks
from watcher.novelty.links import candidates
from watcher.novelty.memory import A_MONTH, Memory

BID, SUIT = STORYLINE.events


def owners(memory: Memory, text: str, lang: str = "en") -> list[str]:
    """Tell which owners one sentence is laid beside."""
    reading = read(memory, "a", "Ferries", text, lang=lang)
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


def test_what_left_the_base_is_named_no_more() -> None:
    """An event learned again is found once, at its new day; one that was forgotten is not."""
    memory = Memory(STORYLINE)
    memory.learn(replace(SUIT, date="2030-10"))
    assert owners(memory, "The papers had come in at the end of September 2030.") == []
    assert owners(memory, "The papers had come in at the end of October 2030.") == [SUIT.id]
    memory.forget(SUIT.id)
    assert owners(memory, "The papers had come in at the end of October 2030.") == []


def test_a_busy_month_is_bounded() -> None:
    """However much happened in a month, a sentence that names it is laid beside some of it only."""
    memory = Memory(STORYLINE)
    for number in range(3 * A_MONTH):
        memory.learn(replace(SUIT, id=f"2030-09-01-suit-{number}"))
    assert len(owners(memory, "The papers had come in at the end of September 2030.")) == A_MONTH
