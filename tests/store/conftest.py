"""A state of its own for every test, and small records to fill it with."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from watcher.records import Storyline
from watcher.store import knowledge
from watcher.store.database import open_state

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """Give the hour the tests live in."""
    return NOW


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Give a fresh state."""
    connection = open_state(tmp_path / "state")
    yield connection
    connection.close()


@pytest.fixture
def storyline_id(db: sqlite3.Connection) -> int:
    """Give a storyline that is watched since a day."""
    return knowledge.enrol(db, Storyline(name="any", title="Everything", everything=True), NOW - timedelta(days=1))
