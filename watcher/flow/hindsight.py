"""Looking back: what was decided, laid once more beside the knowledge as it stood when the article came.

What the base gained later and what later articles told is not known yet at that place, so the evidence is what the
judge saw.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.flow.memories import WINDOW
from watcher.novelty import tuning
from watcher.novelty.memory import Memory
from watcher.novelty.semantics import Likeness
from watcher.novelty.survey import survey
from watcher.novelty.tuning import Case
from watcher.novelty.weights import Weights
from watcher.policy.grounds import Ground, ground
from watcher.policy.relevance import assess
from watcher.records import Status, Storyline, Verdict
from watcher.store import past
from watcher.store.knowledge import Judged
from watcher.store.past import Decided, Gain, Turn

AT_MOST = 500
"""So many decisions count, the latest: what a person wants drifts, and each takes a tenth of a second."""
LATELY = 100
"""Over so many of the last articles is shown how often the watcher would speak."""

# The judge builds its memory anew whenever a person decided something. Here that would take most of the time, so it is
# done after some days of articles, or some decisions; in between what comes is added to the memory as it is.
_REBUILT_DAYS = timedelta(days=7)
_REBUILT_GAINS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An article looked back at. `development` is what it opened, `status` how that stands; `texts` are its sentences
    by position.
    """

    case: Case
    headline: str
    published: datetime
    development: str | None
    status: Status | None
    texts: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """What was decided and can be laid beside its time, and the last articles, decided or not; oldest first.

    `counts` tells how many developments stand in each status a person gave, `left_out` how many of them cannot be
    looked back at, by the reason.
    """

    decided: tuple[Seen, ...]
    lately: tuple[Seen, ...]
    counts: Counter[str]
    left_out: Counter[str]


def look_back(
    db: sqlite3.Connection, storyline: Storyline, storyline_id: int, shipped: Weights, likeness: Likeness | None = None
) -> Hindsight:
    """Lay decided articles, and the last ones, beside what was known when they came. Writes nothing.

    `likeness` is the sentence encoder the judge has, if any.

    The whole look is at one moment of the state: a daemon may go on writing.
    """
    db.execute("BEGIN")
    try:
        return _Look(db, storyline, storyline_id, shipped, likeness).whole()
    finally:
        db.execute("ROLLBACK")


class _Look:
    """One look back, with the memory that grows in it."""

    def __init__(
        self, db: sqlite3.Connection, storyline: Storyline, storyline_id: int, shipped: Weights,
        likeness: Likeness | None,
    ) -> None:  # fmt: skip
        self._db = db
        self._storyline_id = storyline_id
        self._shipped = shipped
        every = past.decided(db, storyline_id)
        self._counts = Counter(one.status.value for one in every)
        self._decided = {one.development: one for one in every[-AT_MOST:]}
        self._past = _Past(storyline, past.gains(db, storyline_id), likeness)

    def whole(self) -> Hindsight:
        """Walk through everything the judge saw, and stop where something is to be looked at."""
        turns = past.turns(self._db, self._storyline_id)
        openers = {turn.development: turn for turn in reversed(turns) if turn.opens and turn.development}
        faults = {name: _fault(one, openers.get(name)) for name, one in self._decided.items()}
        decided = {openers[name].version_id for name, fault in faults.items() if not fault}
        readable = [turn for turn in turns if turn.is_first and turn.has_text]
        lately = {turn.version_id for turn in sorted(readable, key=lambda turn: turn.published)[-LATELY:]}
        seen = self._walk(turns, decided | lately)
        left_out = Counter(fault for fault in faults.values() if fault)
        left_out[f"older than the last {AT_MOST}"] = self._counts.total() - len(self._decided)
        return Hindsight(
            decided=tuple(one for number, one in seen if number in decided),
            lately=tuple(one for number, one in seen if number in lately),
            counts=self._counts,
            left_out=+left_out,
        )

    def _walk(self, turns: Sequence[Turn], looked_at: set[int]) -> list[tuple[int, Seen]]:
        """Give what was seen of the versions to look at, oldest first."""
        oldest = min((turn.published for turn in turns if turn.version_id in looked_at), default=None)
        if oldest is None:
            return []
        seen = []
        for turn in turns:
            if turn.development is None and turn.published < oldest - WINDOW:
                continue
            judged = past.judged_in(self._db, self._storyline_id, turn)
            if turn.version_id in looked_at:
                seen.append((turn.version_id, self._look_at(turn, judged, self._past.before(turn))))
            self._past.remember(turn, judged)
        return sorted(seen, key=lambda one: (one[1].published, one[0]))

    def _look_at(self, turn: Turn, judged: Judged, memory: Memory) -> Seen:
        reading = judged.reading
        one = self._decided.get(turn.development or "") if turn.opens else None
        seen = survey(memory.liken(reading).reading, memory, self._shipped)
        fixed = None
        if not assess(seen.belonging, memory.rules, self._shipped.relevance).relevant:
            fixed = False
        elif any(finding.verdict is Verdict.CHANGED for finding in judged.judgement.findings):
            fixed = True
        case = tuning.case(
            seen,
            self._shipped,
            name=turn.development if one and turn.development else turn.article,
            wanted=None if one is None else one.status is Status.ACCEPTED,
            fixed=fixed,
            fresh={} if one is None else _answers(one, judged),
            teaches=one is not None and fixed is None and _ground(one) is not Ground.BESIDE,
        )
        return Seen(
            case=case,
            headline=reading.title.text,
            published=turn.published,
            development=turn.development if turn.opens else None,
            status=one.status if one else None,
            texts={statement.position: statement.text for statement in reading.statements},
        )


