"""An alert as plain words: what mail, chat and push messages are written from.

The data of an alert is the `show --json` object of its development. Alerts of other kinds (a feed's health, a test)
carry `{"headline": ..., "lines": [...]}`, digests `{"developments": [...]}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from watcher.edges.clean import clean_text, clean_url

_HEADLINE = 300
_FACT = 600
_REASON = 300
_NAME = 80
_MANY_FACTS = 12
_MANY_SOURCES = 12
_MANY_EDITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One alert on its way to one channel. `key` is the same in every repeat; `thread` is the key of the first one."""

    key: str
    thread: str
    type: str
    created: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fresh sentence. `mark` is `+` for a new one and `~` for a changed one, whose values are `was` and `now`."""

    mark: str
    text: str
    was: str = ""
    now: str = ""
    reason: str = ""

    @property
    def line(self) -> str:
        """The fact as `show` marks it."""
        change = f"{self.was} -> {self.now}: " if self.was or self.now else ""
        return f"{self.mark} {change}{self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One article that tells a development. `url` is empty when it is no http address."""

    outlet: str
    url: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A development in words that hold no control character and no line break. Markup in them is not yet harmless."""

    id: str
    headline: str
    standing: str
    facts: tuple[Fact, ...] = ()
    more_facts: int = 0
    noun: str = "sentence"
    edits: tuple[str, ...] = ()
    outlets: str = ""
    sources: tuple[Source, ...] = ()
    more_sources: int = 0
    review: str = ""


def tell(data: Mapping[str, Any]) -> Told:
    """Put a development's object, or the object of a notice, into words. Missing keys leave gaps, never an error."""
    if "developments" in data:
        return _digest(data)
    headline = clean_text(_text(data, "headline"), _HEADLINE) or "(no headline)"
    if "lines" in data:
        notes = [clean_text(str(line), _FACT) for line in _list(data, "lines")]
        return Told(id="", headline=headline, standing="", facts=tuple(Fact(mark="*", text=note) for note in notes))
    name = clean_text(_text(data, "id"), _NAME)
    facts = [_fact(statement) for statement in _list(data, "statements") if statement.get("verdict") in _MARKS]
    sources = _list(data, "sources")
    return Told(
        id=name,
        headline=headline,
        standing=_standing(data),
        facts=tuple(facts[:_MANY_FACTS]),
        more_facts=max(len(facts) - _MANY_FACTS, 0),
        edits=edit_lines(data),
        outlets=_outlets(data, sources),
        sources=tuple(_source(source) for source in sources[:_MANY_SOURCES]),
        more_sources=max(len(sources) - _MANY_SOURCES, 0),
        review=f"watcher show {name}" if name else "",
    )


def lines(told: Told) -> list[str]:
    """Write it as lines of plain text."""
    found = [told.headline, *([told.standing] if told.standing else []), ""]
    for fact in told.facts:
        found.append(fact.line)
        if fact.reason:
            found.append(f"    why: {fact.reason}")
    found.extend(more_lines(told.more_facts, told.noun))
    if told.edits:
        found.extend(["", *told.edits])
    if told.sources:
        found.extend(["", told.outlets])
        found.extend(f"- {source.outlet}{source.note}{': ' * bool(source.url)}{source.url}" for source in told.sources)
        found.extend(more_lines(told.more_sources, "article"))
    if told.review:
        found.extend(["", f"Review: {told.review}"])
    return found


def more_lines(count: int, noun: str) -> list[str]:
    """Say what was left out, if anything was."""
    return [f"... and {counted(count, noun)} more"] if count else []


def counted(count: int, noun: str) -> str:
    """Write a number with its noun, given as of one: `1 feed`, `2 entries`, `0 differences`."""
    if count == 1:
        return f"{count} {noun}"
    several = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"
    return f"{count} {several}"


def _digest(data: Mapping[str, Any]) -> Told:
    """Tell the developments of a digest by their headlines; that of a `feed` holds what it brought besides."""
    told = [tell(one) for one in _list(data, "developments")]
    total = len(told) + more_of(data)
    feed = clean_text(_text(data, "feed"), _NAME)
    facts = [Fact(mark="*", text=f"{one.id}  {one.headline}" if one.id else one.headline) for one in told]
    return Told(
        id="",
        headline=f"{total} more from {feed}" if feed else counted(total, "development"),
        standing="",
        facts=tuple(facts[:_MANY_SOURCES]),
        more_facts=total - len(facts[:_MANY_SOURCES]),
        noun="development",
        review="watcher flags",
    )


