"""Times as a person asks for them: how long ago, in how long."""

from __future__ import annotations

from datetime import datetime, timedelta

_UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def span(length: timedelta) -> str:
    """A length of time in its largest unit: `3 d`, `5 min`, `0 s`."""
    seconds = abs(int(length.total_seconds()))
    for size, unit in _UNITS:
        if seconds >= 2 * size or (seconds >= size and unit != "s"):
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def ago(then: datetime | None, now: datetime) -> str:
    """How long ago: `5 min ago`; `never` for no time at all, `ahead of the clock` for one that is to come."""
    if then is None:
        return "never"
    return "ahead of the clock" if then > now + timedelta(seconds=5) else f"{span(now - then)} ago"


def ahead(then: datetime | None, now: datetime) -> str:
    """In how long: `in 5 min`; `now` for what is due, `-` for what will not come."""
    if then is None:
        return "-"
    return "now" if then <= now else f"in {span(then - now)}"
