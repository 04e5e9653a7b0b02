"""The contract's JSON shapes. A shape is a type, a set of allowed values, a check, a list of one shape, or a dict of
shapes by key; more keys than asked for are fine.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

VERDICTS = {"new", "changed", "known", "background", "noise"}
_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def fits(value: Any, shape: Any, at: str = "$") -> None:
    """Check a value against a shape; the failure names the place."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), f"{at}: {value!r} is no object"
        for key, inner in shape.items():
            assert key in value, f"{at}: has no {key!r}"
            fits(value[key], inner, f"{at}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), f"{at}: {value!r} is no list"
        for index, inner in enumerate(value):
            fits(inner, shape[0], f"{at}[{index}]")
    elif isinstance(shape, (set, frozenset)):
        assert value in shape, f"{at}: {value!r} is none of {sorted(map(str, shape))}"
    elif isinstance(shape, (type, tuple)):
        assert isinstance(value, shape), f"{at}: {value!r} is no {shape}"
        # a truth value is no number to whoever reads JSON
        assert not (isinstance(value, bool) and shape is not bool), f"{at}: {value!r} is a truth value"
    else:
        assert shape(value), f"{at}: {value!r} does not pass {shape.__name__}"


def utc(value: Any) -> bool:
    """Whether it is a time of RFC 3339 in UTC, written with `Z`."""
    return isinstance(value, str) and value.endswith("Z") and datetime.fromisoformat(value).tzinfo is not None


def share(value: Any) -> bool:
    """Whether it is a number from 0 to 1."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


def iso_by_precision(value: Any) -> bool:
    """Whether a date is as long as its precision says."""
    lengths = {"day": 10, "month": 7, "year": 4}
    return bool(_ISO.fullmatch(value["iso"])) and len(value["iso"]) == lengths[value["precision"]]


def _or_none(kind: type) -> tuple[type, ...]:
    return (kind, type(None))


WALK = {
    "feeds": dict.fromkeys(("polled", "unchanged", "failed"), int),
    "entries": dict.fromkeys(("seen", "new", "relevant"), int),
    "articles": dict.fromkeys(("read", "failed", "edited"), int),
    "developments": dict.fromkeys(("opened", "grown"), int),
    "alerts": dict.fromkeys(("sent", "waiting", "failed"), int),
}
DEVELOPMENT = {
    "id": lambda value: bool(re.fullmatch(r"D\d+", value)),
    "status": {"open", "accepted", "merged", "dismissed", "later"},
    "verdict": {"new", "changed"},
    "confidence": share,
    "headline": str,
    "opened": utc,
    "published": utc,
    "alert": bool,
    "nearest": [{"event": str, "score": share}],
    "sources": [
        {
            "url": str, "outlet": str, "lang": {"de", "en"}, "published": utc, "version": int,
            "origin": {"own", "copy"}, "copy_of": _or_none(str),
        }
    ],
    "statements": [
        {
            "text": str, "verdict": VERDICTS, "event": _or_none(str), "was": _or_none(str), "now": _or_none(str),
            "reason": str, "url": str,
        }
    ],
}  # fmt: skip
EXPLAINED = {
    "title": str,
    "lang": {"de", "en"},
    "published": utc,
    "relevant": bool,
    "partial": bool,
    "statements": [
        {
            "text": str, "verdict": VERDICTS, "event": _or_none(str), "was": _or_none(str), "now": _or_none(str),
            "score": share, "reason": str, "names": [str],
            "amounts": [{"value": (int, float), "unit": str, "approx": bool}],
            "dates": [iso_by_precision],
        }
    ],
}  # fmt: skip
REPLAYED = {
    "id": str,
    "relevant": bool,
    "flagged": bool,
    "development": _or_none(str),
    "statements": [
        {"text": str, "verdict": VERDICTS, "event": _or_none(str), "score": share, "reason": str}
    ],
}  # fmt: skip
EVENT = {
    "id": str,
    "date": lambda value: bool(_ISO.fullmatch(value)),
    "date_precision": {"day", "month", "year"},
    "title": str,
    "summary": str,
    "actors": [str],
    "figures": [{"value": (int, float), "unit": str}],
    "kind": str,
}
