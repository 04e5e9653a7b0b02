"""Fitted trees: a sum of small decision trees over named evidence, for where what one piece says depends on others.

Kept as data: a tree is a list of nodes, a node `[evidence, bound, left, right]` or, at a leaf, `[log odds]`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

# Which evidence, its bound, and the nodes to go on with; or the log odds of a leaf.
Node = tuple[int, float, int, int] | tuple[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """A model of two answers. Each tree sends evidence not above a node's bound to the left."""

    names: tuple[str, ...]
    bias: float
    trees: tuple[tuple[Node, ...], ...]

    def log_odds(self, evidence: Mapping[str, float]) -> float:
        """The log odds of yes: above 0 when yes is likelier."""
        values = [evidence[name] for name in self.names]
        return self.bias + sum(_walk(tree, values) for tree in self.trees)


def _walk(tree: Sequence[Node], values: Sequence[float]) -> float:
    node = tree[0]
    while len(node) != 1:
        which, bound, left, right = node
        node = tree[left if values[which] <= bound else right]
    return node[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The models where everything is watched.

    Two articles tell one development: `pair` sees both alone, `chosen` besides how the other candidates fare. `heard`:
    a statement tells what no earlier one told.
    """

    pair: Forest
    chosen: Forest
    heard: Forest


@cache
def alike() -> Company:
    """The models that come with the program (`alike.json`, made by `benchmarks/public/fit_alike.py`)."""
    row = json.loads(resources.files(__package__).joinpath("alike.json").read_text(encoding="utf-8"))
    return Company(pair=_forest(row["pair"]), chosen=_forest(row["chosen"]), heard=_forest(row["heard"]))


def _forest(row: Mapping[str, Any]) -> Forest:
    return Forest(
        names=tuple(row["names"]),
        bias=row["bias"],
        trees=tuple(tuple(tuple(node) for node in tree) for tree in row["trees"]),
    )
