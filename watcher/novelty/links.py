"""Which known event or development a statement refers to: the owners of the nearest statements, weighed.

Two questions. `links` asks of each owner alone whether the statement tells it: evidence for whether anything is retold.
`chosen` asks of a statement that does retell which of the likeliest it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from watcher.language import amounts
from watcher.novelty import compare
from watcher.novelty.index import Match
from watcher.novelty.memory import Memory, Profile
from watcher.novelty.odds import odds
from watcher.novelty.weights import Linear
from watcher.records import Amount, Precision, Statement

SHOWN = 5
# A known statement is linked to an event or development only when one fits at least so well.
FITS = 0.02
# In doubt a sentence tells an event of the base, which a person vouches for, and not an open development: so many log
# odds more. What that gains where the base is told again, and costs elsewhere, stands in `benchmarks/README.md`.
IN_DOUBT = 1.0
# A day named in the news of so many days may be that of anything; an older one is that of something known.
LATELY_DAYS = 7
# So many events of the base are laid beside what names their days and months.
AT_ONCE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An owner that a statement may refer to, with the evidence for it."""

    profile: Profile
    evidence: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A known event or development a statement may refer to, how likely, 0 to 1, and the evidence for it."""

    profile: Profile
    score: float
    dates: float
    evidence: dict[str, float]

    @property
    def owner(self) -> str:
        """The id of the event or development."""
        return self.profile.id

    @property
    def covers(self) -> float:
        """The share of the statement that stands in what is known of it."""
        return self.evidence["covers"]

    @property
    def age(self) -> float:
        """How far from today it happened, 0 to 1."""
        return self.evidence["aged"]


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
            dates=compare.dates_fit(statement, candidate.profile),
            evidence=candidate.evidence,
        )
        for candidate in candidates(statement, marked, matches, published, memory)
    ]
    return tuple(sorted(found, key=lambda link: (-link.score, link.owner))[:SHOWN])


def nearest(found: Sequence[Link]) -> Link | None:
    """The likeliest of a statement's links, which are in the order of `links`; None when nothing fits."""
    return found[0] if found and found[0].score >= FITS else None


def chosen(found: Sequence[Link], model: Linear) -> Link | None:
    """The one of a retelling statement's links that it tells, scored as that; None when nothing fits. `found` is in the
    order of `links`; an event of the base goes before a development that is hardly likelier.
    """
    if nearest(found) is None:
        return None
    scored = [replace(link, score=model.probabilities(link.evidence)[0]) for link in found]
    return max(scored, key=lambda link: odds(link.score) + IN_DOUBT * link.profile.is_event)


def candidates(
    statement: Statement,
    marked: tuple[str, ...],
    matches: tuple[Match, ...],
    published: datetime,
    memory: Memory,
) -> Iterator[Candidate]:
    """Every owner of a near statement, and every event of the base on a day or in a month that is named. `matches` are
    in order of likeness.
    """
    best: dict[str, list[Match]] = {}
    for match in matches:
        owner = memory.owner(match.told)
        if owner:
            best.setdefault(owner, []).append(match)
    votes = {owner: len(own) for owner, own in best.items()}
    for event, numbers in islice(_of_its_time(statement, published, memory), AT_ONCE):
        if event not in best and numbers:
            best[event] = memory.index.beside(marked, numbers)
    ours = _Ours(
        statement=statement,
        marked=marked,
        marked_set=frozenset(marked),
        names=tuple(mark for mark in marked if mark[0] == "@"),
        words=tuple(mark for mark in marked if mark[0] not in "@#$%"),
        figures=tuple(amount for amount in statement.amounts if compare.telling(amount)),
        top=matches[0].likeness if matches else 0.0,
    )
    for owner, own in best.items():
        profile = memory.profile(owner)
        if profile is not None:
            evidence = _evidence(ours, own, profile, published, memory)
            # A vote is a near statement; what only lies in its time has none.
            yield Candidate(profile=profile, evidence={**evidence, "votes": min(1.0, votes.get(owner, 0) / 4)})


def _of_its_time(statement: Statement, published: datetime, memory: Memory) -> Iterator[tuple[str, list[int]]]:
    """The base's events of the past days and months that a statement names, with the numbers of their own statements:
    "the motion is of late November" says little else. What names a day of this week may tell anything.
    """
    # Days first: a busy month would take all room.
    for mention in sorted(dict.fromkeys(statement.dates), key=lambda mention: mention.precision is not Precision.DAY):
        _, last = compare.span(mention)
        if (published.date() - last).days > LATELY_DAYS:
            for profile, numbers in memory.happened(mention):
                yield profile.id, numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ours:
    """What every candidate of a statement is laid beside. `top` is the likeness of the nearest known statement."""

    statement: Statement
    marked: tuple[str, ...]
    marked_set: frozenset[str]
    names: tuple[str, ...]
    words: tuple[str, ...]
    figures: tuple[Amount, ...]
    top: float


def _age(profile: Profile, published: datetime) -> float:
    """How far from today it happened, 0 to 1: days count at first, months later. A base may be ahead of an article."""
    return 1.0 - 1.0 / (1.0 + abs((published.date() - profile.day).days) / 20)


def _evidence(ours: _Ours, own: list[Match], profile: Profile, published: datetime, memory: Memory) -> dict[str, float]:
    index = memory.index
    dates = compare.dates_fit(ours.statement, profile)
    told = _figures(profile) if ours.figures else []
    agree = any(amounts.same(amount, other) for amount in ours.figures for other in told)
    shared_words = compare.covered(ours.words, profile.marks, index)
    aged = _age(profile, published)
    return {
        "likeness": own[0].likeness,
        "behind": ours.top - own[0].likeness,
        "told_back": max(match.covered for match in own),
        "title_back": compare.covered(profile.title_marks, ours.marked_set, index),
        "covers": compare.covered(ours.marked, profile.marks, index),
        "words": shared_words,
        "names": compare.covered(ours.names, profile.marks, index),
        # The day of an old event is its mark; the day of today's is everybody's.
        "same_day": float(dates == compare.SAME_DAY) * aged,
        "same_day_words": float(dates == compare.SAME_DAY) * shared_words,
        "same_month": float(dates in (compare.SAME_MONTH, compare.SAME_PART)),
        "same_year": float(dates in (compare.SAME_YEAR, compare.SAME_SEASON)) * aged,
        "near_day": float(dates == compare.NEAR_DAY),
        "other_time": float(dates < 0),
        "figures_agree": float(agree),
        "figures_differ": float(bool(told) and not agree),
        "aged": aged,
        "own_wording": float(not own[0].told.article),
        "short": 1.0 / (1.0 + len(ours.marked) / 4),
    }


def _figures(profile: Profile) -> list[Amount]:
    return [amount for known in profile.statements for amount in known.amounts if compare.telling(amount)]
