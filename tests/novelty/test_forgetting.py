"""What is remembered takes so much room and no more, whatever is told; what goes first is what is missed least."""

from __future__ import annotations

import gc
import tracemalloc
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.novelty.told import NOON, STORYLINE, read
from watcher.novelty import memory as memories
from watcher.novelty.index import marks
from watcher.novelty.judge import judge
from watcher.novelty.memory import Memory
from watcher.records import Finding, Judgement, Reading, Relevance, Verdict

BASE = len(Memory(STORYLINE).index)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    """Give one with little room."""
    for name, room in (("CONTEXT", 20), ("LATELY", 40), ("OF_OLD", 20), ("OPENING", 3), ("PROFILED", 6)):
        monkeypatch.setattr(memories, name, room)
    monkeypatch.setattr(memories, "ARTICLES", 30)
    return Memory(STORYLINE)


def article(memory: Memory, number: int, sentences: int) -> Reading:
    """Read an article that tells so many sentences in words nobody else uses."""
    words = [f"Karla{number}x{at} visited Port{number}y{at} by {number}z{at} boats." for at in range(sentences)]
    return read(memory, f"a{number}", f"Visit {number}q", " ".join(words), at=NOON + timedelta(minutes=number))


def tell(memory: Memory, number: int, sentences: int, development: str | None) -> Reading:
    """Let an article tell so many sentences: fresh ones of a development, or context."""
    reading = article(memory, number, sentences)
    memory.remember(reading, _said(reading, development))
    return reading


def _said(reading: Reading, development: str | None) -> Judgement:
    verdict = Verdict.BACKGROUND if development is None else Verdict.NEW
    return Judgement(
        article=reading.article,
        relevance=Relevance(relevant=True, reason=""),
        findings=tuple(Finding(position=s.position, text=s.text, verdict=verdict) for s in reading.statements),
        flagged=development is not None,
        development=development,
    )


def is_known(memory: Memory, reading: Reading, at: int) -> bool:
    """Whether a statement of an article is remembered."""
    statement = reading.statements[at]
    return any(match.told.statement is statement for match in memory.index.nearest(marks(statement), 3))


def test_it_stays_flat(memory: Memory) -> None:
    """However many articles tell, each in words of its own, the statements, articles, profiles and marks that are
    kept are no more, and nor is the memory they take.
    """
    readings = [article(memory, number, 2) for number in range(400)]
    taken = []
    tracemalloc.start()
    try:
        for reading in readings:
            number = int(reading.article[1:])
            memory.remember(reading, _said(reading, f"D{number}" if number % 3 else None))
            if number % 100 == 99:
                gc.collect()
                taken.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert len(memory.index) <= BASE + 20 + 40 + 20
    assert len(memory.articles) == 30
    assert sum(memory.profile(f"D{number}") is not None for number in range(400)) <= 40
    assert taken[3] - taken[1] < 20_000


def test_context_goes_before_what_was_news(memory: Memory) -> None:
    """Of what nobody owns the oldest goes first, however much there is; what opened a development stays."""
    opening = tell(memory, 1, 2, "D1")
    context = [tell(memory, number, 5, None) for number in range(2, 12)]
    assert is_known(memory, opening, 0)
    assert not is_known(memory, context[0], 0)
    assert is_known(memory, context[-1], 0)


def test_of_an_old_development_the_opening_stays(memory: Memory) -> None:
    """Once others were told of since, a development is known by its title and first news; told again, it is the
    latest; at last it is forgotten. The base stays.
    """
    first = tell(memory, 0, 6, "D0")
    for number in range(1, 8):
        tell(memory, number, 5, f"D{number}")
    assert is_known(memory, first, 0)
    assert not is_known(memory, first, 5)
    profile = memory.profile("D0")
    assert profile is not None
    assert len(profile.statements) == 3
    tell(memory, 8, 2, "D0")
    for number in range(9, 15):
        tell(memory, number, 5, f"D{number}")
    assert is_known(memory, first, 0)
    assert memory.profile("D1") is None
    for number in range(20, 40):
        tell(memory, number, 5, f"D{number}")
    assert not is_known(memory, first, 0)
    assert memory.profile("D0") is None
    assert memory.profile("2031-02-03-bid") is not None


def test_a_storm_in_one_development_is_bounded(memory: Memory) -> None:
    """One development that hundreds of articles tell keeps its opening and the latest of what it told."""
    first, *_ = [tell(memory, number, 3, "D1") for number in range(60)]
    last = tell(memory, 60, 3, "D1")
    profile = memory.profile("D1")
    assert profile is not None
    assert len(profile.statements) <= 6
    assert profile.statements[0] in first.statements
    assert last.statements[-1] in profile.statements
    assert len(memory.index) <= BASE + 40 + 20
    assert is_known(memory, first, 0)


def test_who_forgot_judges_as_if_never_told(memory: Memory) -> None:
    """What was forgotten is new again; nothing of it is met half."""
    first = tell(memory, 0, 3, "D0")
    for number in range(1, 40):
        tell(memory, number, 5, f"D{number}")
    again = replace(first, article="again")
    said = judge(again, memory)
    assert said.development is None
    assert {match.told.article for match in memory.index.nearest(marks(first.statements[0]), 5)}.isdisjoint({"a0"})
