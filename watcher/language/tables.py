"""Reading the language tables: text files beside the code, `#` starts a comment line, columns are split by tabs."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

LANGUAGES = ("de", "en")


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of `tables/<name>` as tuples of trimmed columns; empty lines and comments are left out."""
    text = resources.files(__package__).joinpath("tables", name).read_text(encoding="utf-8")
    return parse(text)


def parse(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table's text."""
    return tuple(
        tuple(column.strip() for column in line.split("\t"))
        for line in text.splitlines()
        if line.strip() and not line.startswith("#")
    )


def fingerprint() -> str:
    """Return a short name for exactly these tables."""
    folder = resources.files(__package__).joinpath("tables")
    files = [*folder.iterdir(), *folder.joinpath("lexicon").iterdir()]
    told = hashlib.sha256()
    for file in sorted((file for file in files if file.is_file()), key=lambda file: file.name):
        told.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return told.hexdigest()[:16]


@cache
def words(name: str) -> frozenset[str]:
    """Return all words of a table whose lines are words separated by spaces."""
    return frozenset(word for row in rows(name) for column in row for word in column.split())


def table_lang(lang: str) -> str:
    """Return the language whose tables serve `lang`: its own when there are some, else English."""
    return lang if lang in LANGUAGES else "en"
