"""What a reader overlooks on a page: lines, boxes and lists that change without the article being edited."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby

from watcher.language import furniture as furniture_model
from watcher.language import tables
from watcher.language.words import fold, is_stopword
from watcher.policy.writing import INVISIBLE
from watcher.records import Precision, Reading, Statement

_LONGEST = 300
_LONGEST_FRAGMENT = 160
_LONGEST_BOX = 400
_FEW_WORDS = 2
# Shorter words of an outlet's name (`The`, `Post`) tell little.
_TELLING = 5
# An author is introduced below the text.
_AUTHORS_FROM_END = 2
_BOXES = ("photo", "offer")
_NO_LINES = frozenset({"heading", "author", "bio", "staff", "joined", "tail"})
_ENDS = re.compile(r"[.!?…:;][\"'”“»«’)\]\s]*$")
# What stands between several such in one line (`3 min read · 420 views`).
_PARTS = re.compile(r"\s+[·•|]\s+")
_QUOTATION = '"„“”»«'
_FULL_NAME = re.compile(r"[A-ZÄÖÜ][\w.'’-]+(?: (?:von|van|de|der|[A-ZÄÖÜ][\w.'’-]*)){1,3}(?=,? \S)")
_QUOTATION_MARKS = re.compile(f"[{_QUOTATION}]")
# Who reads so little like a page's own line is no author, whatever the report says of newsrooms.
_HARDLY = 0.15
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def furniture(text: str) -> str:
    """Say which kind of furniture a sentence is (`stamp`, `count`, `teaser`, `ad`, `credit`, `quote` ...), or ''."""
    told = _line(text)
    if told is None or note(told):
        return ""
    parts = _PARTS.split(told)
    kinds = [_kind(told)] if len(parts) == 1 or _kind(told) else [_kind(part) for part in parts]
    return kinds[0] if all(kinds) else ""


def _kind(told: str) -> str:
    found = (kind for kind, pattern in _patterns("overlooked.tsv") if kind not in _NO_LINES and pattern.fullmatch(told))
    return next(found, "")


def note(text: str) -> str:
    """Say whether a sentence is an outlet's word on its own changes: `correction`, `update`, or ''."""
    told = unicodedata.normalize("NFKC", text[: 4 * _LONGEST])
    return next((kind for kind, pattern in _patterns("correction_notes.tsv") if pattern.search(told)), "")


def is_fragment(statement: Statement) -> bool:
    """Whether a statement is a short line that ends like no sentence: a heading, a link, an item."""
    return len(statement.text) <= _LONGEST_FRAGMENT and not _ENDS.search(statement.text)


def is_open(statement: Statement) -> bool:
    """Whether a statement is no whole sentence, or announces what follows."""
    return is_fragment(statement) or statement.text.rstrip().endswith(":")


def is_plain(statement: Statement) -> bool:
    """Whether a statement is a whole sentence that asks nothing and announces nothing, or longer than a line."""
    told = statement.text.rstrip()
    return len(told) > _LONGEST_FRAGMENT or not (is_open(statement) or told.endswith("?"))


def repeats(statement: Statement) -> bool:
    """Whether a statement may be there to repeat another one: a short line, or a quotation and nothing else."""
    told = statement.text.strip()
    quoted = told[:1] in _QUOTATION and told[-1:] in _QUOTATION
    return len(told) <= _LONGEST and len(told.split()) > _FEW_WORDS and (quoted or is_fragment(statement))


def speaks_to_reader(text: str) -> bool:
    """Whether a sentence outside quotation marks turns to the reader."""
    told = text.strip()
    if any(mark in told for mark in _QUOTATION):
        return False
    spoken = tables.words("reader_words.txt")
    return any(word in spoken for word in _WORD.findall(told)[1:])


def listed(statements: Sequence[Statement]) -> frozenset[int]:
    """Give the positions of headlines that stand in a list of other texts, and of the heading above them."""
    found: set[int] = set()
    under = False
    for paragraph in _paragraphs(statements):
        if _is_list(paragraph):
            found.update(one.position for one in paragraph)
        only = paragraph[0] if len(paragraph) == 1 else None
        if only is not None and _is("heading", only.text):
            under = True
        elif only is None or only.text.rstrip().endswith(".") or len(only.text) > _LONGEST_FRAGMENT:
            under = False
        if under and only is not None:
            found.add(only.position)
    return frozenset(found)


