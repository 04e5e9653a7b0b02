"""Fitted trees, taken out of the library that grew them and as `novelty.forest` keeps them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from watcher.novelty.forest import Node, Tree


def grown(model: HistGradientBoostingClassifier, share: float = 1.0) -> Iterator[tuple[Tree, ...]]:
    """For every sum the model makes its trees; each says `share` of what it says in the model."""
    stages = model._predictors  # noqa: SLF001  the fitted trees are to be had no other way
    for trees in zip(*stages, strict=True):
        yield tuple(tuple(_node(node, share) for node in tree.nodes) for tree in trees)


def _node(node: np.void, share: float) -> Node:
    if node["is_leaf"]:
        return (round(share * float(node["value"]), 5),)
    bound = float(f"{node['num_threshold']:.6g}")
    return (int(node["feature_idx"]), bound, int(node["left"]), int(node["right"]))
