"""The judge's memory as the state tells it: the base, what articles told of late, and what a person settled."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

from watcher.novelty.memory import Memory
from watcher.records import Storyline
from watcher.store import knowledge

WINDOW = timedelta(days=45)
"""How long articles are compared with what others told. What became an event is never forgotten."""


def recall(db: sqlite3.Connection, storyline: Storyline, storyline_id: int, now: datetime) -> Memory:
    """Build the memory of a storyline. The base in the state counts, not the events the storyline was shipped with."""
    memory = Memory(replace(storyline, events=()))
    for event in knowledge.known_events(db, storyline_id):
        memory.learn(event)
    for judged in knowledge.judged(db, storyline_id, now - WINDOW):
        memory.remember(judged.reading, judged.judgement)
    for settled in knowledge.settled(db, storyline_id):
        memory.settle(settled.development, settled.event)
    return memory
