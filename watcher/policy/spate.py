"""A feed that brings more at once than anybody publishes in a day (an archive, a mistake, an attack).

It is read in portions, the newest first, so that it takes neither the machine nor the reader's patience, and what it
tells goes out in one message. Durations are seconds.
"""

from __future__ import annotations

PORTION = 1000
_PORTION_S = 7200.0
_QUEUE = 50_000
MOST_KEPT = 100_000
"""So many entries that led nowhere are kept of one feed."""

_SETTLED_S = 300.0
_LATEST_S = 1800.0


def is_spate(wanted: int) -> bool:
    """Whether so many new entries worth reading, from one feed at once, are more than news."""
    return wanted > PORTION


def rests_s(place: int, queued: int) -> float | None:
    """Say how long an entry rests before its article is read; None: it is not read, the queue is full.

    `place` counts from 0 in the order of reading, `queued` are the articles of its feed that rest already.
    """
    behind = place + queued
    return None if behind >= _QUEUE else behind // PORTION * _PORTION_S


def is_ripe(*, oldest_s: float, newest_s: float) -> bool:
    """Whether held alerts go out in one message: when nothing was added for a while, or the first has waited long.

    The ages of the alert that was held first and of the one that was held last.
    """
    return newest_s >= _SETTLED_S or oldest_s >= _LATEST_S
