"""The bundled storyline as somebody knew it on a day: a folder of its own, with the events dated before."""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path

from watcher.records import Event
from watcher.storylines.events import read_events, write_event


def write_storyline(folder: Path, day: date) -> int:
    """Write the bundled storyline into a new folder, with what was over before `day`. Returns how many events it has.

    An event known by its month or year alone counts when that ended before the month or year of `day` began.
    """
    bundled = resources.files("watcher.storylines") / "musk_altman"
    texts = {file: (bundled / file).read_text(encoding="utf-8") for file in ("storyline.toml", "actors.toml")}
    events = read_events((bundled / "events.jsonl").read_text(encoding="utf-8"), "events.jsonl")
    known = [event for event in events if _is_before(event, day)]
    texts["events.jsonl"] = "".join(f"{write_event(event)}\n" for event in known)
    folder.mkdir()
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
    return len(known)


def _is_before(event: Event, day: date) -> bool:
    return event.date < day.isoformat()[: len(event.date)]
