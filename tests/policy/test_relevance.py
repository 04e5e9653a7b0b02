"""What an article's own words say of where it belongs."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.novelty.told import STORYLINE, read
from watcher.novelty.memory import Memory
from watcher.policy.relevance import Evidence, assess, weigh

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


class Belief:
    """A model that believes one thing of every article."""

    def __init__(self, belongs: float) -> None:
        self._belongs = belongs

    def probabilities(self, evidence: Mapping[str, float]) -> tuple[float, ...]:
        """How likely the article belongs."""
        return (self._belongs,)


@pytest.mark.parametrize(
    ("title", "sides_told", "belongs", "said"),
    [
        ("Norden and Suederlinie agree", 0.5, 0.9, "both sides in the title, both sides at the head (90 %)"),
        ("Norden orders paint", 0.5, 0.9, "sides named as in much of this story (90 %)"),
        ("Norden orders paint", 0.1, 0.9, "only one side, or in passing (90 %)"),
        ("Norden orders paint", 0.5, 0.2, "only one side, or in passing (20 %)"),
        ("Rain", 0.5, 0.9, "only one side, or in passing (90 %)"),
    ],
)
def test_the_reason_says_what_was_seen(title: str, sides_told: float, belongs: float, said: str) -> None:
    """What stands out is said; where nothing does, whether the story often names just these sides."""
    memory = Memory(STORYLINE)
    found = weigh(read(memory, "a", title, title + "."), memory.rules)
    evidence = {**dict(found.pairs()), "together": 0.0, "echo": 0.0, "sides_told": sides_told}
    decided = assess(evidence, memory.rules, Belief(belongs))
    assert (decided.relevant, decided.reason) == (belongs >= 0.5, said)
