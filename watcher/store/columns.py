"""How values are written into columns, and read back: times, JSON, texts, what was understood of a sentence."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from sys import intern
from typing import Any

from watcher.errors import NotFound
from watcher.records import Amount, DateMention, Figure, Nearest, Part, Precision, Statement

TITLE = -1
"""The position under which an article's title is kept."""

_NAME = re.compile(r"[DAda]?([0-9]{1,15})", re.ASCII)


def stamp(moment: datetime) -> str:
    """Give an aware time as RFC 3339 in UTC with microseconds, so that columns sort as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def stamp_or_none(moment: datetime | None) -> str | None:
    """As `stamp`; a missing time stays missing."""
    return None if moment is None else stamp(moment)


def moment(text: str) -> datetime:
    """Give the aware UTC time of a column."""
    return datetime.fromisoformat(text).astimezone(UTC)


def moment_or_none(text: str | None) -> datetime | None:
    """As `moment`; a missing time stays missing."""
    return None if text is None else moment(text)


def json_text(value: object) -> str:
    """JSON without needless spaces; keys in the order given, so that equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def packed(paragraphs: Iterable[str]) -> bytes:
    """Paragraphs as a small blob."""
    return zlib.compress(json_text(list(paragraphs)).encode(), 6)


def unpacked(blob: bytes) -> tuple[str, ...]:
    """Give the paragraphs of a blob."""
    return tuple(json.loads(zlib.decompress(blob)))


def understood(statement: Statement) -> str:
    """Tell what was understood of a sentence, as JSON. What is empty is left out: most sentences hold no figures."""
    found: dict[str, object] = {
        "terms": list(statement.terms),
        "names": list(statement.names),
        "amounts": [[amount.value, amount.unit, amount.approx] for amount in statement.amounts],
        "dates": [
            [mention.day.isoformat(), mention.precision.value, mention.part.value] for mention in statement.dates
        ],
        "cues": list(statement.cues),
        "begin": statement.begin,
    }
    return json_text({key: value for key, value in found.items() if value})


def statement(position: int, paragraph: int, text: str, lang: str, understanding: str) -> Statement:
    """Give the statement of a row; the opposite of `understood`.

    Words and names are kept once in memory, in however many statements they stand: months of them are remembered.
    """
    found: dict[str, Any] = json.loads(understanding)
    return Statement(
        position=position,
        paragraph=paragraph,
        text=text,
        lang=intern(lang),
        terms=tuple(map(intern, found.get("terms", ()))),
        names=tuple(map(intern, found.get("names", ()))),
        amounts=tuple(
            Amount(value=value, unit=unit, approx=approx) for value, unit, approx in found.get("amounts", ())
        ),
        dates=tuple(
            DateMention(
                day=date.fromisoformat(day), precision=Precision(precision), part=Part(part[0]) if part else Part.WHOLE
            )
            for day, precision, *part in found.get("dates", ())
        ),
        cues=tuple(map(intern, found.get("cues", ()))),
        begin=found.get("begin", 0),
    )


def nearest_text(nearest: Iterable[Nearest]) -> str:
    """Give the nearest known events as JSON, in the form that is shown."""
    return json_text([{"event": near.event, "score": round(near.score, 4)} for near in nearest])


def nearest_of(text: str) -> tuple[Nearest, ...]:
    """Give the opposite of `nearest_text`."""
    return tuple(Nearest(event=near["event"], score=near["score"]) for near in json.loads(text))


def figures_text(figures: Iterable[Figure]) -> str:
    """Figures of an event as JSON."""
    return json_text([[figure.value, figure.unit, figure.disputed] for figure in figures])


def figures_of(text: str) -> tuple[Figure, ...]:
    """Give the opposite of `figures_text`."""
    return tuple(Figure(value=value, unit=unit, disputed=disputed) for value, unit, disputed in json.loads(text))


def article_name(article_id: int) -> str:
    """How an article is called outside the store: `A7`."""
    return f"A{article_id}"


def development_name(development_id: int) -> str:
    """How a development is called outside the store: `D12`."""
    return f"D{development_id}"


def row_id(name: str) -> int:
    """Give the row of a name such as `D12` or `A7`; lower case and the bare number will do. Raises `NotFound`."""
    match = _NAME.fullmatch(name.strip())
    if match is None:
        raise NotFound(f"there is no {name!r}: a development is called D and a number, like D12")
    return int(match[1])
