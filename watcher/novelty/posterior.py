"""The likeliest correction of a yes-or-no model, given what was believed before: logistic, with a Gaussian prior.

Newton's method on plain lists: the problems have some hundred rows and at most a hundred columns, and the program
has no library for numbers. The sum is convex, so the answer does not depend on where it starts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from watcher.novelty.odds import logistic

_STEPS = 50
_STILL = 1e-9
_HALVINGS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answered question: what speaks for yes, what the model said before (a log-odds), what was right, and how
    much that counts.
    """

    values: tuple[float, ...]
    before: float
    right: bool
    weight: float = 1.0


def correct(answers: Sequence[Answer], spreads: Sequence[float]) -> tuple[float, ...]:
    """Find what to add: one number a column, so that the log-odds become `before` + the sum of number times value.

    `spreads` has for each column the standard deviation in which its number is believed to lie around zero: without
    answers nothing is added, and every answer moves it as far as it surprises.
    """
    columns = list(zip(*(answer.values for answer in answers), strict=True)) or [() for _ in spreads]
    pull = [1.0 / (spread * spread) for spread in spreads]
    found = [0.0] * len(spreads)
    for _ in range(_STEPS):
        likely = [logistic(x) for x in _odds(answers, found)]
        missing = [answer.weight * (answer.right - p) for answer, p in zip(answers, likely, strict=True)]
        slope = [sum(map(mul, column, missing)) - f * t for column, f, t in zip(columns, found, pull, strict=True)]
        bend = [answer.weight * p * (1.0 - p) for answer, p in zip(answers, likely, strict=True)]
        step = _solved(_curvature(columns, bend, pull), slope)
        found, moved = _stepped(answers, found, step, pull)
        if moved < _STILL:
            break
    return tuple(found)


def loss(right: bool, odds: float) -> float:
    """The surprise at an answer, in nats, for one who believed in these log-odds of yes."""
    return math.log1p(math.exp(-abs(odds))) + max(0.0, -odds if right else odds)


def _odds(answers: Sequence[Answer], added: Sequence[float]) -> list[float]:
    return [answer.before + sum(map(mul, answer.values, added)) for answer in answers]


def _cost(answers: Sequence[Answer], added: Sequence[float], pull: Sequence[float]) -> float:
    told = sum(answer.weight * loss(answer.right, x) for answer, x in zip(answers, _odds(answers, added), strict=True))
    return told + sum(0.5 * t * f * f for f, t in zip(added, pull, strict=True))


def _stepped(
    answers: Sequence[Answer], found: list[float], step: list[float], pull: list[float]
) -> tuple[list[float], float]:
    """Go the whole step, or half of it, or a quarter ... until the sum is no worse. Returns where, and how far."""
    before = _cost(answers, found, pull)
    size = 1.0
    for _ in range(_HALVINGS):
        there = [f + size * s for f, s in zip(found, step, strict=True)]
        if _cost(answers, there, pull) <= before:
            return there, size * max(map(abs, step), default=0.0)
        size /= 2
    return found, 0.0


def _curvature(columns: Sequence[Sequence[float]], bend: list[float], pull: list[float]) -> list[list[float]]:
    """Give the lower half of the matrix of second derivatives."""
    rows = []
    for at, column in enumerate(columns):
        bent = list(map(mul, column, bend))
        row = [sum(map(mul, bent, other)) for other in columns[: at + 1]]
        row[at] += pull[at]
        rows.append(row)
    return rows


def _solved(lower: list[list[float]], right: list[float]) -> list[float]:
    """Solve a symmetric positive system, given by its lower half (Cholesky)."""
    root: list[list[float]] = []
    for at, row in enumerate(lower):
        done: list[float] = []
        for other in range(at):
            done.append((row[other] - sum(map(mul, done, root[other]))) / root[other][other])
        done.append(math.sqrt(row[at] - sum(map(mul, done, done))))
        root.append(done)
    half: list[float] = []
    for row, value in zip(root, right, strict=True):
        half.append((value - sum(map(mul, half, row))) / row[-1])
    whole = [0.0] * len(right)
    for at in reversed(range(len(right))):
        rest = sum(root[below][at] * whole[below] for below in range(at + 1, len(right)))
        whole[at] = (half[at] - rest) / root[at][at]
    return whole
