"""When something is asked again: feeds, articles that could not be read, articles that may have been edited.

All pauses are seconds. `spread` is a share between 0 and 1 that stays the same for one feed or article: it keeps a
hundred feeds that started together from asking together for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_DAY_S = 86_400.0
_MEMORY_S = _DAY_S
_SPREAD = 0.1
_READ_PAUSES_S = (60.0, 300.0, 1200.0)
_QUIET_GROWTH = 1.5
_LONGEST_WATCH_S = 30 * _DAY_S
_SECOND_LOOK_S = 1800.0
_FAR = 1.5
"""A pause longer than the longest by this factor was never given out: the clock has jumped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The usual pause between two polls of a feed and its bounds, in seconds."""

    every_s: float
    min_s: float
    max_s: float

    def bounded(self, pause_s: float) -> float:
        """Give the pause nearest to this one that is allowed."""
        return min(max(pause_s, self.min_s), self.max_s)


def usual_rate(pace: Pace) -> float:
    """Give the entries a day of a feed whose best pause is the usual one: what a feed counts as until we know it."""
    return _DAY_S / (2 * pace.every_s)


def smoothed_rate(before: float, brought: int, elapsed_s: float) -> float:
    """Give the entries a day a feed brings, after one more poll that came `elapsed_s` after the last.

    The past fades over a day, so a quiet hour changes little and a quiet week everything.
    """
    share = min(max(elapsed_s, 1.0) / _MEMORY_S, 1.0)
    observed = brought * _DAY_S / max(elapsed_s, 1.0)
    return before + share * (observed - before)


def next_poll_s(pace: Pace, brings_per_day: float, *, wish_s: float | None = None, spread: float = 0.5) -> float:
    """Give the pause after a poll that went well.

    Half way, in ratio, between the usual pause and half the time in which the feed brings an entry. `wish_s` is the
    server's (max-age, ttl): it lengthens the pause, up to the longest.
    """
    half_gap_s = _DAY_S / (2 * max(brings_per_day, 1e-6))
    pause_s = (pace.every_s * half_gap_s) ** 0.5
    return pace.bounded(max(pause_s * _spread(spread), wish_s or 0.0))


def failed_poll_s(pace: Pace, fails: int, *, wish_s: float | None = None, spread: float = 0.5) -> float:
    """Give the pause after the `fails`-th failure in a row: half the usual pause at first, then doubling.

    `wish_s` is the server's Retry-After; it is granted up to the longest pause.
    """
    pause_s = pace.every_s * 2.0 ** (min(fails, 32) - 2)
    return pace.bounded(max(pause_s * _spread(spread), wish_s or 0.0))


def failed_read_s(fails: int, *, wish_s: float | None = None, spread: float = 0.5) -> float | None:
    """Give the pause before an article is tried again after its `fails`-th failure in a row; None: given up.

    A server's Retry-After is granted up to an hour.
    """
    if fails > len(_READ_PAUSES_S):
        return None
    pause_s = _READ_PAUSES_S[max(fails, 1) - 1] * _spread(spread)
    return max(pause_s, min(wish_s or 0.0, 3600.0))


def next_recheck(
    first_seen: datetime, ages_s: tuple[float, ...], now: datetime, *, quiet: bool = False, watched: bool = False
) -> datetime | None:
    """Say when an article is read again to see edits: at the first of the ages it has not reached; None: no more.

    One look makes up for all that were missed. A `quiet` article, never edited so far, is looked at no sooner than at
    half as old again as now, but at the last age in any case. One that tells a `watched` development goes on after the
    last age, each time at twice the age, while the pause is not longer than a month.
    """
    if not ages_s:
        return None
    first_seen = min(first_seen, now)  # the clock may have been set back
    age_s = (now - first_seen).total_seconds()
    ahead = [due_s for due_s in ages_s if due_s > age_s]
    if ahead:
        grown = [due_s for due_s in ahead if due_s >= _QUIET_GROWTH * age_s] if quiet else ahead
        return first_seen + timedelta(seconds=(grown or ahead[-1:])[0])
    if watched and age_s <= _LONGEST_WATCH_S:
        return now + timedelta(seconds=max(age_s, ages_s[-1]))
    return None


def soon_again(due: datetime | None, ages_s: tuple[float, ...], now: datetime) -> datetime:
    """Say when a page is looked at again whose text cannot be believed yet: in half an hour, or when it was due."""
    pause_s = min(_SECOND_LOOK_S, min(ages_s, default=_SECOND_LOOK_S))
    again = now + timedelta(seconds=pause_s)
    return again if due is None else min(due, again)


def absurd_poll(pace: Pace, now: datetime) -> datetime:
    """Say from when on a poll's due time cannot be ours."""
    return now + timedelta(seconds=pace.max_s * _FAR + 60)


def absurd_read(ages_s: tuple[float, ...], now: datetime) -> datetime:
    """Say from when on an article's due time cannot be ours."""
    return now + timedelta(seconds=max(_LONGEST_WATCH_S, *ages_s, 0.0) * _FAR + 7200)


def _spread(spread: float) -> float:
    return 1 - _SPREAD + 2 * _SPREAD * spread
