"""How alike two articles are, whatever they are about: the evidence for one development where there is no base.

An article is a gist: its words and the parts of its names with how often they stand in it, those of its head, and its
numbers. What few articles hold weighs more; what one article holds at its head and the other lacks speaks against.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from watcher.novelty.index import marks
from watcher.novelty.weights import Linear
from watcher.records import Reading, Statement

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# Letter pieces and numbers are taken from so many letters: what follows adds cost and hardly says what happened.
LETTERS = 6_000
# How many sentences make the head, with the title.
LEAD = 3
# This many articles are believed to exist beside those known, so that a young stream does not call all words common.
PRIOR_ARTICLES = 400
# The logarithm of the marks in an article of usual length.
MIDDLING = 3.5
_APART = frozenset({"length", "across"})
# So many earlier articles are looked at closely.
CANDIDATES = 12
# A mark that so many articles hold finds none of them.
COMMON = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """What an article says, for comparing as a whole. Every bag maps a mark to how often it stands there.

    Keys are in sorted order: sums must come out the same in every process.
    """

    title: Mapping[str, int]
    head: Mapping[str, int]
    whole: Mapping[str, int]
    names: Mapping[str, int]
    words: Mapping[str, int]
    numbers: Mapping[str, int]
    pieces: Mapping[str, int]
    lang: str


class Rarity:
    """How many articles hold a mark."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._articles = 0
        self._weights: dict[str, float] = {}

    def add(self, gist: Gist) -> None:
        """Count one article."""
        self._articles += 1
        self._weights.clear()
        self._counts.update(gist.whole.keys())
        self._counts.update(gist.numbers.keys())
        self._counts.update(gist.pieces.keys())

    def weight(self, mark: str) -> float:
        """Weight of a mark, the higher the fewer articles hold it; never negative."""
        known = self._weights.get(mark)
        if known is None:
            known = math.log((self._articles + PRIOR_ARTICLES) / (self._counts[mark] + 0.5))
            self._weights[mark] = known
        return known


class _Bag:
    """The marks of a part with their weights, as they are at one moment, and their sums."""

    __slots__ = ("length", "often", "plain", "total")

    def __init__(self, marks: Mapping[str, int], rarity: Rarity) -> None:
        self.plain = {mark: rarity.weight(mark) for mark in marks}
        self.often = {mark: weight * (1.0 + math.log(marks[mark])) for mark, weight in self.plain.items()}
        self.total = sum(self.plain.values())
        self.length = math.sqrt(sum(weight * weight for weight in self.often.values()))


class Weighed:
    """A gist with the weights its marks have at one moment: what is the same for every article it is laid beside."""

    def __init__(self, told: Gist, rarity: Rarity) -> None:
        self.title = _Bag(told.title, rarity)
        self.head = _Bag(told.head, rarity)
        self.whole = _Bag(told.whole, rarity)
        self.names = _Bag(told.names, rarity)
        self.words = _Bag(told.words, rarity)
        self.numbers = _Bag(told.numbers, rarity)
        self.pieces = _Bag(told.pieces, rarity)
        self.size = math.log1p(sum(told.whole.values()))
        self.lang = told.lang


def gist(reading: Reading) -> Gist:
    """An article as a bag of what it says. Dates are left out: they are the day of telling as often as not."""
    title = set(_parts(reading.title))
    head = title.union(*map(_parts, reading.statements[:LEAD]))
    whole = Counter(title)
    for statement in reading.statements:
        whole.update(set(_parts(statement)))
    text = " ".join(statement.text for statement in (reading.title, *reading.statements))[:LETTERS]
    return Gist(
        title=dict.fromkeys(sorted(title), 1),
        head=dict.fromkeys(sorted(head), 1),
        whole=_sorted(whole),
        names=_sorted({mark: n for mark, n in whole.items() if mark[0] == "@"}),
        words=_sorted({mark: n for mark, n in whole.items() if mark[0] not in "@#"}),
        numbers=_sorted(Counter("=" + number for number in _NUMBER.findall(text))),
        pieces=_sorted(Counter(_pieces(text))),
        lang=reading.lang,
    )


def _pieces(text: str) -> Iterable[str]:
    """Every four letters in a row, a word's ends marked: compounds and inflections share most of theirs."""
    for word in _WORD.findall(text.casefold()):
        marked = f"_{word}_"
        yield from ("~" + marked[at : at + 4] for at in range(max(1, len(marked) - 3)))


def _sorted(bag: Mapping[str, int]) -> dict[str, int]:
    return {mark: bag[mark] for mark in sorted(bag)}


def _parts(statement: Statement) -> Iterable[str]:
    """The marks of a statement but its dates, names taken apart: the next article may tell a surname alone."""
    for mark in marks(statement):
        if mark[0] == "@":
            yield from ("@" + part for part in mark[1:].casefold().split())
        elif mark[0] != "%":
            yield mark


