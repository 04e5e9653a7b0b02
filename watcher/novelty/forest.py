"""Fitted trees: a sum of small decision trees over named evidence, for where what one piece says depends on others.

Kept as data: a tree is a list of nodes, a node `[evidence, bound, left, right]` or, at a leaf, `[log odds]`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import accumulate, pairwise
from operator import and_, getitem
from struct import unpack
from typing import Any

# Which evidence, its bound, and the nodes to go on with; or the log odds of a leaf.
Node = tuple[int, float, int, int] | tuple[float]
Tree = tuple[Node, ...]

# How many leaves a tree may have, with what `struct` calls so many bits.
_WIDTHS = {8: "B", 16: "H", 32: "I", 64: "Q"}


class Grove:
    """Trees that belong to one or more sums, all asked at once.

    QuickScorer (Lucchese and others, 2015) on one long integer. Each tree has a field of bits in it, one for each leaf
    from the left. A bound that a value lies above rules out the leaves to its left; what it and all lower bounds of
    the same evidence leave is kept ready. The leaf that a tree reaches is the lowest bit left in its field.
    """

    __slots__ = ("_bounds", "_cuts", "_fields", "_leaves", "_left", "_lowest", "_size", "_whole")

    def __init__(self, sums: Sequence[Sequence[Tree]]) -> None:
        trees = [tree for own in sums for tree in own]
        self._leaves = [{1 << at: said for at, said in enumerate(_leaves(tree))} for tree in trees]
        width = _width(max(map(len, self._leaves), default=1))
        self._fields = f"<{len(trees)}{_WIDTHS[width]}"
        self._size = width * len(trees) // 8
        self._whole = (1 << width * len(trees)) - 1
        self._lowest = sum(1 << width * at for at in range(len(trees)))
        self._cuts = list(pairwise(accumulate((len(own) for own in sums), initial=0)))
        ruled_out: dict[int, dict[float, int]] = defaultdict(lambda: defaultdict(int))
        for at, tree in enumerate(trees):
            for which, bound, leaves in _rulings(tree):
                ruled_out[which][bound] |= leaves << width * at
        self._bounds = {which: sorted(bounds) for which, bounds in ruled_out.items()}
        self._left = [
            list(accumulate((ruled_out[which][bound] for bound in bounds), _without, initial=self._whole))
            for which, bounds in self._bounds.items()
        ]

    def totals(self, values: Sequence[float]) -> list[float]:
        """What the trees of each sum say together of values, which their nodes name by place. A value that is a bound
        goes to the left.
        """
        above = [bisect_left(bounds, values[which]) for which, bounds in self._bounds.items()]
        left = reduce(and_, map(getitem, self._left, above), self._whole)
        reached = left & ~(left - self._lowest)
        fields = unpack(self._fields, reached.to_bytes(self._size, "little"))
        said = list(map(getitem, self._leaves, fields))
        return [sum(said[begin:end]) for begin, end in self._cuts]


def _width(leaves: int) -> int:
    """The bits of a field for so many leaves. Raises ValueError when there are too many."""
    for width in _WIDTHS:
        if leaves <= width:
            return width
    message = f"a tree has {leaves} leaves; more than {width} leaves are too many"
    raise ValueError(message)


def _without(left: int, ruled_out: int) -> int:
    return left & ~ruled_out


def _leaves(tree: Tree, at: int = 0) -> Iterator[float]:
    """What the leaves under a node say, from the left."""
    node = tree[at]
    if len(node) == 1:
        yield node[0]
    else:
        yield from _leaves(tree, node[2])
        yield from _leaves(tree, node[3])


def _rulings(tree: Tree, at: int = 0, before: int = 0) -> Iterator[tuple[int, float, int]]:
    """Each node under one, with the bits of the leaves on its left. `before` leaves stand left of all these."""
    node = tree[at]
    if len(node) != 1:
        which, bound, left, right = node
        count = sum(1 for _ in _leaves(tree, left))
        yield which, bound, ((1 << count) - 1) << before
        yield from _rulings(tree, left, before)
        yield from _rulings(tree, right, before + count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """A model of two answers. Each tree sends evidence not above a node's bound to the left."""

    names: tuple[str, ...]
    bias: float
    trees: tuple[Tree, ...]
    _grove: Grove = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_grove", Grove((self.trees,)))

    def log_odds(self, evidence: Mapping[str, float]) -> float:
        """The log odds of yes: above 0 when yes is likelier."""
        (said,) = self._grove.totals(list(map(evidence.__getitem__, self.names)))
        return self.bias + said


def scaled(tree: Tree, factor: float) -> Tree:
    """A tree whose leaves say so many times as much."""
    return tuple((factor * node[0],) if len(node) == 1 else node for node in tree)


def trees_of(rows: Iterable[Iterable[Sequence[Any]]]) -> tuple[Tree, ...]:
    """Trees from a data file."""
    return tuple(tuple(tuple(node) for node in tree) for tree in rows)
