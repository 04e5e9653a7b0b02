"""The models that judge: linear ones, and such as have trees beside them."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.novelty.odds import logistic
from watcher.novelty.weights import Boosted, Linear, fingerprint, model_of, parse_weights, row_of, shipped

# Above one half of `old` the tree speaks for yes where `lead` is high, and against it where it is low.
TREE = ((0, 0.5, 1, 2), (-0.25,), (1, 0.5, 3, 4), (-2.0,), (3.0,))


def boosted(share: float = 1.0) -> Boosted:
    """A model with a product and two equal trees."""
    model = Boosted(
        names=("old", "lead"), rows=((1.0, -1.0, 0.5),), bias=(0.5,), pairs=((0, 1),), trees=((TREE, TREE),)
    )
    return model.scaled(share)


@pytest.mark.parametrize(
    ("old", "lead", "said"), [(0.2, 1.0, -0.25), (0.9, 0.2, -2.0), (0.9, 0.9, 3.0), (0.5, 0.5, -0.25)]
)
def test_what_trees_say_is_added(old: float, lead: float, said: float) -> None:
    """Each tree of a class adds what its leaf says to what the weights say; a bound itself goes to the left."""
    plain = 0.5 + old - lead + 0.5 * old * lead
    (likely,) = boosted().probabilities({"old": old, "lead": lead, "unused": 1.0})
    assert likely == pytest.approx(logistic(plain + 2 * said))


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 3))
def test_a_model_made_stronger_says_all_so_many_times(old: float, lead: float, factor: float) -> None:
    """Scaling multiplies what weights, bias and trees say together."""
    values = boosted().values({"old": old, "lead": lead})
    assert boosted(factor).sums(values) == pytest.approx([factor * one for one in boosted().sums(values)])


@pytest.mark.parametrize("name", ["link", "join", "first", "second", "alert", "relevance", "change"])
def test_a_model_written_and_read_again_is_the_same(name: str) -> None:
    """Nothing is lost on the way through a data file, the trees neither."""
    model = getattr(shipped(), name)
    assert model_of(json.loads(json.dumps(row_of(model)))) == model


def test_what_is_asked_seldom_has_trees() -> None:
    """Rounds, alert, relevance and changes have trees for every class; what is asked of every pair is a plain sum."""
    weights = shipped()
    few = (weights.alert, weights.relevance, weights.change)
    for model, classes in ((weights.first, 4), (weights.second, 4), *((one, 1) for one in few)):
        assert isinstance(model, Boosted)
        assert len(model.trees) == len(model.rows) == classes
    assert type(weights.link) is type(weights.join) is Linear


def test_trees_count_in_the_fingerprint() -> None:
    """Weights that differ in one leaf alone have another name: what was learned for the one is not for the other."""
    weights = shipped()
    texts = {name.name: row_of(getattr(weights, name.name)) for name in fields(weights) if name.name != "phrasing"}
    row = json.loads(json.dumps(texts))
    assert fingerprint(parse_weights(json.dumps(row), weights.phrasing)) == fingerprint(weights)
    leaf = next(node for node in row["alert"]["trees"][0][0] if len(node) == 1)
    leaf[0] += 0.5
    assert fingerprint(parse_weights(json.dumps(row), weights.phrasing)) != fingerprint(weights)
