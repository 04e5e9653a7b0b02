"""What came or went beside the text of an article: boxes, lines of the page, headings, echoes, pointers elsewhere.

Each look takes the differences of two versions and gives them again, those overlooked with the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from watcher.policy import beside, overlooked, writing
from watcher.policy.alignment import Line, Sides
from watcher.policy.difference import Edit, Kind
from watcher.records import Reading, Statement

# What ends no sentence and stands alone between two paragraphs is a heading when it is no longer.
_HEADING = 70
_FURNITURE = "it reads like a line beside the text"


def without_page(edits: list[Edit], sides: Sides, before: Reading, after: Reading) -> list[Edit]:
    """Overlook everything that is no part of the text."""
    kept = [after.title, *(sides.new[at][0] for at in sorted(sides.kept))]
    edits = _without_boxes(edits, before, after)
    edits = _without_echoes(edits, before, after)
    edits = _without_headings(edits, sides, kept[1:])
    edits = _without_furniture(edits, sides, (before, after), kept)
    return _without_enclosed(_without_strangers(edits, kept))


def _told(edit: Edit) -> Statement | None:
    """Give the sentence that came or went and is looked at still; None of one that changed."""
    if edit.overlooked or edit.kind not in (Kind.ADDED, Kind.REMOVED):
        return None
    return edit.after or edit.before


def _without_boxes(edits: list[Edit], before: Reading, after: Reading) -> list[Edit]:
    """Overlook captions, offers and words on the author that come or go."""
    if not any(_told(edit) for edit in edits):
        return edits
    boxed = {Kind.ADDED: overlooked.boxed(after), Kind.REMOVED: overlooked.boxed(before)}
    return [
        replace(edit, overlooked="a box beside the text")
        if (told := _told(edit)) and told.position in boxed[edit.kind] and not overlooked.note(told.text)
        else edit
        for edit in edits
    ]


def _without_furniture(
    edits: list[Edit], sides: Sides, versions: tuple[Reading, Reading], kept: Sequence[Statement]
) -> list[Edit]:
    """Overlook what reads like a line of the page and not of the report, in words that no table has."""
    lines: dict[Kind, list[Statement]] = {Kind.ADDED: [], Kind.REMOVED: []}
    for edit in edits:
        if told := _told(edit):
            lines[edit.kind].append(told)
    before, after = versions
    found = {
        Kind.ADDED: beside.beside(lines[Kind.ADDED], after, kept),
        Kind.REMOVED: beside.beside(lines[Kind.REMOVED], before, kept),
    }
    places = {Kind.ADDED: sides.new_places(), Kind.REMOVED: sides.old_places()}
    boxes = {
        kind: frozenset(
            places[kind][at]
            for at in (
                *found[kind],
                *_overlooked(edits, kind),
                *beside.likely(lines[kind], after.lang, beside.SURE_IN_PLACE),
            )
            if at in places[kind]
        )
        for kind in found
    }
    for kind, other in ((Kind.ADDED, Kind.REMOVED), (Kind.REMOVED, Kind.ADDED)):
        placed = [one for one in lines[kind] if places[kind].get(one.position) in boxes[other]]
        found[kind] |= beside.likely(placed, after.lang)
    return [replace(edit, overlooked=_FURNITURE) if _is_furniture(edit, found, after.lang) else edit for edit in edits]


def _overlooked(edits: Iterable[Edit], kind: Kind) -> Iterator[int]:
    """Give the positions of lines that came, or went, and are overlooked."""
    for edit in edits:
        told = edit.after or edit.before
        if edit.kind is kind and edit.overlooked and told is not None:
            yield told.position


def _without_enclosed(edits: list[Edit]) -> list[Edit]:
    """Overlook a line that is no plain sentence between two that came, or went, with it and are overlooked: an item of
    a list (`How much do nurses earn?`).
    """
    listed = {kind: frozenset(_overlooked(edits, kind)) for kind in (Kind.ADDED, Kind.REMOVED)}
    return [
        replace(edit, overlooked="a line among others of the page")
        if (told := _told(edit))
        and listed[edit.kind].issuperset((told.position - 1, told.position + 1))
        and not overlooked.is_plain(told)
        else edit
        for edit in edits
    ]


def _is_furniture(edit: Edit, found: Mapping[Kind, Container[int]], lang: str) -> bool:
    if edit.overlooked:
        return False
    if edit.kind is Kind.REWORDED and edit.before and edit.after:
        return beside.both(edit.before, edit.after, lang)
    told = _told(edit)
    return told is not None and told.position in found[edit.kind]


def _without_echoes(edits: list[Edit], before: Reading, after: Reading) -> list[Edit]:
    """Overlook lines that repeat, as a quotation set large, what the other version says word for word."""
    lines = [edit for edit in edits if (told := _told(edit)) and overlooked.repeats(told)]
    if not lines:
        return edits
    others = {Kind.ADDED: before, Kind.REMOVED: after}
    texts = {
        kind: " ".join(writing.plain(one.text, after.lang) for one in reading.statements)
        for kind, reading in others.items()
    }
    echoes = {
        id(edit) for edit in lines if (told := _told(edit)) and writing.plain(told.text, after.lang) in texts[edit.kind]
    }
    return [replace(edit, overlooked="the text says it too") if id(edit) in echoes else edit for edit in edits]


def _without_headings(edits: list[Edit], sides: Sides, kept: Sequence[Statement]) -> list[Edit]:
    """Overlook headings that come or go between whole sentences which both versions tell, and bring no name or figure
    of their own.
    """
    if not any((told := _told(edit)) and overlooked.is_fragment(told) for edit in edits):
        return edits
    said = {one for statement in kept for one in _particulars(statement)}
    headings = {
        Kind.ADDED: _between(sides.new, sides.kept),
        Kind.REMOVED: _between(sides.old, sides.stayed),
    }
    return [
        replace(edit, overlooked="a heading in the text")
        if (told := _told(edit)) and told.position in headings[edit.kind] and said.issuperset(_particulars(told))
        else edit
        for edit in edits
    ]


def _particulars(statement: Statement) -> tuple[str, ...]:
    return (*statement.names, *(f"{amount.value} {amount.unit}" for amount in statement.amounts))


def _between(lines: list[Line], kept: Container[int]) -> frozenset[int]:
    """Give the positions of short lines alone in their paragraph, before and after whole sentences, of which the later
    one is in both versions.
    """
    found = []
    for at in range(1, len(lines) - 1):
        told, (earlier, later) = lines[at][0], (lines[at - 1][0], lines[at + 1][0])
        alone = earlier.paragraph != told.paragraph != later.paragraph
        short = len(told.text) <= _HEADING and overlooked.is_fragment(told)
        if alone and short and at + 1 in kept and not any(overlooked.is_open(one) for one in (earlier, later)):
            found.append(told.position)
    return frozenset(found)


def _without_strangers(edits: list[Edit], kept: Sequence[Statement]) -> list[Edit]:
    """Overlook short lines that come, go or rotate without belonging to the text: pointers to other articles."""
    marks = Counter(mark for statement in kept for mark in set(_marks(statement)))
    comes = [e for e in edits if e.kind is Kind.ADDED and e.after and overlooked.is_fragment(e.after)]
    goes = [e for e in edits if e.kind is Kind.REMOVED and e.before and overlooked.is_fragment(e.before)]
    rotates = bool(comes) and bool(goes)
    told = []
    for edit in edits:
        statement = edit.after if edit.kind is Kind.ADDED else edit.before if edit.kind is Kind.REMOVED else None
        why = ""
        if statement is not None and overlooked.is_fragment(statement) and not overlooked.note(statement.text):
            if rotates and len(comes) == len(goes) and not _is_heavy(statement):
                why = "a short line was put in place of another"
            elif _shared(statement, marks) < 2:
                why = "a short line beside the text"
        told.append(replace(edit, overlooked=edit.overlooked or why))
    return told


def _is_heavy(statement: Statement) -> bool:
    """Whether a short line says something of its own: it holds a figure."""
    return bool(statement.amounts)


def _marks(statement: Statement) -> Iterator[str]:
    yield from statement.names
    yield from statement.terms
    yield from (f"#{amount.unit}" for amount in statement.amounts)


def _shared(statement: Statement, marks: Counter[str]) -> int:
    return sum(1 for mark in set(_marks(statement)) if mark in marks)


def is_stranger(statement: Statement, article: Iterable[Statement]) -> bool:
    """Whether a whole sentence has no name and no content word in common with an article."""
    marks = Counter(mark for told in article for mark in set(_marks(told)))
    return _shared(statement, marks) == 0
