"""Labelled pairs of versions: what was at hand while the rules were made holds; the rest tells how good they are."""

from __future__ import annotations

import sys

import pytest
from pairs import Pair, read_pairs, told

from watcher.policy.edits import compare

PRECISION = RECALL = 0.95
BUILDING = read_pairs("building")
UNSEEN = read_pairs("unseen")


@pytest.mark.parametrize("pair", BUILDING, ids=lambda pair: f"{pair.id} {pair.kind}")
def test_a_pair_is_an_edit_or_none(pair: Pair) -> None:
    """A reader would notice it or not, and the difference names what was done."""
    difference, opinion = told(pair)
    assert opinion.is_edit == pair.edit
    if pair.edit:
        assert pair.expect <= {edit.kind.value for edit in difference.noticed}


def test_precision_and_recall_on_unseen_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    """Of pairs written after the rules were finished, nearly all are told rightly; the figures are printed."""
    found = [(pair, told(pair)[1].is_edit) for pair in UNSEEN]
    right = sum(pair.edit and is_edit for pair, is_edit in found)
    precision = right / max(1, sum(is_edit for _, is_edit in found))
    recall = right / max(1, sum(pair.edit for pair, _ in found))
    wrong = [f"{pair.id} {pair.kind}" for pair, is_edit in found if pair.edit != is_edit]
    with capsys.disabled():
        sys.stdout.write(
            f"\nedits on {len(found)} unseen pairs: precision {precision:.3f}, recall {recall:.3f}; wrong: {wrong}\n"
        )
    assert precision >= PRECISION
    assert recall >= RECALL


def test_every_text_equals_itself() -> None:
    """A version beside itself shows nothing, in either direction of a pair's two."""
    for pair in BUILDING + UNSEEN:
        for reading in (pair.before, pair.after):
            assert compare(reading, reading).edits == ()
