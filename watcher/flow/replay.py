"""The decision layer alone over a stored stream: no store, no network, and the articles' own time as the only clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from watcher.language import statements
from watcher.novelty.judge import judge
from watcher.novelty.memory import Memory
from watcher.novelty.weights import Weights
from watcher.records import ArticleText, Finding, Judgement, Storyline


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """One line of a stream: an article with the id its judgement is written under."""

    id: str
    text: ArticleText


def replay(
    storyline: Storyline, stream: Iterable[StoredArticle], weights: Weights | None = None
) -> Iterator[Judgement]:
    """Judge a stream in its order, starting from the storyline's events. Developments are named D1, D2 ... as they
    open. The shipped weights judge, unless others are given.
    """
    memory = Memory(storyline)
    opened = 0
    for article in stream:
        reading = statements.read(article.text, memory.rules.gazetteer, article.id)
        judgement = judge(reading, memory, weights)
        if judgement.opens:
            opened += 1
            judgement = replace(judgement, development=f"D{opened}")
        memory.remember(reading, judgement)
        yield judgement


def judgement_row(judgement: Judgement) -> dict[str, object]:
    """One line of what `watcher replay` writes."""
    return {
        "id": judgement.article,
        "relevant": judgement.relevance.relevant,
        "flagged": judgement.flagged,
        "development": judgement.development,
        "statements": [_finding_row(finding) for finding in judgement.findings],
    }


def _finding_row(finding: Finding) -> dict[str, object]:
    return {
        "text": finding.text,
        "verdict": finding.verdict.value,
        "event": finding.event,
        "score": round(finding.score, 4),
        "reason": finding.reason,
    }