def more_of(data: Mapping[str, Any]) -> int:
    """Count the developments a digest stands for and does not tell."""
    more = data.get("more")
    return more if isinstance(more, int) else 0


_MARKS = {"new": "+", "changed": "~"}


def _standing(data: Mapping[str, Any]) -> str:
    """Write `D12, new, confidence 83 %, published 2026-01-31 12:00 UTC`."""
    parts = [clean_text(_text(data, key), _NAME) for key in ("id", "verdict")]
    confidence = data.get("confidence")
    if isinstance(confidence, int | float):
        parts.append(f"confidence {confidence:.0%}")
    published = clean_text(_text(data, "published"), _NAME)
    if published:
        parts.append(f"published {published[:16].replace('T', ' ')} UTC")
    return ", ".join(part for part in parts if part)


def _fact(statement: Mapping[str, Any]) -> Fact:
    return Fact(
        mark=_MARKS[statement["verdict"]],
        text=clean_text(_text(statement, "text"), _FACT),
        was=clean_text(_text(statement, "was"), _NAME),
        now=clean_text(_text(statement, "now"), _NAME),
        reason=clean_text(_text(statement, "reason"), _REASON),
    )


def edit_lines(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Quote what sources changed after publication, the latest first, and who of them took something back."""
    found = [line for one in _list(data, "withdrawals")[::-1] for line in _withdrawn_lines(one)]
    kept = [edit for edit in _list(data, "edits") if edit.get("kind") in _EDITS]
    notes = {(edit.get("article"), _text(edit, "after")) for edit in kept if edit["kind"] == "note"}
    told = [
        edit for edit in kept if edit["kind"] != "added" or (edit.get("article"), _text(edit, "after")) not in notes
    ]
    # the latest version first, each in reading order
    shown = sorted(told, key=lambda edit: _text(edit, "at"), reverse=True)
    for edit in shown[:_MANY_EDITS]:
        found.append(f"edited: {_edited_where(edit)}{_EDITS[edit['kind']]}")
        found += [f'    before: "{clean_text(_text(edit, "before"), _FACT)}"'] * bool(edit.get("before"))
        found += [f'    after: "{clean_text(_text(edit, "after"), _FACT)}"'] * bool(edit.get("after"))
        still = list(dict.fromkeys(clean_text(_text(one, "outlet"), _NAME) for one in _list(edit, "still_told_by")))
        found += [f"    still told by: {', '.join(still[:_MANY_SOURCES])}"] * bool(still)
    return (*found, *more_lines(max(len(shown) - _MANY_EDITS, 0), "edit"))


_EDITS = {
    "title": "another headline",
    "added": "added",
    "removed": "removed",
    "reworded": "reworded",
    "note": "the outlet says",
}
_WITHDRAWN = {"removed": "no longer says", "weakened": "says less firmly", "gone": "was taken down; it said"}


def _edited_where(edit: Mapping[str, Any]) -> str:
    """Write `Example Times, version 1 -> 2, `."""
    outlet = clean_text(_text(edit, "outlet"), _NAME) or "unknown outlet"
    return f"{outlet}, version {edit.get('from')} -> {edit.get('to')}, "


def _withdrawn_lines(one: Mapping[str, Any]) -> list[str]:
    outlet = clean_text(_text(one, "outlet"), _NAME) or "unknown outlet"
    how = _WITHDRAWN.get(_text(one, "kind"), "took back")
    return [f'edited: {outlet} {how}: "{clean_text(_text(one, "before"), _FACT)}"']


def _outlets(data: Mapping[str, Any], sources: Sequence[Mapping[str, Any]]) -> str:
    """Write `3 outlets, 2 independent`: copies of one text have many outlets and one origin."""
    outlets = {_text(source, "outlet") for source in sources}
    origins = data.get("origins")
    if not isinstance(origins, int):
        origins = len({_text(source, "outlet") for source in sources if source.get("origin") != "copy"})
    return f"{counted(len(outlets), 'outlet')}, {min(origins, len(sources))} independent"


def _source(source: Mapping[str, Any]) -> Source:
    notes = [clean_text(_text(source, "lang"), _NAME), "copy" if source.get("origin") == "copy" else ""]
    note = ", ".join(part for part in notes if part)
    return Source(
        outlet=clean_text(_text(source, "outlet"), _NAME) or "unknown outlet",
        url=clean_url(_text(source, "url")) or "",
        note=f" ({note})" if note else "",
    )


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return "" if value is None else str(value)


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else []