class _Past:
    """The memory at one moment after the other. It is what `memories.recall` gave then, or very near to it."""

    def __init__(self, storyline: Storyline, gains: Sequence[Gain], likeness: Likeness | None) -> None:
        self._storyline = replace(storyline, events=())
        self._likeness = likeness
        self._to_come = deque(gains)
        self._gained: list[Gain] = []
        self._told: list[tuple[Turn, Judged]] = []
        self._memory = self._empty()
        self._built: datetime | None = None
        self._added = 0

    def before(self, turn: Turn) -> Memory:
        """Everything known when the judge saw this version."""
        gained = []
        while self._to_come and self._to_come[0].at < turn.at:
            gained.append(self._to_come.popleft())
        self._gained += gained
        self._added += len(gained)
        old = self._built is None or turn.published - self._built > _REBUILT_DAYS
        if old or self._added >= _REBUILT_GAINS:
            self._rebuild(turn.published)
        else:
            for gain in gained:
                _learn(self._memory, gain)
        return self._memory

    def remember(self, turn: Turn, judged: Judged) -> None:
        """From the next version on, what this one told is known."""
        self._told.append((turn, judged))
        self._memory.remember(judged.reading, judged.judgement)

    def _rebuild(self, now: datetime) -> None:
        self._built, self._added = now, 0
        self._told = [(t, told) for t, told in self._told if t.development or t.published >= now - WINDOW]
        self._memory = self._empty()
        newest = {gain.event.id: gain for gain in self._gained if gain.event}
        for gain in self._gained:
            if gain.event and newest[gain.event.id] is gain:
                self._memory.learn(gain.event)
        for _, told in self._told:
            self._memory.remember(told.reading, told.judgement)
        for gain in self._gained:
            if gain.settled:
                self._memory.settle(gain.settled.development, gain.settled.event)

    def _empty(self) -> Memory:
        memory = Memory(self._storyline)
        memory.likeness = self._likeness
        return memory


def _learn(memory: Memory, gain: Gain) -> None:
    if gain.event:
        memory.learn(gain.event)
    if gain.settled:
        memory.settle(gain.settled.development, gain.settled.event)


def _fault(one: Decided, opener: Turn | None) -> str:
    """Say why a decision tells nothing of the judge's work, or ''."""
    if opener is None or not opener.is_first:
        return "opened by an edit"
    if not opener.has_text:
        return "text forgotten"
    if one.status is Status.MERGED and one.first_told is not None and one.first_told > one.published:
        # who merges the first report into the second says that they are one, not that the first was no news
        return "merged with what was told later"
    return ""


def _ground(one: Decided) -> Ground | None:
    return ground(one.reason) if one.status is Status.DISMISSED else None


def _answers(one: Decided, judged: Judged) -> dict[int, bool]:
    """Say of the sentences held new whether they were. One that is only not worth it may be new all the same."""
    if one.status is Status.DISMISSED and _ground(one) is not Ground.KNOWN:
        return {}
    new = [finding.position for finding in judged.judgement.findings if finding.verdict is Verdict.NEW]
    return dict.fromkeys(new, one.status is Status.ACCEPTED)
