"""Whom a story is about: how often what is known of it named just these actors."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.novelty.told import STORYLINE, read
from watcher.novelty.judge import judge
from watcher.novelty.memory import Memory
from watcher.novelty.precedent import BASE_COUNTS
from watcher.records import Event, Relevance

ALONE = replace(
    STORYLINE.events[0],
    id="2031-01-10-loan",
    date="2031-01-10",
    title="Norden takes out a loan",
    summary="Karla Brandt borrows 40 million euros from the banker Jorge Almeida for Norden.",
    actors=("Norden",),
    wordings=(),
)


def memory_of(*events: Event) -> Memory:
    """A memory of a storyline with such a base."""
    return Memory(replace(STORYLINE, events=events))


def test_one_side_alone_belongs_where_the_base_tells_of_it_alone() -> None:
    """News of one side is as likely as the base has events of that side alone."""
    news = ("a", "Norden orders two ferries", "Norden will buy two ferries.")
    both, one = memory_of(*STORYLINE.events), memory_of(*STORYLINE.events, ALONE)
    rarely, often = (memory.precedents.weigh(read(memory, *news)) for memory in (both, one))
    assert rarely["sides_told"] == pytest.approx(0.5 / 4)
    assert often["sides_told"] == pytest.approx(1.5 / 5)
    assert rarely["lead_sides_told"] < often["lead_sides_told"]


def test_who_is_named_in_every_event_is_told_most() -> None:
    """An actor counts by the events that name it; of several in a headline the one told of least counts, too."""
    memory = memory_of(*STORYLINE.events, ALONE)
    found = memory.precedents.weigh(read(memory, "a", "Norden and Maas agree", "Norden and Ole Maas agree."))
    assert found["actor_most_told"] == 1.0
    assert found["title_actor_least_told"] == found["lead_actor_least_told"] == pytest.approx(1 / 3)
    assert found["actors_mean_told"] == pytest.approx((1 + 1 / 3) / 2)
    assert found["any_lead_actor_in_base"] == 1.0
    assert found["lead_actors_in_base"] == found["actors_in_base"] == pytest.approx(1 / 3)


def test_names_beside_the_actors_count_when_the_base_names_them() -> None:
    """A banker whom an event names speaks for an article that names it, another one does not."""
    memory = memory_of(*STORYLINE.events, ALONE)
    known = memory.precedents.weigh(read(memory, "a", "Jorge Almeida lends again", "Jorge Almeida lends to Norden."))
    other = memory.precedents.weigh(read(memory, "b", "Petra Lohmann lends again", "Petra Lohmann lends to Norden."))
    assert known["others_known_count"] > other["others_known_count"] == 0.0
    assert known["lead_others_known_count"] > other["lead_others_known_count"] == 0.0


def test_told_articles_outweigh_the_base() -> None:
    """What was told counts beside the base, which counts as much as a few articles."""
    memory = memory_of(*STORYLINE.events)
    news = read(memory, "a", "Norden orders two ferries", "Norden will buy two ferries.")
    before = memory.precedents.weigh(news)["sides_told"]
    for number in range(5):
        memory.precedents.tell(replace(news, article=f"told-{number}"))
    assert memory.precedents.weigh(news)["sides_told"] == pytest.approx((5 + BASE_COUNTS * before) / (5 + BASE_COUNTS))


def test_what_is_remembered_is_a_precedent_and_what_lies_beside_is_none() -> None:
    """The memory counts the articles it is told of; those beside the storyline leave no trace."""
    memory = memory_of(*STORYLINE.events)
    news = read(memory, "a", "Norden orders two ferries", "Norden will buy two ferries.")
    before = memory.precedents.weigh(news)
    judgement = judge(news, memory)
    for relevant, name in ((False, "b"), (True, "c")):
        decided = Relevance(relevant=relevant, reason="")
        memory.remember(replace(news, article=name), replace(judgement, article=name, relevance=decided))
        assert (memory.precedents.weigh(news) != before) is relevant


def test_an_article_is_no_precedent_of_its_own_later_version() -> None:
    """A new version is weighed as the first one was."""
    memory = memory_of(*STORYLINE.events)
    news = read(memory, "a", "Norden orders two ferries", "Norden will buy two ferries.")
    memory.precedents.tell(read(memory, "b", "Maas resigns", "Ole Maas resigned."))
    before = memory.precedents.weigh(news)
    memory.precedents.tell(news)
    assert memory.precedents.weigh(news) == before
    assert memory.precedents.weigh(replace(news, article="c")) != before


def test_what_is_taken_out_leaves_no_trace() -> None:
    """An event forgotten, an article told again otherwise or dropped counts as if it had never been there."""
    memory = memory_of(*STORYLINE.events)
    precedents = memory.precedents
    news = read(memory, "a", "Norden orders two ferries", "Norden will buy two ferries.")
    before = precedents.weigh(news)
    memory.learn(ALONE)
    precedents.tell(read(memory, "b", "Norden orders paint", "Norden likes blue."))
    assert precedents.weigh(news) != before
    memory.forget(ALONE.id)
    memory.forget(ALONE.id)
    precedents.tell(read(memory, "b", "Maas resigns", "Ole Maas resigned."))
    other = memory_of(*STORYLINE.events)
    other.precedents.tell(read(memory, "b", "Maas resigns", "Ole Maas resigned."))
    assert precedents.weigh(news) == other.precedents.weigh(news)
    precedents.drop("b")
    precedents.drop("b")
    assert precedents.weigh(news) == before


def test_the_oldest_articles_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more articles than are remembered the oldest no longer counts."""
    monkeypatch.setattr("watcher.novelty.memory.ARTICLES", 2)
    memory = memory_of(*STORYLINE.events)
    first = read(memory, "a", "Norden orders two ferries", "Norden will buy two ferries.")
    rest = [read(memory, name, "Maas resigns", "Ole Maas resigned.") for name in ("b", "c")]
    other = memory_of(*STORYLINE.events)
    for told_of, readings in ((memory, [first, *rest]), (other, rest)):
        for reading in readings:
            judgement = judge(reading, told_of)
            told_of.remember(reading, replace(judgement, relevance=Relevance(relevant=True, reason="")))
    last = read(memory, "d", "Brandt resigns", "Karla Brandt resigned.")
    assert memory.precedents.weigh(last) == other.precedents.weigh(last)


def test_nobody_named_and_nothing_known_is_no_evidence() -> None:
    """An empty base and an article that names nobody are weighed all the same."""
    memory = memory_of()
    found = memory.precedents.weigh(read(memory, "a", "Rain", "It rained."))
    assert found["sides_told"] == pytest.approx(0.25)
    assert found["actor_most_told"] == found["actors_in_base"] == found["others_known_count"] == 0.0
