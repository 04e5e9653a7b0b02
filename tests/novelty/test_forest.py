"""Fitted trees: asked all at once they say what each says when it is walked from its root."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.novelty.forest import Grove, Tree

PIECES = 3
# Few bounds and the same values: evidence often lies on a bound.
NUMBERS = st.sampled_from([-1.0, 0.0, 0.25, 0.5, 1.0])


@st.composite
def trees(draw: st.DrawFn, leaves: int = 64) -> Tree:
    """A tree of any shape, its nodes in the order they were made."""
    nodes: list[tuple[float, ...]] = [(draw(NUMBERS),)]
    for _ in range(draw(st.integers(0, leaves - 1))):
        at = draw(st.sampled_from([at for at, node in enumerate(nodes) if len(node) == 1]))
        nodes[at] = (draw(st.integers(0, PIECES - 1)), draw(NUMBERS), len(nodes), len(nodes) + 1)
        nodes += [(draw(NUMBERS),), (draw(NUMBERS),)]
    return tuple(nodes)  # type: ignore[arg-type]


def walked(tree: Tree, values: list[float]) -> float:
    """What one tree says, node by node."""
    node = tree[0]
    while len(node) != 1:
        which, bound, left, right = node
        node = tree[left if values[which] <= bound else right]
    return node[0]


@pytest.mark.parametrize("leaves", [1, 8, 12, 20, 64])
@given(data=st.data(), values=st.lists(NUMBERS, min_size=PIECES, max_size=PIECES))
def test_all_trees_at_once_say_what_each_says_alone(leaves: int, data: st.DataObject, values: list[float]) -> None:
    """Whatever their shapes, how many there are and to how many sums they belong, also to none."""
    sums = data.draw(st.lists(st.lists(trees(leaves), max_size=4), max_size=3))
    assert Grove(sums).totals(values) == [sum(walked(tree, values) for tree in own) for own in sums]


def test_a_tree_too_large_is_refused() -> None:
    """A tree of more leaves than a number has bits is no model."""
    links = (((0, float(at), 2 * at + 1, 2 * at + 2), (0.0,)) for at in range(64))
    tree: Tree = (*chain.from_iterable(links), (1.0,))
    with pytest.raises(ValueError, match="64 leaves"):
        Grove([[tree]])
