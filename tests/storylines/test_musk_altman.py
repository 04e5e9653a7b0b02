"""What ships with the bundled storyline holds together."""

from __future__ import annotations

from pathlib import Path

import pytest

from watcher.records import Event, Storyline
from watcher.storylines import load

KINDS = {
    "lawsuit", "ruling", "funding", "governance", "product", "statement", "policy", "deal", "personnel", "other",
}  # fmt: skip
STORYLINE = load("musk-altman", Path())


@pytest.fixture
def storyline() -> Storyline:
    """The bundled storyline."""
    return STORYLINE


@pytest.mark.parametrize("event", STORYLINE.events, ids=lambda event: event.id)
def test_an_event_is_told_in_both_languages(event: Event) -> None:
    """Every event has wordings in English and in German, a summary, and a kind the program knows."""
    assert {wording.lang for wording in event.wordings} == {"en", "de"}
    assert event.summary
    assert event.kind in KINDS


def test_ids_begin_with_their_date_and_events_are_in_order(storyline: Storyline) -> None:
    """An id tells when; the file reads as the story went."""
    for event in storyline.events:
        assert event.id.startswith(event.date + "-")
    assert [event.date for event in storyline.events] == sorted(event.date for event in storyline.events)


def test_every_actor_of_an_event_is_known(storyline: Storyline) -> None:
    """Events name actors by the names of the actor list, so that aliases lead to them."""
    known = {actor.name for actor in storyline.actors}
    assert {name for event in storyline.events for name in event.actors} <= known


def test_no_wording_is_told_twice(storyline: Storyline) -> None:
    """A sentence belongs to one event."""
    texts = [wording.text for event in storyline.events for wording in event.wordings]
    assert len(texts) == len(set(texts))


def test_figures_of_an_event_are_told_once(storyline: Storyline) -> None:
    """The same value with the same unit is not both held and disputed."""
    for event in storyline.events:
        told = [(figure.value, figure.unit) for figure in event.figures]
        assert len(told) == len(set(told)), event.id


def test_both_sides_have_people_companies_and_products(storyline: Storyline) -> None:
    """A text can meet either side by a person, a company or a product."""
    for side in storyline.sides:
        kinds = {actor.kind for actor in storyline.actors if actor.side == side}
        assert {"person", "company", "product"} <= kinds


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("Tesla-Chef", "Elon Musk"),
        ("the world's richest man", "Elon Musk"),
        ("reichsten Mann der Welt", "Elon Musk"),
        ("OpenAI-Chef", "Sam Altman"),
        ("Scam Altman", "Sam Altman"),
        ("the ChatGPT maker", "OpenAI"),
        ("ChatGPT-Entwickler", "OpenAI"),
        ("Open AI", "OpenAI"),
        ("X.AI", "xAI"),
        ("Twitter", "X Corp."),
        ("Rob Bonta", "California Attorney General"),
        ("MKBHD", "Marques Brownlee"),
    ],
)
def test_epithets_and_former_names_lead_to_the_actor(storyline: Storyline, alias: str, name: str) -> None:
    """The press's names for the actors are known in both languages."""
    assert [actor.name for actor in storyline.actors if alias in actor.aliases] == [name]


@pytest.mark.parametrize("common", ["X", "Meta", "Encode", "Tech-Milliardär", "the judge", "Roadster", "Taylor"])
def test_common_words_never_count_alone(storyline: Storyline, common: str) -> None:
    """A word that means many things is weak for its actor and strong for none."""
    assert any(common in actor.weak for actor in storyline.actors)
    assert not any(common in (actor.name, *actor.aliases) for actor in storyline.actors)


def test_a_namesake_contains_a_name_of_an_actor(storyline: Storyline) -> None:
    """A namesake is there to take a name out of the count; one without a name would do nothing."""
    names = {name for actor in storyline.actors for name in (actor.name, *actor.aliases)}
    for namesake in storyline.namesakes:
        assert any(part in names for part in namesake.replace("-", " ").split()), namesake
        assert namesake not in names
