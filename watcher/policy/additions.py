"""Whether a sentence that was added to an article after publication tells news.

Nobody adds to an article what everybody has told, so here less is asked than of a sentence in a new article: that it
reports a happening, in other words than any sentence told before.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from watcher.records import Statement

# The largest share of a sentence, its words weighed by rarity, that one sentence told before may hold.
_HELD = 0.35
_OLD = timedelta(days=31)
_REPORT = "past_happening"
_NO_NEWS = frozenset({"background_marker", "opinion", "question", "boilerplate", "explainer"})


def is_news(added: Statement, told: Iterable[Statement], published: datetime) -> bool:
    """Whether an added sentence reports a happening that none of the sentences `told` before reports.

    It must name someone, some day or some figure, or have a word in common with them, and no day long past.
    """
    if _REPORT not in added.cues or _NO_NEWS.intersection(added.cues):
        return False
    if any(published.date() - one.day > _OLD for one in added.dates):
        return False
    known = [_marks(statement) for statement in told]
    times = Counter(mark for marks in known for mark in marks)
    weights = {mark: 1 / (1 + math.log1p(times[mark])) for mark in _marks(added)}
    most = max((sum(weight for mark, weight in weights.items() if mark in marks) for marks in known), default=0.0)
    tied = bool(most or added.names or added.amounts or added.dates)
    return tied and most < _HELD * sum(weights.values())


def _marks(statement: Statement) -> frozenset[str]:
    figures = (f"#{amount.value:g}" for amount in statement.amounts)
    return frozenset((*statement.terms, *figures, *(one.iso for one in statement.dates)))
