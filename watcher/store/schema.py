"""The schema of the state: its numbered migrations, and the tables that each leaves behind."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from importlib import resources

_CREATED = re.compile(r"^CREATE TABLE (\w+)", re.MULTILINE)


def migrations() -> list[str]:
    """Give the text of every migration, in order: the first is number 1."""
    folder = resources.files(__package__) / "migrations"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return [(folder / name).read_text(encoding="utf-8") for name in names]


def newest() -> int:
    """Give the number of the schema this version writes."""
    return len(migrations())


def number_of(db: sqlite3.Connection) -> int:
    """Give the number of the last migration a database went through; below 1 it is none of ours."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def tables_in(db: sqlite3.Connection) -> set[str]:
    """Name the tables a database holds, without those SQLite keeps for itself."""
    names = {row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    return {name for name in names if not name.startswith("sqlite_")}


def missing_from(db: sqlite3.Connection) -> list[str]:
    """Name the tables that the schema of a database asks for and it does not hold."""
    scripts = migrations()[: max(0, number_of(db))]
    return sorted({name for script in scripts for name in _CREATED.findall(script)} - tables_in(db))


def apply(db: sqlite3.Connection) -> None:
    """Bring a database up to date. Call it in a transaction."""
    scripts = migrations()
    for number in range(number_of(db) + 1, len(scripts) + 1):
        for statement in _statements(scripts[number - 1]):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    """Give the single statements of a script: `executescript` would commit our transaction."""
    gathered = ""
    for line in script.splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""
