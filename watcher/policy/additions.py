"""Which sentences that were added to an article after publication tell news.

Nobody adds to an article what everybody has told, so here less is asked than of a sentence in a new article: that it
reports a happening, in other words than any sentence told before.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from watcher.records import Statement

# The largest share of a sentence, its words weighed by rarity, that one sentence told before may hold.
_HELD = 0.35
_OLD = timedelta(days=31)
# No edit adds more; the rest of a long page is judged as any other text.
_MOST_ADDED = 200
_MOST_TOLD = 3000
_REPORT = "past_happening"
_NO_NEWS = frozenset({"background_marker", "opinion", "question", "boilerplate", "explainer", "no_comment"})


def news(added: Sequence[Statement], told: Sequence[Statement], published: datetime) -> frozenset[int]:
    """Give the positions of those added sentences that report a happening which none `told` before reports.

    Such a sentence must name someone, some day or some figure, or share a word with them, and no day long past.
    """
    reports = [one for one in added[:_MOST_ADDED] if _is_report(one, published)]
    if not reports:
        return frozenset()
    where: dict[str, list[int]] = defaultdict(list)
    for number, statement in enumerate(told[:_MOST_TOLD]):
        for mark in _marks(statement):
            where[mark].append(number)
    return frozenset(one.position for one in reports if _is_unheard(one, where))


def _is_report(added: Statement, published: datetime) -> bool:
    if _REPORT not in added.cues or _NO_NEWS.intersection(added.cues):
        return False
    return all(published.date() - one.day <= _OLD for one in added.dates)


def _is_unheard(added: Statement, where: Mapping[str, Sequence[int]]) -> bool:
    """Whether no sentence told before holds much of this one. `where` tells in which of them a word stands."""
    weights = {mark: 1 / (1 + math.log1p(len(where.get(mark, ())))) for mark in _marks(added)}
    held: dict[int, float] = defaultdict(float)
    for mark, weight in weights.items():
        for number in where.get(mark, ()):
            held[number] += weight
    tied = bool(held or added.names or added.amounts or added.dates)
    return tied and max(held.values(), default=0.0) < _HELD * sum(weights.values())


def _marks(statement: Statement) -> frozenset[str]:
    figures = (f"#{amount.value:g}" for amount in statement.amounts)
    return frozenset((*statement.terms, *figures, *(one.iso for one in statement.dates)))
