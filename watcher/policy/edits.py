"""Two versions of one article laid side by side: which statements were added, removed, reworded or only moved.

A difference counts when a reader would notice it. Pure: two readings in, a difference out, the same every time.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import replace

from watcher.policy import alignment, overlooked, slips, unnoticed, writing
from watcher.policy.alignment import Line, Sides
from watcher.policy.difference import Difference, Edit, Kind
from watcher.records import Reading, Statement

# Of two texts that a reader takes for one no more lines differ, captions, offers and headings included.
_MOST_LEFT = 60
_SET_RIGHT = {
    "spelling": "another spelling",
    "slip": "a slip of the pen was set right",
    "grammar": "a form of a word was set right",
    "": "",
}
_SAID = frozenset({Kind.ADDED, Kind.REWORDED})
_SHOWN_WORD = re.compile(r"\S+")
_EDGES = "\"'„“”»«‚‘’(),;:!.…"


def compare(before: Reading, after: Reading) -> Difference:
    """Tell what differs between an earlier and a later version of one article."""
    lang = after.lang
    sides, moved = _sides(before, after)
    reworded = sides.match_alike(lang)
    edits = [*_title(before, after), *_in_order(sides, moved, reworded, after)]
    edits = unnoticed.without_page(edits, sides, before, after)
    notes = tuple(e.after.text for e in edits if e.after and e.kind in _SAID and overlooked.note(e.after.text))
    return Difference(edits=tuple(edits), kept=len(sides.kept), notes=notes)


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
        else _written_otherwise(before.title, after.title, scene_of(after))
    )
    yield Edit(kind=Kind.TITLE, before=before.title, after=after.title, overlooked=why)


def _in_order(sides: Sides, moved: dict[int, int], reworded: dict[int, int], after: Reading) -> list[Edit]:
    scene = scene_of(after) if reworded else slips.Scene(lang=after.lang)
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


def scene_of(after: Reading) -> slips.Scene:
    """Give what the sentences of a later version stand in."""
    told = (after.title, *after.statements)
    return slips.Scene(
        lang=after.lang,
        told=frozenset(word for one in told for word in writing.tokens(one.text, after.lang)),
        named=frozenset(word for one in told for name in one.names for word in writing.tokens(name, after.lang)),
    )
