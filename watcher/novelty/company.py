"""The models where everything is watched: do two articles tell one development, and was a statement heard before?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from watcher.novelty.forest import Forest, trees_of
from watcher.novelty.weights import Linear, model_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The models where everything is watched.

    Two articles tell one development: `pair` sees both alone, `chosen` besides how the other candidates fare, and
    `settled` says of the likeliest whether it is likely enough. `heard`: a statement tells what no earlier one told.
    """

    pair: Forest
    chosen: Forest
    settled: Linear
    heard: Linear


@cache
def alike() -> Company:
    """The models that come with the program (`alike.json`, made by `benchmarks/public/fit_alike.py`)."""
    row = json.loads(resources.files(__package__).joinpath("alike.json").read_text(encoding="utf-8"))
    return Company(
        pair=_forest(row["pair"]),
        chosen=_forest(row["chosen"]),
        settled=model_of(row["settled"]),
        heard=model_of(row["heard"]),
    )


def _forest(row: Mapping[str, Any]) -> Forest:
    return Forest(names=tuple(row["names"]), bias=row["bias"], trees=trees_of(row["trees"]))
