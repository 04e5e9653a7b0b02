"""What a person's decisions teach, measured on decisions it was not made from, and what it would change."""

from __future__ import annotations

from dataclasses import dataclass

from watcher.edges.alert_text import counted
from watcher.flow.hindsight import Hindsight, Seen
from watcher.novelty import tuning
from watcher.novelty.tuning import Trial
from watcher.novelty.weights import Weights

_LEAST_RECALL = 0.9
"""A proposal keeps so much of the recall, or a person has to force it."""
_MORE, _SOME = 1.25, 2
"""It flags at most so many times as many of the last articles, and so many more. Nothing measures what nobody saw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A decided article that learned weights judge otherwise. Confidences before and after."""

    seen: Seen
    flagged: bool
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of an article flagged before and after, that is new in only one of them."""

    seen: Seen
    text: str
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What was learned, measured on decisions it was not made from, and what it would change.

    `concerns` are the reasons why it is better not kept, one sentence each; none when it is better.
    """

    weights: Weights
    developments: Trial
    statements: Trial
    concerns: tuple[str, ...]
    turned: tuple[Turned, ...]
    sentences: tuple[Sentence, ...]
    lately_before: int
    lately_after: int


def taught(hindsight: Hindsight) -> int:
    """How many decisions there are to learn from."""
    return sum(one.case.teaches for one in hindsight.decided)


def propose(hindsight: Hindsight, shipped: Weights) -> Proposal | None:
    """Learn from what was decided; None when it is not enough. Nothing is written."""
    cases = [one.case for one in hindsight.decided]
    if not tuning.is_enough(cases):
        return None
    weights = tuning.tune(cases, shipped)
    developments, statements = tuning.try_out(cases, shipped)
    before = sum(tuning.is_flagged(one.case, shipped, shipped) for one in hindsight.lately)
    after = sum(tuning.is_flagged(one.case, weights, shipped) for one in hindsight.lately)
    both = {one.case.name: one for one in (*hindsight.lately, *hindsight.decided)}.values()
    return Proposal(
        weights=weights,
        developments=developments,
        statements=statements,
        concerns=tuple(_concerns(developments, statements, before, after)),
        turned=tuple(
            sorted((_turned(one, weights, shipped) for one in both if _turns(one, weights, shipped)), key=_rank)
        ),
        sentences=tuple(found for one in both for found in _sentences(one, weights, shipped)),
        lately_before=before,
        lately_after=after,
    )


def _concerns(developments: Trial, statements: Trial, before: int, after: int) -> list[str]:
    found = []
    if developments.is_worse:
        found.append("on decisions it had not seen it does worse than the shipped weights")
    elif not developments.is_better:
        found.append("on decisions it had not seen it is no better than the shipped weights by more than chance")
    old, new = developments.before.recall, developments.after.recall
    if old is not None and new is not None and new < _LEAST_RECALL * old:
        missed = counted(developments.after.missed, "development")
        found.append(f"it would miss {missed} you accepted, more than one in ten")
    if statements.is_worse:
        found.append("it tells new sentences from known ones worse")
    if after > _MORE * before + _SOME:
        found.append(f"it would flag {after} of your last articles where {before} are flagged now")
    return found


def _turns(one: Seen, weights: Weights, shipped: Weights) -> bool:
    return tuning.is_flagged(one.case, weights, shipped) != tuning.is_flagged(one.case, shipped, shipped)


def _turned(one: Seen, weights: Weights, shipped: Weights) -> Turned:
    return Turned(
        seen=one,
        flagged=tuning.is_flagged(one.case, weights, shipped),
        before=tuning.confidence(one.case, shipped, shipped),
        after=tuning.confidence(one.case, weights, shipped),
    )


def _rank(turned: Turned) -> tuple[bool, float, str]:
    """What was decided comes before what was not, and the surest change before the others."""
    return turned.seen.status is None, -abs(turned.after - turned.before), turned.seen.case.name


def _sentences(one: Seen, weights: Weights, shipped: Weights) -> list[Sentence]:
    if not (tuning.is_flagged(one.case, weights, shipped) and tuning.is_flagged(one.case, shipped, shipped)):
        return []
    before = tuning.fresh_positions(one.case, shipped, shipped)
    after = tuning.fresh_positions(one.case, weights, shipped)
    return [Sentence(seen=one, text=one.texts[at], fresh=at in after) for at in sorted(before ^ after)]
