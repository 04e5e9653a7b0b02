"""Two versions of one article laid side by side: which statements were added, removed, reworded or only moved.

A difference counts when a reader would notice it. Pure: two readings in, a difference out, the same every time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from watcher.language import amounts
from watcher.policy import alignment, beside, firmness, overlooked, slips, writing
from watcher.policy.alignment import Line, Sides
from watcher.records import Amount, Reading, Statement

# What ends no sentence and stands alone between two paragraphs is a heading when it is no longer.
_HEADING = 70
# Of two texts that a reader takes for one no more lines differ, captions, offers and headings included.
_MOST_LEFT = 60
_SET_RIGHT = {
    "spelling": "another spelling",
    "slip": "a slip of the pen was set right",
    "grammar": "a form of a word was set right",
    "": "",
}
_FURNITURE = "it reads like a line beside the text"
_SHOWN_WORD = re.compile(r"\S+")
_EDGES = "\"'„“”»«‚‘’(),;:!.…"


class Kind(StrEnum):
    """What became of a statement."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    MOVED = "moved"
    TITLE = "title"


_SAID = frozenset({Kind.ADDED, Kind.REWORDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A figure, date or name that a source told and what it tells now, written for a person."""

    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One difference. `overlooked` says why a reader would not notice it, or ''. An added statement has no `before`."""

    kind: Kind
    before: Statement | None = None
    after: Statement | None = None
    overlooked: str = ""

    @property
    def value(self) -> Value | None:
        """The corrected figure, date or name of a reworded statement."""
        if self.before is None or self.after is None:
            return None
        return _corrected(self.before, self.after)

    @property
    def weakens(self) -> bool:
        """Whether a reworded statement says less firmly what it said before, or the opposite."""
        if self.before is None or self.after is None or self.kind is not Kind.REWORDED:
            return False
        return firmness.is_weaker(self.before, self.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything that differs between two versions, in the order of the later one, what was removed at its old place.

    `kept` counts the statements both tell; `notes` are the outlet's own new words on what it changed.
    """

    edits: tuple[Edit, ...]
    kept: int
    notes: tuple[str, ...] = ()

    @property
    def noticed(self) -> tuple[Edit, ...]:
        """What a reader would notice."""
        return tuple(edit for edit in self.edits if not edit.overlooked)

    def of(self, *kinds: Kind) -> tuple[Edit, ...]:
        """Give the noticed edits of these kinds."""
        return tuple(edit for edit in self.noticed if edit.kind in kinds)


def compare(before: Reading, after: Reading) -> Difference:
    """Tell what differs between an earlier and a later version of one article."""
    lang = after.lang
    sides, moved = _sides(before, after)
    reworded = sides.match_alike(lang)
    edits = [*_title(before, after), *_in_order(sides, moved, reworded, after)]
    kept = [sides.new[at][0] for at in sorted(sides.kept)]
    edits = _without_boxes(edits, before, after)
    edits = _without_echoes(edits, before, after)
    edits = _without_headings(edits, sides, kept)
    edits = _without_furniture(edits, before, after, [after.title, *kept])
    notes = tuple(e.after.text for e in edits if e.after and e.kind in _SAID and overlooked.note(e.after.text))
    return Difference(edits=tuple(_without_strangers(edits, [after.title, *kept])), kept=len(kept), notes=notes)


def is_same(before: Reading, after: Reading) -> bool:
    """Whether a reader would take two versions for one. Cheaper than `compare` where they have little in common."""
    sides, _ = _sides(before, after)
    if len(sides.old_left) + len(sides.new_left) > _MOST_LEFT:
        return False
    return not compare(before, after).noticed


def changed_words(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Give two texts as pieces: what both say as (words, words), what was replaced as (old, new), one side may be ''.

    Joined with spaces, the first parts are the earlier text and the second the later one, but for white space.
    """
    old, new = _SHOWN_WORD.findall(before), _SHOWN_WORD.findall(after)
    return tuple(
        (" ".join(old[a:b]), " ".join(new[c:d]))
        for _, a, b, c, d in alignment.paired([_bare(word) for word in old], [_bare(word) for word in new])
    )


def is_replaced(piece: tuple[str, str]) -> bool:
    """Whether a piece of `changed_words` differs in more than its writing."""
    return [_bare(word) for word in piece[0].split()] != [_bare(word) for word in piece[1].split()]


def _bare(word: str) -> str:
    return word.strip(_EDGES).casefold() or word


def _sides(before: Reading, after: Reading) -> tuple[Sides, dict[int, int]]:
    """Pair what is equal in both versions; the second value tells what moved from where to where.

    Furniture is left out: it is no statement. What stands in both versions needs no look, and looking takes time.
    """
    old, new = (
        [(one, writing.plain(one.text, after.lang)) for one in reading.statements] for reading in (before, after)
    )
    both = {key for _, key in old} & {key for _, key in new}
    sides = Sides(old=_own(old, both, before), new=_own(new, both, after))
    sides.match_in_order()
    return sides, sides.match_moved()


def _own(lines: list[Line], both: Container[str], reading: Reading) -> list[Line]:
    if all(key in both for _, key in lines):
        return lines
    listed = overlooked.listed(reading.statements)
    return [
        (one, key)
        for one, key in lines
        if key in both or (key and one.position not in listed and not overlooked.furniture(one.text))
    ]


# -- what was found, told ------------------------------------------------------------------------------------------


def _title(before: Reading, after: Reading) -> Iterator[Edit]:
    if not before.title.text or not after.title.text:
        return
    same = writing.plain(before.title.text, after.lang) == writing.plain(after.title.text, after.lang)
    if same:
        return
    bare = [writing.plain_title(one.title.text, after.lang, one.outlet) for one in (before, after)]
    why = (
        "the label of the headline"
        if bare[0] == bare[1]
        else _written_otherwise(before.title, after.title, _scene(after))
    )
    yield Edit(kind=Kind.TITLE, before=before.title, after=after.title, overlooked=why)


def _in_order(sides: Sides, moved: dict[int, int], reworded: dict[int, int], after: Reading) -> list[Edit]:
    scene = _scene(after) if reworded else slips.Scene(lang=after.lang)
    old, new = sides.old, sides.new
    placed: list[tuple[float, Edit]] = []
    for a, b in moved.items():
        placed.append((b, Edit(kind=Kind.MOVED, before=old[a][0], after=new[b][0], overlooked="moved")))
    for a, b in reworded.items():
        edit = Edit(kind=Kind.REWORDED, before=old[a][0], after=new[b][0])
        placed.append((b, replace(edit, overlooked=_written_otherwise(old[a][0], new[b][0], scene))))
    placed += [(b, Edit(kind=Kind.ADDED, after=new[b][0])) for b in sides.new_left]
    share = len(new) / max(1, len(old))
    placed += [(a * share - 0.5, Edit(kind=Kind.REMOVED, before=old[a][0])) for a in sides.old_left]
    return [edit for _, edit in sorted(placed, key=lambda one: one[0])]


def _written_otherwise(before: Statement, after: Statement, scene: slips.Scene) -> str:
    """Say why a reader would not notice that a sentence is written otherwise, or ''."""
    lang = scene.lang
    if overlooked.note(before.text) == "update" and overlooked.note(after.text) == "update":
        letters = [[t for t in writing.tokens(one.text, lang) if not t[0].isdigit()] for one in (before, after)]
        return "the time of the last update" if letters[0] == letters[1] else ""
    if _is_bare_same(before, after, lang):
        return "who took the picture"
    return _SET_RIGHT[slips.set_right(before, after, scene)]


def _is_bare_same(before: Statement, after: Statement, lang: str) -> bool:
    bare = [writing.plain(overlooked.without_credit(one.text), lang) for one in (before, after)]
    return bare[0] == bare[1]


def _scene(after: Reading) -> slips.Scene:
    told = (after.title, *after.statements)
    return slips.Scene(
        lang=after.lang,
        told=frozenset(word for one in told for word in writing.tokens(one.text, after.lang)),
        named=frozenset(word for one in told for name in one.names for word in writing.tokens(name, after.lang)),
    )


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


def _without_furniture(edits: list[Edit], before: Reading, after: Reading, kept: Sequence[Statement]) -> list[Edit]:
    """Overlook what reads like a line of the page and not of the report, in words that no table has."""
    lines: dict[Kind, list[Statement]] = {Kind.ADDED: [], Kind.REMOVED: []}
    for edit in edits:
        if told := _told(edit):
            lines[edit.kind].append(told)
    found = {
        Kind.ADDED: beside.beside(lines[Kind.ADDED], after, kept),
        Kind.REMOVED: beside.beside(lines[Kind.REMOVED], before, kept),
    }
    return [replace(edit, overlooked=_FURNITURE) if _is_furniture(edit, found, after.lang) else edit for edit in edits]


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


# -- values --------------------------------------------------------------------------------------------------------


def _corrected(before: Statement, after: Statement) -> Value | None:
    """The one figure, date or name that was put in place of another."""
    figure = _other_amount(before.amounts, after.amounts)
    if figure is not None:
        return Value(was=amounts.show(figure[0]), now=amounts.show(figure[1]))
    old, new = {d.iso for d in before.dates}, {d.iso for d in after.dates}
    if len(old - new) == 1 and len(new - old) == 1:
        return Value(was=next(iter(old - new)), now=next(iter(new - old)))
    gone = [name for name in before.names if name not in after.names]
    come = [name for name in after.names if name not in before.names]
    if len(gone) == 1 and len(come) == 1 and not _holds(gone[0], come[0]):
        return Value(was=gone[0], now=come[0])
    return None


def _other_amount(old: Sequence[Amount], new: Sequence[Amount]) -> tuple[Amount, Amount] | None:
    """The figure that went and the one of its unit that came; of another unit when the number itself stayed."""
    gone = [one for one in old if one not in new and not any(one.value == n.value and one.unit == n.unit for n in new)]
    come = [one for one in new if one not in old and not any(one.value == o.value and one.unit == o.unit for o in old)]
    for one in gone:
        for other in come:
            if one.unit == other.unit or one.value == other.value:
                return one, other
    return (gone[0], come[0]) if len(gone) == 1 and len(come) == 1 else None


def _holds(a: str, b: str) -> bool:
    words = [set(name.casefold().split()) for name in (a, b)]
    return words[0] <= words[1] or words[1] <= words[0]
