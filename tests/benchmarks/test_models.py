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
    small = models.Growth(share=0.5, how={"max_iter": 60, "learning_rate": 0.12, "max_leaf_nodes": 8})
    for trees in (None, small):
        _, unseen = models.folded(rows, np.array(classes), groups, models.Recipe(strength=1.0, trees=trees))
        shares[trees is None] = float((unseen.argmax(axis=1) == np.array(classes)).mean())
    assert shares[True] < 0.7
    assert shares[False] > 0.95


def test_nothing_is_learned_from_what_is_only_asked_about(models: ModuleType) -> None:
    """Rows only asked about get an answer, whatever class is said of them; the model is the one without them."""
    import numpy as np

    rows, classes, groups = made(400)
    asked = np.array([at % 5 == 0 for at in range(400)])
    wrong = np.where(asked, 1 - np.minimum(classes, 1), classes)
    recipe = models.Recipe(strength=1.0)
    model, unseen = models.folded(rows, wrong, groups, recipe, asked=asked)
    kept = [row for row, left in zip(rows, asked, strict=True) if not left]
    assert model == models.fitted(kept, np.array(classes)[~asked], recipe)
    assert unseen.sum(axis=1) == pytest.approx(np.ones(400))


def test_an_article_is_asked_about_without_its_variants(models: ModuleType) -> None:
    """What only an article and its variant could teach is not known of either: a fold holds both or none."""
    import numpy as np

    articles = [f"s/{at}" for at in range(30)]
    groups = [f"{article}{end}" for article in articles for end in ("", "#later")]
    # Each article has a figure that it shares with nothing but its variant, and one of two classes.
    rows = [{one: float(group.partition("#")[0] == one) for one in articles} for group in groups]
    classes = np.array([at // 2 % 2 for at in range(len(groups))])
    model, unseen = models.folded(rows, classes, groups, models.Recipe(strength=1.0))
    for row, klass, (_, guessed) in zip(rows, classes, unseen, strict=True):
        (known,) = model.probabilities(row)
        assert (known > 0.8) == klass
        assert guessed == pytest.approx(0.5, abs=0.2)


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
        said = forest.Grove(grown.trees).totals(list(row))
        sums = [start + more for start, more in zip(grown.start, said, strict=True)]
        assert softmax(sums) == pytest.approx(tuple(expected), abs=1e-3)
