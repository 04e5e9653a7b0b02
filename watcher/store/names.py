"""What a person types for a development, an event or an article: its id, or as much of it as begins no other one."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

from watcher.errors import NotFound
from watcher.store.columns import article_name, development_name

_TOLD = 8
_NUMBERED = re.compile(r"([A-Za-z]?)([0-9]{1,15})", re.ASCII)


def development(db: sqlite3.Connection, storyline_id: int, typed: str) -> str:
    """Give the development a person means: `D12`, `d12`, `12`, or `D1` where no other begins so. Raises `NotFound`."""
    numbers = [row[0] for row in db.execute("SELECT id FROM development WHERE storyline_id = ?", (storyline_id,))]
    number = _number(typed, "D")
    if number is None:
        raise NotFound(f"there is no development {typed!r}: it is called D and a number, like D12")
    return _only("development", typed, development_name(number), map(development_name, sorted(numbers)))


def article(db: sqlite3.Connection, typed: str) -> int | None:
    """Give the article a person means with `A7`, or with the `A7` that only one begins with; None where it is no such
    name. Raises `NotFound`.
    """
    number = _number(typed, "A")
    if number is None or typed.strip().isdecimal():
        return None
    rows = db.execute("SELECT id FROM article ORDER BY id")
    return int(_only("article", typed, article_name(number), (article_name(row[0]) for row in rows))[1:])


def event(db: sqlite3.Connection, storyline_id: int, typed: str) -> str:
    """Give the id of the event that a person means. Raises `NotFound`."""
    rows = db.execute("SELECT id FROM event WHERE storyline_id = ? ORDER BY id", (storyline_id,))
    return _only("event", typed, typed.strip(), (row[0] for row in rows))


def _number(typed: str, letter: str) -> int | None:
    match = _NUMBERED.fullmatch(typed.strip())
    return int(match[2]) if match and match[1].upper() in ("", letter) else None


def _only(noun: str, typed: str, wanted: str, names: Iterable[str]) -> str:
    """Give the one that is called so, else the only one that begins so. Raises `NotFound` with those that could be
    meant.
    """
    known = list(names)
    if wanted in known:
        return wanted
    meant = [name for name in known if wanted and name.casefold().startswith(wanted.casefold())]
    if len(meant) == 1:
        return meant[0]
    if not meant:
        raise NotFound(f"there is no {noun} {typed!r}")
    more = f" and {len(meant) - _TOLD} more" if len(meant) > _TOLD else ""
    raise NotFound(f"{typed!r} begins several: {', '.join(meant[:_TOLD])}{more}; give more of the {noun}'s id")