def _is_list(paragraph: Sequence[Statement]) -> bool:
    """Whether a paragraph is a heading of other texts and these behind it (`Most read: 1. ... 2. ...`)."""
    label, colon, _ = paragraph[0].text.partition(":")
    short = len(paragraph) > 1 and sum(len(one.text) for one in paragraph) <= _LONGEST_BOX
    return bool(colon) and short and _is("heading", label)


def boxed(reading: Reading) -> frozenset[int]:
    """Give the positions of sentences whose paragraph is a caption, an offer to subscribe, or about the author."""
    found: set[int] = set()
    last = reading.statements[-1].paragraph if reading.statements else 0
    for paragraph in _paragraphs(reading.statements):
        if sum(len(one.text) for one in paragraph) > _LONGEST_BOX:
            continue
        ends = paragraph[0].paragraph > last - _AUTHORS_FROM_END
        kinds = (*_BOXES, "author") if ends else _BOXES
        if any(_is(kind, one.text) for kind in kinds for one in paragraph) or (
            ends and (_is_author(paragraph[0].text, reading) or _is_staff(paragraph, reading))
        ):
            found.update(one.position for one in paragraph)
    return frozenset(found)


def without_credit(text: str) -> str:
    """Give a caption without the words behind it on who took the picture; any other text as it is."""
    told = text.strip()
    match = dict(_patterns("overlooked.tsv"))["tail"].fullmatch(told) if len(told) <= _LONGEST else None
    return told[: match.start("tail")] if match else text


def _is_author(text: str, reading: Reading) -> bool:
    """Whether a sentence tells what somebody covers who signed this article, or writes for this outlet."""
    told = _line(text)
    match = told and dict(_patterns("overlooked.tsv"))["bio"].fullmatch(told)
    if not match:
        return False
    if any(_is("credit", one.text) and match["name"].strip() in one.text for one in reading.statements):
        return True
    return _names_outlet(match[0][match.end("name") :], reading)


def _names_outlet(text: str, reading: Reading) -> bool:
    outlet = {word for word in _WORD.findall(reading.outlet.casefold()) if len(word) >= _TELLING}
    return not outlet.isdisjoint(_WORD.findall(text.casefold()))


def _is_staff(paragraph: Sequence[Statement], reading: Reading) -> bool:
    """Whether a paragraph at the end introduces by name somebody of a newsroom of whom the report tells nothing."""
    match = _FULL_NAME.match(paragraph[0].text)
    if match is None or is_stopword(fold(match[0].split()[0]), reading.lang):
        return False
    if any(_QUOTATION_MARKS.search(one.text) or _names_a_day(one) for one in paragraph):
        return False
    if furniture_model.likelihood(paragraph[0].text, reading.lang) < _HARDLY:
        return False  # `Anna Holm, the paper's editor, was arrested.`
    surname = match[0].split()[-1]
    told = (one for one in reading.statements if one.paragraph != paragraph[0].paragraph and not furniture(one.text))
    if any(surname in one.text for one in (reading.title, *told)):
        return False
    return _is("staff", paragraph[0].text) or any(
        _is("joined", one.text) and _names_outlet(one.text, reading) for one in paragraph
    )


def _names_a_day(statement: Statement) -> bool:
    return any(one.precision is Precision.DAY for one in statement.dates)


def _paragraphs(statements: Sequence[Statement]) -> Iterator[list[Statement]]:
    for _, paragraph in groupby(statements, key=lambda one: one.paragraph):
        yield list(paragraph)


def _is(kind: str, text: str) -> bool:
    told = _line(text)
    return told is not None and dict(_patterns("overlooked.tsv"))[kind].fullmatch(told) is not None


def _line(text: str) -> str | None:
    """Give a text as the patterns read it; None when it is too long for a line."""
    if len(text) > 2 * _LONGEST:
        return None
    told = INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()
    return told if len(told) <= _LONGEST else None


@cache
def _patterns(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    kinds: dict[str, list[str]] = {}
    for kind, pattern in tables.rows(name):
        kinds.setdefault(kind, []).append(f"(?:{pattern})")
    return tuple((kind, re.compile("|".join(found), re.IGNORECASE)) for kind, found in kinds.items())
