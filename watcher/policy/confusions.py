"""Words put for one another by mistake, such as `its` for `it's`: which was meant is plain, so nothing new is told."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from watcher.language import tables
from watcher.policy.places import plain

Group = tuple[frozenset[str], str, frozenset[str]]
"""Words that stand for one another, the kind of place they must have, and the words that make it."""

_PERSONS = frozenset({"he", "she", "it"})
_RELATIVES = frozenset({"who", "which"})
_BEFORE_ONE_FORM = ("modal", "have", "be")


def is_confusion(
    before: Sequence[str], after: Sequence[str], earlier: Sequence[str], lang: str, *, dated: bool
) -> bool:
    """Whether words were taken for others and set right. `earlier` is what stands before them in the later version,
    `dated` says whether the sentence names a day or year.
    """
    a, b = "_".join(before), "_".join(after)
    return any(
        a in words and b in words and _is_place(kind, named, earlier, dated)
        for words, kind, named in _groups(tables.table_lang(lang))
    )


def _is_place(kind: str, named: frozenset[str], earlier: Sequence[str], dated: bool) -> bool:
    last = earlier[-1] if earlier else ""
    if kind == "after":
        return last in named
    ruled = last in _PERSONS | {"to", "did"} or any(last in plain("en", one) for one in _BEFORE_ONE_FORM)
    return kind != "past" or ruled or _is_one(earlier, dated)


def _is_one(earlier: Sequence[str], dated: bool) -> bool:
    """Whether `who` or `which` stands for one person or thing; a team is told as one and as many, but on a day."""
    return len(earlier) > 1 and earlier[-1] in _RELATIVES and not earlier[-2].endswith("s") and dated


@cache
def _groups(lang: str) -> tuple[Group, ...]:
    found = []
    for of, words, *place in tables.rows("confused.tsv"):
        kind, _, named = (place[0] if place else "").partition("=")
        if of == lang:
            found.append((frozenset(words.split()), kind, frozenset(named.split())))
    return tuple(found)
