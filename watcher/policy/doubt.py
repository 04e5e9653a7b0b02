"""Whether another text is an edit, or a page that was read wrongly: too little of it, or what stands on every page."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum

from watcher.language import furniture
from watcher.policy import beside as page
from watcher.policy import overlooked, writing
from watcher.policy.difference import Difference, Edit, Kind
from watcher.policy.unnoticed import is_stranger
from watcher.records import Reading, Statement

# A text of at least so many characters, of which not even this share is left, was hardly edited.
_LEAST_SHARE = 0.5
_ENOUGH = 400
_TEASER = 140
# How often the same doubtful text must have been seen to be believed.
_SEEN = 3


class Doubt(StrEnum):
    """Why a text is not believed to be an edit."""

    LESS = "less"
    BLOCK = "block"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a difference is: an edit, nothing (`is_edit` False, no `doubt`), or in doubt, and why in words."""

    is_edit: bool = False
    doubt: Doubt | None = None
    reason: str = ""


def weigh(before: Reading, after: Reading, difference: Difference, elsewhere: Container[str] = ()) -> Opinion:
    """Weigh a difference. `elsewhere` holds the plain sentences that stand on other pages of the outlet as well."""
    noticed = difference.noticed
    if not noticed:
        return Opinion()
    own = [edit for edit in noticed if not _is_elsewhere(edit, elsewhere, after.lang)]
    if not own:
        came = any(edit.kind is Kind.ADDED for edit in noticed)
        reason = "the same lines stand on other pages of the outlet"
        return Opinion(doubt=Doubt.BLOCK, reason=reason) if came else Opinion()
    old, new = _length(before), _length(after)
    if old >= _ENOUGH and new < _LEAST_SHARE * old and not difference.notes:
        return Opinion(doubt=Doubt.LESS, reason=f"{new} characters were found where there were {old}")
    rest = _rest(after, own)
    swapped = {edit.kind for edit in own} == {Kind.ADDED, Kind.REMOVED}
    if swapped and all(_is_teaser(edit, before, after, rest) for edit in own):
        return Opinion()
    if all(_is_address(edit, own, rest, after.lang) for edit in own):
        return Opinion()
    if _is_another(before, after, difference):
        return Opinion(doubt=Doubt.OTHER, reason="nothing of the text is left")
    return Opinion(is_edit=True)


def is_believed(doubt: Doubt, times: int, *, others: int) -> bool:
    """Whether a doubtful text is an edit after all: seen so many times, with so many other doubtful pages there."""
    return doubt is not Doubt.BLOCK and times >= _SEEN and not others


def _is_elsewhere(edit: Edit, elsewhere: Container[str], lang: str) -> bool:
    statement = {Kind.ADDED: edit.after, Kind.REMOVED: edit.before}.get(edit.kind)
    return statement is not None and writing.plain(statement.text, lang) in elsewhere


def _length(reading: Reading) -> int:
    return sum(len(statement.text) for statement in reading.statements)


def _rest(after: Reading, own: list[Edit]) -> list[Statement]:
    """Give the title and what was not added: what a new sentence would have to do with."""
    added = {id(edit.after) for edit in own if edit.kind is Kind.ADDED}
    return [after.title, *(statement for statement in after.statements if id(statement) not in added)]


def _told(edit: Edit) -> Statement | None:
    """Give the sentence that came or went; None when it was one that changed."""
    return edit.after if edit.kind is Kind.ADDED else edit.before if edit.kind is Kind.REMOVED else None


def _is_address(edit: Edit, own: list[Edit], rest: list[Statement], lang: str) -> bool:
    """Whether a sentence that came or went belongs to an offer to the reader and not to the report: its paragraph
    turns to the reader, and reads like the page's own.
    """
    told = _told(edit)
    if told is None or overlooked.note(told.text) or not is_stranger(told, rest):
        return False
    beside = [one for other in own if other.kind is edit.kind and (one := _told(other)) is not None]
    boxed = [one for one in beside if one.paragraph == told.paragraph]
    return any(overlooked.speaks_to_reader(one.text) for one in boxed) and any(
        furniture.likelihood(one.text, lang) >= page.LIKELY for one in boxed
    )


def _is_teaser(edit: Edit, before: Reading, after: Reading, rest: list[Statement]) -> bool:
    """Whether a sentence that came or went could be the headline of another article: short, of other matters, a
    paragraph by itself, and no whole sentence, but one that reads like the page's own.
    """
    told = _told(edit)
    if told is None or len(told.text) > _TEASER or told.amounts or not is_stranger(told, rest):
        return False
    if not overlooked.is_fragment(told) and furniture.likelihood(told.text, after.lang) < page.LIKELY:
        return False
    reading = after if edit.kind is Kind.ADDED else before
    return sum(statement.paragraph == told.paragraph for statement in reading.statements) == 1


def _is_another(before: Reading, after: Reading, difference: Difference) -> bool:
    """Whether hardly a sentence of a text is left and what stands there now does not speak of the same."""
    reworded = len(difference.of(Kind.REWORDED))
    if difference.kept + reworded > 0.1 * len(before.statements) or len(before.statements) < 5 or difference.notes:
        return False
    told = [before.title, *before.statements[:5]]
    speaking = [statement for statement in after.statements if not is_stranger(statement, told)]
    return len(speaking) < 0.4 * len(after.statements)
