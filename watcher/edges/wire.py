"""Records as JSON between a worker and the daemon. Only plain values of the expected types come through.

A worker reads hostile bytes, so what it says is checked field by field and never unpickled.
"""

from __future__ import annotations

import json
import types
import typing
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from watcher.records import Entry, Page, ParsedFeed

Record = TypeVar("Record", Entry, Page, ParsedFeed)


class WireError(Exception):
    """What came over the wire is not the record it should be."""


def pack(record: Entry | Page | ParsedFeed, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Give a record as plain JSON values."""
    return {f.name: _plain(getattr(record, f.name)) for f in fields(record) if f.name not in without}


def unpack(kind: type[Record], row: object, **more: Any) -> Record:
    """Give the record a row tells, with `more` fields from elsewhere. Raises WireError."""
    shapes = _shapes(kind.__name__)
    if not isinstance(row, dict) or not all(name in shapes for name in row):
        raise WireError(f"no {kind.__name__}")
    told: dict[str, Any] = {name: _value(shapes[name], value) for name, value in row.items()}
    try:
        return kind(**told, **more)
    except TypeError as error:
        raise WireError(f"no {kind.__name__}: {error}") from error


def load(frame: bytes) -> dict[str, Any]:
    """Read one frame. Raises WireError when it is not a JSON object."""
    try:
        row = json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise WireError("no JSON") from error
    if not isinstance(row, dict):
        raise WireError("no object")
    return row


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _value(shapes: frozenset[type], value: object) -> object:
    if datetime in shapes and isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise WireError("no date") from error
        if moment.tzinfo is None:
            raise WireError("no aware date")
        return moment
    if tuple in shapes and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    if float in shapes and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if type(value) in shapes:
        return value
    raise WireError(f"a value of a wrong type: {type(value).__name__}")


@cache
def _shapes(record: str) -> dict[str, frozenset[type]]:
    """Give the types each field of a record may have."""
    kind = {"Entry": Entry, "Page": Page, "ParsedFeed": ParsedFeed}[record]
    shapes = {}
    for name, hint in typing.get_type_hints(kind).items():
        parts = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
        shapes[name] = frozenset(typing.get_origin(part) or part for part in parts)
    return shapes
