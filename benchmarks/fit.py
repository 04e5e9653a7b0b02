"""Fit the judge's weights from labelled streams and write `watcher/novelty/weights.json`.

    python -m benchmarks.fit [--stream FOLDER ...] [--leave-out] [--write]

`--stream` adds a labelled stream about the bundled storyline that lies elsewhere. `--leave-out` fits on all streams
but one, and replays that one: the figures to believe. `--write` fits on all and writes the file. Needs the extra `fit`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from benchmarks.score import Tally, score
from benchmarks.streams import Labelled, Stream, align, outside_stream, own_streams
from watcher.language import statements
from watcher.novelty.judge import judge
from watcher.novelty.memory import Memory
from watcher.novelty.survey import Survey, alert_evidence, second_round, survey
from watcher.novelty.weights import CLASSES, Linear, Weights
from watcher.records import Finding, Judgement, Reading, Relevance, Verdict

FOLDS = 6
FIRST_STRENGTH, SECOND_STRENGTH, ALERT_STRENGTH, RELEVANCE_STRENGTH = 0.1, 0.1, 0.3, 1.0
WEIGHTS = Path(__file__).parent.parent / "watcher" / "novelty" / "weights.json"
# The recall of alerts that the threshold is set for, on articles the models were not fitted on.
ALERT_RECALL = 0.96
LINKS = 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A surveyed article with its labels, one class number a statement."""

    group: str
    seen: Survey
    classes: tuple[int, ...]
    relevant: bool
    fresh: bool


def examples(stream: Stream) -> Iterator[Example]:
    """Survey a stream in order; what is remembered between is what the labels say was told."""
    memory = Memory(stream.storyline)
    opened = 0
    for article in stream.articles:
        reading = statements.read(article.text, memory.rules.gazetteer, article.id)
        seen = survey(reading, memory)
        labels = align([statement.text for statement in reading.statements], article.labels)
        names = [label.klass if label else "noise" for label in labels]
        if reading.statements:
            yield Example(
                group=f"{stream.name}/{article.id}",
                seen=seen,
                classes=tuple(map(CLASSES.index, names)),
                relevant=article.relevant,
                fresh=article.fresh,
            )
        opened += article.fresh
        memory.remember(reading, _as_labelled(article, reading, seen, names, f"D{opened}" if article.fresh else None))


def _as_labelled(
    article: Labelled, reading: Reading, seen: Survey, names: Sequence[str], development: str | None
) -> Judgement:
    findings = []
    for sight, name in zip(seen.sights, names, strict=True):
        link = sight.links[0].owner if sight.links and sight.links[0].score >= LINKS else None
        findings.append(
            Finding(
                position=sight.statement.position,
                text=sight.statement.text,
                verdict=Verdict.NEW if name == "fresh" else Verdict(name),
                event=link if name == "known" else None,
            )
        )
    return Judgement(
        article=reading.article,
        relevance=Relevance(relevant=article.relevant, reason="labelled"),
        findings=tuple(findings),
        flagged=article.fresh,
        development=development,
    )


def fit(found: Sequence[Example]) -> Weights:
    """Fit all four models; each later one learns from what the earlier say of articles they were not fitted on."""
    inside = [example for example in found if example.relevant]
    groups = [example.group for example in inside for _ in example.classes]
    classes = np.array([c for example in inside for c in example.classes])
    placed = [row for example in inside for row in example.seen.placed]
    first, unseen = _fit_folded(placed, classes, groups, FIRST_STRENGTH)
    second_rows: list[dict[str, float]] = []
    for example, rounds in zip(inside, _by_article(inside, unseen), strict=True):
        second_rows += second_round(example.seen.placed, rounds)
    second, unseen = _fit_folded(second_rows, classes, groups, SECOND_STRENGTH)
    alert_rows = [
        alert_evidence(example.seen, [r[0] for r in rounds])
        for example, rounds in zip(inside, _by_article(inside, unseen), strict=True)
    ]
    fresh = np.array([int(example.fresh) for example in inside])
    names = [example.group for example in inside]
    alert, likely = _fit_folded(alert_rows, fresh, names, ALERT_STRENGTH)
    belonging = [dict(example.seen.belonging.pairs()) for example in found]
    relevant = np.array([int(example.relevant) for example in found])
    relevance, _ = _fit_folded(belonging, relevant, [example.group for example in found], RELEVANCE_STRENGTH)
    return Weights(
        first=first,
        second=second,
        alert=_shifted(alert, _threshold(likely[:, -1], fresh)),
        relevance=relevance,
    )


