"""Does an article retell an earlier one: the second outlet, the wire copy, the report in the other language?"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from watcher.novelty import compare
from watcher.novelty.index import Index, Match
from watcher.novelty.memory import Memory, ToldArticle
from watcher.novelty.weights import Linear
from watcher.records import Reading

DAYS = 8.0
CANDIDATES = 8
# A sentence this like an earlier one of the same language is that sentence, lightly edited.
SAME_SENTENCE = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Retold:
    """An earlier article that this one may retell: how likely, how much of it is copied, and what both share."""

    article: ToldArticle
    score: float
    copied: float
    evidence: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    """What was told of the development that an article retells: by the likeliest of the earlier articles, on what day,
    and by all of them that tell it. Nothing where it retells none.
    """

    nearest: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    day: date = date.max

    @classmethod
    def of(cls, earlier: Sequence[Retold]) -> Self:
        """From the earlier articles in order of likelihood."""
        if not earlier:
            return cls()
        first = earlier[0].article
        nearest = first.whole_set
        others = [one.article.whole_set for one in earlier[1:] if one.article.development == first.development]
        told = nearest.union(*others) if first.development else nearest
        return cls(nearest=nearest, told=told, day=first.published.date())


def retold(
    reading: Reading,
    matches: Sequence[tuple[Match, ...]],
    ours: ToldArticle,
    memory: Memory,
    model: Linear,
) -> tuple[Retold, ...]:
    """Earlier articles of the last days, those first that this one likeliest retells. `matches`: of each statement."""
    found = []
    for earlier, copied in _candidates(reading, matches, memory):
        evidence = weigh(ours, earlier, copied, memory.index)
        (score,) = model.probabilities(evidence)
        found.append(Retold(article=earlier, score=score, copied=copied, evidence=evidence))
    return tuple(sorted(found, key=lambda r: (-r.score, r.article.id)))


def _candidates(
    reading: Reading, matches: Sequence[tuple[Match, ...]], memory: Memory
) -> list[tuple[ToldArticle, float]]:
    """The recent articles with most near statements, and the share of ours that stands in each word for word."""
    votes: dict[str, float] = defaultdict(float)
    copied: dict[str, int] = defaultdict(int)
    for near in matches:
        best: dict[str, Match] = {}
        for match in near:
            best.setdefault(match.told.article, match)
        for article, match in best.items():
            votes[article] += match.likeness
            same = match.likeness >= SAME_SENTENCE and match.told.statement.lang == reading.lang
            copied[article] += same
    # An article does not retell its own earlier version: what an edit adds is laid beside what others told.
    votes.pop(reading.article, None)
    recent = memory.recent(sorted(votes, key=lambda a: (-votes[a], a)), reading.published, DAYS)
    return [(earlier, copied[earlier.id] / max(1, len(matches))) for earlier in recent[:CANDIDATES]]


def weigh(ours: ToldArticle, earlier: ToldArticle, copied: float, index: Index) -> dict[str, float]:
    """What two articles share: how far title, lead and whole of one stand in the other, words weighted by rarity."""
    names = [mark for mark in ours.head if mark[0] == "@"]
    words = [mark for mark in ours.head if mark[0] not in "@#$%"]
    told_words = [mark for mark in earlier.head if mark[0] not in "@#$%"]
    days = {mark for mark in ours.head if mark[0] == "%"}
    told_days = {mark for mark in earlier.head if mark[0] == "%"}
    words_in = compare.covered(words, earlier.whole_set, index)
    words_back = compare.covered(told_words, ours.whole_set, index)
    whole_in = compare.covered(ours.whole, earlier.whole_set, index)
    hours = max(0.0, (ours.published - earlier.published).total_seconds() / 3600)
    across = float(ours.lang != earlier.lang)
    return {
        "title_in": compare.covered(ours.title, earlier.whole_set, index),
        "lead_in": compare.covered(ours.lead, earlier.whole_set, index),
        "whole_in": whole_in,
        # Names are told apart from words: between the same actors things happen that are not one.
        "names_in": compare.covered(names, earlier.whole_set, index),
        "words_in": words_in,
        "words_back": words_back,
        "same_day": float(bool(days & told_days)),
        "other_day": float(bool(days) and bool(told_days) and not days & told_days),
        "across": across,
        "across_whole": across * whole_in,
        "amounts": min(1.0, len(ours.amounts & earlier.amounts) / 2),
        # Nearness in time only strengthens what is shared: on a busy day everything is near everything.
        "soon": math.exp(-hours / 24) * words_in,
        "soon_back": math.exp(-hours / 24) * words_back,
        "days": math.exp(-hours / 96) * words_in,
        "days_back": math.exp(-hours / 96) * words_back,
        "copied": copied,
        "told_one": float(bool(earlier.development)),
    }