def compare(ours: Weighed, earlier: Weighed) -> dict[str, float]:
    """What two articles share and what each holds alone, both weighed at the same moment."""
    long, longer = sorted((ours.size, earlier.size))
    plain = {
        **_as_wholes(ours, earlier),
        "title_in": _cover(ours.title, earlier.whole),
        "title_back": _cover(earlier.title, ours.whole),
        "head_in": _cover(ours.head, earlier.whole),
        "head_back": _cover(earlier.head, ours.whole),
        "names_in": _cover(ours.names, earlier.whole),
        "names_back": _cover(earlier.names, ours.whole),
        **_left("names", ours.names, earlier.names),
        **_left("numbers", ours.numbers, earlier.numbers),
        "length": long,
        "longer": longer - long,
        "across": float(ours.lang != earlier.lang),
    }
    # What one shared word says depends on how much there is to share.
    long_ones = {f"{name}_long": value * (long - MIDDLING) for name, value in plain.items() if name not in _APART}
    return plain | long_ones


def _as_wholes(ours: Weighed, earlier: Weighed) -> dict[str, float]:
    """How far like parts of both say the same."""
    whole = _cosine(ours.whole, earlier.whole)
    pieces, heads = _both(ours.pieces, earlier.pieces), _both(ours.head, earlier.head)
    wholes = _both(ours.whole, earlier.whole)
    return {
        "whole": whole,
        "whole_root": math.sqrt(whole),
        "pieces": _cosine(ours.pieces, earlier.pieces),
        "pieces_in": _of(pieces, ours.pieces.total),
        "pieces_back": _of(pieces, earlier.pieces.total),
        "head": _cosine(ours.head, earlier.head),
        "names": _cosine(ours.names, earlier.names),
        "numbers": _cosine(ours.numbers, earlier.numbers),
        "words": _cosine(ours.words, earlier.words),
        "heads_in": _of(heads, ours.head.total),
        "heads_back": _of(heads, earlier.head.total),
        "whole_in": _of(wholes, ours.whole.total),
        "whole_back": _of(wholes, earlier.whole.total),
    }


def _left(name: str, ours: _Bag, earlier: _Bag) -> dict[str, float]:
    """What both share, and what of the lighter one the other lacks."""
    both = _both(ours, earlier)
    smaller = max(both, min(ours.total, earlier.total))
    return {
        f"{name}_shared": math.log1p(both),
        f"{name}_left": math.log1p(smaller - both),
        f"{name}_small": _of(both, smaller),
    }


def _both(a: _Bag, b: _Bag) -> float:
    return sum(weight for mark, weight in a.plain.items() if mark in b.plain)


def _cover(part: _Bag, by: _Bag) -> float:
    return _of(_both(part, by), part.total)


def _of(share: float, total: float) -> float:
    return share / total if total else 0.0


def _cosine(a: _Bag, b: _Bag) -> float:
    theirs = b.often
    return _of(sum(weight * theirs[mark] for mark, weight in a.often.items() if mark in theirs), a.length * b.length)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """An earlier article and how likely it tells the same development, 0 to 1."""

    article: str
    score: float


class Crowd:
    """Every article told so far, findable by what it shares with another."""

    def __init__(self) -> None:
        self._rarity = Rarity()
        self._gists: list[tuple[str, Gist, datetime]] = []
        self._postings: dict[str, list[int]] = defaultdict(list)

    def add(self, reading: Reading) -> None:
        """Remember one article."""
        told = gist(reading)
        for mark in told.whole:
            self._postings[mark].append(len(self._gists))
        self._gists.append((reading.article, told, reading.published))
        self._rarity.add(told)

    def alike(self, reading: Reading, days: float, model: Linear) -> tuple[Alike, ...]:
        """The earlier articles of the last days likeliest to tell the same development, likeliest first."""
        found = []
        for article, evidence in self.beside(reading, days):
            (score,) = model.probabilities(evidence)
            found.append(Alike(article=article, score=score))
        return tuple(sorted(found, key=lambda alike: (-alike.score, alike.article)))

    def beside(self, reading: Reading, days: float) -> Iterator[tuple[str, dict[str, float]]]:
        """The evidence for each of the few earlier articles of the last days that share most; its cost is bounded."""
        told = gist(reading)
        ours = Weighed(told, self._rarity)
        for number in self._near(told, reading.published, days):
            article, earlier, _ = self._gists[number]
            yield article, compare(ours, Weighed(earlier, self._rarity))

    def _near(self, ours: Gist, published: datetime, days: float) -> list[int]:
        shared: dict[int, float] = defaultdict(float)
        for mark in ours.whole:
            holders = self._postings.get(mark, ())
            if len(holders) < COMMON:
                weight = self._rarity.weight(mark)
                for number in holders:
                    shared[number] += weight
        recent = [n for n in shared if (published - self._gists[n][2]).total_seconds() <= days * 86_400]
        size = {n: math.sqrt(COMMON + len(self._gists[n][1].whole)) for n in recent}
        return sorted(recent, key=lambda n: (-shared[n] / size[n], n))[:CANDIDATES]
