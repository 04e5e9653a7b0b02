"""What a sentence sets against one another: the value that holds now and the one told before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tsv import cases

from watcher.language import turned
from watcher.language.amounts import show
from watcher.records import Amount, DateMention

PUBLISHED = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(("lang", "text", "wanted"), cases("turned.tsv"))
def test_values_set_against_one_another(lang: str, text: str, wanted: str) -> None:
    """Each line of the table gives exactly its pairs, the new value first."""
    found = [f"{_show(turn.now)} <- {_show(turn.was)}" for turn in turned.find(text, lang, PUBLISHED)]
    assert ("; ".join(found) or "-") == wanted


def _show(value: Amount | DateMention) -> str:
    return value.iso if isinstance(value, DateMention) else show(value)
