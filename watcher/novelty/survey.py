"""One article laid beside everything known: the evidence for each of its statements, and for the article as a whole.

The judge decides on a survey; the fitting of weights looks at the same survey. Two rounds: the first model sees a
statement in its place, the second sees besides what the first thought of its neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from watcher.novelty import evidence
from watcher.novelty.evidence import Sight
from watcher.novelty.memory import Memory, ToldArticle, told_article
from watcher.novelty.odds import CLASSES
from watcher.novelty.retelling import Retold, retold
from watcher.novelty.weights import Sighting
from watcher.policy import relevance
from watcher.records import Reading

Round = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What is seen of an article before anything is decided. `placed` has one row of evidence for each statement."""

    reading: Reading
    title: Sight
    sights: tuple[Sight, ...]
    ours: ToldArticle
    earlier: tuple[Retold, ...]
    whole: dict[str, float]
    placed: tuple[dict[str, float], ...]
    belonging: dict[str, float]


def survey(reading: Reading, memory: Memory, weights: Sighting) -> Survey:
    """Look at every statement alone, find what the article retells, and look at every statement in its place."""
    title = evidence.look(reading.title, reading, memory, weights)
    sights = tuple(evidence.look(statement, reading, memory, weights) for statement in reading.statements)
    ours = told_article(reading, "")
    earlier = retold(reading, [sight.matches for sight in (title, *sights)], ours, memory, weights.join)
    whole = evidence.as_a_whole(sights, title, earlier)
    return Survey(
        reading=reading,
        title=title,
        sights=sights,
        ours=ours,
        earlier=earlier,
        whole=whole,
        placed=tuple(evidence.in_place(at, sights, title, earlier, whole, memory) for at in range(len(sights))),
        belonging={**dict(relevance.weigh(reading, memory.rules).pairs()), **_echoes(sights, earlier)},
    )


def _echoes(sights: Sequence[Sight], earlier: Sequence[Retold]) -> dict[str, float]:
    """How much of an article the storyline has heard before."""
    links = sorted((sight.alone["link"] for sight in sights), reverse=True)
    return {
        "echo": sum(links) / max(1, len(links)),
        "echo_best": sum(links[:3]) / 3,
        "covered": 1.0 - sum(sight.unseen for sight in sights) / max(1, len(sights)),
        "retold": earlier[0].score if earlier else 0.0,
    }


def second_round(placed: Sequence[dict[str, float]], first: Sequence[Round]) -> list[dict[str, float]]:
    """Every statement's evidence with what the first round thought of it, of its neighbours and of the article."""
    fresh = [round_[0] for round_ in first]
    whole = {
        "most_fresh": max(fresh, default=0.0),
        "mean_fresh": sum(fresh) / max(1, len(fresh)),
        "top_fresh": sum(sorted(fresh)[-3:]) / max(1, min(3, len(fresh))),
        "lead_fresh": sum(fresh[:3]) / max(1, len(fresh[:3])),
        "mean_known": sum(round_[1] for round_ in first) / max(1, len(first)),
    }
    so_far = [0.0, *accumulate(fresh, max)]
    to_come = [*reversed([0.0, *accumulate(reversed(fresh), max)])]
    return [
        {
            **row,
            **whole,
            **_neighbours(at, first),
            "earlier_fresh": so_far[at],
            "later_fresh": to_come[at + 1],
            "rank_fresh": fresh[at] / max(1e-9, whole["most_fresh"]),
        }
        for at, row in enumerate(placed)
    ]


_NOBODY: Round = (0.0, 0.0, 0.0, 0.0)


def _neighbours(at: int, first: Sequence[Round]) -> dict[str, float]:
    before = first[at - 1] if at else _NOBODY
    after = first[at + 1] if at + 1 < len(first) else _NOBODY
    own = {f"own_{name}": math.log(p + 1e-3) for name, p in zip(CLASSES, first[at], strict=True)}
    beside = {
        f"{side}_{name}": p
        for side, round_ in (("before", before), ("after", after))
        for name, p in zip(CLASSES, round_, strict=True)
    }
    return {**own, **beside}


def alert_evidence(seen: Survey, fresh: Sequence[float]) -> dict[str, float]:
    """What speaks for an article bringing anything fresh at all. `fresh` are the second round's probabilities."""
    order = sorted(fresh, reverse=True)
    none = 1.0
    for p in fresh:
        none *= 1.0 - 0.9 * p
    return {
        "first_fresh": order[0] if order else 0.0,
        "second_fresh": order[1] if len(order) > 1 else 0.0,
        "three_fresh": sum(order[:3]) / max(1, len(order[:3])),
        "any_fresh": 1.0 - none,
        "mean_fresh": sum(order) / max(1, len(order)),
        **seen.whole,
    }
