"""Fit the model of two articles telling one development and write `watcher/novelty/alike.json`.

    python -m benchmarks.public.fit_alike [--bench FOLDER] [--part SHARE] [--leave-out] [--write]

The pairs are those the judge would look at when the public sets are told as streams with everything watched. `--part`
takes that share of every stream. `--leave-out` fits on two thirds of the topics and days and tells the F1 of the pairs
of the rest: the figure to believe, for whoever replays a set the weights were fitted on. `--write` fits on all and
writes the file. The sets lie beside the repository; without them there is nothing to fit. Needs the extra `fit`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.preprocessing import StandardScaler

from benchmarks.public.scorers import SHARED
from benchmarks.public.tasks import Row, dated_articles
from watcher.language import statements
from watcher.novelty.judge import WINDOW_DAYS
from watcher.novelty.likeness import Crowd
from watcher.novelty.memory import Memory
from watcher.novelty.weights import Linear
from watcher.records import ArticleText, Reading, Storyline

FILE = Path(__file__).parents[2] / "watcher" / "novelty" / "alike.json"
FOLDS = 3
SHUFFLES = 3
STRENGTH = 0.03
# A wrong join hides a development, a missed one only tells it twice: the model answers yes this much (in log odds)
# later than the pairs alone would have it.
CAUTION = 0.4
# A development of the Wikinews set is told again with this chance, so many articles later.
AGAIN, LATER = 0.6, (0.5, 5.5)
# Words of other scripts are not told apart well enough to fit on.
_CODES = "en de fr pt sv no da fi pl ro id ms af tl uz sco sh la bjn min frp"
LATIN = frozenset(_CODES.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Labelled rows (`id`, `text`, `lang`, `event`, perhaps a time) in the order told, and the fold they lie in."""

    name: str
    fold: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two articles the judge would compare, the evidence, and whether they tell one development."""

    stream: str
    fold: int
    evidence: dict[str, float]
    same: bool


def streams(bench: Path) -> Iterator[Stream]:
    """Every set as streams; no topic of ECB+ and no block of Wikinews lies in two folds."""
    ecb = _rows(bench / "ecbplus" / "docs.jsonl")
    topics = sorted({row["topic"] for row in ecb})
    random.Random(1).shuffle(topics)
    for fold in range(FOLDS):
        ours = [row | {"lang": "en"} for row in ecb if row["topic"] in topics[fold::FOLDS]]
        for seed in range(SHUFFLES):
            yield Stream(name="ecbplus", fold=fold, rows=tuple(random.Random(seed).sample(ours, len(ours))))
    wiki = _rows(bench / "dewikinews" / "articles.jsonl")
    block = len(wiki) // 5
    for number in range(5):
        articles = wiki[number * block : (number + 1) * block]
        for parts in (("lead", "rest"), ("title", "lead")):
            yield Stream(name="dewikinews", fold=number % FOLDS, rows=_told_again(articles, parts, number))
    itn = tuple(row for row in _rows(bench / "itn" / "stream.jsonl") if row["lang"] in LATIN)
    third = len(itn) // FOLDS + 1
    for fold in range(FOLDS):
        yield Stream(name="itn", fold=fold, rows=itn[fold * third : (fold + 1) * third])


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _told_again(articles: Sequence[Row], parts: tuple[str, str], seed: int) -> tuple[Row, ...]:
    """One part of every article, and of most the other part some articles later."""
    dice = random.Random(seed)
    queue: list[tuple[float, Row]] = []
    for number, article in enumerate(articles):
        for at, part in ((0.0, parts[0]), (dice.uniform(*LATER) if dice.random() < AGAIN else None, parts[1])):
            if at is not None:
                row = {"id": f"{article['id']}/{part}", "lang": "de", "text": article[part], "event": article["id"]}
                queue.append((number + at, row | {"date": article["date"]}))
    return tuple(row for _, row in sorted(queue, key=lambda queued: queued[0]))


def pairs(stream: Stream) -> Iterator[Pair]:
    """Tell a stream and give what the judge would compare."""
    crowd, memory = Crowd(), Memory(Storyline(name="any", title="Everything", everything=True))
    events = {row["id"]: row["event"] for row in stream.rows}
    for article in dated_articles(stream.rows):
        reading = _reading(article, memory)
        for earlier, evidence in crowd.beside(reading, WINDOW_DAYS):
            same = events[earlier] == events[article["id"]]
            yield Pair(stream=stream.name, fold=stream.fold, evidence=evidence, same=same)
        crowd.add(reading)


def _reading(article: Row, memory: Memory) -> Reading:
    text = ArticleText(
        title=article["title"],
        paragraphs=tuple(article["html_body_paragraphs"]),
        lang=article["lang"],
        published=datetime.fromisoformat(article["published"]),
        outlet="",
        url="",
    )
    return statements.read(text, memory.rules.gazetteer, article["id"])


def fitted(found: Sequence[Pair]) -> Linear:
    """The model, its scaling folded into its weights."""
    names = tuple(found[0].evidence)
    values = np.array([[pair.evidence[name] for name in names] for pair in found])
    scaler = StandardScaler().fit(values)
    model = LogisticRegression(C=STRENGTH, max_iter=3000)
    model.fit(scaler.transform(values), [pair.same for pair in found])
    row = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - row @ scaler.mean_) - CAUTION
    return Linear(names=names, rows=(tuple(round(float(weight), 5) for weight in row),), bias=(round(bias, 5),))


def leave_out(found: Sequence[Pair]) -> None:
    """Print how well pairs of topics and days not fitted on are told."""
    for fold in range(FOLDS):
        model = fitted([pair for pair in found if pair.fold != fold])
        for name in dict.fromkeys(pair.stream for pair in found):
            held = [pair for pair in found if pair.fold == fold and pair.stream == name]
            said = [model.probabilities(pair.evidence)[0] >= 0.5 for pair in held]
            print(f"fold {fold} {name:11} {len(held):6} pairs, F1 {f1_score([pair.same for pair in held], said):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=SHARED / "bench")
    parser.add_argument("--part", type=float, default=1.0, metavar="SHARE")
    parser.add_argument("--leave-out", action="store_true")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    if not args.bench.exists():
        raise SystemExit(f"{args.bench} is absent: nothing to fit on")
    found: list[Pair] = []
    for stream in streams(args.bench):
        rows = stream.rows[: int(len(stream.rows) * args.part)]
        found += pairs(Stream(name=stream.name, fold=stream.fold, rows=rows))
    print(f"{len(found)} pairs, {sum(pair.same for pair in found)} of one development")
    if args.leave_out:
        leave_out(found)
    if args.write:
        model = fitted(found)
        made = {"by": "benchmarks/public/fit_alike.py", "pairs": len(found), "part": args.part}
        row = {"made": made, "alike": {"names": model.names, "rows": model.rows, "bias": model.bias}}
        FILE.write_text(json.dumps(row, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
