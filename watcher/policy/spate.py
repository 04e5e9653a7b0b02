"""A feed that brings more at once than anybody publishes in a day (an archive, a mistake, an attack).

It is read in portions, the newest first, so that it takes neither the machine nor the reader's patience. What it tells,
and what a feed tells beyond a burst of messages, goes out in one message. Durations are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PORTION = 1000
_PORTION_S = 7200.0
_QUEUE = 50_000
MOST_KEPT = 100_000
"""So many entries that led nowhere are kept of one feed."""

_BURST_SINKS_S = 21_600.0
_ABOVE = 7 / 6
# How long held alerts gather: since the last of them, and since the first. One message is to leave within ten minutes;
# a feed that goes on and on is not worth one every ten minutes.
_PATIENCE_S = ((180.0, 480.0), (900.0, 1800.0), (3600.0, 7200.0), (10_800.0, 21_600.0))
MOST_TOLD = len(_PATIENCE_S)


def is_spate(wanted: int) -> bool:
    """Whether so many new entries worth reading, from one feed at once, are more than news."""
    return wanted > PORTION


def rests_s(place: int, queued: int) -> float | None:
    """Say how long an entry rests before its article is read; None: it is not read, the queue is full.

    `place` counts from 0 in the order of reading, `queued` are the articles of its feed that rest already.
    """
    behind = place + queued
    return None if behind >= _QUEUE else behind // PORTION * _PORTION_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How much was told of one feed lately: each message raises it by one, and it sinks by a burst in six hours."""

    height: float
    at: datetime


def pour(before: Level | None, now: datetime, burst: int) -> tuple[Level, bool]:
    """Count one more message about what a feed brought. Returns the new level, and whether that message is held.

    So a feed is told of in `burst` messages at once, then in a burst each six hours. Held ones count too, for an hour
    more: who brings without end is not heard between two messages that tell all of it.
    """
    height = 0.0
    if before is not None:
        # where the clock was set back, nothing has sunk
        passed_s = max((now - before.at).total_seconds(), 0.0)
        height = max(before.height - burst * passed_s / _BURST_SINKS_S, 0.0)
    return Level(height=min(height + 1.0, burst * _ABOVE), at=now), height + 1.0 > burst


def is_ripe(*, oldest_s: float, newest_s: float, told: int) -> bool:
    """Whether held alerts go out in one message: when nothing was added for a while, or the first has waited long.

    The ages of the alert that was held first and of the one that was held last; `told` counts such messages about the
    same feed within a day: the more there were, the longer the next one gathers.
    """
    settled_s, latest_s = _PATIENCE_S[min(told, len(_PATIENCE_S) - 1)]
    return newest_s >= settled_s or oldest_s >= latest_s
