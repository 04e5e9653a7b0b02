"""Where in a TOML text each key stands. The standard parser gives values without positions; these are the positions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

Place = tuple[str | int, ...]

_TOKEN = re.compile(
    r'(?P<string>"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*')"
    r"|(?P<comment>\#[^\n]*)"
    r"|(?P<newline>\n)"
    r"|(?P<space>[ \t\r]+)"
    r"|(?P<mark>[\[\]{}=,.])"
    r"|(?P<bare>[^\s\[\]{}=,.\"'\#]+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    line: int
    is_mark: bool


def locate(text: str) -> dict[Place, int]:
    """Map the place of every key, table and list element to its line, counted from 1. `text` must be valid TOML."""
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    for statement in _statements(text):
        names = [_unquote(token.text) for token in _before_value(statement) if not token.is_mark]
        if statement[0].text == "[" and statement[0].is_mark:
            table = _open(names, counts, many=len(statement) > 1 and statement[1].text == "[")
            _note(lines, table, statement[0].line)
        else:
            place = (*_follow(table, names[:-1], counts), names[-1])
            _note(lines, place, statement[0].line)
            _note_elements(lines, place, statement)
    return lines


def line_of(lines: dict[Place, int], place: Place) -> int:
    """Find the line of a place, or of the nearest thing around it that stands in the text."""
    for length in range(len(place), 0, -1):
        if place[:length] in lines:
            return lines[place[:length]]
    return 1


def _statements(text: str) -> Iterator[list[_Token]]:
    line, depth = 1, 0
    statement: list[_Token] = []
    for match in _TOKEN.finditer(text):
        kind, found = match.lastgroup, match[0]
        if kind in ("mark", "bare", "string"):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found, 0) if kind == "mark" else 0
            statement.append(_Token(found, line, kind == "mark"))
        line += found.count("\n")
        if kind == "newline" and depth == 0 and statement:
            yield statement
            statement = []
    if statement:
        yield statement


def _before_value(statement: list[_Token]) -> list[_Token]:
    signs = [at for at, token in enumerate(statement) if token.is_mark and token.text == "="]
    return statement[: signs[0]] if signs else statement


def _unquote(name: str) -> str:
    return str(tomllib.loads(f"key = {name}")["key"]) if name[0] in "\"'" else name


def _follow(start: Place, names: list[str], counts: dict[Place, int]) -> Place:
    """Walk down `names`, entering the latest element of every list of tables on the way."""
    place = start
    for name in names:
        place = (*place, name)
        if place in counts:
            place = (*place, counts[place])
    return place


def _open(names: list[str], counts: dict[Place, int], *, many: bool) -> Place:
    if not many:
        return _follow((), names, counts)
    place = (*_follow((), names[:-1], counts), names[-1])
    counts[place] = counts.get(place, -1) + 1
    return (*place, counts[place])


def _note(lines: dict[Place, int], place: Place, line: int) -> None:
    for length in range(1, len(place) + 1):
        lines.setdefault(place[:length], line)


def _note_elements(lines: dict[Place, int], place: Place, statement: list[_Token]) -> None:
    value = statement[len(_before_value(statement)) + 1 :]
    if not value or not value[0].is_mark or value[0].text != "[":
        return
    depth, index, fresh = 0, 0, True
    for token in value:
        if depth == 1 and token.is_mark and token.text == ",":
            index, fresh = index + 1, True
        elif depth == 1 and fresh and token.text != "]":
            lines.setdefault((*place, index), token.line)
            fresh = False
        if token.is_mark:
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token.text, 0)
