"""Learned weights follow a person's taste, leave alone who has none, and judge as the case said they would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from benchmarks.streams import own_streams
from watcher.language import statements
from watcher.novelty import tuning
from watcher.novelty.judge import judge
from watcher.novelty.memory import Memory
from watcher.novelty.survey import Survey, survey
from watcher.novelty.tuning import Case, Figures, Trial
from watcher.novelty.weights import Weights, fingerprint, shipped

STREAM = next(stream for stream in own_streams() if stream.name == "court-case")


@pytest.fixture(scope="module")
def seen() -> list[tuple[Survey, Case]]:
    """Give the articles of a stream that are flagged, as surveyed, with cases that nobody decided."""
    memory, found, opened = Memory(STREAM.storyline), [], 0
    for article in STREAM.articles:
        reading = statements.read(article.text, memory.rules.gazetteer, article.id)
        judgement = judge(reading, memory)
        if judgement.opens:
            opened += 1
            judgement = replace(judgement, development=f"D{opened}")
        if judgement.flagged:
            looked = survey(reading, memory, shipped())
            fresh = {f.position: True for f in judgement.findings if f.verdict == "new"}
            case = tuning.case(looked, shipped(), name=article.id, wanted=None, fixed=None, fresh=fresh)
            found.append((looked, case))
        memory.remember(reading, judgement)
    return found


def decided(cases: list[Case], wants: Callable[[Case], bool], count: int) -> list[Case]:
    """Have a person decide so many developments; the stream tells its stories again when it is at its end."""
    found = []
    for number in range(count):
        one = cases[number % len(cases)]
        wanted = wants(one)
        told = tuple(replace(t, fresh=wanted if t.fresh is not None else None) for t in one.told)
        found.append(replace(one, name=f"{one.name}-{number}", wanted=wanted, told=told))
    return found


def likes_dates(one: Case) -> bool:
    """Tell a person who wants only what opens with something of the last days."""
    return one.seen.whole["lead_fresh_day"] > 0


def test_without_decisions_the_weights_are_the_shipped_ones(seen: list[tuple[Survey, Case]]) -> None:
    """Nothing decided, nothing moved: the weights come back to the last digit."""
    assert tuning.tune([case for _, case in seen], shipped()) == shipped()


def test_few_decisions_move_nearly_nothing(seen: list[tuple[Survey, Case]]) -> None:
    """Three decisions do not turn a verdict on anything else, hundreds of the same taste do."""
    cases = [case for _, case in seen]
    few = tuning.tune(decided(cases[:3], likes_dates, 3), shipped())
    many = tuning.tune(decided(cases, likes_dates, 300), shipped())

    def moved(weights: Weights) -> float:
        return sum(
            abs(tuning.confidence(c, weights, shipped()) - tuning.confidence(c, shipped(), shipped())) for c in cases
        ) / len(cases)

    assert moved(few) < 0.05 < moved(many)


def test_learning_follows_a_taste(seen: list[tuple[Survey, Case]]) -> None:
    """A person whose taste differs gets more of what they want: better on decisions that were not learned from."""
    developments, _ = tuning.try_out(decided([case for _, case in seen], likes_dates, 300), shipped())
    assert developments.is_better
    assert developments.after.precision is not None
    assert developments.before.precision is not None
    assert developments.after.precision > developments.before.precision
    assert developments.after.recall == pytest.approx(1.0, abs=0.1)


def test_dice_have_no_taste(seen: list[tuple[Survey, Case]]) -> None:
    """Decisions that contradict each other hardly ever show a gain on those not learned from: of a dozen times once or
    twice by chance.
    """
    better = 0
    for seed in range(12):
        dice = Random(seed)
        cases = decided([case for _, case in seen], lambda _, dice=dice: dice.random() < 0.5, 80)
        developments, _ = tuning.try_out(cases, shipped())
        better += developments.is_better
    assert better <= 2


def test_what_was_not_learned_from_decides(seen: list[tuple[Survey, Case]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every case that counts in the figures is answered by weights that never saw it nor any later one."""
    cases = decided([case for _, case in seen], likes_dates, 60)
    tune, learned_from = tuning.tune, []

    def watched(taught: list[Case], weights: Weights) -> Weights:
        learned_from.append([one.name for one in taught])
        return tune(taught, weights)

    monkeypatch.setattr(tuning, "tune", watched)
    developments, _ = tuning.try_out(cases, shipped())
    assert [len(names) for names in learned_from] == [10, 20, 30, 40, 50]
    assert all(names == [one.name for one in cases[: len(names)]] for names in learned_from)
    figures = developments.before
    assert figures.right + figures.missed == sum(bool(one.wanted) for one in cases[10:])


