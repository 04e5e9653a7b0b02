"""Learning from a state: what was decided is laid beside its time, what is kept judges, what is reverted is gone."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import readership
from readership import Years, verdicts

from watcher.config import AlertsConfig
from watcher.errors import WatcherError
from watcher.flow import hindsight, learn, taste
from watcher.flow.explain import known_by
from watcher.flow.hindsight import Hindsight, look_back
from watcher.flow.judge import Judge
from watcher.flow.proposal import propose, taught
from watcher.flow.tally import Tally
from watcher.novelty import tuning
from watcher.novelty.judge import judge
from watcher.novelty.memory import Memory
from watcher.novelty.weights import Weights, shipped
from watcher.records import Judgement, Reading, Status
from watcher.store import developments, knowledge, past
from watcher.store.columns import packed
from watcher.store.database import open_state
from watcher.store.thread import Store


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Years:
    """Give a state of some weeks, decided by a person who wants only what the judge is surer of than of half of it. On
    shorter streams it is sure of nearly all, and what they want is hard to tell.
    """
    return readership.live(
        tmp_path_factory.mktemp("lived") / "state", readership.stream("feud-trial"),
        readership.accept_or_dismiss(readership.wants_what_is_sure),
    )  # fmt: skip


@pytest.fixture
def years(lived: Years, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Years:
    """Give a copy of it."""
    monkeypatch.setattr(hindsight, "LATELY", 8)
    shutil.copytree(lived.folder, tmp_path / "state")
    return replace(lived, folder=tmp_path / "state")


@pytest.fixture(scope="module")
def found(lived: Years) -> Hindsight:
    """Give what a look back at the state finds."""
    with pytest.MonkeyPatch.context() as patch, closing(open_state(lived.folder)) as db:
        patch.setattr(hindsight, "LATELY", 8)
        found = look_back(db, lived.stream.storyline, lived.row, shipped())
        assert not db.in_transaction
        return found


def test_the_past_is_seen_as_it_was(years: Years, found: Hindsight) -> None:
    """Laid beside the knowledge of its day, nearly every decided article is as sure as it was when it was judged."""
    with closing(open_state(years.folder)) as db:
        sure = dict(db.execute("SELECT 'D' || development_id, confidence FROM judgement WHERE opens").fetchall())
    assert len(found.decided) == sum(found.counts.values()) >= tuning.ENOUGH
    assert [one.published for one in found.decided] == sorted(one.published for one in found.decided)
    off = [
        abs(max(0.5, tuning.confidence(one.case, shipped(), shipped())) - sure[one.case.name]) for one in found.decided
    ]
    assert sum(x < 1e-3 for x in off) >= 0.7 * len(off)
    assert max(off) < 0.3


def test_a_taste_is_learned_kept_and_given_back(years: Years, found: Hindsight) -> None:
    """What a person wants more of shows on held-out decisions; kept, it judges; reverted, verdicts are byte for byte
    what they were.
    """
    with closing(open_state(years.folder)) as db:
        proposal = propose(found, shipped())
        assert proposal is not None
        assert proposal.concerns == ()
        trial = proposal.developments
        assert trial.after.false < trial.before.false
        assert trial.after.missed <= 1
        before = _judged_anew(years, db)
        edition = knowledge.edition(db)
        taste.keep(db, years.row, proposal.weights, shipped(), decisions=taught(found), figures={}, now=years.now)
        assert knowledge.edition(db) == edition + 1
        assert taste.in_use(db, years.row, shipped()).weights == proposal.weights
        assert known_by(years.folder, years.stream.storyline, years.now)[1] == proposal.weights
        after = _judged_anew(years, db)
        assert after != before
        assert sum(bool(row[1]) for row in after) < sum(bool(row[1]) for row in before)
        assert taste.revert(db, years.row) is None
        assert taste.in_use(db, years.row, shipped()).weights == shipped()
        assert _judged_anew(years, db) == before


def test_a_running_judge_takes_it_up(years: Years, monkeypatch: pytest.MonkeyPatch) -> None:
    """A judge that is at work judges by what is kept, and again by the shipped weights after a revert, from its next
    article on.
    """
    other, used = replace(shipped(), alert=replace(shipped().alert, bias=(-3.0,))), []

    def watched(reading: Reading, memory: Memory, weights: Weights) -> Judgement:
        used.append(weights)
        return judge(reading, memory, weights)

    monkeypatch.setattr("watcher.flow.judge.judge", watched)
    with closing(open_state(years.folder)) as db:

        async def walk() -> None:
            async with Store(years.folder) as store:
                step = Judge(
                    store, folder=years.folder, storyline=years.stream.storyline, storyline_id=years.row,
                    alerts=AlertsConfig(), clock=lambda: years.now, tally=Tally(),
                )  # fmt: skip
                for change in (lambda: None, lambda: _keep(years, db, other), lambda: taste.revert(db, years.row)):
                    change()
                    (last,) = db.execute("SELECT max(version_id) FROM judgement").fetchone()
                    db.execute("DELETE FROM judgement WHERE version_id = ?", (last,))
                    db.execute("INSERT INTO unjudged VALUES (?, ?)", (years.row, last))
                    assert await step.step(patient=False) == 1

        asyncio.run(walk())
    assert used == [shipped(), other, shipped()]


def test_the_last_word_counts(years: Years) -> None:
    """What is taken back is no decision, a reason may keep one from teaching, and where the text was forgotten there is
    nothing to look back at.
    """
    with closing(open_state(years.folder)) as db:
        count = len(past.decided(db, years.row))
        last = learn.undo(db, years.row, now=years.now)
        assert len(past.decided(db, years.row)) == count - 1
        assert f"D{last.development_id}" not in {one.development for one in past.decided(db, years.row)}
        learn.dismiss(db, years.row, f"D{last.development_id}", now=years.now, reason="irrelevant")
        db.execute("UPDATE version SET paragraphs = ? WHERE id < 7", (packed(()),))
        db.execute("DELETE FROM statement WHERE version_id < 7 AND position > 0")
        found = look_back(db, years.stream.storyline, years.row, shipped())
        one = next(one for one in found.decided if one.development == f"D{last.development_id}")
        assert (one.status, one.case.wanted, one.case.teaches) == (Status.DISMISSED, False, False)
        assert all(told.fresh is None for told in one.case.told)
        assert found.left_out["text forgotten"] >= 1
        assert len(found.decided) + found.left_out.total() == count


def test_what_is_merged_was_known(years: Years) -> None:
    """Sentences of a merged development are known ones; but who merges the first report with a later one does not say
    that the first was no news.
    """
    with closing(open_state(years.folder)) as db:
        for _ in range(12):
            learn.undo(db, years.row, now=years.now)
        first, *others = reversed(developments.every(db, years.row, (Status.OPEN,)))
        event = learn.accept(db, years.row, others[0].name, now=years.now)
        learn.merge(db, years.row, others[1].name, event.id, now=years.now)
        learn.merge(db, years.row, first.name, event.id, now=years.now)
        found = look_back(db, years.stream.storyline, years.row, shipped())
        seen = {one.development: one for one in found.decided}
        merged = seen[others[1].name]
        assert merged.case.wanted is False
        assert {told.fresh for told in merged.case.told} <= {False, None}
        assert first.published < others[0].published
        assert first.name not in seen
        assert found.left_out == {"merged with what was told later": 1}


def test_weights_for_another_release_are_set_aside(years: Years) -> None:
    """Learned weights that correct others than the shipped ones do not judge, and stay where they are."""
    with closing(open_state(years.folder)) as db:
        _keep(years, db, shipped())
        upgraded = replace(shipped(), alert=replace(shipped().alert, bias=(0.0,)))
        used = taste.in_use(db, years.row, upgraded)
        assert (used.weights, used.set_aside) == (upgraded, True)
        assert taste.in_use(db, years.row, shipped()).set_aside is False


def test_reverting_goes_back_one_step(years: Years) -> None:
    """Each revert goes back to what judged before; without anything kept it says so."""
    other = replace(shipped(), alert=replace(shipped().alert, bias=(-3.0,)))
    with closing(open_state(years.folder)) as db:
        _keep(years, db, shipped())
        _keep(years, db, other)
        assert taste.in_use(db, years.row, shipped()).weights == other
        assert taste.revert(db, years.row) is not None
        assert taste.in_use(db, years.row, shipped()).weights == shipped()
        assert taste.revert(db, years.row) is None
        with pytest.raises(WatcherError, match="no learned weights"):
            taste.revert(db, years.row)


def _keep(years: Years, db: sqlite3.Connection, weights: Weights) -> None:
    taste.keep(db, years.row, weights, shipped(), decisions=1, figures={}, now=years.now)


def _judged_anew(years: Years, db: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Have the judge's step judge the last articles again, and leave the state as it was."""
    copy = years.folder.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    db.execute("VACUUM INTO ?", (str(copy / "watcher.db"),))
    with closing(open_state(copy)) as other:
        last = [row[0] for row in other.execute("SELECT version_id FROM judgement ORDER BY id DESC LIMIT 25")]
        for version_id in last:
            other.execute("DELETE FROM judgement WHERE version_id = ?", (version_id,))
            other.execute("INSERT INTO unjudged VALUES (?, ?)", (years.row, version_id))
    anew = replace(years, folder=copy)
    anew.judge()
    anew.judge()
    return verdicts(copy)
