"""Trees, grown by a library and taken out of it as `novelty.forest` keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from watcher.novelty.forest import Node, Tree

RIDGE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """For every sum of a model what it starts from, and its trees. A model of two answers has one sum."""

    start: tuple[float, ...]
    trees: tuple[tuple[Tree, ...], ...]


def grow(
    values: np.ndarray, classes: Sequence[int] | np.ndarray, how: Mapping[str, Any],
    *, share: float = 1.0, counts: Sequence[float] | None = None,
) -> Grown:  # fmt: skip
    """Grow trees. `share` is how much of what they say is kept, `counts` how much each row counts."""
    model = HistGradientBoostingClassifier(l2_regularization=RIDGE, early_stopping=False, random_state=0, **how)
    model.fit(values, classes, sample_weight=counts)
    # Neither is to be had but from inside.
    start, stages = model._baseline_prediction[0], model._predictors  # noqa: SLF001
    return Grown(
        start=tuple(round(share * float(one), 5) for one in start),
        trees=tuple(
            tuple(tuple(_node(node, share) for node in tree.nodes) for tree in trees)
            for trees in zip(*stages, strict=True)
        ),
    )


def _node(node: np.void, share: float) -> Node:
    if node["is_leaf"]:
        return (round(share * float(node["value"]), 5),)
    bound = float(f"{node['num_threshold']:.6g}")
    return (int(node["feature_idx"]), bound, int(node["left"]), int(node["right"]))
