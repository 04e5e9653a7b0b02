"""Fit the judge's weights from labelled streams and write `weights.json` and `phrasing.json` in `watcher/novelty`.

    python -m benchmarks.fit [--stream FOLDER ...] [--leave-out] [--write]

`--stream` adds a labelled stream about the bundled storyline that lies elsewhere. `--leave-out` replays every stream
with weights fitted without it and a sixth of the others: whole, from its middle on (`#later`), and with a base that
grows by what it tells (`#accepted`): the figures to believe. Set OMP_NUM_THREADS=1: the problems are small and threads
only wait. `--write` fits on all and writes both files. Needs the extra `fit`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import changes, models, phrasing, sights
from benchmarks.models import Growth, Recipe, crossed
from benchmarks.score import Tally, replayed
from benchmarks.sights import NEUTRAL, Pair
from benchmarks.streams import Label, Labelled, Stream, align, outside_stream, own_streams
from benchmarks.variants import half_way, source, variants
from watcher.language import statements
from watcher.novelty import change
from watcher.novelty.links import candidates, chosen
from watcher.novelty.memory import Memory
from watcher.novelty.odds import CLASSES, logistic, odds
from watcher.novelty.phrasing import marks
from watcher.novelty.survey import Survey, alert_evidence, second_round, survey
from watcher.novelty.weights import Linear, Sighting, Weights, row_of
from watcher.records import Finding, Judgement, Reading, Relevance, Verdict

# Ends the name of a stream that is replayed as if everything were accepted at once.
ACCEPTED = "#accepted"
# `--leave-out` leaves out so many parts of the streams, one after the other.
PARTS = 6
WEIGHTS = Path(__file__).parent.parent / "watcher" / "novelty" / "weights.json"
# The recall of alerts that the threshold is set for, on articles the models were not fitted on.
ALERT_RECALL = 0.97
# A value is told to stand in the place of another from this likelihood on: of statements told so in streams that were
# left out two of three tell just this change, and seven of eight something fresh.
CHANGE_SURE = 0.4
# An article belongs to the storyline from this likelihood on. Left out, .5 lets 60 of 1,080 articles beside it in and
# loses 30 of 3,838 that bring something fresh, .65 lets in 38 and loses 36, .75 30 and 50.
RELEVANT_SURE = 0.65

# Of statements there are enough that trees tell more than weights do; for alerts there are a tenth as many: few small
# ones.
OF_STATEMENTS = Growth(
    share=0.7, how={"max_iter": 120, "learning_rate": 0.08, "max_leaf_nodes": 12, "min_samples_leaf": 40}
)
OF_ARTICLES = Growth(
    share=0.5, how={"max_iter": 60, "learning_rate": 0.12, "max_leaf_nodes": 8, "min_samples_leaf": 40}
)
# Which articles belong is a matter of many weak signs at once: more trees, each split chosen among a part of them.
OF_STORIES = Growth(
    share=0.7,
    how={"max_iter": 200, "learning_rate": 0.06, "max_leaf_nodes": 12, "min_samples_leaf": 40, "max_features": 0.3},
)
OF_VALUES = Growth(share=0.5, how={"max_iter": 80, "learning_rate": 0.1, "max_leaf_nodes": 8, "min_samples_leaf": 30})
# Evidence that means another thing beside other evidence: how much of a statement is unheard of counts otherwise in a
# look back than in a lead. Everything that tells old from new is laid beside everything that tells what is reported.
FIRST = Recipe(
    strength=0.03,
    trees=OF_STATEMENTS,
    pairs=crossed(
        "uncovered unheard link retold_here fresh_day link_covers",
        "retold title_uncovered lead_uncovered lead place old_day old_date coarse_date undated past_happening reported "
        "quote background_marker turn brief length title_explainer linked_share lead_fresh_day sides link_age "
        "amounts_untold link_dates future reads_fresh reads_known reads_background",
    ),
)
SECOND = Recipe(
    strength=0.03,
    trees=OF_STATEMENTS,
    pairs=crossed(
        "own_fresh own_known most_fresh before_fresh lead_fresh",
        "retold lead place uncovered old_date title_explainer linked_share background_marker rank_fresh turn "
        "length fresh_day",
    ),
)
CHANGE = Recipe(
    strength=0.03,
    trees=OF_VALUES,
    pairs=crossed(
        "says_now date close known fresh told unit",
        "link share alike turn contrast now first far headline told_back only coming_day reported future counted ratio "
        "beside agrees title",
    )
    + crossed("told_twice holds_still retold owner_tells", "only unit date close link known fresh told alike headline"),
)
ALERT, RELEVANCE = Recipe(strength=0.05, trees=OF_ARTICLES), Recipe(strength=0.1, trees=OF_STORIES)


Rounds = Sequence[Sequence[tuple[float, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A surveyed article with its labels, one class number a statement. `group` names its stream and itself."""

    group: str
    seen: Survey
    classes: tuple[int, ...]
    relevant: bool
    fresh: bool


