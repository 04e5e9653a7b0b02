"""Does this belong to the storyline? A feud is told where both of its sides meet, or in words only this story uses.

Two questions. `worth_reading` looks at a feed's few words and lets through whatever could belong: a page too many costs
one request, a page too few costs a development. `assess` looks at the understood text and says what it is about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from watcher.language.names import Gazetteer
from watcher.records import Reading, Relevance, Statement, Storyline

# The title and so many sentences are the lead of an article.
OPENING = 2
# So much of what is known of a story names just the sides an article names when that is often.
_OFTEN = 0.2


class Model(Protocol):
    """Weighs evidence; gives one probability."""

    def probabilities(self, evidence: Mapping[str, float]) -> tuple[float, ...]:
        """How likely the article belongs, as the only element."""
        ...


class Rules:
    """A storyline's rules, made ready once: who is on which side, and the phrases that matter."""

    def __init__(self, storyline: Storyline) -> None:
        self.everything = storyline.everything
        self.gazetteer = Gazetteer(storyline.actors, storyline.namesakes)
        self.sides = storyline.sides
        self._side = {actor.name: actor.side for actor in storyline.actors if actor.side}
        self._known = frozenset(actor.name for actor in storyline.actors)
        self._matters = _phrases(storyline.matters)

    def side_of(self, name: str) -> str:
        """Give the side an actor stands on, or ''."""
        return self._side.get(name, "")

    def sides_in(self, statement: Statement) -> frozenset[str]:
        """Give the sides a statement names."""
        return frozenset(self._side[name] for name in statement.names if name in self._side)

    def is_actor(self, name: str) -> bool:
        """Whether a name is one of the storyline's actors."""
        return name in self._known

    def matters_in(self, text: str) -> tuple[str, ...]:
        """Give the storyline's own phrases that a text uses, lower case, in order."""
        return tuple(match[1].casefold() for match in self._matters.finditer(text)) if self._matters else ()


def _phrases(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern for all phrases, longest first; a German or English ending may follow a phrase."""
    if not phrases:
        return None
    alternatives = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    return re.compile(rf"\b({alternatives})(?:s|es|en|n|er|e)?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for an article belonging to the storyline, each piece 0 to 1.

    The lead are title and opening. `acted` is the share of sentences that
    name any actor, `matters_count` a third for each of the storyline's phrases that is used.
    """

    both_in_title: float
    one_in_title: float
    both_in_lead: float
    together: float
    weaker_side: float
    stronger_side: float
    only_actors: float
    matters_title: float
    matters: float
    matters_count: float
    actor_in_title: float
    actor_in_opening: float
    one_in_lead: float
    acted: float

    def pairs(self) -> tuple[tuple[str, float], ...]:
        """Name and value of every piece, in a fixed order."""
        return tuple((name, getattr(self, name)) for name in self.__dataclass_fields__)


def worth_reading(title: str, summary: str, rules: Rules) -> Relevance:
    """Whether an entry's own words could belong to the storyline: they name anyone of a side, or a phrase that
    matters.
    """
    if rules.everything:
        return Relevance(relevant=True, reason="everything is watched")
    text = f"{title}. {summary}"
    named = [name for name in rules.gazetteer.find(text) if rules.side_of(name)]
    if named:
        return Relevance(relevant=True, reason=f"names {named[0]}")
    phrases = rules.matters_in(text)
    if phrases:
        return Relevance(relevant=True, reason=f"speaks of “{phrases[0]}”")
    return Relevance(relevant=False, reason="names nobody of the storyline")


def weigh(reading: Reading, rules: Rules) -> Evidence:
    """Give the evidence of one article's own words."""
    statements = reading.statements or (reading.title,)
    sides = [rules.sides_in(statement) for statement in statements]
    title = rules.sides_in(reading.title)
    lead = frozenset().union(title, *sides[:OPENING])
    counts = Counter(side for found in sides for side in found)
    shares = sorted((counts[side] / len(statements) for side in rules.sides), reverse=True) or [0.0]
    together = sum(len(found) > 1 for found in sides)
    named = [name for statement in statements for name in statement.names]
    acted = [any(map(rules.is_actor, statement.names)) for statement in statements]
    spoken = [rules.matters_in(statement.text) for statement in statements]
    matters_title = rules.matters_in(reading.title.text)
    return Evidence(
        both_in_title=float(len(title) > 1),
        one_in_title=float(len(title) == 1),
        both_in_lead=float(len(lead) > 1),
        together=min(1.0, together / 3),
        weaker_side=min(1.0, 3 * shares[-1]) if len(shares) > 1 else 0.0,
        stronger_side=shares[0],
        only_actors=sum(map(rules.is_actor, named)) / len(named) if named else 0.0,
        matters_title=float(bool(matters_title)),
        matters=min(1.0, 3 * sum(map(bool, spoken)) / len(statements)),
        matters_count=min(1.0, len({*matters_title, *chain.from_iterable(spoken)}) / 3),
        actor_in_title=float(any(map(rules.is_actor, reading.title.names))),
        actor_in_opening=float(any(acted[:OPENING])),
        one_in_lead=float(len(lead) == 1),
        acted=sum(acted) / len(acted),
    )


def assess(evidence: Mapping[str, float], rules: Rules, model: Model) -> Relevance:
    """Whether an article belongs to the storyline, by all evidence: that of `Evidence` and what the memory adds."""
    if rules.everything:
        return Relevance(relevant=True, reason="everything is watched")
    (belongs,) = model.probabilities(evidence)
    return Relevance(relevant=belongs >= 0.5, reason=_reason(evidence, belongs))


def _reason(evidence: Mapping[str, float], belongs: float) -> str:
    """Give the strongest of what was seen, in words."""
    seen = [
        ("both sides in the title", evidence["both_in_title"]),
        ("both sides in one sentence", evidence["together"]),
        ("both sides at the head", evidence["both_in_lead"]),
        ("speaks of what matters to the story", max(evidence["matters"], evidence["matters_title"])),
        ("retells known events", evidence["echo"]),
    ]
    said = [words for words, value in seen if value > 0.3] or [_plain(evidence, belongs)]
    return f"{', '.join(said)} ({round(100 * belongs)} %)"


def _plain(evidence: Mapping[str, float], belongs: float) -> str:
    """What is said where nothing stands out."""
    if belongs >= 0.5 and evidence["stronger_side"] > 0 and evidence["sides_told"] > _OFTEN:
        return "sides named as in much of this story"
    return "only one side, or in passing"
