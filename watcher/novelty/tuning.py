"""A person's taste as a correction of the shipped weights, and what that would have been worth to them.

What is corrected: the level, the scale and the evidence of the alert model, and which evidence makes a statement fresh
in the second round. The shipped weights are the prior: few decisions move nearly nothing, hundreds show. The first
round, relevance, links and joins stay as they are, because what a person decides says too little of them.

Cases are decided developments, in order of publication. Articles that nobody was shown teach nothing: their silence is
the judge's own opinion, and a judge that learns from its own answers only grows surer of its mistakes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import mul

from watcher.novelty.change import most_likely
from watcher.novelty.judge import FRESH_FROM
from watcher.novelty.odds import logistic
from watcher.novelty.posterior import Answer, correct
from watcher.novelty.survey import Round, Survey, alert_evidence, likeliest_changes, second_round
from watcher.novelty.weights import Linear, Weights

MISSED = 4.0
"""So many false alerts weigh as much as one missed development. The shipped threshold is of that order: it was set for
a recall of .96.
"""
ENOUGH, EACH = 30, 8
"""So many decisions, and so many of wanted and of unwanted developments, are the least to learn from: of simulated
persons who want only what the judge is surest of, it was noticed for 4 of 15 after 20 decisions, for 13 of 14 after 30.
"""
RUNS = 6
"""The cases are cut into so many runs; each but the first is answered by what was learned from those before it."""
SURE = 2.0
"""A gain counts from so many standard errors on: by chance alone one in forty trials reaches it."""

# Standard deviations of the prior, in log-odds: how far level and scale, each piece of evidence of an article, and of a
# statement, are believed to lie from the shipped ones. Chosen on simulated persons over the labelled streams.
_LEVEL, _SCALE, _EVIDENCE, _SENTENCE = 1.0, 0.3, 1.0, 0.1
# Log odds run seven times as far as all other evidence, which lies between 0 and 1.
_ODDS = _EVIDENCE / 7
_FRESH = 0
_DIGITS = 6
# A share no smaller than this has a logarithm worth hearing.
_LEAST = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One statement of a case. `odds` are the shipped log-odds of fresh against all else, `others` how the likelihood
    of not being fresh is shared out; `fresh` is what the person's decision says of it, None where it says nothing.
    """

    position: int
    values: tuple[float, ...]
    odds: float
    others: tuple[float, ...]
    fresh: bool | None

    def is_fresh(self, moved: float) -> bool:
        """Whether it is told fresh, with the log-odds of fresh moved so far."""
        return self.odds + moved >= _log_odds(FRESH_FROM)

    def round_(self, moved: float) -> Round:
        """How likely each class is, with the log-odds of fresh moved so far."""
        fresh = logistic(self.odds + moved)
        return (fresh, *((1.0 - fresh) * share for share in self.others))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An article as the judge saw it when it came. `wanted` is what the person decided of it, None for nothing yet.

    `changed` is how likely a known value is told changed. `fixed` is whether it is flagged where the alert model has no
    say: a changed figure flags it, or it is beside the storyline. `teaches` is false for what only counts in the
    figures.
    """

    name: str
    wanted: bool | None
    told: tuple[Told, ...]
    seen: Survey
    changed: float
    fixed: bool | None
    teaches: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How answers fared: wanted and flagged, unwanted and flagged, wanted and not flagged."""

    right: int = 0
    false: int = 0
    missed: int = 0

    @property
    def precision(self) -> float | None:
        """Of what was flagged, the share that was wanted."""
        return self.right / (self.right + self.false) if self.right + self.false else None

    @property
    def recall(self) -> float | None:
        """Of what was wanted, the share that was flagged."""
        return self.right / (self.right + self.missed) if self.right + self.missed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Shipped weights beside learned ones on answers the latter had not seen. `gain` is in false alerts, `error` its
    standard error.
    """

    before: Figures
    after: Figures
    gain: float
    error: float

    @property
    def is_better(self) -> bool:
        """Whether the gain is more than chance."""
        return self.gain > 0 and self.gain >= SURE * self.error

    @property
    def is_worse(self) -> bool:
        """Whether the loss is more than one answer's chance."""
        return -self.gain > self.error


