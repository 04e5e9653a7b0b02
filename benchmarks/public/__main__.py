"""Replay the public sets with the storyline `any` and print their figures as one table.

    python -m benchmarks.public [--seeds N] [--only WORD]

The sets and their scorers lie beside the repository; what is absent is skipped with the reason. Shuffled streams are
replayed once a seed and their figures averaged. Needs the extra `fit`.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from statistics import fmean
from time import perf_counter

from benchmarks.public import scorers
from benchmarks.public.tasks import Row, Task, tasks
from watcher.flow.replay import StoredArticle, judgement_row, replay
from watcher.records import ArticleText, Storyline

EVERYTHING = Storyline(name="any", title="Everything", everything=True)


def judged(articles: Sequence[Row]) -> list[Row]:
    """What `watcher replay` would write for a stream."""
    stored = (
        StoredArticle(
            id=row["id"],
            text=ArticleText(
                title=row["title"],
                paragraphs=tuple(row["html_body_paragraphs"]),
                lang=row["lang"],
                published=datetime.fromisoformat(row["published"]),
                outlet=row["outlet"],
                url=row["url"],
            ),
        )
        for row in articles
    )
    return [judgement_row(judgement) for judgement in replay(EVERYTHING, stored)]


def measured(task: Task) -> dict[str, float]:
    """The figures of one task, with the milliseconds an article took."""
    rows = scorers.stream(task)
    articles = list(task.articles(rows))
    begun = perf_counter()
    judgements = judged(articles)
    spent = (perf_counter() - begun) / max(1, len(articles)) * 1000
    told = scorers.figures(task, task.predictions(rows, judgements))
    return {name: told[name] for name in task.shown if name in told} | {"ms": spent}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=2, metavar="N")
    parser.add_argument("--only", default="", metavar="WORD", help="tasks whose name holds the word")
    args = parser.parse_args()
    found: dict[str, list[dict[str, float]]] = defaultdict(list)
    skipped: dict[str, str] = {}
    for task in tasks(range(args.seeds)):
        if args.only.lower() not in task.name.lower():
            continue
        reason = scorers.missing(task)
        if reason:
            skipped[task.name] = reason
        else:
            found[task.name].append(measured(task))
    _print(found)
    for name, reason in skipped.items():
        print(f"{name}: skipped, {reason}", file=sys.stderr)


def _print(found: dict[str, list[dict[str, float]]]) -> None:
    columns = list(dict.fromkeys(name for rows in found.values() for row in rows for name in row))
    print("| " + " | ".join(("set", "streams", *columns)) + " |")
    print("|---" * (len(columns) + 2) + "|")
    for name, rows in found.items():
        means = [fmean(row[column] for row in rows) if column in rows[0] else None for column in columns]
        shown = ["" if mean is None else f"{mean:.3f}" for mean in means]
        print("| " + " | ".join((name, str(len(rows)), *shown)) + " |")


if __name__ == "__main__":
    main()
