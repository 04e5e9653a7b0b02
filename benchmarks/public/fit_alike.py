"""Fit the models of two articles telling one development: `watcher/novelty/alike.json` and its `common.tsv`.

    python -m benchmarks.public.fit_alike [--leave-out] [--write]

The pairs are those the judge would look at when the public sets are told as streams with everything watched. No topic
of ECB+, block of Wikinews or third of In the news lies in two folds, and pairs of one fold are weighed by a table of
common marks made of the others. `--leave-out` tells the streams of each fold with models fitted on the others: the
figures to believe. `--write` fits on all and writes both files. The sets lie beside the repository; without them there
is nothing to fit. Needs the extra `fit`.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

from benchmarks.models import Recipe, fitted
from benchmarks.public.alike_sentences import Heard, sentences
from benchmarks.public.alike_streams import FOLDS, Stream, reports, streams
from benchmarks.public.clusters import figures
from benchmarks.public.scorers import SHARED
from benchmarks.trees import grow
from watcher.novelty.company import Company
from watcher.novelty.crowd import Candidate, Crowd, alone, among_others, in_company, in_doubt, is_quiet, likeliest
from watcher.novelty.forest import Forest
from watcher.novelty.likeness import RARE, Weigher, kinds, number
from watcher.novelty.weights import Linear, row_of

ROOM = Path(__file__).parents[2] / "watcher" / "novelty"
# A mark of fewer reports than this is not called common.
FEWEST = 3
# In the first two looks every set counts by its pairs times this: Wikinews has one pair where the others have ten.
SHARE = {"ecbplus": 1.0, "dewikinews": 2.0, "itn": 1.0}
# Look-alikes must be told apart when the development is new: every article of these sets is looked at again with all
# reports of its own development left out, and counts so much.
UNTOLD = {"itn": 0.3}
# A wrong join hides a development: where much is told two must be this much likelier than not. In log odds, chosen on
# held-out folds.
CAUTION = 0.3
PAIR = {"max_iter": 120, "learning_rate": 0.08, "max_leaf_nodes": 15, "min_samples_leaf": 60}
CHOSEN = {"max_iter": 80, "learning_rate": 0.08, "max_leaf_nodes": 8, "min_samples_leaf": 40}
SETTLED, HEARD = Recipe(strength=0.3), Recipe(strength=0.02)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A candidate beside an article of a stream, and whether both tell one development."""

    candidate: Candidate
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A stream with, for each article, the candidates it was laid beside."""

    stream: Stream
    looks: tuple[tuple[Look, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The marks of one development: what share of its reports hold each."""

    fold: int
    lang: str
    shares: Mapping[str, float]


def held(bench: Path) -> Iterator[Held]:
    """What the reports of every development hold."""
    for fold, lang, readings in reports(bench):
        found = Counter(mark for reading in readings for mark in {m for bag in kinds(reading).values() for m in bag})
        yield Held(fold=fold, lang=lang, shares={mark: n / len(readings) for mark, n in found.items()})


def common(developments: Iterable[Held], without: int | None = None) -> dict[str, float]:
    """The share of developments whose reports hold a mark, the higher of both languages, leaving out a fold."""
    sums: dict[tuple[str, str], list[float]] = defaultdict(list)
    totals: Counter[str] = Counter()
    for one in developments:
        if one.fold != without:
            totals[one.lang] += 1
            for mark, share in one.shares.items():
                sums[one.lang, mark].append(share)
    rates: dict[str, float] = {}
    for (lang, mark), shares in sums.items():
        if len(shares) >= FEWEST:
            rates[mark] = max(rates.get(mark, 0.0), round(sum(shares) / totals[lang], 3))
    return {mark: rate for mark, rate in sorted(rates.items()) if rate >= 2 * RARE}


def weigher(rates: Mapping[str, float]) -> Weigher:
    """Weigh marks as `likeness.rarity` does, by another table."""
    known = {number(mark): rate for mark, rate in rates.items()}
    return lambda mark: -math.log(min(1.0, known.get(mark, 0.0) + RARE))


def told(stream: Stream, weigh: Weigher) -> Told:
    """Tell a stream and keep what the judge would compare."""
    crowd, looks = Crowd(weigh), []
    for reading, event in zip(stream.readings, stream.events, strict=True):
        seen = crowd.beside(reading)
        looks.append(tuple(Look(candidate=one, same=one.development == event) for one in seen))
        crowd.add(reading, event)
    return Told(stream=stream, looks=tuple(looks))


def forest_of(
    rows: Sequence[Mapping[str, float]], same: Sequence[bool], share: Sequence[float], how: Mapping[str, Any]
) -> Forest:
    """Trees fitted to tell `same` from the rest, as they are kept."""
    names = tuple(rows[0])
    values = np.array([[row[name] for name in names] for row in rows])
    grown = grow(values, same, how, counts=share)
    ((start,), (trees,)) = grown.start, grown.trees
    return Forest(names=names, bias=start, trees=trees)


def pair_model(streams_told: Iterable[Told]) -> Forest:
    """The first look."""
    rows, same, share = [], [], []
    for one in streams_told:
        for looks in one.looks:
            rows += [look.candidate.evidence for look in looks]
            same += [look.same for look in looks]
            share += [SHARE[one.stream.set]] * len(looks)
    model = forest_of(rows, same, share, PAIR)
    return replace(model, bias=round(model.bias - CAUTION, 5))


