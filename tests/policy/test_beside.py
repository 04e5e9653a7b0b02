"""Lines that come and go beside a text, in words of nobody's table."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from watcher.language import statements
from watcher.language.names import Gazetteer
from watcher.policy.difference import Kind
from watcher.policy.edits import compare
from watcher.records import ArticleText, Reading

TEXT = (
    "The port of Orvik stays closed until Friday. Two cranes fell into the basin on Monday night.",
    "The harbour master said that divers would search the basin. Nobody was hurt, the police said.",
    "Ships were sent on to Halden. The owner of the cranes will be heard next week.",
)


def read(*paragraphs: str) -> Reading:
    """Understand an article."""
    return statements.read(
        ArticleText(
            title="Port of Orvik stays closed", paragraphs=paragraphs, lang="en", outlet="Outlet",
            published=datetime(2026, 3, 3, 9, tzinfo=UTC), url="https://a.example/a",
        ),
        Gazetteer(()),
    )  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "Our briefing lands in your inbox before the markets open.",
        "Install our free app to follow the news minute by minute.",
        "Please log in to save this article.",
        "Got a question about your pension? Ask our money team.",
    ],
)
def test_furniture_that_comes_or_goes_is_not_noticed(line: str) -> None:
    """Neither as a paragraph nor within one, and the difference says why."""
    plain, beside, within = read(*TEXT), read(*TEXT[:2], line, TEXT[2]), read(f"{TEXT[0]} {line}", *TEXT[1:])
    for before, after in ((plain, beside), (beside, plain), (plain, within), (within, plain)):
        difference = compare(before, after)
        assert not difference.noticed
        assert all(edit.overlooked for edit in difference.edits)


@pytest.mark.parametrize(
    "line",
    [
        "The port of Orvik asked readers of its newsletter to stay away.",
        "Please stay away from our port, the harbour master of Orvik wrote to all skippers.",
        "Skippers can sign up for a berth in Halden by email until Thursday.",
        "The port app will be free for all skippers, the harbour master said.",
        "Correction: An earlier version of this article gave the wrong day; please write to us about mistakes.",
    ],
)
def test_what_the_report_says_is_noticed(line: str) -> None:
    """The words of furniture in a sentence of the report, and the outlet's word on its own mistakes."""
    plain, longer = read(*TEXT), read(*TEXT[:2], line, TEXT[2])
    assert [edit.kind for edit in compare(plain, longer).noticed] == [Kind.ADDED]
    assert [edit.kind for edit in compare(longer, plain).noticed] == [Kind.REMOVED]


def test_a_line_of_furniture_takes_its_box_with_it() -> None:
    """What stands beside it in the same new paragraph needs no clear words of its own; a report there stays."""
    boxed = read(*TEXT, "Sign up for our free newsletter and get the news in your inbox. Every morning, before work.")
    assert not compare(read(*TEXT), boxed).noticed
    mixed = read(*TEXT, "Sign up for our free newsletter. A third crane was found in the basin of Orvik on Tuesday.")
    assert [edit.after.text[:7] for edit in compare(read(*TEXT), mixed).noticed if edit.after] == ["A third"]


def test_furniture_in_other_words_is_not_noticed() -> None:
    """One pitch is put in place of another that resembles it."""
    old = read(*TEXT, "Sign up for our free morning newsletter and get the news in your inbox.")
    new = read(*TEXT, "Sign up for our free evening newsletter and get all the news in your inbox.")
    assert not compare(old, new).noticed
