"""Which language a text is in: by function words, words of the lexicon and letter sequences."""

from __future__ import annotations

import re
from functools import cache

from watcher.language import tables
from watcher.language.lexicon import bundled
from watcher.language.words import is_stopword

_WORD = re.compile(r"[^\W\d_]+(?:['’][a-z]+)?")
_MOST_WORDS = 400
"""Words looked at; more tell nothing new."""
_FUNCTION, _KNOWN, _LETTERS = 3.0, 2.0, 0.5
_MARGIN = 0.5
"""Points by which the best language must lead; less is no evidence and the fallback stands."""
_LATIN = re.compile(r"[^\W\d_]")
_FEW_LATIN = 0.5


def language(text: str, fallback: str) -> str:
    """Return `de`, `en` or another language's code (fr, es, it, nl, pt, pl, sv, da, tr) that the text is in.

    Without evidence, or with even evidence, `fallback` is returned; a text mostly in another script is ''.
    """
    letters = _LATIN.findall(text[:4000])
    if letters and sum(letter <= "\u024f" for letter in letters) < _FEW_LATIN * len(letters):
        return ""
    scores = _scores([word.lower() for word in _WORD.findall(text)[:_MOST_WORDS]])
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] < _MARGIN:
        return fallback
    lead = ranked[0][1] - (ranked[1][1] if len(ranked) > 1 else 0.0)
    return ranked[0][0] if lead >= _MARGIN else fallback


def _scores(words: list[str]) -> dict[str, float]:
    scores: dict[str, float] = {}
    for word in words:
        for lang, points in _points(word).items():
            scores[lang] = scores.get(lang, 0.0) + points
    return scores


def _points(word: str) -> dict[str, float]:
    """Return what one word says for each language."""
    points: dict[str, float] = {}
    others = _others().get(word, ())
    own = [lang for lang in tables.LANGUAGES if is_stopword(word, lang)]
    for lang in (*own, *others):
        points[lang] = _FUNCTION / (len(own) + len(others))
    if own or others:
        return points
    known = [lang for lang in tables.LANGUAGES if bundled().has(word, lang)]
    if len(known) == 1:
        points[known[0]] = _KNOWN
    for lang, pattern in _letters():
        if pattern.search(word):
            points[lang] = points.get(lang, 0.0) + _LETTERS
    return points


@cache
def _others() -> dict[str, tuple[str, ...]]:
    """Return the function words of the other languages, each with the languages it belongs to."""
    found: dict[str, tuple[str, ...]] = {}
    for lang, words in tables.rows("languages_other.tsv"):
        for word in words.split():
            found[word] = (*found.get(word, ()), lang)
    return found


@cache
def _letters() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((lang, re.compile("|".join(sequences.split()))) for lang, sequences in tables.rows("letters.tsv"))
