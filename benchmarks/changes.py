"""What the model of changed values learns from: told values beside known ones, and which of them a label means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from benchmarks.streams import Label
from watcher.language import dates
from watcher.language.figures import scan
from watcher.novelty.change import Candidate
from watcher.novelty.survey import Survey
from watcher.novelty.values import Value
from watcher.records import Amount, DateMention, Precision

_LANGUAGES = ("en", "de")
_POWERS = (0, 3, 6, 9, 12)
_SMALL = 1e-6
# A note tells `the new instead of the old value` or `the old -> the new one`, and several pairs with a semicolon.
_INSTEAD = re.compile(r",?\s(?:instead\sof|statt|not|nicht|was)\s")
_ARROW = re.compile(r"\s*(?:->|→)\s*")
_APART = re.compile(r";\s*")


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
    """Every candidate of an article. Those of a statement labelled `changed` are unsaid where its note means none of
    them: what is meant is told in words, or was not found.
    """
    last = max(1, len(seen.sights) - 1)
    published = seen.reading.published
    for at, (candidates, label) in enumerate(zip(seen.changes, labels, strict=True)):
        changed = label is not None and label.label == "changed"
        note = label.note if label is not None and changed else ""
        meant = [means(note, one.now, one.was, published) for one in candidates]
        for candidate, right in zip(candidates, meant, strict=True):
            yield Case(
                group=group,
                position=at,
                place=at / last,
                candidate=candidate,
                right=right,
                unsaid=changed and not any(meant),
            )


def means(note: str, now: Value, was: Value, published: datetime) -> bool:
    """Whether a label's note says that one value is told in the place of the other."""
    return any(_tells(new, now, published) and _tells(old, was, published) for new, old in _pairs(note))


def _pairs(note: str) -> Iterator[tuple[str, str]]:
    """What a note tells of the new and of the old values, one pair for each change."""
    for part in _APART.split(note):
        if len(moved := _ARROW.split(part, maxsplit=1)) == 2:
            yield moved[1], moved[0]
        elif len(turned := _INSTEAD.split(part, maxsplit=1)) == 2:
            yield turned[0], turned[1]


def _tells(told: str, value: Value, published: datetime) -> bool:
    """Whether half a note tells a value, whatever its magnitude or year."""
    if isinstance(value, DateMention):
        # A month alone is a date behind a preposition only.
        days = [day for lang in _LANGUAGES for day in dates.find(f"in {told}", lang, published)]
        if days:
            return any((day.iso[5:], day.precision) == (value.iso[5:], value.precision) for day in days)
        return value.precision is Precision.DAY and value.day.day in _figures(told)
    return any(_is_figure(value, figure) for figure in _figures(told))


def _is_figure(amount: Amount, figure: float) -> bool:
    return any(abs(amount.value - figure * 10.0**power) <= _SMALL * max(1.0, amount.value) for power in _POWERS)


def _figures(note: str) -> Iterator[float]:
    for lang in _LANGUAGES:
        yield from (figure.value for figure in scan(re.sub(r"\s+", " ", note), lang))
