"""How alike two articles are, whatever they are about: the evidence for one development where there is no base.

An article is a gist: bags of its names, words, figures, letter pieces and neighbouring words, weighed by how rarely
news holds them. What both share speaks for one development; what one holds and the other lacks, against it.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from zlib import crc32

from watcher.language.lexicon import bundled
from watcher.novelty.index import marks
from watcher.records import Reading, Statement

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# Letter pieces and numbers are taken from so many letters: what follows adds cost and hardly says what happened.
LETTERS = 6_000
# How many sentences make the head, with the title.
LEAD = 3
# What the table of common marks does not hold is believed to stand in one of so many reports.
RARE = 1 / 400
BAGS = ("names", "words", "figures", "numbers", "pieces", "pairs", "full", "days", "places")
# A whole is made of these.
_WHOLE = ("names", "words", "figures")

Weigher = Callable[[int], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """The marks of one kind, as rising numbers, each with its weight and its weight by how often it stands there.

    Packed: months of articles are kept. Rising, so that sums come out the same in every process.
    """

    marks: array[int]
    plain: array[float]
    often: array[float]
    total: float
    square: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """What an article says, for comparing as a whole, weighed at the moment it was told. `size`: its marks, counted."""

    bags: Mapping[str, Bag]
    title: Bag
    head: Bag
    size: float
    lang: str

    @property
    def marks(self) -> Iterable[int]:
        """The marks of the whole: what it may be found by."""
        for name in _WHOLE:
            yield from self.bags[name].marks

    @property
    def told(self) -> Iterable[int]:
        """The words and figures."""
        yield from self.bags["words"].marks
        yield from self.bags["figures"].marks


@cache
def rates() -> Mapping[int, float]:
    """The share of reports that hold a mark, for the common ones (`common.tsv`)."""
    text = resources.files(__package__).joinpath("common.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and line[0] != "!")
    return {number(mark): float(rate) for mark, rate in rows}


@lru_cache(maxsize=1 << 14)
def rarity(mark: int) -> float:
    """Weight of a mark, the higher the fewer reports hold it; never negative."""
    return -math.log(min(1.0, rates().get(mark, 0.0) + RARE))


@lru_cache(maxsize=1 << 14)
def number(mark: str) -> int:
    """A mark as a number of 32 bits: the same in every process."""
    return crc32(mark.encode())


def kinds(reading: Reading) -> dict[str, Counter[str]]:
    """The marks of an article by kind, with how often they stand there; dates without their year.

    Beside the bags, `title` and `head`: the marks of the whole that stand there.
    """
    title = set(_parts(reading.title))
    head = title.union(*map(_parts, reading.statements[:LEAD]))
    whole = Counter(title)
    for statement in reading.statements:
        whole.update(set(_parts(statement)))
    every = (reading.title, *reading.statements)
    text = " ".join(statement.text for statement in every)[:LETTERS]
    return {
        "names": Counter({mark: n for mark, n in whole.items() if mark[0] == "@"}),
        "words": Counter({mark: n for mark, n in whole.items() if mark[0] not in "@#$"}),
        "figures": Counter({mark: n for mark, n in whole.items() if mark[0] in "#$"}),
        "numbers": Counter("=" + figure for figure in _NUMBER.findall(text)),
        "pieces": _pieces(text),
        "pairs": Counter("&" + a + " " + b for s in every for a, b in zip(s.terms, s.terms[1:], strict=False)),
        "full": Counter("@@" + name for statement in every for name in statement.names),
        "days": Counter("%" + _day(mention.iso) for s in reading.statements for mention in s.dates),
        "places": Counter("+" + term for s in every for term in set(s.terms) if bundled().is_place_concept(term)),
        "title": Counter(dict.fromkeys(title, 1)),
        "head": Counter(dict.fromkeys(head, 1)),
    }


def gist(reading: Reading, weigh: Weigher = rarity) -> Gist:
    """An article as bags of what it says."""
    told = kinds(reading)
    return Gist(
        bags={name: _bag(told[name], weigh) for name in BAGS},
        title=_bag(told["title"], weigh),
        head=_bag(told["head"], weigh),
        size=math.log1p(sum(told[name].total() for name in _WHOLE)),
        lang=reading.lang,
    )


def _bag(counted: Counter[str], weigh: Weigher) -> Bag:
    rows = sorted((number(mark), n) for mark, n in counted.items())
    plain = [weigh(mark) for mark, _ in rows]
    often = [weight * (1.0 + math.log(n)) for weight, (_, n) in zip(plain, rows, strict=True)]
    return Bag(
        marks=array("I", [mark for mark, _ in rows]),
        plain=array("f", plain),
        often=array("f", often),
        total=sum(plain),
        square=sum(weight * weight for weight in often),
    )


def _day(iso: str) -> str:
    """A day is told by month and day, a month by both its parts: the year is a guess as often as not."""
    return iso[5:] if len(iso) > len("2025-02") else iso


def _pieces(text: str) -> Counter[str]:
    """Every four letters in a row, a word's ends marked: compounds and inflections share most of theirs."""
    found: Counter[str] = Counter()
    for word, n in Counter(_WORD.findall(text.casefold())).items():
        for piece in _four(word):
            found[piece] += n
    return found


