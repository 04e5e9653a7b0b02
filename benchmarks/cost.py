"""What judging an article costs beside reading it, and how that grows with what is known.

    python -m benchmarks.cost [--stream NAME] [--rounds N] [--known N ...]

The articles of a labelled stream are judged again and again with more and more already told: statements made of the
marks of real ones, a third of them exchanged, half of them owned by events of the base. All sizes are measured in turn
in one run, and the least of the rounds counts. `language` is what understanding the text costs (sentences, names,
figures, dates, terms), `judge` everything after it; both are milliseconds of processor time an article.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.streams import Stream, own_streams
from watcher.language import statements
from watcher.novelty.index import Told, marks
from watcher.novelty.judge import judge
from watcher.novelty.memory import Memory
from watcher.records import Reading

KNOWN = (100, 1_000, 10_000, 100_000)
EXCHANGED = 3
ROUNDS = 3


def readings_of(stream: Stream) -> tuple[list[Reading], float]:
    """The articles as understood, and the milliseconds of processor time one took."""
    gazetteer = Memory(stream.storyline).rules.gazetteer
    begin = time.process_time()
    found = [statements.read(article.text, gazetteer, article.id) for article in stream.articles]
    return found, 1000 * (time.process_time() - begin) / len(found)


def fill(memory: Memory, pool: Sequence[Told], known: int, dice: random.Random) -> None:
    """Tell made statements until so many are known."""
    owners = [told.owner for told in pool if told.owner] or [""]
    for number in range(known - len(memory.index)):
        told, other = dice.choice(pool), dice.choice(pool)
        kept = [mark for mark in told.marks if dice.randrange(EXCHANGED)]
        taken = [mark for mark in other.marks if not dice.randrange(EXCHANGED)]
        memory.index.add(
            replace(
                told,
                marks=tuple(sorted({*kept, *taken})),
                owner=dice.choice(owners) if number % 2 else "",
                article=f"made-{number // 10}",
            )
        )


def pool_of(stream: Stream, readings: Sequence[Reading]) -> list[Told]:
    """The base's statements, and those of all articles."""
    base = Memory(stream.storyline)
    told = [base.index[number] for number in range(len(base.index))]
    for reading in readings:
        told += [
            Told(statement=statement, owner="", article=reading.article, published=None, marks=marks(statement))
            for statement in reading.statements
        ]
    return told


def judged_ms(stream: Stream, readings: Sequence[Reading], known: int) -> float:
    """Milliseconds of processor time to judge and remember an article when so many statements are known."""
    memory = Memory(stream.storyline)
    fill(memory, pool_of(stream, readings), known, random.Random(7))
    opened, spent = 0, 0.0
    for reading in readings:
        begin = time.process_time()
        judgement = judge(reading, memory)
        if judgement.opens:
            opened += 1
            judgement = replace(judgement, development=f"D{opened}")
        memory.remember(reading, judgement)
        spent += time.process_time() - begin
    return 1000 * spent / len(readings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stream", default="feud-2024")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--known", type=int, nargs="+", default=KNOWN)
    args = parser.parse_args()
    stream = next(stream for stream in own_streams() if stream.name == args.stream)
    readings, _ = readings_of(stream)
    least = min(readings_of(stream)[1] for _ in range(args.rounds))
    print(f"{stream.name}: {len(readings)} articles, {sum(len(r.statements) for r in readings)} statements")
    print(f"language {least:8.2f} ms an article")
    costs: dict[int, float] = {}
    for _ in range(args.rounds):
        for known in args.known:
            costs[known] = min(costs.get(known, float("inf")), judged_ms(stream, readings, known))
    for known, cost in costs.items():
        print(f"judge    {cost:8.2f} ms an article, {known:7,} statements known ({cost / costs[args.known[0]]:.2f} x)")


if __name__ == "__main__":
    main()
