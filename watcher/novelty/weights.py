"""The fitted weights: models over named evidence, kept in `weights.json` (made by `benchmarks/fit.py`)."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from operator import mul
from typing import Any

CLASSES = ("fresh", "known", "background", "noise")


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """An inner node of a tree: values up to the threshold go to `low`, others to `high`. A leaf is its score."""

    place: int
    threshold: float
    low: Split | float
    high: Split | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A multinomial logistic model. `rows` holds one row of weights a class; a model of two answers has one row.

    Weights belong to raw evidence: the scaling of the fit is folded into them. After the evidence by name come the
    products of `pairs`, each two places in `names`: some evidence means another thing beside other evidence.

    Boosted `trees` over the same values, when there are any, tell the first class from all others; its log-odds are
    then the mean of both opinions, and the other classes keep their proportions. `level` is where the trees begin.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]
    pairs: tuple[tuple[int, int], ...] = ()
    trees: tuple[Split, ...] = ()
    level: float = 0.0

    @property
    def say(self) -> float:
        """The part the linear model has in the log-odds of the first class."""
        return 0.5 if self.trees else 1.0

    @property
    def terms(self) -> tuple[str, ...]:
        """What each weight of a row belongs to; a product is written `one*other`."""
        return (*self.names, *(f"{self.names[a]}*{self.names[b]}" for a, b in self.pairs))

    def values(self, evidence: Mapping[str, float]) -> list[float]:
        """The evidence in the order of a row's weights."""
        values = [evidence[name] for name in self.names]
        return values + [values[a] * values[b] for a, b in self.pairs]

    def probabilities(self, evidence: Mapping[str, float]) -> tuple[float, ...]:
        """One probability a class; for a model of two answers the probability of the second alone."""
        values = self.values(evidence)
        sums = [bias + sum(map(mul, row, values)) for row, bias in zip(self.rows, self.bias, strict=True)]
        if len(sums) == 1:
            return (logistic(sums[0]),)
        shares = _softmax(sums)
        return self._heard(shares, values) if self.trees else shares

    def _heard(self, shares: tuple[float, ...], values: Sequence[float]) -> tuple[float, ...]:
        """The shares with the opinion of the trees heard."""
        first, *others = shares
        left = sum(others)
        grown = self.level + sum(_leaf(tree, values) for tree in self.trees)
        ours = logistic(self.say * (math.log(max(first, _LEAST)) - math.log(max(left, _LEAST))) + (1 - self.say) * grown)
        return (ours, *((1.0 - ours) * share / left for share in others))


# A share no smaller than this has a logarithm worth hearing.
_LEAST = 1e-12


def _leaf(tree: Split | float, values: Sequence[float]) -> float:
    while not isinstance(tree, float):
        tree = tree.low if values[tree.place] <= tree.threshold else tree.high
    return tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The models that look: which event a statement refers to, and which earlier article an article retells."""

    link: Linear
    join: Linear


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights(Sighting):
    """Every model of the judge. Each that answers yes or no does so at one half."""

    first: Linear
    second: Linear
    alert: Linear
    relevance: Linear


def parse_weights(text: str) -> Weights:
    """Read the data file."""
    row = json.loads(text)
    return Weights(
        link=_linear(row["link"]),
        join=_linear(row["join"]),
        first=_linear(row["first"]),
        second=_linear(row["second"]),
        alert=_linear(row["alert"]),
        relevance=_linear(row["relevance"]),
    )


@cache
def shipped() -> Weights:
    """The weights that come with the program."""
    return parse_weights(resources.files(__package__).joinpath("weights.json").read_text(encoding="utf-8"))


def fingerprint(weights: Weights) -> str:
    """A short name for exactly these weights."""
    return hashlib.sha256(json.dumps(asdict(weights)).encode()).hexdigest()[:16]


def _linear(row: Mapping[str, Any]) -> Linear:
    names = tuple(row["names"])
    place = {name: at for at, name in enumerate(names)}
    return Linear(
        names=names,
        rows=tuple(tuple(weights) for weights in row["rows"]),
        bias=tuple(row["bias"]),
        pairs=tuple((place[a], place[b]) for a, b in (pair.split("*") for pair in row.get("pairs", ()))),
        trees=tuple(map(_split, row.get("trees", ()))),
        level=row.get("level", 0.0),
    )


def _split(row: Sequence[Any]) -> Split:
    place, threshold, *sides = row
    low, high = (_split(side) if isinstance(side, list) else float(side) for side in sides)
    return Split(place=place, threshold=threshold, low=low, high=high)


def logistic(x: float) -> float:
    """The probability of some log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, x))))


def _softmax(sums: Sequence[float]) -> tuple[float, ...]:
    top = max(sums)
    powers = [math.exp(x - top) for x in sums]
    total = sum(powers)
    return tuple(power / total for power in powers)
