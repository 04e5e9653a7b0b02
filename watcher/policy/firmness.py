"""Whether a reworded sentence stands less firmly behind what it said: hedged, laid in another's mouth, or denied."""

from __future__ import annotations

import re
from functools import cache

from watcher.language import tables
from watcher.policy import writing
from watcher.records import Statement

_DOUBTS = frozenset({"hedge", "rumour", "denial", "conditional"})
_LONGEST = 1000


def is_weaker(before: Statement, after: Statement) -> bool:
    """Whether the later sentence doubts, attributes or turns into its opposite what the earlier one said."""
    if _DOUBTS.intersection(after.cues).difference(before.cues):
        return True
    if _softened(after) > _softened(before):
        return True
    return _negations(before) % 2 != _negations(after) % 2


def _softened(statement: Statement) -> int:
    return sum(bool(pattern.search(statement.text[:_LONGEST])) for pattern in _softeners(statement.lang))


def _negations(statement: Statement) -> int:
    words = tables.words("negations.txt")
    return sum(token in words for token in writing.tokens(statement.text[:_LONGEST], statement.lang))


@cache
def _softeners(lang: str) -> tuple[re.Pattern[str], ...]:
    known = tables.table_lang(lang)
    return tuple(re.compile(row[1], re.IGNORECASE) for row in tables.rows("softeners.tsv") if row[0] == known)
