"""What a development would be as an event of the base: made of what its sources stand by."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from watcher.errors import WatcherError
from watcher.records import Event, Figure, Precision, Statement, Wording
from watcher.store import developments, events, versions
from watcher.store.developments import Development

_WORDINGS_A_LANGUAGE = 12
_FIGURES = 12
_ACTORS = 8
_SLUG_WORDS = 6
_DAYS_BACK = 7
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", re.ASCII)
_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}
_PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dating:
    """The day a development is taken to have happened on. `named_by` counts the sentences that name it; where none
    does, it is the day of the first report.
    """

    day: date
    named_by: int


def draft(db: sqlite3.Connection, storyline_id: int, one: Development, *, title: str, told_date: str) -> Event:
    """Give the event of a development, with title and date as told, else taken from it. Raises `WatcherError` when the
    date is none.
    """
    told = sentences(db, one.id)
    day, precision = dated(told_date) if told_date else (dating(db, one).day.isoformat(), Precision.DAY)
    title = title or _headline(db, one, told)
    names = Counter(name for sentence in told for name in dict.fromkeys(sentence.names))
    amounts = dict.fromkeys((amount.value, amount.unit) for sentence in told for amount in sentence.amounts)
    return Event(
        id=free_id(db, storyline_id, day, title),
        date=day,
        date_precision=precision,
        title=title,
        summary=" ".join(sentence.text for sentence in told[:2]) or title,
        actors=tuple(name for name, _ in names.most_common(_ACTORS)),
        figures=tuple(Figure(value=value, unit=unit) for value, unit in list(amounts)[:_FIGURES]),
        wordings=tuple(wordings(told)),
    )


def sentences(db: sqlite3.Connection, development_id: int) -> list[Statement]:
    """Give the fresh sentences of a development that its sources stand by; all of them where they do by none."""
    return developments.standing_statements(db, development_id) or developments.fresh_statements(db, development_id)


def dating(db: sqlite3.Connection, one: Development) -> Dating:
    """Give the day that most sentences name of the last week, the later of equals; else the day of publication."""
    last = one.published.date()
    named = Counter(
        mention.day
        for told in sentences(db, one.id)
        for mention in told.dates
        if mention.precision is Precision.DAY and last - timedelta(days=_DAYS_BACK) <= mention.day <= last
    )
    day = max(named, key=lambda day: (named[day], day), default=last)
    return Dating(day=day, named_by=named[day])


def _headline(db: sqlite3.Connection, one: Development, told: Sequence[Statement]) -> str:
    """Give the headline; where it tells a figure that its text does not tell any more, that of the next source that
    does not, else the first sentence.
    """
    today = [versions.reading_of(db, version) for version in developments.told_today(db, one.id)]
    stand = _figures([*told, *(sentence for reading in today for sentence in reading.statements)])
    lost = _figures(developments.fresh_statements(db, one.id)) - stand
    if not lost:
        return one.headline
    sound = [reading.title.text for reading in today if lost.isdisjoint(_figures([reading.title]))]
    return next((text for text in (*sound, *(sentence.text for sentence in told)) if text), one.headline)


def _figures(told: Iterable[Statement]) -> set[float]:
    return {amount.value for sentence in told for amount in sentence.amounts}


def free_id(db: sqlite3.Connection, storyline_id: int, day: str, title: str) -> str:
    """Give an id that no event has yet: the date with the first words of the title, numbered where needed."""
    wanted = f"{day}-{_slug(title)}"
    free = (number for number in range(2, 10**6) if not events.exists(db, storyline_id, f"{wanted}-{number}"))
    return f"{wanted}-{next(free)}" if events.exists(db, storyline_id, wanted) else wanted


def wordings(told: Iterable[Statement]) -> list[Wording]:
    """Give the sentences that will tell the event, a bounded number in each language."""
    count: Counter[str] = Counter()
    chosen = []
    for sentence in told:
        count[sentence.lang] += 1
        if count[sentence.lang] <= _WORDINGS_A_LANGUAGE:
            chosen.append(Wording(lang=sentence.lang, text=sentence.text))
    return chosen


def dated(told: str) -> tuple[str, Precision]:
    """Check a date a person gave."""
    if not _DATE.fullmatch(told):
        raise WatcherError(f"{told!r} is no date: write 2025-02-10, 2025-02 or 2025")
    try:
        date.fromisoformat(told + "-01-01"[len(told) - 4 :])
    except ValueError as error:
        raise WatcherError(f"{told!r} is not in the calendar") from error
    return told, _PRECISIONS[len(told)]


def _slug(title: str) -> str:
    """Give the first words of a title as an id may hold them: `musk-verklagt-openai`."""
    plain = title.casefold().translate(_UMLAUTS)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words[:_SLUG_WORDS])[:60] or "event"
