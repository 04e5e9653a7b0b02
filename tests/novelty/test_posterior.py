"""The likeliest correction of a model: nothing without answers, the truth with many, and the same every time."""

from __future__ import annotations

import math
from random import Random

import pytest

from watcher.novelty.posterior import Answer, correct, loss


def answers(count: int, slope: float, *, before: float = 0.0, seed: int = 1) -> list[Answer]:
    """Draw answers whose log-odds are `slope` times the first of two values."""
    dice = Random(seed)
    drawn = []
    for _ in range(count):
        values = (dice.gauss(0, 1), dice.gauss(0, 1))
        right = dice.random() < 1 / (1 + math.exp(-slope * values[0]))
        drawn.append(Answer(values=values, before=before, right=right))
    return drawn


def test_without_answers_nothing_is_corrected() -> None:
    """The prior alone gives back what was believed before."""
    assert correct([], (1.0, 2.0)) == (0.0, 0.0)


def test_few_answers_move_little_and_many_find_the_truth() -> None:
    """The correction grows with the answers towards what made them; what had no part in it stays near nothing."""
    few, many = correct(answers(4, 2.0), (0.3, 0.3)), correct(answers(3000, 2.0), (1.0, 1.0))
    assert abs(few[0]) < 0.3
    assert many[0] == pytest.approx(2.0, abs=0.2)
    assert abs(many[1]) < 0.15


def test_it_is_the_lowest_point() -> None:
    """No step away from the answer makes the whole surprise, with what the prior asks, any less."""
    told, spreads = answers(200, 1.0, before=0.4), (0.5, 0.7)

    def cost(added: tuple[float, ...]) -> float:
        odds = [a.before + sum(v * f for v, f in zip(a.values, added, strict=True)) for a in told]
        surprise = sum(a.weight * loss(a.right, x) for a, x in zip(told, odds, strict=True))
        return surprise + sum((f / s) ** 2 / 2 for f, s in zip(added, spreads, strict=True))

    found = correct(told, spreads)
    least = cost(found)
    for way in ((1e-3, 0.0), (-1e-3, 0.0), (0.0, 1e-3), (0.0, -1e-3)):
        assert cost((found[0] + way[0], found[1] + way[1])) > least
    assert correct(told, spreads) == found


def test_answers_that_are_all_alike_do_not_run_away() -> None:
    """Where every answer is yes the prior bounds the correction, and a column that never varies does no harm."""
    told = [Answer(values=(1.0, 0.0), before=3.0, right=True) for _ in range(500)]
    level, idle = correct(told, (1.0, 1.0))
    assert 0 < level < 4
    assert idle == 0.0


def test_surprise_is_finite_for_the_most_certain() -> None:
    """A certainty that was wrong costs its log-odds, not infinity."""
    assert loss(right=False, odds=800.0) == pytest.approx(800.0)
    assert loss(right=True, odds=800.0) == pytest.approx(0.0)
