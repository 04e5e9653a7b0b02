"""Readers: one value as TOML gave it -> the value the program works with, or a `BadValueError` that says what is wrong.

A message completes the sentence "KEY: ..." and never repeats a value that may hold a secret: of addresses, headers and
names of files it tells no more than the kind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

Reader = Callable[[object], object]

DURATION_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
SIZE_BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
LONGEST_S = 366 * 86400.0
LONGEST_KEPT_S = 3660 * 86400.0
SHORTEST_KEPT_S = 60 * 86400.0

_DURATION_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|[smhdw])", re.ASCII)
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMG]?i?B)\s*", re.ASCII | re.IGNORECASE)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_LANG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", re.ASCII)
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_HOST_PORT = re.compile(rf"({_HOST}|\[[0-9A-Fa-f:.]+\]):(\d{{1,5}})", re.ASCII)
_HOST_ALONE = re.compile(rf"{_HOST}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]+", re.ASCII)
_MAIL_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_MAIL = re.compile(rf"{_MAIL_WORD}(?:\.{_MAIL_WORD})*@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)", re.ASCII)
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LOGIN = re.compile(r"[^\s/@:\"']+:[^\s@]*@")
# The client writes these itself; a second one would garble the request.
_OUR_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})


class BadValueError(ValueError):
    """What is wrong with a value, as the end of a sentence that begins with its key."""


def quote(value: object) -> str:
    """Show a value in a message as the file writes it, on one line and not too long."""
    try:
        shown = json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else str(value)
    except ValueError:  # Python writes no numbers of thousands of digits
        return kind(value)
    shown = _LOGIN.sub("…@", plain(shown))
    return shown if len(shown) <= 60 else shown[:59] + "…"


def kind(value: object) -> str:
    """Name the kind of a value, for messages that must not show it."""
    kinds = {
        bool: "true or false",
        str: "a string",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "a table",
    }
    return kinds.get(type(value), "a date or time")


def plain(shown: str) -> str:
    """Replace what could disturb a terminal or a log line."""
    return _UNPRINTABLE.sub("?", shown)


def text(value: object) -> str:
    """Read a string of one line, possibly empty."""
    if not isinstance(value, str):
        raise BadValueError(f"must be a string in quotes, not {kind(value)}")
    if _UNPRINTABLE.search(value):
        raise BadValueError("must not contain control characters")
    return value


def name(value: object) -> str:
    """Read a non-empty name of at most 100 characters."""
    found = text(value).strip()
    if not found:
        raise BadValueError("must not be empty")
    if len(found) > 100:
        raise BadValueError("must not be longer than 100 characters")
    return found


def switch(value: object) -> bool:
    """Read `true` or `false`."""
    if not isinstance(value, bool):
        raise BadValueError(f"must be true or false, not {quote(value)}")
    return value


def whole(low: int, high: int) -> Callable[[object], int]:
    """Make a reader of whole numbers between `low` and `high`."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadValueError(f"must be a whole number, not {quote(value)}")
        if not low <= value <= high:
            raise BadValueError(f"must be between {low} and {high}, not {quote(value)}")
        return value

    return read


