"""The raw figures of a text: digits and number words with their places, before anything is made of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from watcher.language import tables

_SCAN = {
    "en": re.compile(
        r"[0-9]{1,3}(?:[,'’\u202f\u00a0][0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?|[^\W\d_]+(?:-[^\W\d_]+)?"
    ),
    "de": re.compile(r"[0-9]{1,3}(?:[.'’\u202f\u00a0 ][0-9]{3})+(?:,[0-9]+)?(?![0-9])|[0-9]+(?:[.,][0-9]+)?|[^\W\d_]+"),
}
_DIGITS = frozenset("0123456789")
_MOST = 400
"""Figures a sentence may have; later ones are not looked at."""
_LONGEST = 15
"""Digits a figure may have; longer runs are identifiers."""
_HALF = re.compile(r"(?:half an?|(?:eine?|einer|einem) halbe[nr]?)\s$", re.IGNORECASE)
_ONE = re.compile(r"\b(?:an?|one|eine|einer|einem|ein|einen)\s$", re.IGNORECASE)
_SINGLE = re.compile(r"million|billion|trillion|milliarde|dutzend|dozen|hundred|thousand", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure at text[start:end]. `plain` is true for a run of digits alone, such as a year."""

    value: float
    start: int
    end: int
    plain: bool = False


def scan(text: str, lang: str) -> list[Figure]:
    """Return all figures in order: digits, number words, and the one in `half a million` or `eine Milliarde`.

    The figure of such a lone scale word ends where the scale word begins.
    """
    lang = tables.table_lang(lang)
    words = _number_words(lang)
    found: list[Figure] = []
    for match in _SCAN[lang].finditer(text):
        token = match.group()
        if len(found) >= _MOST:
            break
        if token[0] in _DIGITS:
            if len(token) <= _LONGEST:
                value = _value(token, lang)
                found.append(Figure(value=value, start=match.start(), end=match.end(), plain=token.isdecimal()))
        elif (value_of := words.get(token.lower())) is not None:
            found.append(Figure(value=value_of, start=match.start(), end=match.end()))
        elif _SINGLE.match(token) and not (found and match.start() - found[-1].end <= 1):
            lone = _lone(text, match.start())
            if lone:
                found.append(lone)
    return found


def _lone(text: str, scale: int) -> Figure | None:
    """Return the one or one half before a scale word without figure, if it is there."""
    before = text[max(0, scale - 14) : scale]
    for pattern, value in ((_HALF, 0.5), (_ONE, 1.0)):
        match = pattern.search(before)
        if match:
            return Figure(value=value, start=scale - len(before) + match.start(), end=scale)
    return None


def _value(token: str, lang: str) -> float:
    """Return the value of digits with separators as the language writes them."""
    group, point = (".", ",") if lang == "de" else (",", ".")
    bare = re.sub(r"['’\s]", "", token)
    if group in bare and re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(point)}\d+)?", bare):
        bare = bare.replace(group, "")
    return float(bare.replace(",", "."))


@cache
def _number_words(lang: str) -> dict[str, float]:
    return {word: float(value) for word, value in tables.rows(f"numbers_{lang}.tsv")}
