"""Fitted trees: a sum of small decision trees over named evidence, for where what one piece says depends on others.

Kept as data: a tree is a list of nodes, a node `[evidence, bound, left, right]` or, at a leaf, `[log odds]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Which evidence, its bound, and the nodes to go on with; or the log odds of a leaf.
Node = tuple[int, float, int, int] | tuple[float]
Tree = tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """A model of two answers. Each tree sends evidence not above a node's bound to the left."""

    names: tuple[str, ...]
    bias: float
    trees: tuple[Tree, ...]

    def log_odds(self, evidence: Mapping[str, float]) -> float:
        """The log odds of yes: above 0 when yes is likelier."""
        values = [evidence[name] for name in self.names]
        return self.bias + total(self.trees, values)


def total(trees: Iterable[Tree], values: Sequence[float]) -> float:
    """What trees say together of values, which their nodes name by place."""
    found = 0.0
    for tree in trees:
        node = tree[0]
        while len(node) != 1:
            which, bound, left, right = node
            node = tree[left if values[which] <= bound else right]
        found += node[0]
    return found


def scaled(tree: Tree, factor: float) -> Tree:
    """A tree whose leaves say so many times as much."""
    return tuple((factor * node[0],) if len(node) == 1 else node for node in tree)


def trees_of(rows: Iterable[Iterable[Sequence[Any]]]) -> tuple[Tree, ...]:
    """Trees from a data file."""
    return tuple(tuple(tuple(node) for node in tree) for tree in rows)
