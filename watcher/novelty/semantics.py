"""One more piece of evidence, when there is a sentence encoder: a statement that says what one of the other language
said.

Such a statement borrows the words of its twin where our lexicon could not bring its own across. What the lexicon did
bring across stays, and so do names, figures and dates: the encoder adds likeness and hides nothing that differs. What
counts as a twin is measured against the unrelated statements of the same moment, so it holds for any encoder.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import mul
from types import MappingProxyType
from typing import Protocol

from watcher.language.lexicon import is_concept
from watcher.records import Finding, Reading, Statement

Vector = Sequence[float]

# So many unrelated statements there must be to measure by; so large a part of the likest may be related.
LEAST_UNRELATED = 8
RELATED = 0.1
# Unrelated statements are believed to differ at least so much (standard deviation of cosines).
LEAST_SPREAD = 0.02
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
    """A told statement that says the same, and by how many standard deviations it is nearer than unrelated ones."""

    told: Statement
    sigmas: float


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

    def __init__(self, encoder: Encoder, sigmas: float) -> None:
        """Take statements for twins that are nearer than unrelated ones by so many standard deviations."""
        self._encoder = encoder
        self._sigmas = sigmas
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
            sigmas = _standing_out(cosines)
            if sigmas >= self._sigmas:
                found[at] = best, cosines[best], Twin(told=others[best], sigmas=sigmas)
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


def _standing_out(cosines: Sequence[float]) -> float:
    """By how many standard deviations the highest lies above those that are surely unrelated."""
    order = sorted(cosines, reverse=True)
    unrelated = order[max(1, math.ceil(RELATED * len(order))) :]
    if len(unrelated) < LEAST_UNRELATED:
        return 0.0
    mean = sum(unrelated) / len(unrelated)
    spread = math.sqrt(sum((cosine - mean) ** 2 for cosine in unrelated) / len(unrelated))
    return (order[0] - mean) / max(spread, LEAST_SPREAD)


def _lent(statement: Statement, twin: Twin | None) -> Statement:
    """A statement with its twin's words in place of those that only its own language knows."""
    if twin is None:
        return statement
    shared = [term for term in statement.terms if is_concept(term)]
    return replace(statement, terms=tuple(dict.fromkeys((*shared, *twin.told.terms))))


def _told(twin: Twin) -> str:
    return f"the encoder finds it said before in the other language ({twin.sigmas:.1f} sigmas)"