def chosen_model(streams_told: Iterable[Told], pair: Mapping[int, Forest]) -> Forest:
    """The second look. `pair` has for every fold a first look that was not fitted on it."""
    rows, same, share = [], [], []
    for one in streams_told:
        model, kind = pair[one.stream.fold], one.stream.set
        for looks in one.looks:
            if not looks or not is_quiet(looks[0].candidate):
                continue
            fits = alone([look.candidate for look in looks], model)
            rows += in_company([look.candidate for look in looks], fits)
            same += [look.same for look in looks]
            share += [SHARE[kind]] * len(looks)
            others = [at for at, look in enumerate(looks) if not look.same]
            if kind in UNTOLD and others and len(others) < len(looks):
                rows += in_company([looks[at].candidate for at in others], [fits[at] for at in others])
                same += [False] * len(others)
                share += [SHARE[kind] * UNTOLD[kind]] * len(others)
    return forest_of(rows, same, share, CHOSEN)


def settled_model(streams_told: Iterable[Told], pair: Mapping[int, Forest], chosen: Mapping[int, Forest]) -> Linear:
    """The third look, at every article once. `pair` and `chosen` have for every fold models not fitted on it."""
    rows, same = [], []
    for one in streams_told:
        fold = one.stream.fold
        for looks in one.looks:
            seen = [look.candidate for look in looks]
            if seen and is_quiet(seen[0]):
                fits = among_others(seen, pair[fold], chosen[fold])
                rows.append(in_doubt(seen, fits))
                same.append(looks[likeliest(seen, fits)].same)
    return fitted(rows, np.array(same, dtype=int), SETTLED)


def heard_model(rows: Sequence[Heard]) -> Linear:
    """Whether a statement tells what no earlier one told."""
    return fitted([dict(row.evidence) for row in rows], np.array([row.new for row in rows], dtype=int), HEARD)


def leave_out_heard(rows: Sequence[Heard]) -> None:
    """Print what is said of the sentences of each fold by a model fitted on the others."""
    scores, truths = [], []
    for fold in range(FOLDS):
        model = heard_model([row for row in rows if row.fold != fold])
        ours = [row for row in rows if row.fold == fold]
        scores.append([model.sums(model.values(row.evidence))[0] for row in ours])
        truths.append([row.new for row in ours])
    macro = fmean(f1_score(y, [s >= 0.0 for s in x], average="macro") for x, y in zip(scores, truths, strict=True))
    auc = fmean(roc_auc_score(y, x) for x, y in zip(scores, truths, strict=True))
    print(f"{'ECB+ sentences':22} {FOLDS:3} streams, macroF1 {macro:.3f}, AUC {auc:.3f}")


def retold(stream: Stream, weigh: Weigher, models: Company) -> list[str]:
    """The development each article of a stream is put with, one after the other, as the judge does."""
    crowd, found = Crowd(weigh), []
    for at, reading in enumerate(stream.readings):
        best = next(iter(crowd.alike(reading, models)), None)
        found.append(best.development if best and best.score >= 0.0 else f"D{at}")
        crowd.add(reading, found[-1])
    return found


def leave_out(all_told: Sequence[Told], models: Mapping[int, Company], tables: Mapping[int, Weigher]) -> None:
    """Print what is found in the streams of each fold by models fitted on the others."""
    results: dict[str, list[dict[str, float]]] = defaultdict(list)
    for one in all_told:
        fold = one.stream.fold
        results[one.stream.name].append(figures(one.stream, retold(one.stream, tables[fold], models[fold])))
    for name, rows in results.items():
        means = {
            key: fmean(row[key] for row in rows if key in row) for key in dict.fromkeys(k for r in rows for k in r)
        }
        print(f"{name:22} {len(rows):3} streams, " + ", ".join(f"{key} {mean:.3f}" for key, mean in means.items()))


def write(found: Company, rates: Mapping[str, float]) -> None:
    """Write both files."""
    forests = {"pair": found.pair, "chosen": found.chosen}
    rows: dict[str, Any] = {name: {"names": m.names, "bias": m.bias, "trees": m.trees} for name, m in forests.items()}
    made = {"made": {"by": "benchmarks/public/fit_alike.py"}}
    text = json.dumps(
        made | rows | {"settled": row_of(found.settled), "heard": row_of(found.heard)}, separators=(",", ":")
    )
    (ROOM / "alike.json").write_text(text + "\n", encoding="utf-8")
    head = "! The share of developments whose reports hold a mark; made by benchmarks/public/fit_alike.py\n"
    table = "".join(f"{mark}\t{rate}\n" for mark, rate in rates.items())
    (ROOM / "common.tsv").write_text(head + table, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=SHARED / "bench")
    parser.add_argument("--leave-out", action="store_true")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    if not args.bench.exists():
        raise SystemExit(f"{args.bench} is absent: nothing to fit on")
    developments = list(held(args.bench))
    tables = {fold: weigher(common(developments, fold)) for fold in range(FOLDS)}
    all_told = [told(stream, tables[stream.fold]) for stream in streams(args.bench)]
    of_others = {fold: [one for one in all_told if one.stream.fold != fold] for fold in range(FOLDS)}
    pair = {fold: pair_model(others) for fold, others in of_others.items()}
    chosen = {fold: chosen_model(others, pair) for fold, others in of_others.items()}
    held_out = {
        fold: Company(
            pair=pair[fold],
            chosen=chosen[fold],
            settled=settled_model(others, pair, chosen),
            heard=Linear(names=(), rows=(), bias=()),
        )
        for fold, others in of_others.items()
    }
    rows = list(sentences(args.bench, tables, held_out))
    if args.leave_out:
        leave_out(all_told, held_out, tables)
        leave_out_heard(rows)
    if args.write:
        found = Company(
            pair=pair_model(all_told),
            chosen=chosen_model(all_told, pair),
            settled=settled_model(all_told, pair, chosen),
            heard=heard_model(rows),
        )
        write(found, common(developments))


if __name__ == "__main__":
    main()
