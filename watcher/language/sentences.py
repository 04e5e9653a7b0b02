"""Paragraph -> sentences, exactly as written. Rules over abbreviation tables; one pass, linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from watcher.language import tables

_CLOSERS = "\"'”“»«’‘)]›‹"
_OPENERS = "\"'„“”»«‚‘’([›‹¿¡–—-•*"
_SEEN = 60
"""How many characters either side of a full stop a decision may look at: keeps the walk linear on hostile text."""

_STOP = re.compile(rf"[.!?…]{{1,40}}[{re.escape(_CLOSERS)}]{{0,6}}(?=\s)")
_GLUED = re.compile(r"(?<=[a-zäöüß]{3})[.!?](?=[A-ZÄÖÜ][a-zäöüß]{1,12}\s)")
_BULLET = re.compile(r"\n\s{0,20}(?:[•·▪‣●*–—-]\s|\d{1,2}[.)]\s|\n)|(?<=[\s:.])(?=[•▪‣●]\s)")
_LETTERS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_ROMAN = re.compile(r"[IVXLC]{1,6}")
_BRAND = re.compile(r"[a-z]{1,2}[A-Z]")
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")


def split(paragraph: str, lang: str) -> tuple[str, ...]:
    """Return the sentences of one paragraph in order, each a trimmed substring of it.

    A language without tables is split by the English ones.
    """
    found = []
    start = 0
    for end in _ends(paragraph, tables.table_lang(lang)):
        sentence = paragraph[start:end].strip()
        if sentence:
            found.append(sentence)
            start = end
    rest = paragraph[start:].strip()
    return (*found, rest) if rest else tuple(found)


def _ends(text: str, lang: str) -> Iterator[int]:
    """Ascending offsets at which a sentence ends."""
    bullets = {m.start() for m in _BULLET.finditer(text)}
    stops = {m.end() for m in _STOP.finditer(text) if _ends_at(text, m.start(), m.end(), lang)}
    glued = {m.end() for m in _GLUED.finditer(text) if _is_starter(_WORD.match(text, m.end()), lang)}
    yield from sorted(bullets | stops | glued)


def _is_starter(word: re.Match[str] | None, lang: str) -> bool:
    """Whether the word is one that opens sentences but is no name: a function word."""
    return word is not None and word.group().casefold() in tables.words(f"stopwords_{lang}.txt")


def _ends_at(text: str, stop: int, end: int, lang: str) -> bool:
    """Whether the mark at `stop`, whose run with closing quotes ends at `end`, ends a sentence."""
    following = text[end : end + _SEEN].lstrip()
    if not following:
        return True
    bare = following.lstrip(_OPENERS + " ")
    if not bare or bare[0] == "&" or (bare[0].islower() and not _BRAND.match(bare)):
        return False
    mark = text[stop:end].rstrip(_CLOSERS)
    if mark != ".":
        return not _is_told(text[stop:end], mark, following, lang)
    before = text[max(0, stop - _SEEN) : stop].split()
    word = before[-1].lstrip(_OPENERS) if before and not text[stop - 1].isspace() else ""
    return _ends_after(word, before[:-1], bare, end - stop > 1, lang)


def _is_told(run: str, mark: str, following: str, lang: str) -> bool:
    """Whether a quotation that ends in `?` or `!` is still followed by its speaker: `"Why?" Musk asked.`"""
    if lang != "en" or run == mark or following[0] in _OPENERS:
        return False
    verbs = tables.words("speech_en.txt")
    return any(m.group() in verbs for m in list(_WORD.finditer(following.split(".", 1)[0]))[:4])


def _ends_after(word: str, before: list[str], bare: str, closed: bool, lang: str) -> bool:
    """Whether a full stop after `word` ends a sentence when the text goes on with `bare`, a capital or a figure.

    `closed` tells that a closing quote or bracket stands after the full stop.
    """
    starter = _is_starter(_WORD.match(bare), lang)
    if word.isdigit():
        return _ends_after_figure(word, before, bare, starter, lang)
    kind = _class(word, lang)
    if closed and kind != "never":
        return True
    if lang == "de" and before and _is_letter(before[-1][:-1]) and before[-1].endswith(".") and _is_letter(word):
        return False
    if word == "X" and before and before[-1].islower():
        return True  # the platform ("auf X."), not an initial
    match kind:
        case "never":
            return False
        case "digit":
            return not bare[0].isdigit()
        case "time":
            zone = _WORD.match(bare)
            return not bare[0].isdigit() and not (zone and zone.group() in tables.words("zones_en.txt"))
        case "may":
            return starter
        case _:
            return True


def _class(word: str, lang: str) -> str | None:
    """Return the class of an abbreviation, initial or Roman figure (without its full stop), or None for other words."""
    kind = _classes(lang).get(word)
    if kind is None and word.isupper() and len(word) > 2:
        kind = _classes(lang).get(word.capitalize())
    if kind is None and (_is_letter(word) or _LETTERS.fullmatch(word) or (lang == "de" and _ROMAN.fullmatch(word))):
        return "may"
    return kind


def _ends_after_figure(word: str, before: list[str], bare: str, starter: bool, lang: str) -> bool:
    """German writes ordinals with a full stop; both languages number lists so."""
    if not before and len(word) <= 2:
        return False
    if lang == "de" and len(word) <= 2:
        return starter and not bare[0].isdigit()
    return True


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


@cache
def _classes(lang: str) -> dict[str, str]:
    """Abbreviation (without its last full stop) -> class, the first class of the table winning."""
    found: dict[str, str] = {}
    for kind, *columns in tables.rows(f"abbreviations_{lang}.txt"):
        for word in " ".join(columns).split():
            found.setdefault(word, kind)
    return found