@dataclass(slots=True)
class Walk:
    """What one walk over a labelled stream gathers."""

    examples: list[Example]
    links: list[Pair]
    joins: list[Pair]
    changes: list[changes.Case]

    def phrased(self, story: str) -> list[phrasing.Phrased]:
        """The sentences of articles on the storyline."""
        return [
            phrasing.Phrased(marks=marks(sight.statement), klass=klass, story=story)
            for example in self.examples
            if example.relevant
            for sight, klass in zip(example.seen.sights, example.classes, strict=True)
        ]


def walk(stream: Stream, sighting: Sighting) -> Walk:
    """Survey a stream in order; what is remembered between is what the labels say was told."""
    memory = Memory(stream.storyline)
    gathered = Walk(examples=[], links=[], joins=[], changes=[])
    told = _Told()
    for article in stream.articles:
        reading = statements.read(article.text, memory.rules.gazetteer, article.id)
        seen = survey(reading, memory, sighting)
        labels = align([statement.text for statement in reading.statements], article.labels)
        names = [label.klass if label else "noise" for label in labels]
        group = f"{stream.name}/{article.id}"
        if reading.statements:
            gathered.examples.append(
                Example(
                    group=group,
                    seen=seen,
                    classes=tuple(map(CLASSES.index, names)),
                    relevant=article.relevant,
                    fresh=article.fresh,
                )
            )
        gathered.links += _link_pairs(seen, labels, told, memory)
        if article.relevant:
            gathered.changes += changes.cases(group, seen, labels)
            gathered.joins += _join_pairs(article, seen, told)
        development = told.tell(article)
        memory.remember(reading, _as_labelled(article, reading, seen, names, development, sighting.choice))
    return gathered


class _Told:
    """Which development first told an event, and what each article is mainly about."""

    def __init__(self) -> None:
        self.developments: dict[str, str] = {}
        self.main: dict[str, frozenset[str]] = {}

    def tell(self, article: Labelled) -> str | None:
        """Note an article; returns the name of the development it opens."""
        name = f"D{len(self.main) + 1}" if article.fresh else None
        if name:
            self.developments |= dict.fromkeys(article.new_events, name)
        self.main[article.id] = _main(article) | frozenset(article.new_events)
        return name

    def owners(self, events: Sequence[str]) -> frozenset[str]:
        """The ids under which events are remembered."""
        return frozenset(self.developments.get(event, event) for event in events)


def _main(article: Labelled) -> frozenset[str]:
    """The events an article is mainly about: the new ones, else those of its first sentences."""
    if article.new_events:
        return frozenset(article.new_events)
    return frozenset(event for label in article.heads for event in label.events)


def _link_pairs(seen: Survey, labels: Sequence[Label | None], told: _Told, memory: Memory) -> Iterator[Pair]:
    for sight, label in zip(seen.sights, labels, strict=True):
        if label is not None and label.label != "noise":
            # What tells nothing known belongs to nobody: a link must be evidence of retelling, not only a choice.
            right = told.owners(label.events) if label.retells else frozenset()
            for candidate in candidates(sight.statement, sight.marks, sight.matches, seen.reading.published, memory):
                yield Pair(
                    evidence=candidate.evidence,
                    right=candidate.profile.id in right,
                    known=label.label == "known",
                )


def _join_pairs(article: Labelled, seen: Survey, told: _Told) -> Iterator[Pair]:
    main = _main(article)
    for earlier in seen.earlier:
        yield Pair(evidence=earlier.evidence, right=bool(main & told.main[earlier.article.id]))


def _as_labelled(
    article: Labelled, reading: Reading, seen: Survey, names: Sequence[str], development: str | None, choice: Linear
) -> Judgement:
    findings = []
    for sight, name in zip(seen.sights, names, strict=True):
        link = chosen(sight.links, choice) if name == "known" else None
        findings.append(
            Finding(
                position=sight.statement.position,
                text=sight.statement.text,
                verdict=Verdict.NEW if name == "fresh" else Verdict(name),
                event=link.owner if link else None,
            )
        )
    return Judgement(
        article=reading.article,
        relevance=Relevance(relevant=article.relevant, reason="labelled"),
        findings=tuple(findings),
        flagged=article.fresh,
        development=development,
    )


def fit(walks: Sequence[Walk], sighting: Sighting) -> Weights:
    """Fit all models that judge; each later one learns from what the earlier say of articles they were not fitted
    on.
    """
    found = [example for gathered in walks for example in gathered.examples]
    inside = [example for example in found if example.relevant]
    groups = [example.group for example in inside for _ in example.classes]
    classes = np.array([c for example in inside for c in example.classes])
    placed = [row for example in inside for row in example.seen.placed]
    first, unseen = models.folded(placed, classes, groups, FIRST)
    before = list(_by_article(inside, unseen))
    second_rows = [
        row for example, rounds in zip(inside, before, strict=True) for row in second_round(example.seen.placed, rounds)
    ]
    second, unseen = models.folded(second_rows, classes, groups, SECOND)
    cases = [case for gathered in walks for case in gathered.changes]
    change_model, changed = _fit_change(cases, inside, before)
    belonging = [example.seen.belonging for example in found]
    relevant = np.array([int(example.relevant) for example in found])
    relevance = models.shifted(models.fitted(belonging, relevant, RELEVANCE), RELEVANT_SURE)
    return Weights(
        link=sighting.link,
        choice=sighting.choice,
        join=sighting.join,
        phrasing=sighting.phrasing,
        first=first,
        second=second,
        alert=_fit_alert(inside, list(_by_article(inside, unseen)), changed),
        relevance=relevance,
        change=change_model,
    )


