"""The fitting of what judges: linear models, and trees beside them."""

from __future__ import annotations

import random
from types import ModuleType

import pytest

from watcher.novelty import forest
from watcher.novelty.odds import softmax

CLASSES = 3


@pytest.fixture
def models() -> ModuleType:
    """Give what fits; it loads so much that it is not imported before."""
    pytest.importorskip("sklearn", reason="fitting needs the extra `fit`")
    from benchmarks import models

    return models


def made(count: int = 1200) -> tuple[list[dict[str, float]], list[int], list[str]]:
    """Rows whose class hangs on whether two of three figures agree, which no sum of the two can tell."""
    dice = random.Random(3)
    # Few enough values that no bound of a tree falls on one.
    rows = [{name: dice.randrange(60) / 60 for name in ("one", "other", "chance")} for _ in range(count)]
    classes = [2 if row["chance"] > 0.9 else int((row["one"] > 0.5) == (row["other"] > 0.5)) for row in rows]
    return rows, classes, [str(at // 4) for at in range(count)]


def test_trees_tell_what_no_sum_tells(models: ModuleType) -> None:
    """Beside a linear model trees know that two agree; what is said of rows left out is right, too."""
    import numpy as np

    rows, classes, groups = made()
    shares = {}
    for trees in (False, True):
        _, unseen = models.folded(rows, np.array(classes), groups, models.Recipe(strength=1.0, trees=trees))
        shares[trees] = float((unseen.argmax(axis=1) == np.array(classes)).mean())
    assert shares[False] < 0.7
    assert shares[True] > 0.95


def test_trees_say_here_what_they_say_in_the_library(models: ModuleType) -> None:
    """The trees as the program keeps them, with the library's first guess, give the library's probabilities."""
    import numpy as np
    from sklearn.ensemble import HistGradientBoostingClassifier

    from benchmarks import trees

    rows, classes, _ = made(400)
    values = np.array([list(row.values()) for row in rows])
    library = HistGradientBoostingClassifier(
        max_iter=20, random_state=0, l2_regularization=trees.RIDGE, early_stopping=False
    ).fit(values, classes)
    grown = trees.grow(values, classes, {"max_iter": 20})
    assert len(grown.trees) == CLASSES
    for row, expected in zip(values[:100], library.predict_proba(values[:100]), strict=True):
        sums = [start + forest.total(tree, list(row)) for start, tree in zip(grown.start, grown.trees, strict=True)]
        assert softmax(sums) == pytest.approx(tuple(expected), abs=1e-3)