def _fit_folded(
    rows: Sequence[dict[str, float]], classes: np.ndarray, groups: Sequence[str], strength: float
) -> tuple[Linear, np.ndarray]:
    """One model on everything, and for every row the probabilities of a model fitted without its article."""
    names = tuple(rows[0])
    values = np.array([[row[name] for name in names] for row in rows])
    unseen = np.zeros((len(rows), len(set(classes))))
    for train, test in GroupKFold(FOLDS).split(values, classes, groups):
        scaler, model = _fit(values[train], classes[train], strength)
        unseen[test] = model.predict_proba(scaler.transform(values[test]))
    scaler, model = _fit(values, classes, strength)
    return _folded(names, scaler, model), unseen


def _fit(values: np.ndarray, classes: np.ndarray, strength: float) -> tuple[StandardScaler, LogisticRegression]:
    scaler = StandardScaler().fit(values)
    return scaler, LogisticRegression(C=strength, max_iter=5000).fit(scaler.transform(values), classes)


def _folded(names: tuple[str, ...], scaler: StandardScaler, model: LogisticRegression) -> Linear:
    rows = model.coef_ / scaler.scale_
    bias = model.intercept_ - rows @ scaler.mean_
    return Linear(
        names=names,
        rows=tuple(tuple(round(float(w), 5) for w in row) for row in rows),
        bias=tuple(round(float(b), 5) for b in bias),
    )


def _by_article(found: Sequence[Example], rounds: np.ndarray) -> Iterator[list[tuple[float, ...]]]:
    at = 0
    for example in found:
        yield [tuple(map(float, row)) for row in rounds[at : at + len(example.classes)]]
        at += len(example.classes)


def _threshold(likely: np.ndarray, fresh: np.ndarray) -> float:
    """The confidence at which the wished recall is reached."""
    return float(np.quantile(likely[fresh == 1], 1 - ALERT_RECALL))


def _shifted(model: Linear, threshold: float) -> Linear:
    """The model with its answer moved so that the threshold reads one half."""
    (bias,) = model.bias
    return replace(model, bias=(round(bias - float(np.log(threshold / (1 - threshold))), 5),))


def replayed(stream: Stream, weights: Weights) -> Tally:
    """Judge a stream with some weights and score it."""
    return score(stream, _judged(stream, weights))


def _judged(stream: Stream, weights: Weights) -> Iterator[Judgement]:
    memory = Memory(stream.storyline)
    opened = 0
    for article in stream.articles:
        reading = statements.read(article.text, memory.rules.gazetteer, article.id)
        judgement = judge(reading, memory, weights)
        if judgement.opens:
            opened += 1
            judgement = replace(judgement, development=f"D{opened}")
        memory.remember(reading, judgement)
        yield judgement


def _row(weights: Weights, streams: Sequence[Stream]) -> dict[str, Any]:
    def linear(model: Linear) -> dict[str, Any]:
        return {"names": model.names, "rows": model.rows, "bias": model.bias}

    return {
        "made": {"by": "benchmarks/fit.py", "streams": {stream.name: len(stream.articles) for stream in streams}},
        "first": linear(weights.first),
        "second": linear(weights.second),
        "alert": linear(weights.alert),
        "relevance": linear(weights.relevance),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stream", type=Path, action="append", default=[])
    parser.add_argument("--leave-out", action="store_true")
    parser.add_argument("--errors", default="")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    streams = [*own_streams(), *map(outside_stream, args.stream)]
    found = {stream.name: list(examples(stream)) for stream in streams}
    if args.leave_out:
        for stream in streams:
            others = [example for name, rows in found.items() if name != stream.name for example in rows]
            tally = replayed(stream, fit(others))
            figures = " ".join(f"{name} {value:.3f}" for name, value in tally.figures().items())
            causes = " ".join(f"{cause} {n}/{tally.chances[cause]}" for cause, n in sorted(tally.causes.items()))
            print(f"{stream.name:14} {figures} | false alerts: {causes}")
            if args.errors == stream.name:
                print("\n".join(tally.errors))
    if args.write:
        weights = fit([example for rows in found.values() for example in rows])
        WEIGHTS.write_text(json.dumps(_row(weights, streams), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
