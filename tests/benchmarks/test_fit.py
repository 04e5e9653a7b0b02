"""The fitting of the judge's weights."""

from __future__ import annotations

import random
from types import ModuleType

import pytest

from tests.novelty.told import STORYLINE, read
from watcher.novelty.memory import Memory
from watcher.novelty.survey import alert_evidence, survey
from watcher.novelty.weights import shipped


@pytest.fixture
def fit() -> ModuleType:
    """Give what fits; it loads so much that it is not imported before."""
    pytest.importorskip("sklearn", reason="fitting needs the extra `fit`")
    from benchmarks import fit

    return fit


def test_alerts_are_as_easy_as_articles_as_written_ask_for(fit: ModuleType) -> None:
    """Nearly every fresh article is alerted to; that those of variants look less fresh makes no alert easier."""
    memory, dice = Memory(STORYLINE), random.Random(3)
    seen = survey(read(memory, "a", "Norden paints its ferries", "Norden has chosen blue."), memory, shipped())
    # As written, fresh is what looks rather fresh than known; in variants so is what looks half as fresh.
    looks = {f"s/{at}": dice.random() for at in range(300)}
    looks |= {f"{article}#later": look / 2 for article, look in looks.items()}
    fresh = {article: look > (0.25 if "#" in article else 0.5) for article, look in looks.items()}
    examples = [
        fit.Example(group=article, seen=seen, classes=(0,), relevant=True, fresh=fresh[article]) for article in looks
    ]
    rounds = [[(look, 1.0 - look, 0.0, 0.0)] for look in looks.values()]
    model = fit._fit_alert(examples, rounds, [0.0] * len(looks))

    def alerted(variants: bool) -> float:
        asked = [
            model.probabilities(alert_evidence(seen, own, 0.0))[0] >= 0.5
            for article, own in zip(looks, rounds, strict=True)
            if fresh[article] and ("#" in article) == variants
        ]
        return sum(asked) / len(asked)

    assert alerted(variants=False) == pytest.approx(fit.ALERT_RECALL, abs=0.04)
    assert alerted(variants=True) < 0.5
