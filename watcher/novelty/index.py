"""What was told before, findable by what it says: an inverted index of statements.

A statement is a bag of marks: its terms, its names (`@Name`), its figures (`#9.7e+10 USD`) and its dates
(`%2025-02-10`; of a part of a month or year `%2025-02 early`, too). A mark weighs the more, the fewer statements carry
it. The cost of a search is bounded by a budget of postings spent on the rarest marks first, so it grows slower than
what is known.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import islice, repeat
from operator import itemgetter
from sys import intern

from watcher.language import amounts, tables
from watcher.language.lexicon import terms
from watcher.records import Amount, Part, Statement

# Postings read for one statement, rarest marks first: bounds the cost whatever the size of what is known.
POSTINGS_BUDGET = 400
# A fresh index knows nothing of rarity: this many statements are believed to exist beside those it holds.
PRIOR_STATEMENTS = 200.0
# How far back a sentence encoder looks, and at how many statements of articles at most.
LATELY = timedelta(days=8)
LATEST = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A statement that is known, who told it, and the event or development it belongs to.

    `article` is '' and `published` None for the wordings of the base. `owner` is '' for context nobody owns.
    """

    statement: Statement
    owner: str
    article: str = ""
    published: datetime | None = None
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A known statement, how much of ours it covers and how much of it ours covers, by weight, 0 to 1; the likeness is
    the geometric mean of both: 1 only when both say the same.
    """

    told: Told
    number: int
    covers: float
    covered: float
    likeness: float


def mark_amount(amount: Amount) -> str:
    """Two leading digits, the magnitude and the unit: what plain rounding leaves alone."""
    return f"#{amount.value:.1e} {amount.unit}"


def mark_digits(amount: Amount) -> Iterator[str]:
    """The digits of a sum of money whatever its magnitude and currency, when there are enough to be recognised by."""
    digits = f"{amount.value:.3e}".split("e")[0].rstrip("0")
    if amounts.is_money(amount.unit) and len(digits) > len("9."):
        yield f"$ {digits}"


def marks(statement: Statement) -> tuple[str, ...]:
    """Everything in a statement that can be found again in another one, sorted so that sums come out the same.

    A word that only spells a name, a date or a figure is left to the mark of that name, date or figure. Every mark is
    kept once in memory, however many statements carry it.
    """
    spelt = {part.casefold() for name in statement.names for part in name.split()}
    found = {term for term in statement.terms if term not in spelt and term not in _clock_words()}
    found.update("@" + name for name in statement.names)
    found.update(mark_amount(amount) for amount in statement.amounts)
    found.update(mark for amount in statement.amounts for mark in mark_digits(amount))
    found.update("%" + mention.iso for mention in statement.dates)
    found.update(f"%{mention.iso} {mention.part}" for mention in statement.dates if mention.part is not Part.WHOLE)
    return tuple(map(intern, sorted(found)))


@cache
def _clock_words() -> frozenset[str]:
    """Weekdays, months and words of magnitude, as the terms of a text hold them."""
    names = ("weekdays", "months", "scales")
    return frozenset(
        term
        for lang in tables.LANGUAGES
        for name in names
        for row in tables.rows(f"{name}_{lang}.tsv")
        for form in row[1].split()
        for term in terms(form, lang)
    )


class Index:
    """The statements told so far."""

    def __init__(self) -> None:
        self._told: list[Told | None] = []
        self._postings: dict[str, list[int]] = {}
        self._live = 0
        self.weights = _Weights(self._postings)
        self._whole: dict[int, float] = {}

    def __len__(self) -> int:
        return self._live

    def __getitem__(self, number: int) -> Told:
        told = self._told[number]
        assert told is not None, "it was forgotten"
        return told

    def add(self, told: Told) -> int:
        """Remember one statement; returns its number."""
        number = len(self._told)
        self._told.append(told)
        self._live += 1
        self._change()
        for mark in told.marks:
            if mark in self._postings:
                self._postings[mark].append(number)
            else:
                self._postings[mark] = [number]  # most marks are told once: appending would take room for four
        return number

    def drop(self, numbers: Iterable[int]) -> None:
        """Forget statements by number. Numbers are not given out again."""
        for number in numbers:
            self._live -= 1
            for mark in self[number].marks:
                postings = self._postings[mark]
                del postings[bisect_left(postings, number)]
                if not postings:
                    del self._postings[mark]
            self._told[number] = None
        self._change()

    def _change(self) -> None:
        self.weights.renew(self._live)
        self._whole.clear()

    def lately(self, published: datetime) -> list[Statement]:
        """What articles told in the days before, the latest first."""
        told_last = (told for told in reversed(self._told) if told is not None)
        newest = (told for told in told_last if told.published and published - told.published <= LATELY)
        return [told.statement for told in islice(newest, LATEST)]

    def count(self, mark: str) -> int:
        """How many known statements carry the mark."""
        return len(self._postings.get(mark, ()))

    def weight(self, mark: str) -> float:
        """Rarity of a mark, 0 (everybody says it) to about 1 (nobody did, in a small index)."""
        return self.weights[mark]

    def weigh(self, marked: Iterable[str]) -> float:
        """Summed weight of some marks."""
        return sum(map(self.weights.__getitem__, marked))

    def nearest(self, marked: tuple[str, ...], limit: int) -> list[Match]:
        """The `limit` known statements likest to a bag of marks, likest first; the one told earlier wins ties."""
        weights = {mark: self.weights[mark] for mark in marked}
        total = sum(weights.values())
        if not total:
            return []
        shared = self._shared(weights)
        best = sorted(shared.items(), key=itemgetter(1), reverse=True)[: limit * 2]
        return self._likest((number for number, _ in best), weights, total, limit)

    def beside(self, marked: tuple[str, ...], numbers: Collection[int]) -> list[Match]:
        """A bag of marks laid beside these known statements, likest first."""
        weights = {mark: self.weights[mark] for mark in marked}
        return self._likest(numbers, weights, sum(weights.values()) or 1.0, len(numbers))

    def _likest(self, numbers: Iterable[int], weights: dict[str, float], total: float, limit: int) -> list[Match]:
        found = []
        for number in numbers:
            covers, covered = self._overlap(number, weights, total)
            found.append((-math.sqrt(covers * covered), number, covers, covered))
        found.sort()
        return [
            Match(told=self[number], number=number, covers=covers, covered=covered, likeness=-away)
            for away, number, covers, covered in found[:limit]
        ]

    def _shared(self, weights: dict[str, float]) -> dict[int, float]:
        budget = POSTINGS_BUDGET
        shared: dict[int, float] = defaultdict(float)
        postings = {mark: self._postings[mark] for mark in weights if mark in self._postings}
        for mark in sorted(postings, key=lambda mark: (len(postings[mark]), mark)):
            weight, numbers = weights[mark], postings[mark]
            # Of a mark too common to read whole, the latest: news repeats what was told lately.
            for number in numbers[-budget:]:
                shared[number] += weight
            budget -= len(numbers)
            if budget <= 0:
                break
        return shared

    def _overlap(self, number: int, weights: dict[str, float], total: float) -> tuple[float, float]:
        """How much of marks that weigh so much together a known statement covers, and how much of it they cover."""
        told = self[number]
        both = sum(map(weights.get, told.marks, repeat(0.0)))
        own = self._whole.get(number)
        if own is None:
            own = self._whole[number] = self.weigh(told.marks)
        return both / total, both / own if own else 0.0


class _Weights(dict[str, float]):
    """The weights asked for since the index last changed: one article asks for the same marks thousands of times."""

    def __init__(self, postings: Mapping[str, Sequence[int]]) -> None:
        super().__init__()
        self._postings = postings
        self.renew(0)

    def renew(self, known: int) -> None:
        """Forget all weights: so many statements are known now."""
        self.clear()
        self._everybody = math.log(known + PRIOR_STATEMENTS)

    def __missing__(self, mark: str) -> float:
        tellers = len(self._postings.get(mark, ()))
        weight = self[mark] = (self._everybody - math.log(tellers + 1.0)) / _SCALE
        return weight


_SCALE = math.log(PRIOR_STATEMENTS)
