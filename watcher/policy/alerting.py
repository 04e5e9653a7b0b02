"""When a message goes out, how often it is tried, and under which key. Times are aware UTC, pauses seconds."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from watcher.config import AlertsConfig

EMAIL = "email"
WEBHOOK_PREFIX = "webhook:"

# One message: quick at first for a hiccup, then over days for a weekend without anybody near the server.
_RETRY_PAUSES_S = (5.0, 30.0, 120.0, 600.0, 3600.0, 10800.0, 21600.0, 43200.0, 86400.0)
_JITTER = 0.2
_LONGEST_WISH_S = 86400.0
_SHORTEST_WISH_S = 30.0
_GIVE_UP_AGE_S = 3.5 * 86400.0

# One channel: it is asked again so often that a backlog leaves within ten minutes of its return.
_CHANNEL_PAUSES_S = (5.0, 15.0, 45.0, 135.0, 300.0)
_LONGEST_REST_S = 300.0
OUTAGE_S = 60.0
"""From this long without an answer a channel counts as having been away, and not one message as having been odd."""


def is_worth_alert(*, confidence: float, published: datetime, since: datetime, alerts: AlertsConfig) -> bool:
    """Whether a flagged development deserves a message. `since` is the configured date or the creation of the state."""
    return confidence >= alerts.min_confidence and published >= since


def channels(alerts: AlertsConfig) -> tuple[str, ...]:
    """Name the channels that are switched on: `email`, `webhook:NAME`."""
    mail = (EMAIL,) if alerts.email is not None else ()
    return (*mail, *(f"{WEBHOOK_PREFIX}{webhook.name}" for webhook in alerts.webhooks))


def alert_key(*, state: str, subject: str, kind: str, number: int, channel: str) -> str:
    """Make the key of an alert: 32 hexadecimal digits, the same whenever the same message is meant.

    `state` sets two installations apart; `subject` is the development's id, `number` counts its alerts in the channel.
    """
    parts = (state, subject, kind, str(number), channel)
    told = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def digest_key(keys: tuple[str, ...]) -> str:
    """Make the key of the digest that bundles the alerts with these keys, whatever their order."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:32]


def retry_pause_s(*, attempts: int, jitter: float, wish_s: float | None = None) -> float:
    """Say how long one message rests after its `attempts`-th failure.

    `jitter` is a share between 0 and 1 and spreads the pause by a fifth either way. `wish_s` is what the other side
    asked for (Retry-After): it is granted up to a day, and down to half a minute.
    """
    usual = _RETRY_PAUSES_S[min(max(attempts, 1), len(_RETRY_PAUSES_S)) - 1] * _spread(jitter)
    if wish_s is None:
        return usual
    return min(max(wish_s, min(usual, _SHORTEST_WISH_S)), _LONGEST_WISH_S)


def channel_pause_s(*, failures: int, jitter: float, wish_s: float | None = None) -> float:
    """Say how long a whole channel rests after `failures` failures in a row.

    A wish of the other side is granted for five minutes: one that asks for a day may be back in ten minutes.
    """
    usual = _CHANNEL_PAUSES_S[min(max(failures, 1), len(_CHANNEL_PAUSES_S)) - 1] * _spread(jitter)
    return usual if wish_s is None else max(usual, min(wish_s, _LONGEST_REST_S))


def gives_up(*, attempts: int, age_s: float) -> bool:
    """Whether a message that failed `attempts` times and is `age_s` old is given up: after three days and a half, and
    not before every pause of the table was taken.

    Age alone says little: one becomes old while the machine sleeps, or when its clock is set.
    """
    return age_s >= _GIVE_UP_AGE_S and attempts > len(_RETRY_PAUSES_S)


def quiet_until(now: datetime, quiet_hours: tuple[time, time] | None, zone: tzinfo) -> datetime | None:
    """Say when the quiet hours that `now` lies in end; None outside of them. `zone` is where the hours are meant."""
    if quiet_hours is None:
        return None
    start, end = quiet_hours
    here = now.astimezone(zone)
    clock = here.time().replace(tzinfo=None)
    inside = start <= clock < end if start < end else clock >= start or clock < end
    if not inside:
        return None
    days = (here.date(), here.date() + timedelta(days=1))
    # In autumn a clock shows the end twice; whoever sleeps through the first is waked by the second.
    return min(moment for day in days for moment in _moments(day, end, zone) if moment > now)


def next_digest(now: datetime, at: time, zone: tzinfo) -> datetime:
    """Say when the next digest goes out: strictly after `now`, once on every day of `zone`."""
    today = now.astimezone(zone).date()
    moments = (_moments(today + timedelta(days=ahead), at, zone)[0] for ahead in (0, 1))
    return next(moment for moment in moments if moment > now)


def last_digest(now: datetime, at: time, zone: tzinfo) -> datetime:
    """Say when the latest digest was due, at or before `now`. What is older than that belongs into it."""
    today = now.astimezone(zone).date()
    moments = (_moments(today - timedelta(days=back), at, zone)[0] for back in (0, 1))
    return next(moment for moment in moments if moment <= now)


def _spread(jitter: float) -> float:
    return 1 - _JITTER + 2 * _JITTER * jitter


def _moments(day: date, at: time, zone: tzinfo) -> list[datetime]:
    """When a clock in `zone` shows `at` that day: once, or twice when it is set back. A skipped time is an hour on."""
    first, second = (datetime.combine(day, at, tzinfo=zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return [first, second] if second > first else [first]
