"""Fit how what is fresh, known, background and noise is phrased: `watcher/novelty/phrasing.json`.

It learns from the labelled sentences of articles on their storyline. Words that only one story has are not learned:
they are names, or its matter.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from benchmarks.streams import Stream
from watcher.novelty import phrasing
from watcher.novelty.phrasing import Phrasing

DATA = Path(phrasing.__file__).parent / "phrasing.json"
STRENGTH = 4.0
# A mark must stand in so many sentences, of so many stories.
LEAST_SENTENCES, LEAST_STORIES = 4, 2
# A mark that weighs less for every class is left away.
LEAST_WEIGHT = 0.2
FOLDS = 4
# Streams that share so many persons tell one story.
SHARED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrased:
    """The marks of a labelled sentence, the number of its class, and the story it is from."""

    marks: frozenset[str]
    klass: int
    story: str


Streams = Mapping[str, Sequence[Phrased]]


def stories(streams: Sequence[Stream]) -> dict[str, str]:
    """For every stream the first that shares persons with it: they tell one story. A single one is a namesake."""
    casts = {
        stream.name: {actor.name for actor in stream.storyline.actors if actor.kind == "person"} for stream in streams
    }
    return {
        name: next((other for other in casts if len(cast & casts[other]) >= SHARED), name)
        for name, cast in casts.items()
    }


def fitted(streams: Streams) -> Phrasing:
    """Fit on the sentences of some streams."""
    sentences = list(chain.from_iterable(streams.values()))
    places = {mark: at for at, mark in enumerate(_learned(streams))}
    model = LogisticRegression(C=STRENGTH, max_iter=400, tol=1e-3)
    model.fit(_table(sentences, places), np.array([one.klass for one in sentences]))
    # Only differences between classes say anything.
    centred = model.coef_ - model.coef_.mean(axis=0)
    rows = {mark: tuple(round(float(w), 2) for w in centred[:, at]) for mark, at in places.items()}
    bias = model.intercept_ - model.intercept_.mean()
    return Phrasing(
        bias=tuple(round(float(b), 3) for b in bias),
        weights={mark: row for mark, row in rows.items() if max(map(abs, row)) >= LEAST_WEIGHT},
    )


def left_out(streams: Streams) -> dict[str, Phrasing]:
    """For every stream a model that saw nothing of it."""
    names = sorted(streams)
    found = {}
    for fold in range(FOLDS):
        model = fitted({name: streams[name] for at, name in enumerate(names) if at % FOLDS != fold})
        found |= dict.fromkeys(names[fold::FOLDS], model)
    return found


def _learned(streams: Streams) -> list[str]:
    counts: Counter[str] = Counter()
    tellers: dict[str, set[str]] = defaultdict(set)
    for one in chain.from_iterable(streams.values()):
        counts.update(one.marks)
        for mark in one.marks:
            tellers[mark].add(one.story)
    return sorted(mark for mark, n in counts.items() if n >= LEAST_SENTENCES and len(tellers[mark]) >= LEAST_STORIES)


def _table(sentences: Sequence[Phrased], places: Mapping[str, int]) -> csr_matrix:
    columns, starts, values = [], [0], []
    for one in sentences:
        known = sorted(places[mark] for mark in one.marks if mark in places)
        columns += known
        values += [1.0 / math.sqrt(len(one.marks))] * len(known)
        starts.append(len(columns))
    return csr_matrix((values, columns, starts), shape=(len(sentences), len(places)))
