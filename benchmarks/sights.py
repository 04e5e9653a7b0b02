"""How the models that look are fitted: whether a statement refers to an event, which of several it is, and whether an
article retells an earlier one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks import models
from benchmarks.models import Growth, Recipe
from watcher.novelty.odds import CLASSES
from watcher.novelty.phrasing import Phrasing
from watcher.novelty.weights import Linear, Sighting

# All of the say is the trees': with weights beside them they choose worse (links .815 instead of .822).
OF_RIVALS = Growth(share=1.0, how={"max_iter": 60, "learning_rate": 0.12, "max_leaf_nodes": 12, "min_samples_leaf": 40})
PAIR, CHOICE = Recipe(strength=0.3), Recipe(strength=0.3, trees=OF_RIVALS)
# Evidence of retelling in which names and words are one: it joins whatever the same actors do on one day.
NAMED = frozenset({"title_in", "lead_in"})
# Of so many pairs that do not belong together one is taken for a pair of a busy day, too.
BUSY = 4
# What evidence of nearness in time comes to when no time lies between.
NEARNESS = {"soon": "words_in", "days": "words_in", "soon_back": "words_back", "days_back": "words_back"}
# What looking goes by before anything is fitted.
_NEAR = Linear(names=("likeness", "covers"), rows=((6.0, 4.0),), bias=(-4.0,))
NEUTRAL = Sighting(
    link=_NEAR,
    choice=_NEAR,
    join=Linear(names=("lead_in", "title_in", "soon"), rows=((4.0, 3.0, 1.0),), bias=(-4.0,)),
    phrasing=Phrasing(bias=(0.0,) * len(CLASSES), weights={}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two things that may belong together, the evidence for it, and whether they do. `known`: a statement labelled so
    and an event or development it may tell.
    """

    evidence: dict[str, float]
    right: bool
    known: bool = False


def fit(links: Sequence[Pair], joins: Sequence[Pair], phrased: Phrasing) -> Sighting:
    """Fit the models that look, beside a phrasing: on statements beside events, and articles beside earlier ones."""
    busy = [_on_a_busy_day(pair) for pair in [pair for pair in joins if not pair.right][::BUSY]]
    return Sighting(
        link=_fit_pairs(links),
        choice=_fit_pairs([pair for pair in links if pair.known], CHOICE),
        join=_fit_pairs([*joins, *busy], left=NAMED),
        phrasing=phrased,
    )


def _on_a_busy_day(pair: Pair) -> Pair:
    """The same two articles, had they appeared within the hour. In the streams what appears together mostly belongs
    together; on the day of a trial it does not.
    """
    near = {name: pair.evidence[of] for name, of in NEARNESS.items()}
    return replace(pair, evidence={**pair.evidence, **near})


def _fit_pairs(pairs: Sequence[Pair], recipe: Recipe = PAIR, left: frozenset[str] = frozenset()) -> Linear:
    right = np.array([int(pair.right) for pair in pairs])
    rows = [{name: value for name, value in pair.evidence.items() if name not in left} for pair in pairs]
    return models.fitted(rows, right, recipe)
