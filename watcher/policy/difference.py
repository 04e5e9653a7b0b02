"""What differs between two versions of one article: what was added, removed, reworded, moved, and the headline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from watcher.language import amounts
from watcher.policy import firmness
from watcher.records import Amount, Statement


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
