"""The fitted weights: models over named evidence, kept in `weights.json` (made by `benchmarks/fit.py`)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from operator import mul
from typing import Any

from watcher.novelty import forest, phrasing
from watcher.novelty.forest import Grove, Tree
from watcher.novelty.odds import logistic, softmax
from watcher.novelty.phrasing import Phrasing


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A multinomial logistic model. `rows` holds one row of weights a class; a model of two answers has one row.

    Weights belong to raw evidence: the scaling of the fit is folded into them. After the evidence by name come the
    products of `pairs`, each two places in `names`: some evidence means another thing beside other evidence.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]
    pairs: tuple[tuple[int, int], ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """What each weight of a row belongs to; a product is written `one*other`."""
        return (*self.names, *(f"{self.names[a]}*{self.names[b]}" for a, b in self.pairs))

    def values(self, evidence: Mapping[str, float]) -> list[float]:
        """The evidence in the order of a row's weights."""
        values = list(map(evidence.__getitem__, self.names))
        return values + [values[a] * values[b] for a, b in self.pairs]

    def probabilities(self, evidence: Mapping[str, float]) -> tuple[float, ...]:
        """One probability a class; for a model of two answers the probability of the second alone."""
        sums = self.sums(self.values(evidence))
        return (logistic(sums[0]),) if len(sums) == 1 else softmax(sums)

    def scaled(self, factor: float) -> Linear:
        """The model with all it says of each class so many times as strong."""
        rows = tuple(tuple(factor * weight for weight in row) for row in self.rows)
        return replace(self, rows=rows, bias=tuple(factor * bias for bias in self.bias))

    def sums(self, values: Sequence[float]) -> list[float]:
        """What speaks for each class, in log odds."""
        return [bias + sum(map(mul, row, values)) for row, bias in zip(self.rows, self.bias, strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Boosted(Linear):
    """A linear model with small trees beside it, some for each class: they tell where a piece of evidence begins to
    count, and what it means beside others. What they say is added to the row's sum.
    """

    trees: tuple[tuple[Tree, ...], ...]
    _grove: Grove = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_grove", Grove(self.trees))

    def scaled(self, factor: float) -> Boosted:
        """The model with all it says of each class so many times as strong."""
        plain = Linear(names=self.names, rows=self.rows, bias=self.bias, pairs=self.pairs).scaled(factor)
        return boosted(plain, tuple(tuple(forest.scaled(tree, factor) for tree in trees) for trees in self.trees))

    def sums(self, values: Sequence[float]) -> list[float]:
        """What speaks for each class, in log odds."""
        plain = Linear.sums(self, values)
        return [one + more for one, more in zip(plain, self._grove.totals(values), strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The models that look: whether a statement refers to an event, which of several it is when it does, which earlier
    article an article retells, and how a sentence is phrased. The last is the program's own, whatever a person taught
    the others.
    """

    link: Linear
    choice: Linear
    join: Linear
    phrasing: Phrasing


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights(Sighting):
    """Every model of the judge. Each that answers yes or no does so at one half."""

    first: Linear
    second: Linear
    alert: Linear
    relevance: Linear
    change: Linear


def parse_weights(text: str, phrased: Phrasing) -> Weights:
    """Read the data file; the phrasing, which it was fitted to, has one of its own."""
    row = json.loads(text)
    return Weights(
        link=model_of(row["link"]),
        choice=model_of(row["choice"]),
        join=model_of(row["join"]),
        first=model_of(row["first"]),
        second=model_of(row["second"]),
        alert=model_of(row["alert"]),
        relevance=model_of(row["relevance"]),
        change=model_of(row["change"]),
        phrasing=phrased,
    )


@cache
def shipped() -> Weights:
    """The weights that come with the program."""
    text = resources.files(__package__).joinpath("weights.json").read_text(encoding="utf-8")
    return parse_weights(text, phrasing.shipped())


def fingerprint(weights: Weights) -> str:
    """A short name for exactly these weights."""
    linear = (
        weights.link,
        weights.choice,
        weights.join,
        weights.first,
        weights.second,
        weights.alert,
        weights.relevance,
        weights.change,
    )
    told = [*map(row_of, linear), weights.phrasing.version]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def row_of(model: Linear) -> dict[str, Any]:
    """A model as the data file has it."""
    row: dict[str, Any] = {"names": model.names, "rows": model.rows, "bias": model.bias}
    if model.pairs:
        row["pairs"] = model.terms[len(model.names) :]
    if isinstance(model, Boosted):
        row["trees"] = model.trees
    return row


def model_of(row: Mapping[str, Any]) -> Linear:
    """A model from the data file. Raises KeyError, TypeError or ValueError for what is none."""
    names = tuple(row["names"])
    place = {name: at for at, name in enumerate(names)}
    linear = Linear(
        names=names,
        rows=tuple(tuple(map(float, weights)) for weights in row["rows"]),
        bias=tuple(map(float, row["bias"])),
        pairs=tuple((place[a], place[b]) for a, b in (pair.split("*") for pair in row.get("pairs", ()))),
    )
    if "trees" not in row:
        return linear
    try:
        return boosted(linear, tuple(map(forest.trees_of, row["trees"])))
    except (IndexError, RecursionError) as error:
        raise ValueError("a tree leads nowhere") from error


def boosted(linear: Linear, trees: tuple[tuple[Tree, ...], ...]) -> Boosted:
    """A linear model with trees for each of its rows."""
    return Boosted(names=linear.names, rows=linear.rows, bias=linear.bias, pairs=linear.pairs, trees=trees)
