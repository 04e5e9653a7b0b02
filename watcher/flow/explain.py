"""One article beside what is known, for a person to look at. Reads the state when there is one; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from watcher.edges import links
from watcher.flow import taste
from watcher.flow.memories import recall
from watcher.language import statements
from watcher.novelty.judge import judge
from watcher.novelty.memory import Memory
from watcher.novelty.weights import Weights, shipped
from watcher.records import ArticleText, Judgement, Reading, Storyline
from watcher.store import articles, knowledge
from watcher.store.columns import article_name
from watcher.store.database import is_there, open_for_reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """An article as understood, and what the judge says of it."""

    reading: Reading
    judgement: Judgement


def known_by(state_dir: Path, storyline: Storyline, now: datetime, url: str = "") -> tuple[Memory, Weights]:
    """Tell what the state knows and which weights it judges by; the storyline's own events, and the shipped weights,
    before the first walk. What the article at `url` told itself is left out.
    """
    if is_there(state_dir):
        db = open_for_reading(state_dir)
        try:
            storyline_id = knowledge.find(db, storyline.name)
            if storyline_id is not None:
                used = taste.in_use(db, storyline_id, shipped())
                own = articles.find(db, links.key(url)) if url else None
                without = article_name(own) if own is not None else ""
                return recall(db, storyline, storyline_id, now, without=without), used.weights
        finally:
            db.close()
    return Memory(storyline), shipped()


def explain_text(article: ArticleText, memory: Memory, weights: Weights) -> Explained:
    """Understand and judge one article. The memory is left as it was."""
    reading = statements.read(article, memory.rules.gazetteer, article.url or "this article")
    return Explained(reading=reading, judgement=judge(reading, memory, weights))
