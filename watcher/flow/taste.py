"""A person's taste in use: learned weights are kept, judge, and are given back. Nothing is kept by itself.

The shipped weights are always the prior, also where learned ones are in use: what was learned is learned anew from all
decisions, never piled up. Learned weights that were made for other shipped ones are set aside.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from watcher.errors import StateError, WatcherError
from watcher.novelty.weights import Weights, fingerprint, model_of, row_of
from watcher.store import knowledge, learned
from watcher.store.database import transaction
from watcher.store.learned import Kept

_CORRECTED = ("second", "alert")


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """The weights that judge. `kept` are the learned ones in the state; `set_aside` when they do not count because
    they were made for other shipped weights.
    """

    weights: Weights
    kept: Kept | None
    set_aside: bool


def in_use(db: sqlite3.Connection, storyline_id: int, shipped: Weights) -> InUse:
    """Tell which weights judge a storyline. Raises `StateError` when the learned ones cannot be read."""
    kept = learned.top(db, storyline_id)
    if kept is None:
        return InUse(weights=shipped, kept=None, set_aside=False)
    if kept.made_for != fingerprint(shipped):
        return InUse(weights=shipped, kept=kept, set_aside=True)
    return InUse(weights=_corrected(shipped, kept.models), kept=kept, set_aside=False)


def keep(
    db: sqlite3.Connection, storyline_id: int, weights: Weights, shipped: Weights, *, decisions: int,
    figures: dict[str, Any], now: datetime, forced: bool = False,
) -> Kept:  # fmt: skip
    """Put learned weights to use, from the judge's next article on. `forced` notes that they were not found better."""
    kept = Kept(
        made_for=fingerprint(shipped),
        at=now,
        decisions=decisions,
        forced=forced,
        figures=figures,
        models={name: row_of(getattr(weights, name)) for name in _CORRECTED},
    )
    with transaction(db, durable=True):
        learned.put(db, storyline_id, kept)
        knowledge.turn(db)
    return kept


def revert(db: sqlite3.Connection, storyline_id: int) -> Kept | None:
    """Go back to what judged before the last `keep`. Returns the learned weights that count now, None for the shipped.

    Raises `WatcherError` when nothing was kept.
    """
    with transaction(db, durable=True):
        if learned.take(db, storyline_id) is None:
            raise WatcherError("there are no learned weights to go back from: the shipped ones are in use")
        knowledge.turn(db)
        return learned.top(db, storyline_id)


def _corrected(shipped: Weights, models: Mapping[str, Any]) -> Weights:
    try:
        second, alert = (model_of(models[name]) for name in _CORRECTED)
    except (KeyError, TypeError, ValueError) as error:
        raise StateError(f"the learned weights in the state cannot be read: {error!r}") from error
    return replace(shipped, second=second, alert=alert)
