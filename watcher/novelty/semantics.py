"""One more piece of evidence, when there is a sentence encoder: a statement that says what one of the other language
said.

Such a statement borrows the words of its twin where our lexicon could not bring its own across. What the lexicon did
bring across stays, and so do names, figures and dates: the encoder adds likeness and hides nothing that differs, and
where the lexicon knows both and finds nothing in common, the encoder is not believed. What
counts as a twin is measured between the unrelated statements of the same moment and identity, so it holds for encoders
that find everything rather alike, and for those that do not.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import mul
from types import MappingProxyType
from typing import Protocol

from watcher.language.lexicon import is_concept, terms
from watcher.records import Finding, Reading, Statement

Vector = Sequence[float]

# So many unrelated statements there must be to measure by; so large a part of the likest may be related.
LEAST_UNRELATED = 8
RELATED = 0.1
# A statement of fewer terms says too little to have a twin.
LEAST_TERMS = 3
_KEPT = 6_000


class Encoder(Protocol):
    """Whatever turns sentences of several languages into vectors that are near when the sentences say the same."""

    def encode(self, texts: Sequence[str]) -> Sequence[Vector]:
        """Give one vector of length 1 a text; nothing at all when it cannot. Never raises for a text."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A told statement that says the same, and how alike they are: 0 as the unrelated ones are, 1 identical."""

    told: Statement
    alike: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Likened:
    """A reading as the judge shall see it. `twins` by the place of the statement in the reading."""

    reading: Reading
    twins: Mapping[int, Twin] = field(default_factory=lambda: MappingProxyType({}))

    def explain(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """Add to each reason what the encoder had to do with it."""
        if not self.twins:
            return findings
        return tuple(
            replace(finding, reason=f"{finding.reason}; {_told(self.twins[at])}") if at in self.twins else finding
            for at, finding in enumerate(findings)
        )


class Likeness:
    """Finds twins with an encoder. Vectors are remembered by text; the oldest are forgotten."""

    def __init__(self, encoder: Encoder, least: float) -> None:
        """Take statements for twins that are at least so much alike, from 0 (unrelated) to 1 (identical)."""
        self._encoder = encoder
        self._least = least
        self._vectors: OrderedDict[str, Vector] = OrderedDict()

    def liken(self, reading: Reading, told: Sequence[Statement]) -> Likened:
        """Give the statements of a reading the words of their twins among what was told in other languages."""
        others = tuple({one.text: one for one in told if one.lang != reading.lang}.values())
        ours = (reading.title, *reading.statements)
        if len(others) <= LEAST_UNRELATED:
            return Likened(reading=reading)
        vectors = self._encoded([one.text for one in (*ours, *others)])
        if not vectors:
            return Likened(reading=reading)
        found = self._twins(ours, vectors[: len(ours)], others, vectors[len(ours) :])
        title, *statements = (_lent(one, found.get(at)) for at, one in enumerate(ours))
        return Likened(
            reading=replace(reading, title=title, statements=tuple(statements)),
            twins={at - 1: twin for at, twin in found.items() if at},
        )

    def _twins(
        self, ours: Sequence[Statement], own: Sequence[Vector], others: Sequence[Statement], theirs: Sequence[Vector]
    ) -> dict[int, Twin]:
        """The twin of each statement by its place. A told statement is the twin of the one of ours it is likest to."""
        found: dict[int, tuple[int, float, Twin]] = {}
        for at, statement in enumerate(ours):
            if len(statement.terms) < LEAST_TERMS:
                continue
            cosines = [sum(map(mul, own[at], other)) for other in theirs]
            best = max(range(len(cosines)), key=lambda i: (cosines[i], -i))
            alike = _alike(cosines)
            if alike >= self._least and not _speak_against(statement, others[best]):
                found[at] = best, cosines[best], Twin(told=others[best], alike=alike)
        likest: dict[int, tuple[float, int]] = {}
        for at, (best, cosine, _) in found.items():
            likest[best] = max(likest.get(best, (-1.0, 0)), (cosine, -at))
        return {at: twin for at, (best, _, twin) in found.items() if likest[best][1] == -at}

    def _encoded(self, texts: Sequence[str]) -> list[Vector]:
        """The vectors of some texts, in order; nothing when the encoder cannot give them."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        made = self._encoder.encode(missing) if missing else ()
        if len(made) != len(missing):
            return []
        self._vectors.update(zip(missing, made, strict=True))
        found = [self._vectors[text] for text in texts]
        for text in texts:
            self._vectors.move_to_end(text)
        while len(self._vectors) > _KEPT:
            self._vectors.popitem(last=False)
        return found


def _alike(cosines: Sequence[float]) -> float:
    """How far the highest is on the way from the likest of those that are surely unrelated, 0, to identity, 1."""
    order = sorted(cosines, reverse=True)
    unrelated = order[max(1, math.ceil(RELATED * len(order))) :]
    if len(unrelated) < LEAST_UNRELATED or unrelated[0] >= 1.0:
        return 0.0
    return (order[0] - unrelated[0]) / (1.0 - unrelated[0])


def _speak_against(ours: Statement, theirs: Statement) -> bool:
    """Whether the lexicon knows enough words of both to be sure that they have none in common."""
    own, other = _concepts(ours), _concepts(theirs)
    return min(len(own), len(other)) >= LEAST_TERMS and own.isdisjoint(other)


def _concepts(statement: Statement) -> frozenset[str]:
    """What the lexicon knows of a statement, its names left out: those are shared by half the story."""
    names = {term for name in statement.names for term in terms(name, statement.lang)}
    return frozenset(term for term in statement.terms if term not in names and is_concept(term))


def _lent(statement: Statement, twin: Twin | None) -> Statement:
    """A statement with its twin's words in place of those that only its own language knows."""
    if twin is None:
        return statement
    shared = [term for term in statement.terms if is_concept(term)]
    return replace(statement, terms=tuple(dict.fromkeys((*shared, *twin.told.terms))))


def _told(twin: Twin) -> str:
    return f"the encoder finds it said before in the other language (alike {twin.alike:.2f})"
