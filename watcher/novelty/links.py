"""Which known event or development a statement refers to: the owners of the nearest statements, weighed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from watcher.language import amounts
from watcher.novelty import compare
from watcher.novelty.index import Match
from watcher.novelty.memory import Memory, Profile
from watcher.novelty.weights import Linear
from watcher.records import Statement

SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An owner that a statement may refer to, with the evidence for it."""

    profile: Profile
    evidence: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A known event or development a statement may refer to, and how likely, 0 to 1."""

    profile: Profile
    score: float
    covers: float
    dates: float
    age: float

    @property
    def owner(self) -> str:
        """The id of the event or development."""
        return self.profile.id


def links(
    statement: Statement,
    marked: tuple[str, ...],
    matches: tuple[Match, ...],
    published: datetime,
    memory: Memory,
    model: Linear,
) -> tuple[Link, ...]:
    """The likeliest owners first."""
    found = [
        Link(
            profile=candidate.profile,
            score=model.probabilities(candidate.evidence)[0],
            covers=candidate.evidence["covers"],
            dates=compare.dates_fit(statement, candidate.profile),
            age=candidate.evidence["aged"],
        )
        for candidate in candidates(statement, marked, matches, published, memory)
    ]
    return tuple(sorted(found, key=lambda link: (-link.score, link.owner))[:SHOWN])


def candidates(
    statement: Statement,
    marked: tuple[str, ...],
    matches: tuple[Match, ...],
    published: datetime,
    memory: Memory,
) -> Iterator[Candidate]:
    """Every owner of a near statement. `matches` are in order of likeness."""
    best: dict[str, list[Match]] = {}
    for match in matches:
        owner = memory.owner(match.told)
        if owner:
            best.setdefault(owner, []).append(match)
    top = matches[0].likeness if matches else 0.0
    for owner, own in best.items():
        profile = memory.profile(owner)
        if profile is not None:
            yield Candidate(
                profile=profile, evidence=_evidence(statement, marked, own, profile, top, published, memory)
            )


def _age(profile: Profile, published: datetime) -> float:
    """How far from today it happened, 0 to 1: days count at first, months later. A base may be ahead of an article."""
    return 1.0 - 1.0 / (1.0 + abs((published.date() - profile.day).days) / 20)


def _evidence(
    statement: Statement,
    marked: tuple[str, ...],
    own: list[Match],
    profile: Profile,
    top: float,
    published: datetime,
    memory: Memory,
) -> dict[str, float]:
    dates = compare.dates_fit(statement, profile)
    told = [a for known in profile.statements for a in known.amounts if compare.telling(a)]
    figures = [amount for amount in statement.amounts if compare.telling(amount)]
    agree = any(amounts.same(amount, other) for amount in figures for other in told)
    names = [mark for mark in marked if mark.startswith("@")]
    words = [mark for mark in marked if mark[0] not in "@#$%"]
    shared_words = compare.covered(words, profile.marks, memory.index)
    aged = _age(profile, published)
    return {
        "likeness": own[0].likeness,
        "behind": top - own[0].likeness,
        "told_back": max(match.covered for match in own),
        "title_back": compare.covered(profile.title_marks, set(marked), memory.index),
        "votes": min(1.0, len(own) / 4),
        "covers": compare.covered(marked, profile.marks, memory.index),
        "words": shared_words,
        "names": compare.covered(names, profile.marks, memory.index),
        # The day of an old event is its mark; the day of today's is everybody's.
        "same_day": float(dates == 1.0) * aged,
        "same_day_words": float(dates == 1.0) * shared_words,
        "same_month": float(dates == 0.7),
        "same_year": float(dates == 0.4) * aged,
        "near_day": float(dates == 0.5),
        "other_time": float(dates < 0),
        "figures_agree": float(agree),
        "figures_differ": float(bool(figures) and bool(told) and not agree),
        "aged": aged,
        "own_wording": float(not own[0].told.article),
        "short": 1.0 / (1.0 + len(marked) / 4),
    }