@lru_cache(maxsize=1 << 12)
def _four(word: str) -> tuple[str, ...]:
    marked = f"_{word}_"
    return tuple("~" + marked[at : at + 4] for at in range(max(1, len(marked) - 3)))


def _parts(statement: Statement) -> Iterable[str]:
    """The marks of a statement but its dates, names taken apart: the next article may tell a surname alone."""
    for mark in marks(statement):
        if mark[0] == "@":
            yield from ("@" + part for part in mark[1:].casefold().split())
        elif mark[0] != "%":
            yield mark


class Laid:
    """An article laid open, to be compared with many earlier ones."""

    def __init__(self, told: Gist) -> None:
        self.gist = told
        self.bags = {name: _opened(bag) for name, bag in told.bags.items()}
        self.whole = {mark: plain for name in _WHOLE for mark, (plain, _) in self.bags[name].items()}
        self.title = frozenset(told.title.marks)
        self.head = frozenset(told.head.marks)


def _opened(bag: Bag) -> dict[int, tuple[float, float]]:
    return dict(zip(bag.marks, zip(bag.plain, bag.often, strict=True), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What two bags share: the marks, their weight, and the product of their weights by how often they stand there."""

    marks: tuple[int, ...]
    both: float
    product: float


def compare(laid: Laid, earlier: Gist) -> dict[str, float]:
    """What two articles share and what each holds alone."""
    ours = laid.gist
    shared = {name: _shared(laid.bags[name], earlier.bags[name]) for name in BAGS}
    found: dict[str, float] = {}
    for name in BAGS:
        a, b, one = ours.bags[name], earlier.bags[name], shared[name]
        found |= _sides(name, one.both, one.product, (a.total, b.total), a.square * b.square)
    whole = [shared[name] for name in _WHOLE]
    totals = (_total(ours), _total(earlier))
    squares = _square(ours) * _square(earlier)
    both = sum(one.both for one in whole)
    found |= _sides("whole", both, sum(one.product for one in whole), totals, squares)
    found |= _heads(laid, earlier, {mark for one in whole for mark in one.marks})
    short, long = sorted((ours.size, earlier.size))
    return found | {"length": short, "longer": long - short, "across": float(ours.lang != earlier.lang)}


def _total(told: Gist) -> float:
    return sum(told.bags[name].total for name in _WHOLE)


def _square(told: Gist) -> float:
    return sum(told.bags[name].square for name in _WHOLE)


def _shared(ours: Mapping[int, tuple[float, float]], earlier: Bag) -> _Shared:
    get = ours.get
    pairs = zip(earlier.marks, earlier.often, strict=True) if ours else ()
    found = [(mark, own[0], own[1] * often) for mark, often in pairs if (own := get(mark))]
    return _Shared(
        marks=tuple(mark for mark, _, _ in found),
        both=sum(plain for _, plain, _ in found),
        product=sum(product for _, _, product in found),
    )


def _sides(name: str, both: float, product: float, totals: tuple[float, float], squares: float) -> dict[str, float]:
    """What is shared, how much of each side that is, and what of the lighter side the other lacks."""
    smaller = max(both, min(totals))
    return {
        f"{name}_cosine": _of(product, math.sqrt(squares)),
        f"{name}_in": _of(both, totals[0]),
        f"{name}_back": _of(both, totals[1]),
        f"{name}_shared": math.log1p(both),
        f"{name}_left": math.log1p(smaller - both),
        f"{name}_small": _of(both, smaller),
    }


def _heads(laid: Laid, earlier: Gist, both: Iterable[int]) -> dict[str, float]:
    """How far title and head of each are told by the whole of the other, and by its title and head."""
    title, head = laid.gist.title, laid.gist.head
    back = [mark for mark in earlier.head.marks if mark in laid.whole]
    title_back = [mark for mark in earlier.title.marks if mark in laid.whole]
    weigh = laid.whole
    both = sorted(both)
    return {
        "title_in": _of(sum(weigh[mark] for mark in both if mark in laid.title), title.total),
        "title_back": _of(sum(weigh[mark] for mark in title_back), earlier.title.total),
        "head_in": _of(sum(weigh[mark] for mark in both if mark in laid.head), head.total),
        "head_back": _of(sum(weigh[mark] for mark in back), earlier.head.total),
        "titles": _of(
            sum(weigh[mark] for mark in title_back if mark in laid.title), min(title.total, earlier.title.total)
        ),
        "heads": _of(sum(weigh[mark] for mark in back if mark in laid.head), min(head.total, earlier.head.total)),
    }


def _of(share: float, total: float) -> float:
    return share / total if total else 0.0
