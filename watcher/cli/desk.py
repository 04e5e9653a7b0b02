"""The state as a command sees it: opened for reading or for one decision, with the storyline's row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from watcher.cli.setting import Setting
from watcher.errors import NotFound
from watcher.store import knowledge, names
from watcher.store.database import is_there, open_for_reading, open_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An open state and the row of the storyline that is watched."""

    db: sqlite3.Connection
    storyline_id: int

    def development(self, typed: str) -> str:
        """Give the name of the development a person means. Raises `NotFound`."""
        return names.development(self.db, self.storyline_id, typed)

    def event(self, typed: str) -> str:
        """Give the id of the event a person means. Raises `NotFound`."""
        return names.event(self.db, self.storyline_id, typed)


@contextmanager
def reading(setting: Setting) -> Iterator[Desk]:
    """Open the state for reading. Raises `NotFound` before the first walk, `ConfigError` for an unknown storyline."""
    db = open_for_reading(setting.state_dir)
    try:
        yield _desk(db, setting)
    finally:
        db.close()


@contextmanager
def deciding(setting: Setting) -> Iterator[Desk]:
    """Open the state for a decision; the daemon may be running. Raises as `reading` does."""
    if not is_there(setting.state_dir):
        raise _unwatched(setting)
    db = open_state(setting.state_dir)
    try:
        yield _desk(db, setting)
    finally:
        db.close()


def _desk(db: sqlite3.Connection, setting: Setting) -> Desk:
    # A storyline's name is that of its folder, so the row is found without reading its files.
    storyline_id = knowledge.find(db, setting.storyline_name)
    if storyline_id is None:
        raise _unwatched(setting)
    return Desk(db=db, storyline_id=storyline_id)


def _unwatched(setting: Setting) -> NotFound:
    from watcher.storylines.load import require

    require(setting.config.storyline, setting.path.parent)
    name = setting.storyline_name
    return NotFound(f"nothing was watched yet for {name!r}: start `watcher run`, or `watcher once` for one walk")
