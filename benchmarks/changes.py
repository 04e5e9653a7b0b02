"""What the model of changed values learns from: told values beside known ones, and which of them a label means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.streams import Label
from watcher.language.figures import scan
from watcher.novelty.change import Candidate
from watcher.novelty.survey import Survey
from watcher.novelty.values import Value
from watcher.records import Amount

_POWERS = (0, 3, 6, 9, 12)
_SMALL = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A candidate of the statement at `position` of an article, and whether the label means it. Of some it is
    `unsaid`.
    """

    group: str
    position: int
    place: float
    candidate: Candidate
    right: bool
    unsaid: bool


def cases(group: str, seen: Survey, labels: Sequence[Label | None]) -> Iterator[Case]:
    """Every candidate of an article. Those of a statement labelled `changed` whose note does not tell their values are
    unsaid: what is meant is told in words.
    """
    last = max(1, len(seen.sights) - 1)
    for at, (candidates, label) in enumerate(zip(seen.changes, labels, strict=True)):
        note = label.note if label is not None and label.label == "changed" else ""
        for candidate in candidates:
            now, was = _place(note, candidate.now), _place(note, candidate.was)
            told = now is not None and was is not None
            yield Case(
                group=group,
                position=at,
                place=at / last,
                candidate=candidate,
                # a note names the new value first
                right=now is not None and was is not None and now < was,
                unsaid=not told and label is not None and label.label == "changed",
            )


def _place(note: str, value: Value) -> int | None:
    """Where a note tells a value, without regard to its magnitude or month, or None."""
    told = (value.value,) if isinstance(value, Amount) else (float(value.day.day),)
    powers = _POWERS if isinstance(value, Amount) else (0,)
    found = [
        start
        for start, figure in _figures(note)
        if any(abs(told[0] - figure * 10.0**power) <= _SMALL * max(1.0, told[0]) for power in powers)
    ]
    return min(found, default=None)


def _figures(note: str) -> Iterator[tuple[int, float]]:
    for lang in ("en", "de"):
        yield from ((figure.start, figure.value) for figure in scan(re.sub(r"\s+", " ", note), lang))
