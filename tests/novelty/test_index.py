"""The marks by which a statement is found again."""

from __future__ import annotations

from tests.novelty.told import NOON, STORYLINE
from watcher.language.statements import understand
from watcher.novelty.index import marks
from watcher.novelty.memory import Memory


def test_a_part_of_a_month_is_a_mark_beside_its_month() -> None:
    """What happened early in May and what happened in May share the month; two that say early share more."""
    gazetteer = Memory(STORYLINE).rules.gazetteer
    early, other, whole = (
        {mark for mark in marks(understand(text, lang, NOON, gazetteer)) if mark[0] == "%"}
        for text, lang in (
            ("The bid fell in early May 2024.", "en"),
            ("Anfang Mai 2024 fiel das Gebot.", "de"),
            ("The bid fell in May 2024.", "en"),
        )
    )
    assert early == other == {"%2024-05", "%2024-05 early"}
    assert whole == {"%2024-05"}