def case(
    seen: Survey, weights: Weights, *, name: str, wanted: bool | None, fixed: bool | None,
    fresh: Mapping[int, bool], teaches: bool = True,
) -> Case:  # fmt: skip
    """Make a case of a survey. `weights` are the shipped ones; `fresh` says by position what is known of statements."""
    first = [weights.first.probabilities(row) for row in seen.placed]
    rounds = second_round(seen.placed, first)
    changed = most_likely(likeliest_changes(seen, first, weights.change))
    names = columns(weights)
    told = []
    for sight, row in zip(seen.sights, rounds, strict=True):
        round_ = weights.second.probabilities(row)
        odds = _log_odds(round_[_FRESH])
        position = sight.statement.position
        told.append(
            Told(
                position=position,
                values=tuple(row[column] for column in names),
                odds=odds,
                others=_shared_out(round_[_FRESH + 1 :]),
                fresh=fresh.get(position),
            )
        )
    # The alert model looks at the whole alone; what the rest holds on to would be the memory of that day.
    whole = replace(seen, sights=(), earlier=(), placed=(), changes=())
    return Case(
        name=name, wanted=wanted, told=tuple(told), seen=whole, changed=changed, fixed=fixed,
        teaches=teaches and bool(told),
    )  # fmt: skip


def columns(weights: Weights) -> tuple[str, ...]:
    """The evidence of the second round that may be corrected: what is seen of a statement itself."""
    whole = set(weights.alert.names)
    return tuple(name for name in weights.second.names if name in weights.first.names and name not in whole)


def is_enough(cases: Sequence[Case]) -> bool:
    """Whether there is enough to learn from."""
    taught = [one.wanted for one in cases if one.teaches and one.wanted is not None]
    return len(taught) >= ENOUGH and min(taught.count(True), taught.count(False)) >= EACH


def tune(cases: Sequence[Case], weights: Weights) -> Weights:
    """Correct the shipped weights by what was decided. Without decisions they come back as they are."""
    taught = [one for one in cases if one.teaches and one.wanted is not None]
    tuned = replace(weights, second=_tuned_second(taught, weights))
    return replace(tuned, alert=_tuned_alert(taught, weights, tuned))


def confidence(one: Case, weights: Weights, shipped: Weights) -> float:
    """How sure weights that `tune` made are that the case brings anything fresh; as the judge says it."""
    if not one.told:
        return 0.0
    return weights.alert.probabilities(_alert_row(one, _shift(weights, shipped)))[0]


def is_flagged(one: Case, weights: Weights, shipped: Weights) -> bool:
    """Whether weights that `tune` made flag the case."""
    return one.fixed if one.fixed is not None else confidence(one, weights, shipped) >= 0.5


def fresh_positions(one: Case, weights: Weights, shipped: Weights) -> frozenset[int]:
    """The statements that weights `tune` made hold fresh, where the article is flagged."""
    shift = _shift(weights, shipped)
    return frozenset(told.position for told in one.told if told.is_fresh(_moved(told, shift)))


def try_out(cases: Sequence[Case], shipped: Weights) -> tuple[Trial, Trial]:
    """Answer each run of the cases, but the first, with what was learned from those before it.

    The first trial is of developments, the second of their statements.
    """
    whole: list[tuple[bool, bool, bool]] = []
    parts: list[tuple[bool, bool, bool]] = []
    decided = [one for one in cases if one.wanted is not None]
    for start, end in _runs(len(decided)):
        learned = tune(decided[:start], shipped)
        shift, none = _shift(learned, shipped), _shift(shipped, shipped)
        for one in decided[start:end]:
            assert one.wanted is not None
            whole.append((one.wanted, is_flagged(one, shipped, shipped), is_flagged(one, learned, shipped)))
            parts += [
                (told.fresh, told.is_fresh(_moved(told, none)), told.is_fresh(_moved(told, shift)))
                for told in one.told
                if told.fresh is not None
            ]
    return _trial(whole), _trial(parts)


def _runs(count: int) -> Iterator[tuple[int, int]]:
    for run in range(1, RUNS):
        start, end = count * run // RUNS, count * (run + 1) // RUNS
        if start < end:
            yield start, end


def _trial(answers: Sequence[tuple[bool, bool, bool]]) -> Trial:
    """Compare answers: what was right, what was said before and after."""
    gains = [(before != after) * (1.0 if after == right else -1.0) * (MISSED if right else 1.0)
             for right, before, after in answers]  # fmt: skip
    return Trial(
        before=_figures([(right, before) for right, before, _ in answers]),
        after=_figures([(right, after) for right, _, after in answers]),
        gain=sum(gains),
        error=math.sqrt(sum(gain * gain for gain in gains)),
    )


