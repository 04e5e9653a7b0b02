"""Two versions of one article laid side by side: which statements were added, removed, reworded or only moved.

A difference counts when a reader would notice it. Pure: two readings in, a difference out, the same every time.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from enum import StrEnum

from watcher.language import amounts
from watcher.language.words import fold, is_stopword
from watcher.policy import overlooked
from watcher.records import Amount, Reading, Statement

# Two sentences that share so much are one sentence, reworded.
_ALIKE = 0.45
_FUNCTION_WORD = 0.25
_MOST_PAIRED = 150
_DOUBTS = frozenset({"hedge", "rumour", "denial", "conditional"})
_SHOWN_WORD = re.compile(r"\S+")
_EDGES = "\"'„“”»«‚‘’(),;:!.…"


class Kind(StrEnum):
    """What became of a statement."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    MOVED = "moved"
    TITLE = "title"


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
        """Whether a reworded statement says less firmly what it said before."""
        if self.before is None or self.after is None or self.kind is not Kind.REWORDED:
            return False
        return bool(_DOUBTS.intersection(self.after.cues).difference(self.before.cues))


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
    old, new = _lines(before), _lines(after)
    both = {key for _, key in old} & {key for _, key in new}
    sides = _Sides(old=_own(old, both), new=_own(new, both))
    sides.match_in_order()
    moved = sides.match_moved()
    reworded = sides.match_alike(lang)
    edits = [*_title(before, after), *_in_order(sides, moved, reworded, lang)]
    kept = [sides.new[at][0] for at in sorted(sides.kept)]
    told = {overlooked.plain(statement.text, lang) for statement in before.statements}
    notes = tuple(
        statement.text
        for statement in after.statements
        if overlooked.note(statement.text) and overlooked.plain(statement.text, lang) not in told
    )
    return Difference(edits=tuple(_without_strangers(edits, [after.title, *kept])), kept=len(kept), notes=notes)


