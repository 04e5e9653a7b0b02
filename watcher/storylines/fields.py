"""Reading one field of a foreign table after another, collecting every mistake instead of stopping at the first."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

# What a terminal obeys, and halves of characters, which no file can hold; line ends and tabs are white space.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(slots=True, kw_only=True)
class Mistakes:
    """Everything found wrong so far, one line each, in reading order. Full sentences name the place first."""

    lines: list[str] = field(default_factory=list)

    def add(self, where: str, what: str) -> None:
        """Remember that `what` is wrong at `where`."""
        self.lines.append(f"{where}: {what}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The fields of one table. A wrong value is reported to `mistakes` and read as empty."""

    table: Mapping[str, object]
    where: str
    mistakes: Mistakes

    def text(self, key: str, *, required: bool = True) -> str:
        """Read a non-empty string; '' where it is missing (a mistake when `required`)."""
        value = self.table.get(key)
        if isinstance(value, str) and value.strip():
            if _CONTROL.search(value):
                self.mistakes.add(self.where, f"{key} must hold no control characters, not {shown(value)}")
            return value.strip()
        if value is None or (isinstance(value, str) and not required):
            if required:
                self.mistakes.add(self.where, f"{key} is missing")
        else:
            self.mistakes.add(self.where, f"{key} must be a non-empty text, not {shown(value)}")
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of non-empty strings, in order; empty where it is missing."""
        value = self.table.get(key)
        if value is None:
            return ()
        if not is_list(value) or not all(isinstance(item, str) and item.strip() for item in value):
            self.mistakes.add(self.where, f"{key} must be a list of non-empty texts, not {shown(value)}")
            return ()
        if any(_CONTROL.search(str(item)) for item in value):
            self.mistakes.add(self.where, f"{key} must hold no control characters, not {shown(value)}")
        return tuple(str(item).strip() for item in value)

    def number(self, key: str) -> float:
        """Read a finite number; 0.0 where it is none (a mistake)."""
        value = self.table.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            number = as_float(value)
            if number is not None:
                return number
        self.mistakes.add(self.where, f"{key} must be a number, not {shown(value)}")
        return 0.0

    def flag(self, key: str) -> bool:
        """Read true or false; false where it is missing."""
        value = self.table.get(key, False)
        if isinstance(value, bool):
            return value
        self.mistakes.add(self.where, f"{key} must be true or false, not {shown(value)}")
        return False

    def tables(self, key: str) -> tuple[Fields, ...]:
        """Read a list of tables, each knowing its place (`figures[2]`, counted from 1); empty where it is missing."""
        value = self.table.get(key)
        if value is None:
            return ()
        if not is_list(value) or not all(isinstance(item, dict) for item in value):
            self.mistakes.add(self.where, f"{key} must be a list of tables, not {shown(value)}")
            return ()
        return tuple(
            Fields(table=item, where=f"{self.where}: {key}[{place}]", mistakes=self.mistakes)
            for place, item in enumerate(value, 1)
            if isinstance(item, dict)
        )

    def nested(self, key: str) -> Fields:
        """Read a table inside this one; an empty one where it is missing."""
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            self.mistakes.add(self.where, f"{key} must be a table, not {shown(value)}")
            value = {}
        return Fields(table=value, where=f"{self.where}: {key}", mistakes=self.mistakes)

    def only(self, *known: str) -> None:
        """Report every key that is not among `known`."""
        for key in self.table:
            if key not in known:
                self.mistakes.add(self.where, f"unknown key {key!r} (known: {', '.join(known)})")


def is_list(value: object) -> TypeGuard[Sequence[object]]:
    """Whether a parsed value is an array."""
    return isinstance(value, list)


def as_float(value: float) -> float | None:
    """Give the finite float nearest to a number, or None where there is none."""
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def shown(value: object) -> str:
    """Give a foreign value as a message may show it: one line, at most 40 characters."""
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
