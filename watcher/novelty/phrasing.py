"""What a sentence's own words say of it: news, a retelling, an explanation and a page's furniture are phrased unlike.

A multinomial logistic model over words, neighbouring words and concepts; its weights (`phrasing.json`, made by
`benchmarks/fit.py`) know nobody's name and no figure. It sees nothing of what is known: that "had argued" looks back,
that "Analysten erwarten" is no happening, and that "reichte am Montag ein" is one, holds in every story.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Self

from watcher.language import tables
from watcher.language.words import fold, is_stopword, stem_all
from watcher.novelty.odds import CLASSES, softmax
from watcher.records import Statement

EVIDENCE = tuple(f"reads_{name}" for name in CLASSES)

_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"\d[\d.,]*|[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\w\s]")
# Stands for every name, and for every figure: who it is and how much says nothing of the phrasing.
_NAME, _FIGURE, _START, _END = "NAME", "0", "^", "$"
# Stands for a dateline, wherever the report was filed.
_FILED = "FILED"
_UNNAMED = frozenset({_NAME, _FIGURE, _START, _END, _FILED})
# A part of a name so short may be any word.
_SHORTEST = 3
# How many words make the opening.
_OPENING = 3
# What is less likely counts as no likelier.
_LEAST = 1e-3
# The marks that are shown to a person, and how many of them.
_SHOWN = re.compile(r"(?P<lang>de|en)(?P<kind>[wbk]):(?P<words>.+)")
_SAID = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrasing:
    """Weights by mark, one for each of `CLASSES`, and what a sentence without known marks gets."""

    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]
    version: str = ""
    """A short name for the data file they are from; empty for weights that are from none."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a data file."""
        # The weights are rounded: of two hundred thousand some hundred differ, and each is held once.
        row = json.loads(text, parse_float=cache(float))
        return cls(
            bias=tuple(row["bias"]),
            weights={mark: tuple(told) for mark, told in row["weights"].items()},
            version=hashlib.sha256(text.encode()).hexdigest()[:16],
        )

    def written(self) -> str:
        """Give the data file, which is the same for the same weights."""
        rows = (
            f"{json.dumps(mark, ensure_ascii=False)}:{_packed(told)}" for mark, told in sorted(self.weights.items())
        )
        return f'{{"bias":{_packed(self.bias)},"weights":{{\n' + ",\n".join(rows) + "\n}}\n"

    def telling(self, statement: Statement, klass: str) -> tuple[str, ...]:
        """The words of a sentence that speak most for a class, heaviest first, as a person reads them; at most two."""
        at = CLASSES.index(klass)
        found = [
            (self.weights[mark][at], _readable(mark))
            for mark in marks(statement)
            if mark in self.weights and self.weights[mark][at] == max(self.weights[mark])
        ]
        told = sorted(((weight, words) for weight, words in found if words), key=lambda one: (-one[0], one[1]))
        best: list[str] = []
        for _, words in told:
            if not any(words in other or other in words for other in best):
                best.append(words)
        return tuple(best[:_SAID])

    def evidence(self, statement: Statement) -> dict[str, float]:
        """How likely a sentence so phrased is fresh, known, background or noise: logarithms, brought to 0 to 1."""
        found = marks(statement)
        known = [self.weights[mark] for mark in sorted(found & self.weights.keys())]
        scale = 1.0 / math.sqrt(len(found))
        sums = [bias + scale * sum(column) for bias, *column in zip(self.bias, *known, strict=True)]
        likely = zip(EVIDENCE, softmax(sums), strict=True)
        return {name: 1.0 - math.log(max(p, _LEAST)) / math.log(_LEAST) for name, p in likely}


@cache
def shipped() -> Phrasing:
    """The weights that come with the program."""
    return Phrasing.parse(resources.files(__package__).joinpath("phrasing.json").read_text(encoding="utf-8"))


def marks(statement: Statement) -> frozenset[str]:
    """What the model may know of a sentence: `w:` words, `b:` neighbours (`^` and `$` are its ends), `k:` words with
    one between, `o:` its opening words, each within its language; `c:` concepts, `d:` neighbouring concepts and `q:`
    cues, which both languages share. Never empty.
    """
    lang = tables.table_lang(statement.lang)
    names = list(_parts(statement.names))
    filed = (_FILED,) if statement.begin else ()
    words = [*filed, *_words(statement.body, frozenset(names))]
    unnamed = {*names, *stem_all(names, lang)}
    terms = [term for term in statement.terms if term not in unnamed and not _DIGIT.search(term)]
    found = {f"{lang}w:{word}" for word in words}
    found.update(f"{lang}b:{one} {other}" for one, other in pairwise((_START, *words, _END)))
    found.update(f"{lang}k:{one} {other}" for one, other in zip(words, words[2:], strict=False))
    found.update(f"{lang}o:{word}" for word in words[:_OPENING])
    found.update(f"c:{term}" for term in terms)
    found.update(f"d:{one} {other}" for one, other in pairwise(terms))
    found.update(f"q:{cue}" for cue in statement.cues)
    return frozenset(found)


def _words(text: str, names: frozenset[str]) -> Iterator[str]:
    """The words and marks of a sentence in order, folded, names and figures unnamed."""
    for token in _TOKEN.findall(text):
        word = fold(token)
        if token[0].isdigit():
            yield _FIGURE
        elif token[0].isupper() and not names.isdisjoint((word, word.removesuffix("s"), word.partition("-")[0])):
            yield _NAME
        elif word:
            yield word


def _readable(mark: str) -> str:
    """The words of a mark; nothing for one without a telling word, or for a name, a figure or a sentence's end."""
    shown = _SHOWN.fullmatch(mark)
    words = shown["words"].split() if shown else []
    if not shown or not _UNNAMED.isdisjoint(words):
        return ""
    telling = any(word[0].isalpha() and not is_stopword(word, shown["lang"]) for word in words)
    return (" … " if shown["kind"] == "k" else " ").join(words) if telling else ""


def _parts(names: Iterable[str]) -> Iterator[str]:
    """The words of names, folded, but those that any sentence may begin with."""
    parts = (part for name in names for part in _TOKEN.findall(name) if len(part) >= _SHORTEST and part[0].isupper())
    yield from (word for word in map(fold, parts) if not any(is_stopword(word, lang) for lang in tables.LANGUAGES))


def _packed(told: Iterable[float]) -> str:
    return json.dumps(list(told), separators=(",", ":"))
