"""Whom a story is about: how often what is known of it named just these actors.

Its sides are named in other news, too. Where half of what is known is about one side alone, another report about that
side may well belong; where every event has both, or an actor is hardly ever named, it rarely does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

from watcher.policy.relevance import OPENING, Rules
from watcher.records import Reading, Statement

# What the base says counts as much as so many articles.
BASE_COUNTS = 5.0
# So many actors, of the whole and of the lead, or other names of the base, speak as loud as any more.
_MANY_ACTORS, _MANY_LEAD_ACTORS = 6, 4
_MANY_OTHERS, _MANY_LEAD_OTHERS = 4, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who is named: the actors, the sides they stand on, and whoever else."""

    actors: frozenset[str]
    sides: frozenset[str]
    others: frozenset[str]

    @classmethod
    def of(cls, statements: Iterable[Statement], rules: Rules) -> Self:
        """From statements together."""
        told = tuple(statements)
        names = frozenset(name for statement in told for name in statement.names)
        actors = frozenset(filter(rules.is_actor, names))
        return cls(actors=actors, sides=frozenset().union(*map(rules.sides_in, told)), others=names - actors)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What is kept of an article. The lead are its title and its opening."""

    sides: frozenset[str]
    lead_sides: frozenset[str]
    actors: frozenset[str]


@dataclass(slots=True)
class _Tally:
    """How many articles named just these sides, in the whole or in the lead, and each actor."""

    total: int = 0
    sides: Counter[frozenset[str]] = field(default_factory=Counter)
    lead_sides: Counter[frozenset[str]] = field(default_factory=Counter)
    actors: Counter[str] = field(default_factory=Counter)

    def count(self, told: _Told, by: int) -> None:
        """Count an article once more, or once less."""
        self.total += by
        self.sides[told.sides] += by
        self.lead_sides[told.lead_sides] += by
        for actor in told.actors:
            self.actors[actor] += by

    def without(self, told: _Told | None) -> _Tally:
        """The tally as if one article had not been told."""
        if told is None:
            return self
        rest = _Tally(
            total=self.total, sides=self.sides.copy(), lead_sides=self.lead_sides.copy(), actors=self.actors.copy()
        )
        rest.count(told, -1)
        return rest

    def often(self, told: int, base: float) -> float:
        """The share of what is known, of so many articles and such a share of the base."""
        return (told + BASE_COUNTS * base) / (self.total + BASE_COUNTS)


class Precedents:
    """Whom the base's events and the remembered articles of the storyline name."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._events: dict[str, Cast] = {}
        self._namers: dict[str, set[str]] = {}
        self._sides: Counter[frozenset[str]] = Counter()
        self._articles: dict[str, _Told] = {}
        self._tally = _Tally()

    def learn(self, event: str, statements: Sequence[Statement]) -> None:
        """Add an event of the base, or put it in place of the one of the same id."""
        self.forget(event)
        cast = self._events[event] = Cast.of(statements, self._rules)
        self._sides[cast.sides] += 1
        for name in cast.actors | cast.others:
            self._namers.setdefault(name, set()).add(event)

    def forget(self, event: str) -> None:
        """Take an event out of the base; nothing happens when it is not there."""
        if cast := self._events.pop(event, None):
            self._sides[cast.sides] -= 1
            for name in cast.actors | cast.others:
                self._namers[name].remove(event)
                if not self._namers[name]:
                    del self._namers[name]

    def tell(self, reading: Reading) -> None:
        """Add an article that belongs to the storyline, in place of an earlier version of it."""
        self.drop(reading.article)
        whole, lead = self._casts(reading)
        told = _Told(sides=whole.sides, lead_sides=lead.sides, actors=whole.actors)
        self._articles[reading.article] = told
        self._tally.count(told, 1)

    def drop(self, article: str) -> None:
        """Take an article out; nothing happens when it is not there."""
        if told := self._articles.pop(article, None):
            self._tally.count(told, -1)

    def _casts(self, reading: Reading) -> tuple[Cast, Cast]:
        """Who is named in the whole of an article, and in its lead."""
        whole = Cast.of((reading.title, *reading.statements), self._rules)
        return whole, Cast.of((reading.title, *reading.statements[:OPENING]), self._rules)

    def weigh(self, reading: Reading) -> dict[str, float]:
        """Give the evidence for an article belonging to the storyline, each piece 0 to 1. An article is no precedent
        of its own later version.

        `..._told` are shares of what is known, of the base and of articles: that names just these sides, or an actor;
        of several actors the one told of most or least, or their mean. `..._in_base` are shares of the base's events;
        a `..._count` is 1 from so many on.
        """
        tally = self._tally.without(self._articles.get(reading.article))
        whole, lead = self._casts(reading)
        events = max(1, len(self._events))
        told = {
            actor: tally.often(tally.actors[actor], len(self._namers.get(actor, ())) / events)
            for actor in sorted(whole.actors)
        }
        in_lead = [told[actor] for actor in lead.actors]
        in_title = [told[actor] for actor in lead.actors if actor in reading.title.names]
        return {
            "sides_told": tally.often(tally.sides[whole.sides], self._sides_in_base(whole.sides)),
            "lead_sides_told": tally.often(tally.lead_sides[lead.sides], self._sides_in_base(lead.sides)),
            "actor_most_told": max(told.values(), default=0.0),
            "actors_mean_told": sum(told.values()) / len(told) if told else 0.0,
            "lead_actor_least_told": min(in_lead, default=0.0),
            "title_actor_least_told": min(in_title, default=0.0),
            "actors_count": min(1.0, len(whole.actors) / _MANY_ACTORS),
            "lead_actors_count": min(1.0, len(lead.actors) / _MANY_LEAD_ACTORS),
            "any_lead_actor_in_base": self._in_base(lead.actors, set.union),
            "lead_actors_in_base": self._in_base(lead.actors, set.intersection),
            "actors_in_base": self._in_base(whole.actors, set.intersection),
            "others_known_count": min(1.0, self._known(whole.others) / _MANY_OTHERS),
            "lead_others_known_count": min(1.0, self._known(lead.others) / _MANY_LEAD_OTHERS),
        }

    def _in_base(self, actors: frozenset[str], joined: Callable[..., set[str]]) -> float:
        """The share of the base's events that name any or all of some actors; 0 where there are none."""
        if not actors or not self._events:
            return 0.0
        return len(joined(*(self._namers.get(actor, set()) for actor in actors))) / len(self._events)

    def _sides_in_base(self, sides: frozenset[str]) -> float:
        """The share of the base's events that name just these sides. Of two events more half a one is believed to:
        what a small base lacks may be.
        """
        return (self._sides[sides] + 0.5) / (len(self._events) + 2)

    def _known(self, others: frozenset[str]) -> int:
        """How many of some names the base names."""
        return sum(name in self._namers for name in others)
