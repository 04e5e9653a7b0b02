"""Where everything is watched: the articles of the last weeks, and which of them tells what a new one tells.

The first look compares a new article with the few earlier ones that share most with it, each alone. Where little is
told, a second sees besides how the others fare and how lately each was told: the one report of a quiet day that fits at
all is likely the one. A third asks of the likeliest alone whether it is likely enough: a long report shares little with
a short one. Where hundreds of articles a day come in, nothing of this says anything.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from watcher.novelty.company import Company, alike
from watcher.novelty.forest import Forest
from watcher.novelty.likeness import Gist, Laid, Weigher, compare, gist, rarity
from watcher.novelty.odds import logistic
from watcher.records import Reading

WINDOW = timedelta(days=30)
"""How far back a report of the same development may lie."""
# So many articles are remembered whatever their age: where little is told, a report may be late by weeks.
AT_LEAST = 200
# However much is told, no more than so many are remembered: some 20 KiB each.
AT_MOST = 3_000

# So many earlier articles are looked at closely, besides the very latest: what shares no word may share half of one.
CANDIDATES = 12
LATEST = 4
# A mark that so many articles hold finds none of them.
COMMON = 60
# The dates of so many articles tell what day it is: one feed's wrong clock does not make all the others old.
WITNESSES = 9
# On a quiet day at most so many articles were told within a day before.
QUIET = 24
# Where there are fewer candidates than a figure wants, nobody stands in with these log odds.
NOBODY = -9.0
# Further ahead of all others than by these log odds is no surer.
FAR_AHEAD = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    """A remembered article. `told` is the day it was when it came, whatever date it bears."""

    article: str
    gist: Gist
    published: datetime
    told: datetime
    development: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An earlier article and what it shares with a new one. `between`: how many articles were told since,
    `busy`: how many within a day before the new one, `known`: how many are remembered.
    """

    article: str
    development: str
    gist: Gist
    evidence: dict[str, float]
    days: float
    between: int
    busy: int
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """An earlier article, what it says, and the log odds that it tells the same development."""

    article: str
    development: str
    gist: Gist
    score: float


