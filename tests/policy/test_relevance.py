"""What an article's own words say of where it belongs."""

from __future__ import annotations

import pytest

from tests.novelty.told import STORYLINE, read
from watcher.novelty.memory import Memory
from watcher.policy.relevance import Evidence, weigh

PAINT, RAILS, FUNNELS = "The paint is blue.", "The rails turn white.", "The funnels stay red."


def weighed(title: str, *sentences: str) -> Evidence:
    """The evidence of one article."""
    memory = Memory(STORYLINE)
    return weigh(read(memory, "a", title, " ".join(sentences)), memory.rules)


@pytest.mark.parametrize(
    ("sentences", "opening"),
    [
        (("Norden has chosen blue.", RAILS, FUNNELS), 1.0),
        ((PAINT, "Norden has chosen it.", FUNNELS), 1.0),
        ((PAINT, RAILS, "Norden has chosen both."), 0.0),
        ((PAINT, RAILS, FUNNELS), 0.0),
    ],
)
def test_an_actor_opens_an_article_in_its_first_two_sentences(sentences: tuple[str, ...], opening: float) -> None:
    """Who is named later counts among the sentences alone, and who is named in the title is not in the opening."""
    found = weighed("Norden paints its ferries", *sentences)
    assert found.actor_in_opening == opening
    assert found.acted == pytest.approx(any("Norden" in sentence for sentence in sentences) / 3)


@pytest.mark.parametrize(
    ("title", "first", "one", "both"),
    [
        ("Ferries are painted", PAINT, 0.0, 0.0),
        ("Ferries are painted", "Norden has chosen blue.", 1.0, 0.0),
        ("Norden paints its ferries", "Norden has chosen blue.", 1.0, 0.0),
        ("Norden paints its ferries", "Suederlinie has chosen red.", 0.0, 1.0),
        ("Ferries are painted", "Norden and Suederlinie have chosen blue.", 0.0, 1.0),
    ],
)
def test_a_lead_names_no_side_one_or_both(title: str, first: str, one: float, both: float) -> None:
    """Where both sides are named, in the title or at the beginning, it is not one alone."""
    found = weighed(title, first, RAILS, FUNNELS)
    assert (found.one_in_lead, found.both_in_lead) == (one, both)
