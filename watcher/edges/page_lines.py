"""Lines of extracted text that are not the article, told by what they say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

_LONGEST_FURNITURE = 400
_LONGEST_TEASER = 200
_BODY_BEFORE_END = 0.4


class Shape(StrEnum):
    """What kind of block a line was on its page."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One block of text as a page had it, cleaned."""

    text: str
    shape: Shape


def without_furniture(lines: Sequence[Line]) -> list[Line]:
    """Give the lines that belong to the article, in order."""
    kept: list[Line] = []
    total = sum(len(line.text) for line in lines)
    passed = place = 0
    while place < len(lines):
        line = lines[place]
        kind = _kind(line.text)
        if kind == "end" and passed >= _BODY_BEFORE_END * total:
            break
        place += 1
        passed += len(line.text)
        if kind == "next" and place < len(lines) and _is_teaser(lines[place]):
            place += 1
        elif kind == "block":
            place = _after_block(lines, place)
        elif not kind:
            kept.append(line)
    while kept and kept[-1].shape is Shape.HEADING:
        kept.pop()
    return kept


def wall(text: str) -> str:
    """Say which wall a text speaks of: `consent`, `paywall` or ''."""
    return next((kind for kind, pattern in _rules("walls.tsv").items() if pattern.search(text)), "")


def _kind(text: str) -> str:
    if len(text) > _LONGEST_FURNITURE:
        return ""
    sentence = text.endswith((".", "!", "?"))
    rules = _rules("lines.tsv").items()
    return next((k for k, pattern in rules if not (sentence and k == "label") and pattern.fullmatch(text)), "")


def _is_teaser(line: Line) -> bool:
    return len(line.text) <= _LONGEST_TEASER


def _after_block(lines: Sequence[Line], place: int) -> int:
    """Give the place behind the list, the teasers or the questions and answers that begin at `place`."""
    while place < len(lines):
        line = lines[place]
        if line.text.endswith("?") and line.shape is not Shape.ITEM:
            place += 1
            while place < len(lines) and lines[place].shape is Shape.PARAGRAPH and not lines[place].text.endswith("?"):
                place += 1
        elif line.shape is Shape.ITEM or (line.shape is Shape.PARAGRAPH and _is_headline(line.text)):
            place += 1
        else:
            break
    return place


def _is_headline(text: str) -> bool:
    return len(text) <= _LONGEST_TEASER and not text.endswith((".", "!", "“", "”", '"', "»"))


@cache
def _rules(name: str) -> dict[str, re.Pattern[str]]:
    """Read a table of rules: for every kind, in order of first use, one expression that matches any of its lines."""
    text = (resources.files("watcher.edges") / "tables" / name).read_text("utf-8")
    rules: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            kind, _, pattern = line.partition("\t")
            rules.setdefault(kind, []).append(pattern)
    return {kind: re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE) for kind, patterns in rules.items()}
