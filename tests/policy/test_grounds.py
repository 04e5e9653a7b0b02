"""Why something was dismissed, as a person's words say it."""

from __future__ import annotations

import pytest

from watcher.policy.grounds import Ground, ground


@pytest.mark.parametrize(
    ("reason", "wanted"),
    [
        ("", Ground.UNSAID),
        ("boring", Ground.UNSAID),
        ("not worth a call", Ground.UNSAID),
        ("the goldmine is closed", Ground.UNSAID),
        ("Known since Monday", Ground.KNOWN),
        ("schon bekannt", Ground.KNOWN),
        ("Nichts Neues.", Ground.KNOWN),
        ("no news", Ground.KNOWN),
        ("off-topic", Ground.BESIDE),
        ("Gehört nicht dazu", Ground.BESIDE),
        ("old, and irrelevant", Ground.BESIDE),
    ],
)
def test_a_reason_is_read(reason: str, wanted: Ground) -> None:
    """Whole words of either language say it; the storyline comes before what was known; else nothing is said."""
    assert ground(reason) is wanted