class Crowd:
    """Every article of the last weeks that told a development, findable by what it shares with another."""

    def __init__(self, weigh: Weigher = rarity) -> None:
        self._weigh = weigh
        self._latest: tuple[Reading, Gist] | None = None
        self._found: tuple[Reading, list[Alike]] | None = None
        self._members: dict[int, _Member] = {}
        self._numbers: dict[str, int] = {}
        self._postings: dict[int, list[int]] = defaultdict(list)
        self._dropped = 0
        self._next = 0
        self._witnesses: deque[datetime] = deque(maxlen=WITNESSES)

    def __len__(self) -> int:
        return len(self._members)

    def add(self, reading: Reading, development: str) -> None:
        """Remember an article, in place of an earlier version of it, and forget those too old to be retold."""
        self._found = None
        self._drop(self._numbers.get(reading.article))
        self._witnesses.append(reading.published)
        today = sorted(self._witnesses)[len(self._witnesses) // 2]
        told = self._gist(reading)
        for mark in told.marks:
            self._postings[mark].append(self._next)
        self._members[self._next] = _Member(
            article=reading.article, gist=told, published=reading.published, told=today, development=development
        )
        self._numbers[reading.article] = self._next
        self._next += 1
        self._forget(today - WINDOW)

    def _gist(self, reading: Reading) -> Gist:
        """An article is looked at and then remembered: understood once."""
        if self._latest is None or self._latest[0] is not reading:
            self._latest = (reading, gist(reading, self._weigh))
        return self._latest[1]

    def _forget(self, before: datetime) -> None:
        while len(self._members) > AT_LEAST:
            oldest = next(iter(self._members))
            if self._members[oldest].told >= before and len(self._members) <= AT_MOST:
                break
            self._drop(oldest)
        if self._dropped > len(self._members) + WITNESSES:
            kept = {mark: [n for n in found if n in self._members] for mark, found in self._postings.items()}
            self._postings = defaultdict(list, {mark: found for mark, found in kept.items() if found})
            self._dropped = 0

    def _drop(self, number: int | None) -> None:
        if number is not None:
            del self._numbers[self._members.pop(number).article]
            self._dropped += 1

    def told_by(self, reading: Reading) -> str | None:
        """The development an article tells: that of its earlier version, or of the report it is likeliest to retell.

        None when it retells none.
        """
        known = self._numbers.get(reading.article)
        if known is not None:
            return self._members[known].development
        return next((found.development for found in self.likest(reading) if found.score >= 0.0), None)

    def likest(self, reading: Reading) -> list[Alike]:
        """Earlier articles with the log odds that they tell the same development, by the models of the program."""
        if self._found is None or self._found[0] is not reading:
            self._found = (reading, self.alike(reading, alike()))
        return self._found[1]

    def alike(self, reading: Reading, models: Company) -> list[Alike]:
        """Earlier articles with the log odds that they tell the same development, likeliest first."""
        seen = self.beside(reading)
        if seen and is_quiet(seen[0]):
            fits = among_others(seen, models.pair, models.chosen)
            (settled,) = models.settled.sums(models.settled.values(in_doubt(seen, fits)))
            fits = [fit + settled - max(fits) for fit in fits]
        else:
            fits = alone(seen, models.pair)
        found = [
            Alike(article=candidate.article, development=candidate.development, gist=candidate.gist, score=fit)
            for candidate, fit in zip(seen, fits, strict=True)
        ]
        return sorted(found, key=lambda one: (-one.score, one.article))

    def beside(self, reading: Reading) -> list[Candidate]:
        """The few earlier articles that share most, with the evidence for each; the cost is bounded."""
        laid = Laid(self._gist(reading))
        busy = self._busy(reading.published)
        return [
            Candidate(
                article=member.article,
                development=member.development,
                gist=member.gist,
                evidence=compare(laid, member.gist),
                days=max(0.0, (reading.published - member.published) / timedelta(days=1)),
                between=self._next - number,
                busy=busy,
                known=len(self._members),
            )
            for number, member in self._near(laid, reading.published)
        ]

    def _busy(self, published: datetime) -> int:
        """How many of the last articles were told within a day before."""
        latest = (self._members[n].published for n in islice(reversed(self._members), AT_LEAST))
        return sum(abs(published - told) <= timedelta(days=1) for told in latest)

    def _near(self, laid: Laid, published: datetime) -> list[tuple[int, _Member]]:
        shared: dict[int, float] = defaultdict(float)
        for mark, weight in laid.whole.items():
            holders = self._postings.get(mark, ())
            if len(holders) < COMMON:
                for number in holders:
                    shared[number] += weight
        for number in islice(reversed(self._members), LATEST):
            shared[number] += 0.0
        found = [(n, self._members[n]) for n in shared if n in self._members]
        recent = [(n, m) for n, m in found if published - m.published <= WINDOW or self._next - n <= AT_LEAST]
        # Divided by length, or the long would always come first.
        rank = {n: shared[n] / math.sqrt(COMMON + math.expm1(member.gist.size)) for n, member in recent}
        recent.sort(key=lambda one: (-rank[one[0]], one[0]))
        return recent[:CANDIDATES] + [one for one in recent[CANDIDATES:] if self._next - one[0] <= LATEST]


def is_quiet(candidate: Candidate) -> bool:
    """Whether little is told these days. Not before there was more than one day to tell it by."""
    return candidate.busy <= min(QUIET, candidate.known - 1)


def alone(seen: Sequence[Candidate], pair: Forest) -> list[float]:
    """The first look: the log odds of each candidate by itself."""
    return [pair.log_odds(candidate.evidence) for candidate in seen]


def among_others(seen: Sequence[Candidate], pair: Forest, chosen: Forest) -> list[float]:
    """The second look: the log odds of each candidate beside the others."""
    return [chosen.log_odds(row) for row in in_company(seen, alone(seen, pair))]


def likeliest(seen: Sequence[Candidate], fits: Sequence[float]) -> int:
    """Which candidate has the highest log odds."""
    return min(range(len(seen)), key=lambda at: (-fits[at], seen[at].article))


# What the second look sees again of the first.
_AGAIN = (
    "whole_cosine",
    "pieces_cosine",
    "names_cosine",
    "pairs_cosine",
    "whole_in",
    "whole_back",
    "length",
    "longer",
    "across",
)


def in_company(seen: Sequence[Candidate], fits: Sequence[float]) -> list[dict[str, float]]:
    """What is seen of each candidate beside the others. `fits`: the log odds of each alone."""
    order = sorted(range(len(seen)), key=lambda at: (-fits[at], at))
    places = {at: place for place, at in enumerate(order)}
    best = [*(fits[at] for at in order), NOBODY, NOBODY, NOBODY, NOBODY, NOBODY]
    shared = {
        "second": best[1],
        "third": best[2],
        "fifth": best[4],
        "all": sum(map(logistic, fits)),
    }
    return [
        {
            "fit": fit,
            "ahead": fit - best[1 if places[at] == 0 else 0],
            "place": float(places[at]),
            "days": math.log1p(candidate.days),
            "between": math.log1p(candidate.between),
            "busy": math.log1p(candidate.busy),
            **shared,
            **{name: candidate.evidence[name] for name in _AGAIN},
        }
        for at, (candidate, fit) in enumerate(zip(seen, fits, strict=True))
    ]


def in_doubt(seen: Sequence[Candidate], fits: Sequence[float]) -> dict[str, float]:
    """What speaks for the likeliest candidate being likely enough. `fits`: the log odds of each in company."""
    best = likeliest(seen, fits)
    ahead = fits[best] - max([fit for at, fit in enumerate(fits) if at != best], default=NOBODY)
    candidate = seen[best]
    return {
        "fit": fits[best],
        "ahead": min(FAR_AHEAD, ahead),
        "days": math.log1p(candidate.days),
        "between": math.log1p(candidate.between),
        "busy": math.log1p(candidate.busy),
        "known": math.log1p(candidate.known),
        "length": candidate.evidence["length"],
        "longer": candidate.evidence["longer"],
    }