def test_the_judge_says_what_the_case_said(seen: list[tuple[Survey, Case]]) -> None:
    """A case and the judge agree on confidence under learned weights."""
    weights = tuning.tune(decided([case for _, case in seen], likes_dates, 100), shipped())
    memory, cases, opened = Memory(STREAM.storyline), {case.name: case for _, case in seen}, 0
    compared = 0
    for article in STREAM.articles:
        reading = statements.read(article.text, memory.rules.gazetteer, article.id)
        if article.id in cases:
            with_learned = judge(reading, memory, weights)
            sure = tuning.confidence(cases[article.id], weights, shipped())
            # what a changed value flags by itself is told as even
            told = max(sure, 0.5) if with_learned.flagged else sure
            assert with_learned.confidence == pytest.approx(told, abs=1e-4)
            compared += with_learned.confidence != 0.5
        judgement = judge(reading, memory)
        if judgement.opens:
            opened += 1
            judgement = replace(judgement, development=f"D{opened}")
        memory.remember(reading, judgement)
    assert compared


def test_enough_is_enough_of_both(seen: list[tuple[Survey, Case]]) -> None:
    """It takes so many decisions, and so many of either kind, that are able to teach."""
    cases = [case for _, case in seen]
    mixed = decided(cases, lambda _: True, tuning.ENOUGH)
    assert not tuning.is_enough(mixed)
    halves = [replace(one, wanted=number % 2 == 0) for number, one in enumerate(mixed)]
    assert tuning.is_enough(halves)
    assert not tuning.is_enough(halves[1:])
    assert not tuning.is_enough([replace(halves[0], teaches=False), *halves[1:]])


def test_a_fixed_case_is_flagged_as_it_is(seen: list[tuple[Survey, Case]]) -> None:
    """What a changed figure flags stays flagged, and what is beside the storyline stays out, whatever is learned."""
    case = replace(seen[0][1], fixed=True)
    silent = replace(shipped(), alert=replace(shipped().alert, bias=(-90.0,)))
    assert tuning.is_flagged(case, silent, shipped())
    assert not tuning.is_flagged(replace(case, fixed=False), shipped(), shipped())


def test_which_statements_are_fresh_follows_the_weights(seen: list[tuple[Survey, Case]]) -> None:
    """Weights that hold everything fresh say so of every statement, and those that hold nothing fresh of none."""
    second = shipped().second
    eager, dull = (
        replace(shipped(), second=replace(second, bias=(second.bias[0] + more, *second.bias[1:]))) for more in (60, -60)
    )
    for _, case in seen:
        every = {told.position for told in case.told}
        assert tuning.fresh_positions(case, eager, shipped()) == every
        assert tuning.fresh_positions(case, shipped(), shipped()) <= every
        assert not tuning.fresh_positions(case, dull, shipped())


def test_a_missed_development_weighs_more() -> None:
    """Four false alerts spared are worth one missed development; no decision changes, no gain."""
    even = Trial(before=Figures(), after=Figures(), gain=0.0, error=0.0)
    assert not even.is_better
    assert not even.is_worse
    assert Figures().precision is None
    assert Figures(right=3, false=1, missed=1).recall == 0.75
    assert not Trial(before=Figures(), after=Figures(), gain=3.0, error=3**0.5).is_better
    assert Trial(before=Figures(), after=Figures(), gain=4.0, error=2.0).is_better


def test_one_worse_answer_is_no_loss() -> None:
    """A single answer more that is wrong is chance; two of them are a loss."""
    assert not Trial(before=Figures(), after=Figures(false=1), gain=-1.0, error=1.0).is_worse
    assert Trial(before=Figures(), after=Figures(false=2), gain=-2.0, error=2**0.5).is_worse


def test_weights_have_a_name() -> None:
    """The same weights have the same fingerprint; the least change gives another."""
    other = replace(shipped(), alert=replace(shipped().alert, bias=(shipped().alert.bias[0] + 1e-6,)))
    assert fingerprint(shipped()) == fingerprint(replace(shipped()))
    assert fingerprint(other) != fingerprint(shipped())
