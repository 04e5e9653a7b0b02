"""Dates as German feeds write them, which neither RFC 822 nor ISO 8601 know: `Di, 04 Mär 2025 10:00:00 +0100`,
`10.02.2025 14:30`, `4. März 2025, 14:30 Uhr`, and the zones MEZ and MESZ.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

_TIME = r"(?:,?\s*(?:um\s+|-\s*|T)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?:\s*Uhr)?)?"
_ZONE = r"(?:\s*(?P<zone>[+-]\d{2}:?\d{2}|[A-Z]{1,5}))?"
_WEEKDAY = r"(?:(?P<weekday>[A-Za-z]{2,10})\.?,?\s+)?(?:den\s+)?"
_WORDS = re.compile(
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.?\s+(?P<month>[A-Za-zäÄ]{{3,9}})\.?\s+(?P<year>\d{{4}}){_TIME}{_ZONE}"
)
_DIGITS = re.compile(rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}){_TIME}{_ZONE}")
_GERMAN_DAYS = frozenset(["mo", "di", "mi", "do", "fr", "sa", "so"])
_ZONES = {"MEZ": 1, "CET": 1, "MESZ": 2, "CEST": 2, "Z": 0, "UT": 0, "UTC": 0, "GMT": 0}
_GERMAN_ZONES = frozenset(["MEZ", "CET", "MESZ", "CEST"])
_EARLIEST_YEAR = 1990


def german_date(text: str) -> datetime | None:
    """Read a date that is German by its weekday, month, dots or zone; None for every other.

    A time without a zone is German local time. Raises ValueError for a day or hour that does not exist.
    """
    text = text.strip()
    if len(text) > 60:
        return None
    match = _DIGITS.fullmatch(text)
    if match:
        return _moment(match, int(match["month"]))
    match = _WORDS.fullmatch(text)
    month = _months().get(match["month"].lower()) if match else None
    return _moment(match, month) if match and month and _is_german(match) else None


def plausible(moment: datetime | None) -> datetime | None:
    """Give a date in its own zone (UTC for none), or None for one before there was a web.

    The zone is kept: it says which day "today" and "am Dienstag" are in the text. The future is left to whoever knows
    the time.
    """
    if moment is None or moment.year < _EARLIEST_YEAR:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        aware.astimezone(UTC)
    except OverflowError:
        return None
    return aware


def _is_german(match: re.Match[str]) -> bool:
    weekday, month = (match["weekday"] or "").lower(), match["month"].lower()
    english_month = month[:3] in ("jan", "feb", "apr", "jun", "jul", "aug", "sep", "nov") and "ä" not in month
    return not english_month or weekday in _GERMAN_DAYS or weekday.endswith(("tag", "woch")) or (
        match["zone"] in _GERMAN_ZONES
    )  # fmt: skip


def _moment(match: re.Match[str], month: int) -> datetime | None:
    zone = _zone(match["zone"])
    if zone is None:
        return None
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    return datetime(int(match["year"]), month, int(match["day"]), hour, minute, second, tzinfo=zone)


def _zone(text: str | None) -> tzinfo | None:
    """Give the zone of its name or offset, German local time for none, None for one that is not known."""
    if text is None:
        return ZoneInfo("Europe/Berlin")
    if text in _ZONES:
        return timezone(timedelta(hours=_ZONES[text]))
    if text[0] not in "+-":
        return None
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


@cache
def _months() -> dict[str, int]:
    text = (resources.files("watcher.edges") / "tables" / "months_de.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {name: int(row[0]) for row in rows for name in row[1:]}
