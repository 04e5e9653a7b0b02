"""One small thing in one sentence changed: what says something else is an edit, a slip that was set right is none."""

from __future__ import annotations

import pytest
from pairs import DATA, understood

from watcher.policy.doubt import weigh
from watcher.policy.edits import compare

# What stands around the sentence, without a word that one of them is about.
AROUND = {
    "en": (
        "Rain is forecast for the evening.",
        "The story was first told by a local radio station.",
    ),
    "de": ("Für den Abend ist Regen angesagt.", "Zuerst hatte ein Radiosender aus der Gegend davon erzählt."),
}
ROWS = [
    line.split("\t")
    for line in (DATA / "small.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("lang", "kind", "before", "after"), ROWS, ids=[row[3] for row in ROWS])
def test_a_small_change_is_an_edit_when_something_else_is_said(lang: str, kind: str, before: str, after: str) -> None:
    """Small as it is."""
    first, last = AROUND[lang]
    old, new = (understood("A title", (f"{first} {told}", last), lang) for told in (before, after))
    assert weigh(old, new, compare(old, new)).is_edit == (kind == "real")


@pytest.mark.parametrize(("lang", "kind", "before", "after"), ROWS, ids=[row[3] for row in ROWS])
def test_a_headline_is_read_as_closely(lang: str, kind: str, before: str, after: str) -> None:
    """The same words as a title."""
    old, new = (understood(told, AROUND[lang], lang) for told in (before, after))
    assert weigh(old, new, compare(old, new)).is_edit == (kind == "real")