def _fit_alert(inside: Sequence[Example], rounds: Rounds, changed: Sequence[float]) -> Linear:
    rows = [alert_evidence(one.seen, own, most) for one, own, most in zip(inside, rounds, changed, strict=True)]
    fresh = np.array([int(example.fresh) for example in inside])
    model, likely = models.folded(rows, fresh, [example.group for example in inside], ALERT)
    # The threshold is set for streams as they were written.
    written = np.array([source(example.group) == example.group for example in inside])
    return models.shifted(model, models.threshold(likely[written, -1], fresh[written], ALERT_RECALL))


def _fit_change(cases: Sequence[changes.Case], inside: Sequence[Example], rounds: Rounds) -> tuple[Linear, list[float]]:
    """The model of changes, and how likely each article tells one, by models that did not see it."""
    opinions = {one.group: own for one, own in zip(inside, rounds, strict=True)}
    rows = [change.with_opinion(case.candidate, opinions[case.group][case.position], case.place) for case in cases]
    right = np.array([int(case.right) for case in cases])
    # A variant tells the same pairs of values once more.
    asked = np.array([case.unsaid or source(case.group) != case.group for case in cases])
    model, likely = models.folded(rows, right, [case.group for case in cases], CHANGE, asked=asked)
    most = dict.fromkeys(opinions, 0.0)
    for case, p in zip(cases, likely[:, -1], strict=True):
        told = 1.0 if change.is_slip(case.candidate) else logistic(odds(p) - odds(CHANGE_SURE))
        most[case.group] = max(most[case.group], told)
    return models.shifted(model, CHANGE_SURE), [most[one.group] for one in inside]


def _by_article(found: Sequence[Example], rounds: np.ndarray) -> Iterator[list[tuple[float, ...]]]:
    at = 0
    for example in found:
        yield [tuple(map(float, row)) for row in rounds[at : at + len(example.classes)]]
        at += len(example.classes)


def _row(weights: Weights, streams: Sequence[Stream]) -> dict[str, Any]:
    return {
        "made": {"by": "benchmarks/fit.py", "streams": {stream.name: len(stream.articles) for stream in streams}},
        "link": row_of(weights.link),
        "choice": row_of(weights.choice),
        "join": row_of(weights.join),
        "first": row_of(weights.first),
        "second": row_of(weights.second),
        "alert": row_of(weights.alert),
        "relevance": row_of(weights.relevance),
        "change": row_of(weights.change),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stream", type=Path, action="append", default=[])
    parser.add_argument("--leave-out", action="store_true")
    parser.add_argument("--errors", default="")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    streams = [*own_streams(), *map(outside_stream, args.stream)]
    neutral = {stream.name: walk(stream, NEUTRAL) for stream in streams}
    if args.leave_out:
        for part in range(PARTS):
            weights = _fitted([one for at, one in enumerate(streams) if at % PARTS != part], neutral)
            for stream in streams[part::PARTS]:
                _report(stream.name, replayed(stream, weights), args.errors)
                if half := half_way(stream):
                    _report(half.name, replayed(half, weights), args.errors)
                    _report(f"{stream.name}{ACCEPTED}", replayed(stream, weights, accepted=True), args.errors)
    if args.write:
        weights = _fitted(streams, neutral)
        row = _row(weights, streams)
        lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(part)}" for name, part in row.items())
        WEIGHTS.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
        phrasing.DATA.write_text(weights.phrasing.written(), encoding="utf-8")


def _fitted(streams: Sequence[Stream], neutral: Mapping[str, Walk]) -> Weights:
    """Fit on some streams: first what looks, then, with another walk that looks so, what judges. Each stream and its
    variants are walked with a phrasing that was learned from others.
    """
    stories = phrasing.stories(streams)
    sentences = {stream.name: neutral[stream.name].phrased(stories[stream.name]) for stream in streams}
    others = phrasing.left_out(sentences)
    looked = [neutral[stream.name] for stream in streams]
    links = [pair for gathered in looked for pair in gathered.links]
    joins = [pair for gathered in looked for pair in gathered.joins]
    sighting = sights.fit(links, joins, phrasing.fitted(sentences))
    walks = [
        walk(one, replace(sighting, phrasing=others[stream.name]))
        for stream in streams
        for one in (stream, *variants(stream))
    ]
    return fit(walks, sighting)


def _report(name: str, tally: Tally, errors_of: str) -> None:
    figures = " ".join(f"{name} {value:.3f}" for name, value in tally.figures().items())
    causes = " ".join(f"{cause} {n}/{tally.chances[cause]}" for cause, n in sorted(tally.causes.items()))
    print(f"{name:14} {figures} | false alerts: {causes}")
    if errors_of == name:
        print("\n".join(tally.errors))


if __name__ == "__main__":
    main()