def changed_words(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Give two texts as pieces: what both say as (words, words), what was replaced as (old, new), one side may be ''.

    Joined with spaces, the first parts are the earlier text and the second the later one, but for white space.
    """
    old, new = _SHOWN_WORD.findall(before), _SHOWN_WORD.findall(after)
    pieces = []
    matcher = SequenceMatcher(None, [_bare(word) for word in old], [_bare(word) for word in new], autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        pieces.append((" ".join(old[a:b]), " ".join(new[c:d])))
    return tuple(pieces)


def is_replaced(piece: tuple[str, str]) -> bool:
    """Whether a piece of `changed_words` differs in more than its writing."""
    return [_bare(word) for word in piece[0].split()] != [_bare(word) for word in piece[1].split()]


def _bare(word: str) -> str:
    return word.strip(_EDGES).casefold() or word


# -- alignment -----------------------------------------------------------------------------------------------------

_Line = tuple[Statement, str]


def _lines(reading: Reading) -> list[_Line]:
    """Give the statements with their keys."""
    return [(statement, overlooked.plain(statement.text, reading.lang)) for statement in reading.statements]


def _own(lines: list[_Line], both: Container[str]) -> list[_Line]:
    """Leave furniture out: it is no statement. What stands in both versions needs no look, and looking takes time."""
    return [line for line in lines if line[1] in both or not overlooked.furniture(line[0].text)]


@dataclass(slots=True, kw_only=True)
class _Sides:
    """Both versions while they are paired. `old_left` and `new_left` are the places of what found no match yet."""

    old: list[_Line]
    new: list[_Line]
    old_left: list[int] = field(default_factory=list)
    new_left: list[int] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)

    def match_in_order(self) -> None:
        """Pair what is equal in order; a stretch of the same words in other sentences is equal too."""
        old, new = [key for _, key in self.old], [key for _, key in self.new]
        for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag == "equal" or "".join(old[a:b]) == "".join(new[c:d]):
                self.kept.update(range(c, d))
            else:
                self.old_left.extend(range(a, b))
                self.new_left.extend(range(c, d))

    def match_moved(self) -> dict[int, int]:
        """Pair equal statements that stand elsewhere. A statement told twice may as well be told once."""
        places: dict[str, list[int]] = defaultdict(list)
        for at, (_, key) in enumerate(self.new):
            places[key].append(at)
        told = {key for _, key in self.old}
        moved = {}
        for at in self.old_left:
            free = [place for place in places[self.old[at][1]] if place not in self.kept]
            if places[self.old[at][1]]:
                moved[at] = (free or places[self.old[at][1]])[0]
                self.kept.add(moved[at])
        self.old_left = [at for at in self.old_left if at not in moved]
        self.kept.update(at for at in self.new_left if self.new[at][1] in told)
        self.new_left = [at for at in self.new_left if at not in self.kept]
        return moved

    def match_alike(self, lang: str) -> dict[int, int]:
        """Pair what was reworded, the likest first."""
        mine, theirs = self.old_left[:_MOST_PAIRED], self.new_left[:_MOST_PAIRED]
        old_bags = {at: _bag(self.old[at][0].text, lang) for at in mine}
        new_bags = {at: _bag(self.new[at][0].text, lang) for at in theirs}
        scored = sorted(
            (-score, abs(a / len(self.old) - b / len(self.new)), a, b)
            for a in mine
            for b in theirs
            if (score := _likeness(old_bags[a], new_bags[b])) >= _ALIKE
        )
        found: dict[int, int] = {}
        for _, _, a, b in scored:
            if a not in found and b not in found.values():
                found[a] = b
        self.old_left = [at for at in self.old_left if at not in found]
        self.new_left = [at for at in self.new_left if at not in found.values()]
        return found


def _bag(text: str, lang: str) -> Counter[str]:
    return Counter(overlooked.tokens(text, lang))


def _weight(token: str) -> float:
    folded = fold(token)
    return _FUNCTION_WORD if is_stopword(folded, "de") or is_stopword(folded, "en") else 1.0


def _likeness(a: Counter[str], b: Counter[str]) -> float:
    """Give the share of words two sentences have in common, 0 to 1; function words count little.

    A long sentence that holds a short one is like it: something was added.
    """
    common = sum(_weight(token) * count for token, count in (a & b).items())
    sizes = [sum(_weight(token) * count for token, count in bag.items()) for bag in (a, b)]
    if not all(sizes):
        return 0.0
    return max(2 * common / sum(sizes), 0.6 * common / min(sizes) if min(sizes) >= 4 else 0.0)


# -- what was found, told ------------------------------------------------------------------------------------------


def _title(before: Reading, after: Reading) -> Iterator[Edit]:
    if not before.title.text or not after.title.text:
        return
    same = overlooked.plain(before.title.text, after.lang) == overlooked.plain(after.title.text, after.lang)
    if same:
        return
    bare = [overlooked.plain_title(one.title.text, after.lang, one.outlet) for one in (before, after)]
    why = (
        "the label of the headline" if bare[0] == bare[1] else _written_otherwise(before.title, after.title, after.lang)
    )
    yield Edit(kind=Kind.TITLE, before=before.title, after=after.title, overlooked=why)


def _in_order(sides: _Sides, moved: dict[int, int], reworded: dict[int, int], lang: str) -> list[Edit]:
    old, new = sides.old, sides.new
    placed: list[tuple[float, Edit]] = []
    for a, b in moved.items():
        placed.append((b, Edit(kind=Kind.MOVED, before=old[a][0], after=new[b][0], overlooked="moved")))
    for a, b in reworded.items():
        edit = Edit(kind=Kind.REWORDED, before=old[a][0], after=new[b][0])
        placed.append((b, replace(edit, overlooked=_written_otherwise(old[a][0], new[b][0], lang))))
    placed += [(b, Edit(kind=Kind.ADDED, after=new[b][0])) for b in sides.new_left]
    share = len(new) / max(1, len(old))
    placed += [(a * share - 0.5, Edit(kind=Kind.REMOVED, before=old[a][0])) for a in sides.old_left]
    return [edit for _, edit in sorted(placed, key=lambda one: one[0])]


def _written_otherwise(before: Statement, after: Statement, lang: str) -> str:
    """Say why a reader would not notice that a sentence is written otherwise, or ''."""
    if overlooked.note(before.text) == "update" and overlooked.note(after.text) == "update":
        letters = [[t for t in overlooked.tokens(one.text, lang) if not t[0].isdigit()] for one in (before, after)]
        return "the time of the last update" if letters[0] == letters[1] else ""
    old, new = overlooked.tokens(before.text, lang), overlooked.tokens(after.text, lang)
    if len(old) != len(new):
        return ""
    differing = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    if not all(overlooked.is_typo(a, b, lang) for a, b in differing):
        return ""
    return "a slip of the pen was set right"


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
