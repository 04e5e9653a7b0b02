"""Figures, units and times of day told in other ways: what is the very same to a reader, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from watcher.policy.writing import plain

_TABLE = Path(__file__).parent.parent / "data" / "versions" / "quantities.tsv"
ROWS = [
    line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
]


@pytest.mark.parametrize(("lang", "kind", "one", "other"), ROWS, ids=[f"{row[2]} | {row[3]}" for row in ROWS])
def test_a_quantity_is_the_same_in_whatever_way_it_is_told(lang: str, kind: str, one: str, other: str) -> None:
    """Number words, units and clocks come out alike, and other quantities do not."""
    assert (plain(one, lang) == plain(other, lang)) == (kind == "same")
