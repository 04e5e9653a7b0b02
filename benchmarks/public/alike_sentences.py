"""The sentences of ECB+ as labelled evidence: does one tell an event that no earlier sentence of its stream told?"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from benchmarks.public.alike_streams import EVERYTHING, FOLDS, topic_folds, understood
from benchmarks.public.tasks import Row, sentence_articles
from watcher.novelty import heard
from watcher.novelty.company import Company
from watcher.novelty.crowd import Crowd
from watcher.novelty.likeness import Weigher
from watcher.novelty.memory import Memory
from watcher.novelty.survey import survey
from watcher.novelty.weights import shipped
from watcher.records import Finding, Judgement, Reading, Relevance, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The evidence of one sentence, and whether it tells something new."""

    fold: int
    evidence: Mapping[str, float]
    new: bool


def sentences(bench: Path, weigh: Mapping[int, Weigher], models: Mapping[int, Company]) -> Iterator[Heard]:
    """Tell the sentences of every fold as a stream, by tables and models that were not made of it."""
    rows = [json.loads(line) for line in (bench / "ecbplus" / "sents.jsonl").read_text(encoding="utf-8").splitlines()]
    folds = topic_folds(rows)
    for fold in range(FOLDS):
        ours = [row | {"lang": "en"} for row in rows if folds[row["topic"]] == fold and row["events"]]
        memory = Memory(EVERYTHING)
        memory.crowd = Crowd(weigh[fold])
        told: set[str] = set()
        documents = _documents(ours)
        for document, article in zip(documents, sentence_articles(list(chain(*documents))), strict=True):
            reading = understood(article)
            evidence = _tell(reading, memory, models[fold])
            for row in document:
                events = {event["inst"] for event in row["events"]}
                found = [e for s, e in zip(reading.statements, evidence, strict=True) if s.text in row["text"]]
                if found:
                    yield Heard(fold=fold, evidence=found[0], new=bool(events - told))
                told |= events


def _documents(rows: list[Row]) -> list[list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["sent"]):
        found[row["doc"]].append(row)
    names = sorted(found)
    random.Random(0).shuffle(names)
    return [found[name] for name in names]


def _tell(reading: Reading, memory: Memory, models: Company) -> list[dict[str, float]]:
    """The evidence for each statement of an article, which is known from now on."""
    joined = memory.crowd.alike(reading, models)
    sights = survey(reading, memory, shipped()).sights
    evidence = heard.evidence(sights, joined, [False] * len(sights))
    best = joined[0] if joined and joined[0].score >= 0.0 else None
    findings = tuple(
        Finding(position=statement.position, text=statement.text, verdict=Verdict.NEW)
        for statement in reading.statements
    )
    judgement = Judgement(
        article=reading.article,
        relevance=Relevance(relevant=True, reason=""),
        findings=findings,
        flagged=True,
        development=best.development if best else f"D-{reading.article}",
    )
    memory.remember(reading, judgement)
    return evidence
