"""Event files: one known event a line, JSON. The same form for bundled storylines, import, export and replay."""

from __future__ import annotations

import json
import re
from datetime import date

from watcher.errors import StorylineError
from watcher.records import Event, Figure, Precision, Wording
from watcher.storylines.fields import Fields, Mistakes, shown

_SHAPES = {
    Precision.DAY: re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII),
    Precision.MONTH: re.compile(r"\d{4}-\d{2}", re.ASCII),
    Precision.YEAR: re.compile(r"\d{4}", re.ASCII),
}
_FIRST_DAY = {Precision.DAY: "", Precision.MONTH: "-01", Precision.YEAR: "-01-01"}


def read_events(text: str, where: str) -> tuple[Event, ...]:
    """Read the events of an event file, in the order of the file. `where` names the file in messages.

    Blank lines and unknown keys are passed over. Raises `StorylineError` with one line for every mistake in the file.
    """
    mistakes = Mistakes()
    events: list[Event] = []
    lines: dict[str, int] = {}
    # JSON may hold U+2028 and its like unescaped inside a text, so only real line ends separate events
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        event = _read_line(line, f"{where}:{number}", mistakes)
        if event is None:
            continue
        first = lines.setdefault(event.id, number)
        if event.id and first != number:
            mistakes.add(f"{where}:{number}", f"id {event.id!r} is already used in line {first}")
        events.append(event)
    if mistakes.lines:
        raise StorylineError("\n".join(mistakes.lines))
    return tuple(events)


def write_event(event: Event) -> str:
    """One line of an event file, without its line end. `read_events` gives the same event back."""
    table = {
        "id": event.id,
        "date": event.date,
        "date_precision": event.date_precision.value,
        "title": event.title,
        "summary": event.summary,
        "actors": list(event.actors),
        "figures": [_figure_table(figure) for figure in event.figures],
        "kind": event.kind,
        "wordings": [{"lang": wording.lang, "text": wording.text} for wording in event.wordings],
        "disputed": list(event.disputed),
    }
    return json.dumps(table, ensure_ascii=False)


def _figure_table(figure: Figure) -> dict[str, object]:
    value = int(figure.value) if figure.value.is_integer() else figure.value
    table: dict[str, object] = {"value": value, "unit": figure.unit}
    if figure.disputed:
        table["disputed"] = True
    return table


def _read_line(line: str, where: str, mistakes: Mistakes) -> Event | None:
    try:
        table = json.loads(line)
    except json.JSONDecodeError as error:
        mistakes.add(where, f"not JSON: {error.msg} at column {error.colno}")
        return None
    except (RecursionError, ValueError):
        # nesting or a number beyond what the interpreter takes
        mistakes.add(where, "not JSON that can be read")
        return None
    if not isinstance(table, dict):
        mistakes.add(where, f"an event must be an object, not {shown(table)}")
        return None
    return _read_event(Fields(table=table, where=where, mistakes=mistakes))


def _read_event(fields: Fields) -> Event:
    precision = _read_precision(fields)
    return Event(
        id=fields.text("id"),
        date=_read_date(fields, precision),
        date_precision=precision or Precision.DAY,
        title=fields.text("title"),
        summary=fields.text("summary", required=False),
        actors=fields.texts("actors"),
        figures=tuple(_read_figure(figure) for figure in fields.tables("figures")),
        kind=fields.text("kind", required=False) or "other",
        wordings=tuple(
            Wording(lang=wording.text("lang"), text=wording.text("text")) for wording in fields.tables("wordings")
        ),
        disputed=fields.texts("disputed"),
    )


def _read_figure(fields: Fields) -> Figure:
    return Figure(value=fields.number("value"), unit=fields.text("unit"), disputed=fields.flag("disputed"))


def _read_precision(fields: Fields) -> Precision | None:
    """Read the stated precision; none stated means what the date's own length tells, None that it is wrong."""
    told = fields.text("date_precision", required=False)
    if not told:
        stated = fields.table.get("date")
        return {4: Precision.YEAR, 7: Precision.MONTH}.get(len(stated) if isinstance(stated, str) else 0, Precision.DAY)
    try:
        return Precision(told)
    except ValueError:
        fields.mistakes.add(fields.where, f"date_precision must be day, month or year, not {shown(told)}")
        return None


def _read_date(fields: Fields, precision: Precision | None) -> str:
    told = fields.text("date")
    if not told or precision is None:
        return told
    if not _SHAPES[precision].fullmatch(told):
        example = "2025-02-10"[: {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[precision]]
        fields.mistakes.add(fields.where, f"date {told!r} does not fit date_precision {precision} (like {example!r})")
        return told
    try:
        date.fromisoformat(told + _FIRST_DAY[precision])
    except ValueError:
        fields.mistakes.add(fields.where, f"date {told!r} is not in the calendar")
    return told