def share(value: object) -> float:
    """Read a number between 0 and 1."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadValueError(f"must be a number between 0 and 1, not {quote(value)}")
    if not 0 <= value <= 1:  # also refuses nan
        raise BadValueError(f"must be between 0 and 1, not {quote(value)}")
    return float(value)


def duration(value: object) -> float:
    """Read `"15m"`, `"1s"`, `"1h 30m"` as seconds; more than nothing and at most 366 days."""
    total = _span_s(value)
    if not 0 < total <= LONGEST_S:
        raise BadValueError(f"must be longer than nothing and at most 366d, not {quote(value)}")
    return total


def retention(value: object) -> float:
    """Read `"400d"` as seconds: at least 60 days, as long as articles are compared, and at most 3660."""
    total = _span_s(value)
    if not SHORTEST_KEPT_S <= total <= LONGEST_KEPT_S:
        raise BadValueError(f"must be between 60d and 3660d, not {quote(value)}")
    return total


def _span_s(value: object) -> float:
    found = value if isinstance(value, str) else ""
    rest = found.strip()
    total = 0.0
    while rest and (part := _DURATION_PART.match(rest)):
        total += float(part[1]) * DURATION_S[part[2]]
        rest = rest[part.end() :].strip()
    if rest or not found.strip():
        raise BadValueError(f'must be a number with a unit s, m, h or d in quotes, like "15m", not {quote(value)}')
    return total


def growing(found: object) -> tuple[float, ...]:
    """Take durations that grow from one to the next."""
    spans = tuple(span for span in _tuple(found) if isinstance(span, float))
    if any(later <= earlier for earlier, later in pairwise(spans)):
        raise BadValueError("must grow from one to the next")
    return spans


def each_once(found: object) -> tuple[object, ...]:
    """Take a list, leaving out what stood in it before."""
    return tuple(dict.fromkeys(_tuple(found)))


def size(value: object) -> int:
    """Read `"10 MiB"`, `"500 kB"` as bytes; at least 1 KiB and at most 1 GiB."""
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if match is None or match[2].lower() not in SIZE_BYTES:
        raise BadValueError(f'must be a number with a unit KiB or MiB in quotes, like "10 MiB", not {quote(value)}')
    found = float(match[1]) * SIZE_BYTES[match[2].lower()]
    if not 1024 <= found <= 2**30:
        raise BadValueError(f"must be between 1 KiB and 1 GiB, not {quote(value)}")
    return int(found)


def path(value: object) -> Path:
    """Read the path of a file or folder."""
    found = text(value)
    if not found.strip():
        raise BadValueError("must not be empty")
    if found.startswith("~"):
        raise BadValueError('must be written in full: "~" has no meaning for a service')
    return Path(found)


def optional_path(value: object) -> Path | None:
    """Read the path of a file; the empty string means none."""
    return None if value == "" else path(value)


def dictionary(value: object) -> Path | str:
    """Read `"auto"`, `"off"`, or the path of a file."""
    return value if isinstance(value, str) and value in ("auto", "off") else path(value)


def model(value: object) -> str:
    """Read a folder or the name of a model; the empty string means none."""
    return str(path(value)) if value != "" else ""


def url(value: object) -> str:
    """Read an absolute http or https address without a user and password in it."""
    found = text(value).strip()
    if not found or any(character.isspace() for character in found):
        raise BadValueError("must be an http:// or https:// address without spaces")
    try:
        parts = urlsplit(found)
        has_host, _ = bool(parts.hostname), parts.port
    except ValueError as error:
        # what the library says of it quotes what stands where the port is looked for, perhaps a password
        raise BadValueError("is no address: something is wrong with its host or port") from error
    if parts.scheme not in ("http", "https") or not has_host:
        told = f", not {quote(parts.scheme)}" if "://" in found and parts.scheme not in ("", "http", "https") else ""
        raise BadValueError(f"must start with http:// or https:// and name a host{told}")
    if parts.username is not None or parts.password is not None:
        raise BadValueError("must not carry a user or password; keep them in username and password_file")
    return found


def lang(value: object) -> str:
    """Read a language code like `de` or `en-GB`; the empty string leaves it to the texts."""
    found = text(value)
    if found and not _LANG.fullmatch(found):
        raise BadValueError(f'must be a language code like "de", not {quote(found)}')
    return found.lower()


def headers(value: object) -> tuple[tuple[str, str], ...]:
    """Read a table of request headers."""
    if not isinstance(value, dict):
        raise BadValueError(f'must be a table like {{ "X-Key" = "value" }}, not {kind(value)}')
    found = []
    for key, item in value.items():
        if not _HEADER_NAME.fullmatch(key) or key.lower() in _OUR_HEADERS:
            raise BadValueError(f"{quote(key)} is no header that can be set here")
        if not isinstance(item, str) or _UNPRINTABLE.search(item) or not item.isascii():
            raise BadValueError(f"the value of {quote(key)} must be a string of printable ASCII characters")
        found.append((key, item.strip()))
    return tuple(found)


def host_with_port(value: object) -> str:
    """Read an exact `host:port` pair; in lower case."""
    match = _HOST_PORT.fullmatch(value) if isinstance(value, str) else None
    if match is None or not 1 <= int(match[2]) <= 65535:
        raise BadValueError(f'must be "host:port", not {quote(value)}')
    return match[0].lower()


def host(value: object) -> str:
    """Read a host name or an IP address without a port."""
    found = text(value).strip()
    if not _HOST_ALONE.fullmatch(found):
        raise BadValueError(f"must be a host name or an IP address, not {quote(found)}")
    return found


def mail_address(value: object) -> str:
    """Read one bare mail address in ASCII, without a display name."""
    found = value.strip() if isinstance(value, str) else ""
    match = _MAIL.fullmatch(found)
    labels = match[1].split(".") if match else []
    if not match or len(found) > 254 or any(label.startswith("-") or label.endswith("-") for label in labels):
        raise BadValueError(f'must be a mail address like "desk@example.org", not {quote(value)}')
    return found


def one_of(*choices: str) -> Callable[[object], str]:
    """Make a reader of one of the given words."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in choices:
            raise BadValueError(f"must be {' or '.join(map(quote, choices))}, not {quote(value)}")
        return value

    return read


def since(value: object) -> datetime | None:
    """Read `"start"` as None, else a date or a time of day; without a zone they are meant in UTC."""
    if value == "start":
        return None
    found = value
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value.strip())
        except ValueError as error:
            raise BadValueError(f'must be "start" or a date like "2026-01-31", not {quote(value)}') from error
    if isinstance(found, date) and not isinstance(found, datetime):
        found = datetime(found.year, found.month, found.day, tzinfo=UTC)
    if not isinstance(found, datetime):
        raise BadValueError(f'must be "start" or a date like "2026-01-31", not {quote(value)}')
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError as error:
        raise BadValueError(f"must be a date of a year between 1 and 9999 in UTC, not {quote(value)}") from error


def clock(value: object) -> time | None:
    """Read `"18:00"` as a time of day; the empty string means none."""
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0, tzinfo=None)
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None and value != "":
        raise BadValueError(f'must be a time of day like "18:00", not {quote(value)}')
    return time(int(match[1]), int(match[2])) if match else None


def clock_span(value: object) -> tuple[time, time] | None:
    """Read `"22:00-07:00"` as its two ends, which may lie on two days; the empty string means none."""
    if value == "":
        return None
    ends = [_CLOCK.fullmatch(end.strip()) for end in value.split("-")] if isinstance(value, str) else []
    times = [time(int(end[1]), int(end[2])) for end in ends if end]
    if len(ends) != 2 or len(times) != 2:
        raise BadValueError(f'must be two times of day like "22:00-07:00", not {quote(value)}')
    if times[0] == times[1]:
        raise BadValueError(f"must end at another time than it begins, not {quote(value)}")
    return times[0], times[1]


def _tuple(found: object) -> tuple[object, ...]:
    assert isinstance(found, tuple)
    return found
