"""A known event told with another figure or date: which slot, what was known, what is told now.

Every value that a statement tells is laid beside every value of its slot that is told near: of the events and
developments it refers to, of those the headline refers to and the article retells, in the statements most like it, and
in the statement itself.
What speaks for one standing in the place of the other is weighed as everything else is. A variant that was told before
is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.language import amounts, turned
from watcher.language.turned import Turned
from watcher.language.words import fold, tokenise
from watcher.novelty import compare, values
from watcher.novelty.evidence import Sight
from watcher.novelty.index import marks
from watcher.novelty.links import Link
from watcher.novelty.memory import Memory
from watcher.novelty.values import Tellings, Value
from watcher.novelty.weights import Linear
from watcher.records import DateMention, Precision, Statement

# So many values of a statement are laid beside each known one. None of our streams has more than six; a hundred are a
# table.
MOST = 12
# A report tells of the last days.
REPORTED_DAYS = 3
# So many links of a statement may lend the day of their event, and so many of the headline the values told of them.
OWN_DAYS, HEADLINES = 2, 3
# A development that an article so likely retells lends it every value told of it.
RETOLD = 0.3
# How much of a statement an event must cover, or how surely the statement refers to it, for a slip in one of its sums.
SLIPPED, REFERS = 0.15, 0.5
_CUES = (
    "turn", "future", "background_marker", "quote", "reported", "conditional", "hedge", "past_happening", "old_day",
    "fresh_day", "coming_day", "length", "uncovered", "link_dates",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A slot of a known event with its known and its told value, written for a person, and how likely the one stands
    in the place of the other. `owner` '' where the sentence alone tells what was.
    """

    owner: str
    was: str
    now: str
    likely: float

    @property
    def is_told(self) -> bool:
        """Whether it is likelier than not."""
        return self.likely >= 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A told value that may stand in the place of a known one, with the evidence for it; see `with_opinion`."""

    owner: str
    was: Value
    now: Value
    evidence: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where a statement stands: what is known, the headline over it, what values the article tells, when it was
    published, and by name the developments it may retell, each with how likely it does.
    """

    memory: Memory
    title: Sight
    tellings: Tellings
    published: datetime
    retold: Mapping[str, float]

    def says_elsewhere(self, value: Value, than: Statement) -> bool:
        """Whether another statement of the article tells a value, too."""
        return bool(self.tellings.of(value) - {than.position})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A known value, whose it is, and the statement that told it; None for the day of an event itself."""

    owner: str
    value: Value
    statement: Statement | None
    near: bool = True


def find(found: Sequence[Candidate], opinion: Sequence[float], place: float, model: Linear) -> Change | None:
    """The change a statement likeliest tells, None for a statement without candidates. `opinion`: how likely it is
    fresh, known and background before its neighbours are heard; `place`: 0 for the first statement of the article, 1
    for the last.
    """
    weighed = [
        (1.0 if is_slip(one) else model.probabilities(with_opinion(one, opinion, place))[0], one) for one in found
    ]
    likely, best = max(weighed, key=lambda pair: pair[0], default=(0.0, None))
    if best is None:
        return None
    return Change(owner=best.owner, was=values.show(best.was), now=values.show(best.now), likely=likely)


def most_likely(changes: Iterable[Change | None]) -> float:
    """How likely the likeliest of some changes is; 0 for none."""
    return max((one.likely for one in changes if one is not None), default=0.0)


def is_slip(candidate: Candidate) -> bool:
    """Whether one value looks like a slip of the pen for the other: then it is one, or sets one right, wherever the
    sentence tells anything of its event and nobody told it before.
    """
    evidence = candidate.evidence
    of_event = evidence["covers"] >= SLIPPED or evidence["link"] >= REFERS
    return of_event and not evidence["told"] and values.is_slip(candidate.now, candidate.was)


def with_opinion(candidate: Candidate, opinion: Sequence[float], place: float) -> dict[str, float]:
    """All evidence for a candidate: its own, what the rounds thought of the statement, and its place."""
    fresh, known, background, *_ = opinion
    return {**candidate.evidence, "fresh": fresh, "known": known, "background": background, "place": place}


def candidates(sight: Sight, scene: Scene) -> Iterator[Candidate]:
    """Every value a statement tells beside every value whose place it may take."""
    told = values.of(sight.statement)[:MOST]
    if not told:
        return
    sources = list(_sources(sight, scene))
    turns = turned.find(sight.statement.body, sight.statement.lang, scene.published) if len(told) > 1 else ()
    look = _Look(sight=sight, scene=scene, told=told, turns=turns, sources=sources)
    for now in told:
        if not _is_of_the_report(now, scene):
            yield from look.candidates(now)


def _is_of_the_report(value: Value, scene: Scene) -> bool:
    """Whether a date is one of the last days, which are those of the report itself."""
    return isinstance(value, DateMention) and 0 <= (scene.published.date() - value.day).days <= REPORTED_DAYS


def _sources(sight: Sight, scene: Scene) -> Iterator[_Source]:
    """Every value told of anything near, the nearest first; then those of what the headline refers to or the article
    retells, and days of events.
    """
    seen: set[int] = set()
    for owner, statement in _near(sight, scene.memory):
        seen.add(id(statement))
        yield from (_Source(owner=owner, value=value, statement=statement) for value in values.of(statement))
    for owner, statement in _around(scene):
        if id(statement) not in seen:
            seen.add(id(statement))
            for value in values.of(statement):
                yield _Source(owner=owner, value=value, statement=statement, near=False)
    for link in sight.links[:OWN_DAYS]:
        if link.profile.is_event and link.profile.precision is not Precision.YEAR:
            day = DateMention(day=link.profile.day, precision=link.profile.precision)
            yield _Source(owner=link.owner, value=day, statement=None)


def _near(sight: Sight, memory: Memory) -> Iterator[tuple[str, Statement]]:
    for link in sight.links:
        for statement in link.profile.statements:
            yield link.owner, statement
    for match in sight.matches:
        yield memory.owner(match.told), match.told.statement


def _around(scene: Scene) -> Iterator[tuple[str, Statement]]:
    """What is told of that which the headline refers to and which the article likely retells."""
    for link in scene.title.links[:HEADLINES]:
        for statement in link.profile.statements:
            yield link.owner, statement
    for development, score in scene.retold.items():
        profile = scene.memory.profile(development) if score >= RETOLD else None
        for statement in profile.statements if profile else ():
            yield development, statement


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One statement and everything its values are laid beside."""

    sight: Sight
    scene: Scene
    told: tuple[Value, ...]
    turns: tuple[Turned, ...]
    sources: list[_Source]

    def candidates(self, now: Value) -> Iterator[Candidate]:
        """A told value beside each known one, once for each owner; what nobody owns is no event's value."""
        found: dict[tuple[str, str], list[_Source]] = {}
        for source in self.sources:
            if source.owner and values.may_replace(now, source.value):
                found.setdefault((source.owner, values.show(source.value)), []).append(source)
        beside = [other for other in self.told if other is not now and values.may_replace(now, other)]
        for other in beside:
            if not any(values.same(other, sources[0].value) for sources in found.values()):
                found["", values.show(other)] = [_Source(owner="", value=other, statement=None)]
        if not found:
            return
        statement = self.sight.statement
        shared = {
            "told": float(any(values.same(now, source.value) for source in self.sources if source.statement)),
            "told_twice": float(self.scene.says_elsewhere(now, than=statement)),
            **self._of_the_sentence(now),
        }
        for (owner, _), sources in found.items():
            was = sources[0].value
            evidence = {
                **values.apart(now, was),
                **shared,
                **self._of_the_owner(owner, now, was),
                **self._of_the_source(sources),
                **self._said(now, was, beside),
                "holds_still": float(self.scene.says_elsewhere(was, than=statement)),
            }
            yield Candidate(owner=owner, was=was, now=now, evidence=evidence)

    def _of_the_sentence(self, now: Value) -> dict[str, float]:
        statement = self.sight.statement
        said = set(map(fold, tokenise(statement.text)))
        return {
            "contrast": float(bool(amounts.contrast_words(statement.lang) & said)),
            **{name: float(turned.holds(statement, name)) for name in ("now", "still", "raised", "lowered")},
            "new_of_turn": float(any(values.same(turn.now, now) for turn in self.turns)),
            "old_of_turn": float(any(values.same(turn.was, now) for turn in self.turns)),
            "values": min(1.0, len(self.told) / 4),
            "lead": float(statement.position < 3),
            **{name: self.sight.alone[name] for name in _CUES},
        }

    def _said(self, now: Value, was: Value, beside: Sequence[Value]) -> dict[str, float]:
        """What the sentence itself says of the two."""
        turns = self.turns
        return {
            "says_now": float(any(values.same(t.now, now) and values.same(t.was, was) for t in turns)),
            "says_was": float(any(values.same(t.now, was) and values.same(t.was, now) for t in turns)),
            "beside": float(values.among(was, beside)),
        }

    def _of_the_owner(self, owner: str, now: Value, was: Value) -> dict[str, float]:
        """How surely the statement refers to whose value it was, and what else is told of it."""
        links = self.sight.links
        link = next((one for one in links if one.owner == owner), None)
        headline = next((one for one in self.scene.title.links if one.owner == owner), None)
        own = [source.value for source in self.sources if owner and source.owner == owner and source.statement]
        others = {values.show(value) for value in own if values.may_replace(now, value)}
        rest = [value for value in self.told if value is not now and not values.same(value, was)]
        return {
            "first": float(link is not None and link is links[0]),
            "second": float(link is not None and link in links[1:2]),
            "link": link.score if link else 0.0,
            "covers": link.covers if link else 0.0,
            "event": float(link is not None and link.profile.is_event),
            **self._shared(link),
            "headline": headline.score if headline else 0.0,
            "retold": self.scene.retold.get(owner, 0.0),
            "owner_tells": float(values.among(now, own)),
            "only": 1.0 / max(1, len(others)),
            "agrees": float(any(values.among(value, own) for value in rest)),
        }

    def _shared(self, link: Link | None) -> dict[str, float]:
        if link is None:
            return {"share": 0.0, "title": 0.0}
        index = self.scene.memory.index
        return {
            "share": compare.covered(_words(self.sight.marks), link.profile.marks, index),
            "title": compare.covered(_words(link.profile.title_marks), frozenset(self.sight.marks), index),
        }

    def _of_the_source(self, sources: Sequence[_Source]) -> dict[str, float]:
        """How the statement fits the one that told the known value: the most like one of them."""
        likeness = {id(match.told.statement): match for match in self.sight.matches}
        matched = [likeness[id(source.statement)] for source in sources if id(source.statement) in likeness]
        best = max(matched, key=lambda match: match.likeness, default=None)
        statement = sources[0].statement
        known = best.told.marks if best else marks(statement) if statement else ()
        ours = frozenset(self.sight.marks)
        return {
            "alike": best.likeness if best else 0.0,
            "told_back": compare.covered(_words(known), ours, self.scene.memory.index),
            "votes": min(1.0, len(sources) / 4),
            "far": float(not any(source.near for source in sources)),
            "own_day": float(statement is None and sources[0].owner != ""),
        }


def _words(marked: Sequence[str]) -> list[str]:
    return [mark for mark in marked if mark[0] not in "#$%"]
