"""Words that the lexicon keeps apart, though reports of one happening tell them in both languages.

    python -m benchmarks.gaps [--lang LANG] [--least N] [--most SHARE]

For each happening of the streams the terms of the sentences that tell it are gathered for both languages. A term of
many happenings that the other language's sentences hardly ever share is printed with the other's terms that come with
it most surely (log-likelihood ratio, Dunning 1993): a word brought to a wrong concept stands beside its right one
(`order_goods` beside `court_order`). What is right for the lexicon is a person's to say: murder and detectives come
together, too.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.streams import Stream, align, own_streams
from watcher.language import lexicon, statements
from watcher.novelty.index import marks
from watcher.novelty.memory import Memory

# A sentence that tells more happenings says of no word which of them it tells.
_HAPPENINGS = 2
# Together so often, and so many times as often as by chance, at least; as sure of it at least.
_TOGETHER = 4
_TIMES_CHANCE = 2
_SURE = 8.0
_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """The terms by which the reports in each language tell one happening."""

    english: frozenset[str]
    german: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A term of one language that the other hardly shares. `shared`: the part of its happenings that both tell with
    it; `beside`: the other's terms and how surely they belong together, the surest first.
    """

    term: str
    happenings: int
    shared: float
    beside: tuple[tuple[str, float], ...]


def happenings(stream: Stream) -> Iterator[Happening]:
    """The happenings of a stream that both languages tell. Names are left out."""
    gazetteer = Memory(stream.storyline).rules.gazetteer
    told: dict[str, dict[str, set[str]]] = {}
    for article in stream.articles:
        reading = statements.read(article.text, gazetteer, article.id)
        labels = align([statement.text for statement in reading.statements], article.labels)
        for statement, label in zip(reading.statements, labels, strict=True):
            if label is None or len(label.events) > _HAPPENINGS:
                continue
            words = {mark for mark in marks(statement) if mark[0] not in "@#$%"}
            for event in label.events:
                sides = told.setdefault(event, {"en": set(), "de": set()})
                sides[statement.lang] |= words
    for sides in told.values():
        if sides["en"] and sides["de"]:
            yield Happening(english=frozenset(sides["en"]), german=frozenset(sides["de"]))


def gaps(told: Sequence[Happening], lang: str, *, least: int, most: float) -> list[Gap]:
    """The terms of `lang` in at least so many happenings of which at most such a share is told with them by the other
    language, too; those first that lack most. A term that comes with none of the other's surely is left out.
    """
    pairs = [(h.english, h.german) if lang == "en" else (h.german, h.english) for h in told]
    ours = Counter(term for own, _ in pairs for term in own)
    theirs = Counter(term for _, other in pairs for term in other)
    shared = Counter(term for own, other in pairs for term in own & other)
    lacking = {term for term, count in ours.items() if count >= least and shared[term] <= most * count}
    # A term of the other language that ours tells of the happening as well has its partner already.
    beside = Counter((term, other) for own, others in pairs for term in own & lacking for other in others - own)
    found: dict[str, list[tuple[str, float]]] = {}
    for (term, other), count in beside.items():
        chance = ours[term] * theirs[other] / len(pairs)
        if count >= _TOGETHER and count > _TIMES_CHANCE * chance:
            sure = likelihood_ratio(count, ours[term], theirs[other], len(pairs))
            if sure >= _SURE:
                found.setdefault(term, []).append((other, sure))
    rows = [
        Gap(
            term=term,
            happenings=ours[term],
            shared=shared[term] / ours[term],
            beside=tuple(sorted(others, key=lambda pair: (-pair[1], pair[0]))[:_SHOWN]),
        )
        for term, others in found.items()
    ]
    return sorted(rows, key=lambda gap: (-gap.happenings * (1 - gap.shared), gap.term))


def likelihood_ratio(both: int, one: int, other: int, total: int) -> float:
    """How surely two things come together that are seen so often each and together in so many places."""
    cells = (
        (both, one * other),
        (one - both, one * (total - other)),
        (other - both, (total - one) * other),
        (total - one - other + both, (total - one) * (total - other)),
    )
    return 2 * sum(seen * math.log(seen * total / expected) for seen, expected in cells if seen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lang", choices=("en", "de"), default="de")
    parser.add_argument("--least", type=int, default=20)
    parser.add_argument("--most", type=float, default=0.15)
    args = parser.parse_args()
    told = [happening for stream in own_streams() for happening in happenings(stream)]
    print(f"{len(told)} happenings told in both languages")
    for gap in gaps(told, args.lang, least=args.least, most=args.most):
        note = "" if lexicon.is_concept(gap.term) else " (no concept)"
        beside = ", ".join(f"{other} {sure:.0f}" for other, sure in gap.beside)
        print(f"{gap.happenings:4} {gap.shared:.2f} {gap.term}{note}: {beside}")


if __name__ == "__main__":
    main()
