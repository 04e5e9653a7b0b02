"""The fitting of the models where everything is watched, and the figures it prints."""

from __future__ import annotations

from types import ModuleType

import pytest

from benchmarks.public.alike_streams import Stream
from benchmarks.public.clusters import bcubed, figures


@pytest.fixture
def fit() -> ModuleType:
    """Give what fits; it loads so much that it is not imported before."""
    pytest.importorskip("sklearn", reason="fitting needs the extra `fit`")
    from benchmarks.public import fit_alike

    return fit_alike


def stream(*events: str) -> Stream:
    """A stream of empty articles that tell these events; the letter of an event is its topic."""
    return Stream(
        set="ecbplus", name="made up", fold=0, readings=(), events=events, topics=tuple(event[0] for event in events)
    )


def test_everything_right_costs_nothing() -> None:
    """Who names each event by itself makes no mistake by any figure."""
    found = figures(stream("a1", "a2", "a1", "b1"), ["x", "y", "x", "z"])
    assert found == {"new_F1": 1.0, "Cdet": 0.0, "hard_new_R": 1.0, "B3_F1": 1.0}


def test_a_look_alike_taken_for_known_is_a_miss() -> None:
    """The second event of a topic put with the first counts as missed, and as hard."""
    found = figures(stream("a1", "a2", "b1", "b1"), ["x", "x", "z", "z"])
    assert found["hard_new_R"] == 0.0
    assert found["Cdet"] == pytest.approx(1 / 3)
    assert found["new_F1"] == pytest.approx(0.8)


def test_bcubed_is_the_mean_over_articles() -> None:
    """Two of four articles in a cluster too large: precision 3/4, recall 1."""
    assert bcubed(["x", "x", "y", "y"], ["1", "2", "3", "3"]) == pytest.approx(2 * 0.75 / 1.75)


def test_only_what_several_developments_hold_is_common(fit: ModuleType) -> None:
    """A mark of too few developments is not in the table, nor one of the fold left out."""
    held = [fit.Held(fold=fold, lang="en", shares={"often": 1.0, "once": float(fold == 1)}) for fold in (0, 1, 1, 1, 1)]
    assert fit.common([one for one in held if one.shares["once"] == 0.0][: fit.FEWEST]) == {}
    plain = [fit.Held(fold=1, lang="en", shares={"often": 0.5}) for _ in range(fit.FEWEST)]
    assert fit.common([*plain, fit.Held(fold=0, lang="en", shares={"often": 1.0})], without=0) == {"often": 0.5}


def test_written_trees_say_what_the_fitted_ones_said(fit: ModuleType) -> None:
    """A forest as it is kept gives the log odds of the model it was made of, but for rounding, however rows count."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    how = {"max_iter": 20, "max_leaf_nodes": 4, "min_samples_leaf": 5}
    rows = [{"a": float(n % 7), "b": float(n % 11)} for n in range(300)]
    same = [row["a"] > 3 and row["b"] < 6 for row in rows]
    share = [2.0 if n % 3 else 0.5 for n in range(300)]
    values = [list(row.values()) for row in rows]
    library = HistGradientBoostingClassifier(l2_regularization=5.0, early_stopping=False, random_state=0, **how)
    library.fit(values, same, sample_weight=share)
    forest = fit.forest_of(rows, same, share, how)
    assert [forest.log_odds(row) for row in rows] == pytest.approx(library.decision_function(values), abs=1e-3)
