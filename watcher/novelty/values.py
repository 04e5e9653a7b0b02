"""The figures and days of a statement as values that may stand in the place of one another."""

from __future__ import annotations

import math
from collections.abc import Iterable

from watcher.language import amounts, counts
from watcher.records import Amount, DateMention, Precision, Statement

Value = Amount | DateMention

# Another value of the same slot is of the same order; anything else is another slot.
SPREAD = 4.0
# A figure this close to the known one is its variant on less: two figures of one matter are seldom so near.
_CLOSE = 0.15
# Fewer than so many things are mostly counted in passing.
_MANY = 13
# Of two digits the same or the exchanged ones are as well another figure.
_FEW_DIGITS = 2
# Units of time are told of many things in one breath and change with the day they are told on.
FLEETING = frozenset({"second", "minute", "hour", "day", "week", "month", "year"})


def of(statement: Statement) -> tuple[Value, ...]:
    """What of a statement can change: its amounts, and its dates as far as they tell a month."""
    dates = (mention for mention in statement.dates if mention.precision is not Precision.YEAR)
    return (*statement.amounts, *dates)


def same(a: Value, b: Value) -> bool:
    """Whether a reader takes both for the same value. Symmetric."""
    if isinstance(a, Amount) and isinstance(b, Amount):
        return amounts.same(a, b)
    return isinstance(a, DateMention) and isinstance(b, DateMention) and a.iso == b.iso


def among(value: Value, others: Iterable[Value]) -> bool:
    """Whether a value is one of others."""
    return any(same(value, other) for other in others)


class Tellings:
    """Which statements of an article tell a value. What was asked once is known."""

    def __init__(self, statements: Iterable[Statement], most: int) -> None:
        """Of each statement so many values are looked at."""
        self._told = [(value, statement.position) for statement in statements for value in of(statement)[:most]]
        self._found: dict[Value, frozenset[int]] = {}

    def of(self, value: Value) -> frozenset[int]:
        """The positions of the statements that tell it."""
        if value not in self._found:
            self._found[value] = frozenset(position for other, position in self._told if same(value, other))
        return self._found[value]


def may_replace(now: Value, was: Value) -> bool:
    """Whether one is another value of the other's slot: two days, two months, two amounts of like units and order, or
    one amount with a slip in its magnitude or currency.
    """
    if isinstance(now, DateMention) and isinstance(was, DateMention):
        return now.precision is was.precision and now.iso != was.iso
    if isinstance(now, DateMention) or isinstance(was, DateMention):
        return False
    alike = now.unit == was.unit or "" in (now.unit, was.unit) or counts.are_alike(now.unit, was.unit)
    near = alike and was.value > 0 and 1 / SPREAD <= now.value / was.value <= SPREAD
    return (near and not amounts.same(now, was)) or same_digits(now, was)


def same_digits(a: Value, b: Value) -> bool:
    """Whether two sums of money have the same digits, two or more, and differ in magnitude or currency alone."""
    if isinstance(a, DateMention) or isinstance(b, DateMention):
        return False
    if not (amounts.is_money(a.unit) and amounts.is_money(b.unit)):
        return False
    (digits, power), (others, other_power) = _digits(a), _digits(b)
    one_slip = (a.unit == b.unit) != (power == other_power)
    return one_slip and digits == others and len(digits) > 1


def _digits(amount: Amount) -> tuple[str, str]:
    """The telling digits of an amount, and its power of ten."""
    mantissa, power = f"{amount.value:.6e}".split("e")
    return mantissa.replace(".", "").rstrip("0"), power


def is_slip(a: Value, b: Value) -> bool:
    """Whether one may be a slip of the pen for the other: the same three or more digits in another magnitude or
    currency, or with two neighbours exchanged. Two digits are the same by chance.
    """
    if isinstance(a, DateMention) or isinstance(b, DateMention):
        return False
    (digits, power), (others, other_power) = _digits(a), _digits(b)
    swapped = len(digits) > _FEW_DIGITS and digits != others and sorted(digits) == sorted(others)
    differ = [at for at, (one, other) in enumerate(zip(digits, others, strict=False)) if one != other]
    neighbours = swapped and power == other_power and len(differ) == 2 == differ[-1] - differ[0] + 1
    return (same_digits(a, b) and len(digits) > _FEW_DIGITS) or (neighbours and a.unit == b.unit)


def show(value: Value) -> str:
    """Write a value for a person."""
    return value.iso if isinstance(value, DateMention) else amounts.show(value)


def apart(now: Value, was: Value) -> dict[str, float]:
    """What kind of values two are, and how far apart."""
    if isinstance(now, DateMention) or isinstance(was, DateMention):
        kind = dict.fromkeys(
            ("unit", "bare", "known_bare", "money", "percent", "fleeting", "counted", "few", "slip"), 0.0
        )
        days = isinstance(now, DateMention) and isinstance(was, DateMention) and abs((now.day - was.day).days)
        ratio = min(1.0, days / 120)
        return {**kind, "date": 1.0, "approx": 0.0, "ratio": ratio, "close": float(ratio < _CLOSE)}
    ratio = min(2.0, abs(math.log(now.value / was.value))) if now.value > 0 < was.value else 2.0
    unit = now.unit or was.unit
    money, percent, fleeting = amounts.is_money(unit), "%" in unit, unit in FLEETING
    told = {
        "unit": now.unit == was.unit != "",
        "bare": not now.unit,
        "known_bare": not was.unit,
        "money": money,
        "percent": percent,
        "fleeting": fleeting,
        "counted": not (money or percent or fleeting or not now.unit),
        "few": now.value < _MANY,
        "slip": is_slip(now, was),
        "date": False,
        "approx": now.approx,
        "close": ratio < _CLOSE,
    }
    return {"ratio": ratio, **{name: float(holds) for name, holds in told.items()}}