def _figures(answers: Sequence[tuple[bool, bool]]) -> Figures:
    return Figures(
        right=answers.count((True, True)), false=answers.count((False, True)), missed=answers.count((True, False))
    )


# -- the second round --------------------------------------------------------------------------------------------------


def _tuned_second(taught: Sequence[Case], weights: Weights) -> Linear:
    """Shift what makes a statement fresh. The level is left to the alert model: it is fitted, and then left out, so
    that a person who wants most of what is flagged does not make every sentence a little fresher.
    """
    answers = [
        Answer(values=(1.0, *told.values), before=told.odds, right=told.fresh, weight=1.0 / _count(one))
        for one in taught
        for told in one.told
        if told.fresh is not None
    ]
    if len({answer.right for answer in answers}) < 2:
        return weights.second
    middle = [sum(column) / len(answers) for column in zip(*(answer.values for answer in answers), strict=True)]
    centred = [
        replace(answer, values=(1.0, *(v - m for v, m in zip(answer.values[1:], middle[1:], strict=True))))
        for answer in answers
    ]
    _, *added = correct(centred, (_LEVEL, *(_SENTENCE for _ in middle[1:])))
    by_name = dict(zip(columns(weights), added, strict=True))
    model = weights.second
    row = tuple(_round(w + by_name.get(name, 0.0)) for name, w in zip(model.terms, model.rows[_FRESH], strict=True))
    level = _round(model.bias[_FRESH] - sum(map(mul, added, middle[1:])))
    return replace(model, rows=(row, *model.rows[1:]), bias=(level, *model.bias[1:]))


def _count(one: Case) -> int:
    """How many statements of a case have an answer: together they count as one, because one decision gave them."""
    return sum(told.fresh is not None for told in one.told)


def _shared_out(others: Round) -> Round:
    """Each one's share of all."""
    total = max(sum(others), _LEAST)
    return tuple(p / total for p in others)


def _log_odds(likely: float) -> float:
    return math.log(max(likely, _LEAST)) - math.log(max(1.0 - likely, _LEAST))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shift:
    """What tuned weights add to the log-odds of fresh: a level, and a number for each column."""

    level: float
    added: tuple[float, ...]


def _shift(weights: Weights, shipped: Weights) -> _Shift:
    by_name = {
        name: new - old
        for name, new, old in zip(
            shipped.second.terms, weights.second.rows[_FRESH], shipped.second.rows[_FRESH], strict=True
        )
    }
    return _Shift(
        level=weights.second.bias[_FRESH] - shipped.second.bias[_FRESH],
        added=tuple(by_name[name] for name in columns(shipped)),
    )


def _moved(told: Told, shift: _Shift) -> float:
    moved: float = shift.level + sum(map(mul, told.values, shift.added))
    return moved


# -- the alert ---------------------------------------------------------------------------------------------------------


def _tuned_alert(taught: Sequence[Case], shipped: Weights, tuned: Weights) -> Linear:
    """Correct level, scale and evidence. A wanted development counts as much more as missing it costs more."""
    model, shift = shipped.alert, _shift(tuned, shipped)
    answers = []
    for one in taught:
        assert one.wanted is not None
        row = _alert_row(one, shift)
        values = tuple(model.values(row))
        (before,) = model.sums(values)
        weight = 2.0 * (MISSED if one.wanted else 1.0) / (1.0 + MISSED)
        answers.append(Answer(values=(1.0, before, *values), before=before, right=one.wanted, weight=weight))
    level, scale, *added = correct(answers, (_LEVEL, _SCALE, *map(_spread, model.terms)))
    grown = model.scaled(1.0 + scale)
    return replace(
        grown,
        rows=(tuple(_round(w + a) for w, a in zip(grown.rows[0], added, strict=True)),),
        bias=(_round(grown.bias[0] + level),),
    )


def _spread(term: str) -> float:
    return _ODDS if term.endswith("_odds") else _EVIDENCE


def _alert_row(one: Case, shift: _Shift) -> dict[str, float]:
    return alert_evidence(one.seen, [told.round_(_moved(told, shift)) for told in one.told], one.changed)


def _round(weight: float) -> float:
    return round(weight, _DIGITS)
