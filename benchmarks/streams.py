"""Labelled streams on disk: articles in order of publication, every sentence with its label and events.

A stream is a folder with `stream.jsonl`, `base.jsonl`, `storyline.json` and mostly `events.jsonl`; README.md beside it
tells the rules.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from watcher.records import Actor, ArticleText, Event, Storyline
from watcher.storylines.events import read_events
from watcher.storylines.load import load

HERE = Path(__file__).parent / "streams"
FRESH = frozenset({"new", "changed"})
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One labelled sentence."""

    text: str
    label: str
    events: tuple[str, ...]
    note: str = ""

    @property
    def retells(self) -> bool:
        """Whether it tells something known again, with whatever value."""
        return self.label in {"known", "changed"}

    @property
    def klass(self) -> str:
        """The class that is scored: `fresh` for new and changed."""
        return "fresh" if self.label in FRESH else self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One labelled article."""

    id: str
    text: ArticleText
    labels: tuple[Label, ...]
    relevant: bool
    new_events: tuple[str, ...]
    copy: bool
    tags: tuple[str, ...]

    @property
    def heads(self) -> tuple[Label, ...]:
        """The first sentences that tell something known: they say what a second report is mainly about."""
        return tuple(label for label in self.labels if label.retells)[:2]

    @property
    def fresh(self) -> bool:
        """Whether an alert is right."""
        return any(label.klass == "fresh" for label in self.labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A labelled stream with the storyline it is about, its base included. `events` are by id those that its articles
    bring; empty when nobody wrote them down.
    """

    name: str
    storyline: Storyline
    articles: tuple[Labelled, ...]
    events: Mapping[str, Event] = field(default_factory=dict)


def read_stream(folder: Path, storyline: Storyline | None = None) -> Stream:
    """Read one stream folder. `storyline` replaces the folder's own (its events are the folder's base all the same)."""
    events = read_events((folder / "base.jsonl").read_text(encoding="utf-8"), "base.jsonl")
    told = storyline or _storyline(json.loads((folder / "storyline.json").read_text(encoding="utf-8")))
    rows = (folder / "stream.jsonl").read_text(encoding="utf-8").splitlines()
    return Stream(
        name=folder.name,
        storyline=_with_events(told, events),
        articles=tuple(_article(json.loads(row)) for row in rows if row.strip()),
        events=_events(folder / "events.jsonl"),
    )


def own_streams() -> list[Stream]:
    """The streams written for this project."""
    return [read_stream(folder) for folder in sorted(HERE.iterdir()) if (folder / "README.md").exists()]


def outside_stream(folder: Path) -> Stream:
    """A stream about the bundled storyline that lies elsewhere: the feud in 2025, when there is one."""
    return replace(read_stream(folder, load("musk-altman", Path())), name="feud-2025")


def _events(path: Path) -> dict[str, Event]:
    if not path.exists():
        return {}
    return {event.id: event for event in read_events(path.read_text(encoding="utf-8"), path.name)}


def _with_events(storyline: Storyline, events: tuple[Event, ...]) -> Storyline:
    return replace(storyline, events=events)


def _storyline(row: dict) -> Storyline:
    return Storyline(
        name=row["name"],
        title=row["title"],
        actors=tuple(
            Actor(
                name=a["name"],
                kind=a.get("kind", "person"),
                side=a.get("side", ""),
                aliases=tuple(a.get("aliases", ())),
                weak=tuple(a.get("weak", ())),
            )
            for a in row["actors"]
        ),
        sides=tuple(row["sides"]),
        matters=tuple(row.get("matters", ())),
        namesakes=tuple(row.get("namesakes", ())),
    )


def _article(row: dict) -> Labelled:
    return Labelled(
        id=row["id"],
        text=ArticleText(
            title=row["title"],
            paragraphs=tuple(row["html_body_paragraphs"]),
            lang=row["lang"],
            published=datetime.fromisoformat(row["published"]),
            outlet=row["outlet"],
            url=row["url"],
        ),
        labels=tuple(map(_label, row["sentences"])),
        relevant=row["relevant"],
        new_events=tuple(row["new_events"]),
        copy=bool(row.get("dup_of")),
        tags=tuple(row.get("tags", ())),
    )


def _label(row: dict[str, Any]) -> Label:
    return Label(text=row["text"], label=row["label"], events=tuple(row["events"]), note=row.get("note") or "")


def align(texts: list[str], labels: tuple[Label, ...]) -> list[Label | None]:
    """For every text the label of the sentence it shares most words with; None when it shares too few."""
    bags = [_bag(label.text) for label in labels]
    found: list[Label | None] = []
    for text in texts:
        bag = _bag(text)
        shared = [sum((bag & other).values()) for other in bags]
        best = max(range(len(bags)), key=lambda i: (shared[i], -i), default=None)
        enough = best is not None and shared[best] >= max(1, 0.3 * sum(bag.values()))
        found.append(labels[best] if best is not None and enough else None)
    return found


def _bag(text: str) -> Counter[str]:
    return Counter(word.lower() for word in _WORD.findall(text))
