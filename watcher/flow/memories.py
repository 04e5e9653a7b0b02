"""The judge's memory as the state tells it: the base, what articles told of late, and what a person settled."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

from watcher.novelty.memory import Memory
from watcher.records import Storyline
from watcher.store import knowledge, versions

WINDOW = timedelta(days=45)
"""How long articles that flagged nothing are compared with. Events are never forgotten, developments when there are too
many; see `Memory`.
"""

OPENINGS, OTHERS = 3_000, 5_000
"""So many articles are recalled: the latest that opened a development, and the latest of all others. They tell at least
as much as a memory holds.
"""


def recall(
    db: sqlite3.Connection, storyline: Storyline, storyline_id: int, now: datetime, *, without: str = ""
) -> Memory:
    """Build the memory of a storyline for articles published at `now`, or before it where older ones still wait.

    The base in the state counts, not the events the storyline was shipped with. `without` names an article whose own
    words are left out: to look at it as if it came anew.
    """
    oldest = next((version.published for version in versions.unjudged(db, storyline_id)), now)
    memory = Memory(replace(storyline, events=()))
    for event in knowledge.known_events(db, storyline_id):
        memory.learn(event)
    told = knowledge.judged(db, storyline_id, min(oldest, now) - WINDOW, openings=OPENINGS, others=OTHERS)
    for judged in told:
        if judged.judgement.article == without:
            continue
        memory.remember(judged.reading, judged.judgement)
    for settled in knowledge.settled(db, storyline_id):
        memory.settle(settled.development, settled.event)
    return memory
