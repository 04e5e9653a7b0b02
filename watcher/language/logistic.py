"""A logistic model over named marks, one table of weights a language: how it is kept and what it says."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

Marks = dict[str, float]
"""What is seen, by name; what is not named is 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Weights by mark, one table a language, and what a case without marks gets. A mark not listed weighs nothing."""

    bias: Mapping[str, float]
    weights: Mapping[str, Mapping[str, float]]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a data file."""
        row = json.loads(text)
        return cls(bias=row["bias"], weights=row["weights"])

    def written(self) -> str:
        """Give the data file, which is the same for the same weights."""
        row = {"bias": self.bias, "weights": self.weights}
        return json.dumps(row, ensure_ascii=False, sort_keys=True, indent=0) + "\n"

    def probability(self, lang: str, marks: Mapping[str, float]) -> float:
        """Tell how likely a case is; 0 in a language without weights."""
        if lang not in self.weights:
            return 0.0
        weights = self.weights[lang]
        total = self.bias[lang] + sum(weights.get(mark, 0.0) * marks[mark] for mark in sorted(marks))
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))
