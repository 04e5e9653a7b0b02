"""What a sentence itself sets against one another: the value that holds now and the one told before.

`480 instead of 540 jobs`, `nicht am 1. April, sondern erst am 15. Mai`, `from 71 to 78 euros`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from watcher.language import amounts, dates, tables
from watcher.records import Amount, DateMention, Statement

_NEAR = 90
"""Characters that may lie between the two values."""
_JUST_BEFORE = 24
"""Characters before the first value that are looked at."""
_END = re.compile(r"[:?!]")
_WORDS = re.compile(r"[^\W\d_]+")
_Placed = tuple[Amount, int, int] | tuple[DateMention, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A value that holds now, and the one it stands in place of. Both are amounts, or both are dates."""

    now: Amount | DateMention
    was: Amount | DateMention


def find(text: str, lang: str, published: datetime) -> tuple[Turned, ...]:
    """Return what a sentence sets against one another, in order. `published` as in `dates.find`."""
    lang = tables.table_lang(lang)
    figures = list(amounts.placed(text, lang))
    days = list(dates.placed(text, lang, published))
    return (*_turned(text, figures, lang, moves=True), *_turned(text, days, lang, moves=False))


def holds(statement: Statement, place: str) -> bool:
    """Whether a statement has a word that tells a latest state (`now`), what is left (`still`), or a rise or a fall
    (`raised`, `lowered`).
    """
    if place in {"raised", "lowered"}:
        return not set(_phrases("-", place)).isdisjoint(statement.terms)
    said = {word.casefold() for word in _WORDS.findall(statement.text)}
    return not said.isdisjoint(_phrases(tables.table_lang(statement.lang), place))


def _turned(text: str, values: Sequence[_Placed], lang: str, *, moves: bool) -> Iterator[Turned]:
    old: list[int] = []
    for at, (first, start, end) in enumerate(values):
        for second, begins, _ in values[at + 1 :]:
            gap = text[end:begins]
            if len(gap) > _NEAR or _END.search(gap):
                break
            if not _alike(first, second) or begins in old or start in old:
                continue
            turn = _turn(text[max(0, start - _JUST_BEFORE) : start], gap, lang, moves)
            if turn:
                now, was = (first, second) if turn == "old_after" else (second, first)
                old.append(begins if turn == "old_after" else start)
                yield Turned(now=now, was=was)
            break


def _alike(a: Amount | DateMention, b: Amount | DateMention) -> bool:
    """Whether one value could stand in the place of the other."""
    if isinstance(a, Amount) and isinstance(b, Amount):
        return a.unit == b.unit or "" in (a.unit, b.unit)
    return isinstance(a, DateMention) and isinstance(b, DateMention) and a.iso != b.iso


def _turn(before: str, gap: str, lang: str, moves: bool) -> str:
    """Which of two values is the old one, by what stands before and between them; '' when nothing says so."""
    if _holds(before, lang, "not_before") and _holds(gap, lang, "new_after"):
        return "new_after"
    if _holds(before, lang, "old_before"):
        return "new_after"
    if _holds(gap, lang, "old_after"):
        return "old_after"
    if not moves:
        return ""
    if _ends(before, lang, "moved_before") and _ends(gap, lang, "moved_after"):
        return "new_after"
    return "old_after" if _ends(before, lang, "moved_after") and _ends(gap, lang, "moved_back") else ""


def _holds(text: str, lang: str, place: str) -> bool:
    said = f" {' '.join(_WORDS.findall(text.casefold()))} "
    return any(f" {phrase} " in said for phrase in _phrases(lang, place))


def _ends(text: str, lang: str, place: str) -> bool:
    said = f" {' '.join(_WORDS.findall(text.casefold()))}"
    return any(said.endswith(f" {phrase}") for phrase in _phrases(lang, place))


@cache
def _phrases(lang: str, place: str) -> tuple[str, ...]:
    rows = [phrases for of, told, phrases in tables.rows("turned.tsv") if (of, told) == (lang, place)]
    return tuple(phrase.strip() for phrases in rows for phrase in phrases.split(","))
