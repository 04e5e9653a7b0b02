"""One article laid beside everything known: the evidence for each of its statements, and for the article as a whole.

The judge decides on a survey; the fitting of weights looks at the same survey. Two rounds: the first model sees a
statement in its place, the second sees besides what the first thought of its neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from watcher.novelty import change, echoes, evidence
from watcher.novelty.change import Candidate, Change
from watcher.novelty.evidence import Sight, mean
from watcher.novelty.memory import Memory, ToldArticle, told_article
from watcher.novelty.odds import CLASSES, odds
from watcher.novelty.retelling import Retelling, Retold, retold
from watcher.novelty.values import Tellings
from watcher.novelty.weights import Linear, Sighting
from watcher.policy import relevance
from watcher.records import Reading

Round = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What is seen of an article before anything is decided. `placed` has one row of evidence for each statement,
    `changes` the values it may tell in the place of known ones.
    """

    reading: Reading
    title: Sight
    sights: tuple[Sight, ...]
    ours: ToldArticle
    earlier: tuple[Retold, ...]
    whole: dict[str, float]
    placed: tuple[dict[str, float], ...]
    changes: tuple[tuple[Candidate, ...], ...]
    belonging: dict[str, float]


def survey(reading: Reading, memory: Memory, weights: Sighting) -> Survey:
    """Look at every statement alone, find what the article retells, and look at every statement in its place."""
    title = evidence.look(reading.title, reading, memory, weights)
    sights = tuple(evidence.look(statement, reading, memory, weights) for statement in reading.statements)
    ours = told_article(reading, "")
    earlier = retold(reading, [sight.matches for sight in (title, *sights)], ours, memory, weights.join)
    retelling = Retelling.of(earlier)
    whole = evidence.as_a_whole(sights, title, earlier)
    scene = change.Scene(
        memory=memory,
        title=title,
        tellings=Tellings((reading.title, *reading.statements), change.MOST),
        published=reading.published,
        retold=_developments(earlier),
    )
    return Survey(
        reading=reading,
        title=title,
        sights=sights,
        ours=ours,
        earlier=earlier,
        whole=whole,
        placed=tuple(evidence.in_place(at, sights, title, retelling, whole, memory) for at in range(len(sights))),
        changes=tuple(tuple(change.candidates(sight, scene)) for sight in sights),
        belonging={
            **dict(relevance.weigh(reading, memory.rules).pairs()),
            **echoes.weigh(title, sights, whole, memory),
            **memory.precedents.weigh(reading),
        },
    )


def _developments(earlier: Sequence[Retold]) -> dict[str, float]:
    """The developments of the articles that are retold, with the likelihood of the likeliest of each."""
    found: dict[str, float] = {}
    for one in earlier:
        if one.article.development:
            found[one.article.development] = max(one.score, found.get(one.article.development, 0.0))
    return found


def second_round(placed: Sequence[dict[str, float]], first: Sequence[Round]) -> list[dict[str, float]]:
    """Every statement's evidence with what the first round thought of it, of its neighbours and of the article."""
    fresh = [round_[0] for round_ in first]
    whole = {
        "most_fresh": max(fresh, default=0.0),
        "mean_fresh": mean(fresh),
        "top_fresh": sum(sorted(fresh)[-3:]) / max(1, min(3, len(fresh))),
        "lead_fresh": mean(fresh[:3]),
        "mean_known": mean(round_[1] for round_ in first),
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


def likeliest_changes(seen: Survey, first: Sequence[Round], model: Linear) -> tuple[Change | None, ...]:
    """For each statement the change it likeliest tells."""
    last = max(1, len(seen.sights) - 1)
    found = enumerate(zip(seen.changes, first, strict=True))
    return tuple(change.find(candidates, round_, at / last, model) for at, (candidates, round_) in found)


def alert_evidence(seen: Survey, rounds: Sequence[Round], changed: float) -> dict[str, float]:
    """What speaks for an article bringing anything fresh at all. `rounds` are the second ones; `changed` is how likely
    the likeliest change is.
    """
    fresh = [round_[0] for round_ in rounds]
    order = sorted(fresh, reverse=True)
    first, second, third = (*order, 0.0, 0.0, 0.0)[:3]
    none = 1.0
    for p in fresh:
        none *= 1.0 - 0.9 * p
    mean_fresh, mean_known, mean_background, mean_noise = _means(rounds)
    _, opening_known, opening_background, _ = rounds[0] if rounds else _NOBODY
    return {
        "first_fresh": first,
        "second_fresh": second,
        # Between one in a hundred and one in ten lies as much as between one half and certainty.
        "first_odds": odds(first),
        "second_odds": odds(second),
        "third_odds": odds(third),
        "any_odds": odds(1.0 - none),
        "changed": changed,
        "changed_odds": odds(changed),
        "three_fresh": mean(order[:3]),
        "any_fresh": 1.0 - none,
        "mean_fresh": mean_fresh,
        "mean_known": mean_known,
        "mean_background": mean_background,
        "mean_noise": mean_noise,
        "opening_known": opening_known,
        "opening_background": opening_background,
        "freshest_known": rounds[fresh.index(first)][1] if rounds else 0.0,
        **seen.whole,
    }


def _means(rounds: Sequence[Round]) -> Round:
    """What the statements of an article are like on average."""
    return tuple(mean(round_[at] for round_ in rounds) for at in range(len(CLASSES)))
