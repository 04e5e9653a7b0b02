"""What a person types for a development, an article or an event: its id, of an event as much as begins no other one."""

from __future__ import annotations

import re
import sqlite3

from watcher.errors import NotFound
from watcher.store.columns import development_name

_TOLD = 8
_NUMBERED = re.compile(r"([A-Za-z]?)([0-9]{1,15})", re.ASCII)


def development(db: sqlite3.Connection, storyline_id: int, typed: str) -> str:
    """Give the development a person means: `D12`, `d12` or `12`. A number is typed whole: who means D4 does not mean
    D41. Raises `NotFound`.
    """
    number = _number(typed, "D")
    if number is None:
        raise NotFound(f"there is no development {typed!r}: it is called D and a number, like D12")
    row = db.execute("SELECT id FROM development WHERE storyline_id = ? AND id = ?", (storyline_id, number)).fetchone()
    if row is None:
        raise NotFound(f"there is no development {typed!r}")
    return development_name(row[0])


def article(db: sqlite3.Connection, typed: str) -> int | None:
    """Give the article a person means with `A7`; None where it is no such name. Raises `NotFound`."""
    number = _number(typed, "A")
    if number is None or typed.strip().isdecimal():
        return None
    row = db.execute("SELECT id FROM article WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise NotFound(f"there is no article {typed!r}")
    return int(row[0])


def event(db: sqlite3.Connection, storyline_id: int, typed: str) -> str:
    """Give the id of the event that a person means: the one called so, else the only one that begins so. Raises
    `NotFound` with those that could be meant.
    """
    known = [row[0] for row in db.execute("SELECT id FROM event WHERE storyline_id = ? ORDER BY id", (storyline_id,))]
    wanted = typed.strip()
    if wanted in known:
        return wanted
    meant = [name for name in known if wanted and name.casefold().startswith(wanted.casefold())]
    if len(meant) == 1:
        return str(meant[0])
    if not meant:
        raise NotFound(f"there is no event {typed!r}")
    more = f" and {len(meant) - _TOLD} more" if len(meant) > _TOLD else ""
    raise NotFound(f"{typed!r} begins several: {', '.join(meant[:_TOLD])}{more}; give more of the event's id")


def _number(typed: str, letter: str) -> int | None:
    match = _NUMBERED.fullmatch(typed.strip())
    return int(match[2]) if match and match[1].upper() in ("", letter) else None
