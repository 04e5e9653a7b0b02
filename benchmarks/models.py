"""How the models that judge are fitted: linear ones with products of evidence, and trees beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from benchmarks import trees
from benchmarks.variants import source
from watcher.novelty.odds import softmax
from watcher.novelty.weights import Linear, boosted

FOLDS = 6

Pairs = tuple[tuple[str, str], ...]
Row = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How trees are grown beside a linear model, and how much of what is said they have to say."""

    share: float
    how: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a model is made: how freely it fits, which products it knows, and the trees that stand beside it, if any."""

    strength: float
    pairs: Pairs = ()
    trees: Growth | None = None


def crossed(ones: str, others: str) -> Pairs:
    """Every product of two lists of evidence."""
    return tuple((a, b) for a in ones.split() for b in others.split() if a != b)


def fitted(rows: Sequence[Row], classes: np.ndarray, recipe: Recipe) -> Linear:
    """One model on everything."""
    values, shape = _shaped(rows, recipe)
    return _fitted(values, classes, shape, recipe)


def folded(
    rows: Sequence[Row], classes: np.ndarray, groups: Sequence[str], recipe: Recipe, asked: np.ndarray | None = None
) -> tuple[Linear, np.ndarray]:
    """One model on everything, and for every row the probabilities of a model fitted without its article or any variant
    of it.

    `asked` says which rows are only asked about: nothing is learned from them.
    """
    values, shape = _shaped(rows, recipe)
    learned = np.ones(len(rows), dtype=bool) if asked is None else ~asked
    unseen = np.zeros((len(rows), len(set(classes))))
    for train, test in GroupKFold(FOLDS).split(values, classes, list(map(source, groups))):
        taken = train[learned[train]]
        model = _fitted(values[taken], classes[taken], shape, recipe)
        unseen[test] = [_likely(model, row) for row in values[test].tolist()]
    return _fitted(values[learned], classes[learned], shape, recipe), unseen


def _shaped(rows: Sequence[Row], recipe: Recipe) -> tuple[np.ndarray, Linear]:
    """The rows as a table, and a model without weights that says what its columns are."""
    names = tuple(rows[0])
    pairs = tuple((names.index(a), names.index(b)) for a, b in recipe.pairs)
    shape = Linear(names=names, rows=(), bias=(), pairs=pairs)
    return np.array([shape.values(row) for row in rows]), shape


def _likely(model: Linear, values: Sequence[float]) -> tuple[float, ...]:
    """One probability a class, also where the model has but one sum."""
    sums = model.sums(values)
    return softmax((0.0, *sums) if len(sums) == 1 else sums)


def _fitted(values: np.ndarray, classes: np.ndarray, shape: Linear, recipe: Recipe) -> Linear:
    if recipe.trees is None:
        return _linear(values, classes, shape, recipe.strength, 1.0)
    linear = _linear(values, classes, shape, recipe.strength, 1.0 - recipe.trees.share)
    grown = trees.grow(values[:, : len(shape.names)], classes, recipe.trees.how, share=recipe.trees.share)
    bias = tuple(round(one + more, 5) for one, more in zip(linear.bias, grown.start, strict=True))
    return boosted(replace(linear, bias=bias), grown.trees)


def _linear(values: np.ndarray, classes: np.ndarray, shape: Linear, strength: float, share: float) -> Linear:
    """A logistic model; its sums are made smaller to a share. The scaling of the fit is folded into its weights."""
    scaler = StandardScaler().fit(values)
    model = LogisticRegression(C=strength, max_iter=5000).fit(scaler.transform(values), classes)
    rows = model.coef_ / scaler.scale_
    bias = model.intercept_ - rows @ scaler.mean_
    return replace(
        shape,
        rows=tuple(tuple(round(share * float(w), 5) for w in row) for row in rows),
        bias=tuple(round(share * float(b), 5) for b in bias),
    )


def threshold(likely: np.ndarray, right: np.ndarray, recall: float) -> float:
    """The likelihood at which a recall is reached."""
    return float(np.quantile(likely[right == 1], 1 - recall))


def shifted(model: Linear, threshold: float) -> Linear:
    """The model with its answer moved so that the threshold reads one half."""
    (bias,) = model.bias
    return replace(model, bias=(round(bias - float(np.log(threshold / (1 - threshold))), 5),))
