"""The classes that sentences are told apart by, and how a model's sums become probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence

CLASSES = ("fresh", "known", "background", "noise")

# Beyond this the logistic function is 0 or 1 for all that follows.
_FAR = 60.0
# The least probability told from none.
_LEAST = 1e-3


def logistic(x: float) -> float:
    """The probability of log odds."""
    return 1.0 / (1.0 + math.exp(-max(-_FAR, min(_FAR, x))))


def odds(likely: float) -> float:
    """The log odds of a probability. None is further from one half than one in a thousand."""
    return math.log((likely + _LEAST) / (1.0 - likely + _LEAST))


def softmax(sums: Sequence[float]) -> tuple[float, ...]:
    """Probabilities that add up to 1, one for each sum."""
    top = max(sums)
    powers = [math.exp(x - top) for x in sums]
    total = sum(powers)
    return tuple(power / total for power in powers)
