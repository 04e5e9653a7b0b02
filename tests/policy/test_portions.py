"""What one feed brings at once is read in portions."""

from __future__ import annotations

import pytest

from watcher.policy import spate


@pytest.mark.parametrize(("wanted", "told"), [(0, False), (1000, False), (1001, True), (50_000, True)])
def test_a_thousand_at_once_is_still_news(wanted: int, told: bool) -> None:
    """A feed may bring a thousand entries worth reading at once; more is a spate."""
    assert spate.is_spate(wanted) is told


@pytest.mark.parametrize(
    ("place", "queued", "rest"),
    [
        (0, 0, 0),
        (999, 0, 0),
        (1000, 0, 7200),
        (49_999, 0, 49 * 7200),
        (50_000, 0, None),
        (0, 2500, 14_400),
        (0, 50_000, None),
    ],
)
def test_portions_follow_each_other(place: int, queued: int, rest: float | None) -> None:
    """A thousand are read at once, the others two hours apart, behind those that rest already; a full queue ends it."""
    assert spate.rests_s(place, queued) == rest


def test_held_alerts_go_out_when_nothing_more_comes_or_after_long() -> None:
    """Five quiet minutes, or half an hour since the first, make one message of what is held."""
    assert not spate.is_ripe(oldest_s=600, newest_s=10)
    assert spate.is_ripe(oldest_s=600, newest_s=300)
    assert spate.is_ripe(oldest_s=1800, newest_s=0)
