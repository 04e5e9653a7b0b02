"""Figures with their units: money, shares, durations and counted things, in one form for both languages."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from watcher.language import counts, tables
from watcher.language.counts import GAP, WORD
from watcher.language.figures import Figure, scan
from watcher.language.words import fold
from watcher.records import Amount

_AHEAD = 60
_BEHIND = 24
_YEARS = range(1900, 2100)
_RANGE = re.compile(r"\s?(?:-|–|bis|to|and|und|or|oder)\s?(?:US\$|[$€£])?\s?")
_CLOCK = re.compile(r"\s?(?:Uhr\b|[ap]\.?\s?m\b|o[’']clock|GMT\b)|:\d")
_AGE = re.compile(r"[\s-](?:Jahre?n?|years?)[\s-](?:alt|old)|-?jährig|-?year-old", re.IGNORECASE)
_UPPER_END = re.compile(r"\d\s?[-–]$")
_AGO = re.compile(r"\s(?:year|month|week|day|hour|minute)s?\sago\b")
_VOR = re.compile(r"\b[Vv]or\s(?:rund\s|etwa\s|gut\s|knapp\s|fast\s|mehr als\s)?$")
_SPAN = re.compile(r"\s(?:Jahr|Monat|Woche|Tag|Stunde|Minute)")
_AGED = re.compile(r"\b(?:aged?|im Alter von|Alter:?|turns|turned)\s$", re.IGNORECASE)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b|\.(?=\s\S)|\.\d")
_JOINED = re.compile(r"[\w§#]$|[A-Za-zÄÖÜäöü][-./]$|\d[-./:]$|[(+]\d*$")
_TIED = re.compile(r"[/:]\d|-\d|(?!bn|m\b|k\b|tn|t\b|b\b|B\b|M\b|K\b|mn|mln)[A-Za-z]", re.IGNORECASE)
_SHARE = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|eine[rnms]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|\d)"
    r"\s(?:in|out\sof|von|aus)(?:\severy)?\s$",
    re.IGNORECASE,
)
"""Before the whole of a share: `nine out of 10 doctors`."""
_WHOLE = 10
_MILLION = 1e6
_COUNTED = 2
"""The least number of things that are counted; "one judge" is an article."""
_ROUND = 0.05
_AGAINST = 36
"""How far apart two figures stand that are set against each other, in characters."""
_SMALL = 1e-9


class Likeness(StrEnum):
    """How two amounts relate, as a reader would say."""

    EXACT = "exact"
    ROUNDED = "rounded"
    CONVERTED = "converted"
    DIFFERENT = "different"


class _Reading(NamedTuple):
    """What follows a figure: the factor and unit, and where they end. `unit` None: none was found."""

    factor: float
    unit: str | None
    end: int


def find(text: str, lang: str) -> tuple[Amount, ...]:
    """Return the amounts of a text in order. Units: ISO 4217 codes, `%`, `%p`, units of time, what is counted as the
    tables name it, or a counted noun's term.

    A figure with a scale but without a unit ("97.4 billion") has the unit ''. Years, dates, times of day, ages,
    ordinals and the numbers of versions, sections or telephones are no amounts.
    """
    return tuple(amount for amount, _, _ in placed(text, lang))


def placed(text: str, lang: str) -> Iterator[tuple[Amount, int, int]]:
    """Give the amounts of a text as `find` does, each with the places where it begins and ends."""
    lang = tables.table_lang(lang)
    figures = scan(text, lang)
    readings = [_read(text, figure, lang) for figure in figures]
    for at, (figure, reading) in enumerate(zip(figures, readings, strict=True)):
        if reading is None:
            continue
        unit, factor = reading.unit, reading.factor
        if factor == 1 and (unit is None or is_money(unit)) and _is_range(text, figures, at):
            upper = readings[at + 1]
            factor, unit = (upper.factor, unit or upper.unit) if upper else (factor, unit)
        if unit is None and at and _is_range(text, figures, at - 1):
            lower = readings[at - 1]
            unit = lower.unit if lower else None
        if unit is None and factor == 1:
            against = _set_against(text, figures, readings, at, lang)
            unit = against.unit if against else None
            factor = against.factor if against else factor
            if unit is None and figure.value >= _COUNTED and figure.value.is_integer():
                unit = counts.counted(text, figure.start, figure.end, lang)
            if unit is None and against is None:
                continue
        approx = _is_approx(text, figure.start, lang)
        yield Amount(value=_clean(figure.value * factor), unit=unit or "", approx=approx), figure.start, reading.end


def is_money(unit: str) -> bool:
    """Whether a unit is a currency; a counted noun may have three letters, too."""
    return unit in _currencies()


@cache
def _currencies() -> frozenset[str]:
    return frozenset(code for code, kind, *_ in tables.rows("units.tsv") if kind == "money")


def _is_range(text: str, figures: list[Figure], at: int) -> bool:
    """Whether figure `at` and the next are the ends of a range: `5 to 6 billion dollars`."""
    if at + 1 == len(figures):
        return False
    gap = text[figures[at].end : figures[at + 1].start]
    return len(gap) < 12 and _RANGE.fullmatch(gap) is not None


def _set_against(
    text: str, figures: list[Figure], readings: list[_Reading | None], at: int, lang: str
) -> _Reading | None:
    """What belongs to a bare figure that stands against its neighbour: `480 statt 540`, `97 instead of 88 million`."""
    for low, other in ((at - 1, at - 1), (at, at + 1)):
        if low < 0 or low + 1 == len(figures):
            continue
        gap = text[figures[low].end : figures[low + 1].start]
        read = readings[other]
        if len(gap) <= _AGAINST and read is not None and _contrasts(gap, lang):
            return read
    return None


def _contrasts(gap: str, lang: str) -> bool:
    words = WORD.findall(fold(gap))
    return any(word in contrast_words(lang) for word in words) and not any(mark in gap for mark in ".;:?!")


@cache
def contrast_words(lang: str) -> frozenset[str]:
    """The words that set a told value against another one."""
    rows = {row[0]: row[1] for row in tables.rows("contrast.tsv")}
    return frozenset(rows[tables.table_lang(lang)].split())


def _clean(value: float) -> float:
    """Take the dust of binary fractions off a product such as 97.4 * 10**9."""
    return float(f"{value:.12g}")


def _read(text: str, figure: Figure, lang: str) -> _Reading | None:
    """Return scale and unit of a figure, or None when it is no amount at all."""
    before = text[max(0, figure.start - _BEHIND) : figure.start]
    after = text[figure.end : figure.end + _AHEAD]
    sign, bare = _sign(before)
    if (sign is None and _is_tied(before)) or _is_time(before, after):
        return None
    factor, at = _scale(after, figure, lang)
    unit, end = _unit(after, at)
    unit = sign or unit
    if unit is None and factor == 1:
        if _is_numbered(bare, lang) or _ORDINAL.match(after) or _TIED.match(after):
            return None
        if figure.plain and figure.value in _YEARS and not _is_approx(text, figure.start, lang):
            return None
    if unit is None and figure.value <= _WHOLE and _SHARE.search(before):
        return None
    named = factor >= _MILLION and after[at : at + 1] == "-"  # "97.4-billion bid": the unit is left unsaid
    if unit is None and figure.value * factor >= _COUNTED and not named:
        unit = counts.noun(after[at:], lang)
    return _Reading(factor, unit, figure.end + end)


def _is_tied(before: str) -> bool:
    """Whether what stands before a figure makes it part of a name, number or age; the upper end of a range is not."""
    return bool(_JOINED.search(before) or _AGED.search(before)) and not _UPPER_END.search(before)


def _is_time(before: str, after: str) -> bool:
    """Whether a figure belongs to a time of day, an age, or a date such as `two days ago`."""
    if _CLOCK.match(after) or _AGE.match(after) or _AGO.match(after):
        return True
    return bool(_VOR.search(before) and _SPAN.match(after))


def _sign(before: str) -> tuple[str | None, str]:
    """Return the currency whose sign stands right before a figure, and the text before the sign."""
    bare = before.rstrip(" \u00a0\u202f")
    for sign, unit in _signs():
        if bare.endswith(sign) and (not sign.isalpha() or not bare[: -len(sign)][-1:].isalnum()):
            return unit, bare.removesuffix(sign)
    return None, bare


@cache
def _signs() -> tuple[tuple[str, str], ...]:
    """Signs before a figure with their currency, the longest first."""
    pairs = [(sign, row[0]) for row in tables.rows("units.tsv") for sign in row[2].split()]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@cache
def _scales(lang: str) -> dict[str, float]:
    return {form: float(row[0]) for row in tables.rows(f"scales_{lang}.tsv") for form in row[1].split()}


@cache
def _glued_scales() -> dict[str, float]:
    return {form: float(row[0]) for row in tables.rows("scales_en.tsv") for form in "".join(row[2:]).split()}


def _scale(after: str, figure: Figure, lang: str) -> tuple[float, int]:
    """Return the factor after a figure and where it ends. `two hundred thousand` has two."""
    factor, at = 1.0, 0
    glued = WORD.match(after)
    if glued and figure.plain | (after[:1].isalpha()) and glued.group() in _glued_scales() and figure.end:
        return _glued_scales()[glued.group()], glued.end()
    while True:
        gap = GAP.match(after, at)
        start = gap.end() if gap else at
        word = re.compile(r"[^\W\d_]+\.?").match(after, start)
        if word is None:
            return factor, at
        form = word.group()
        scale = _any_scale(form, lang) or _any_scale(form.rstrip("."), lang)
        if scale is None:
            return factor, at
        factor *= scale
        at = word.end() if _any_scale(form, lang) else start + len(form.rstrip("."))


def _any_scale(form: str, lang: str) -> float | None:
    return _scales(lang).get(form) or (_scales(lang).get(form.lower()) if lang == "en" else None)


@cache
def _units() -> dict[str, str]:
    return {form: row[0] for row in tables.rows("units.tsv") for form in row[3].split()}


_UNIT = re.compile(r"[\s\u00a0\u202f-]{0,2}(US[-\s]?[Dd]ollars?|per cent|percentage points?|[%$€£]|[^\W\d_]+\$?)")


def _unit(after: str, at: int) -> tuple[str | None, int]:
    """Return the unit that both languages share right after the figure and its scale, if one does."""
    match = _UNIT.match(after, at)
    if match is None:
        return None, at
    form = match.group(1)
    if form.startswith("percentage"):
        return "%p", match.end()
    if form == "per cent":
        return "%", match.end()
    unit = "USD" if form.lower().startswith("us") and "ollar" in form else _units().get(form)
    return (unit, match.end()) if unit else (None, at)


def _is_numbered(before: str, lang: str) -> bool:
    """Whether the word before makes a figure the name of something: `Model 3`, `Section 5`, `Grok 4`."""
    words = before.split()
    if not words:
        return False
    last = words[-1].lstrip("(„“\"'")
    if lang == "de":
        return last in tables.words("numbered_de.txt")
    return last.lower() in tables.words("numbered_en.txt") or last.rstrip(".").lower() in counts.months("en")


def _is_approx(text: str, start: int, lang: str) -> bool:
    before = text[max(0, start - _BEHIND) : start].lower().replace("us$", "").rstrip(" $€£\u00a0(")
    words = re.split(r"[\s(]+", before)
    known = tables.words(f"approx_{lang}.txt")
    return any("_".join(words[-count:]) in known for count in (1, 2, 3))


# -- comparing -----------------------------------------------------------------------------------------------------


def same(a: Amount, b: Amount) -> bool:
    """Whether a reader takes both for the same figure. Symmetric."""
    return compare(a, b) is not Likeness.DIFFERENT


def compare(a: Amount, b: Amount, year: int | None = None) -> Likeness:
    """Tell how two amounts relate: equal, equal within rounding, a plain currency conversion, or different.

    A conversion is judged by the averages of `year` and its neighbours, or of the last six years. Symmetric.
    """
    if a.unit == b.unit or "" in (a.unit, b.unit):
        if math.isclose(a.value, b.value, rel_tol=_SMALL):
            return Likeness.EXACT
        return Likeness.ROUNDED if _is_rounding(a, b) else Likeness.DIFFERENT
    low, high = _rate_band(a.unit, b.unit, year)
    if high and b.value and low <= a.value / b.value <= high:
        return Likeness.CONVERTED
    return Likeness.DIFFERENT


def _is_rounding(a: Amount, b: Amount) -> bool:
    """Whether one is the other with fewer digits, or either is rough and they are near."""
    size = max(abs(a.value), abs(b.value))
    apart = abs(a.value - b.value)
    if apart > _ROUND * size:
        return False
    rougher, finer = (a, b) if _digit(a.value) >= _digit(b.value) else (b, a)
    step = _digit(rougher.value)
    if a.approx or b.approx:
        return apart <= step * (1 + _SMALL)
    return apart <= step / 2 * (1 + _SMALL) and _digit(finer.value) < step


def _digit(value: float) -> float:
    """Return the size of the last significant digit: .1 for 97.4, 100 for 1500."""
    if not value or not math.isfinite(value):
        return 0.0
    mantissa, exponent = f"{value:.11e}".split("e")
    digits = len(mantissa.lstrip("-").replace(".", "").rstrip("0"))
    return 10.0 ** (int(exponent) - max(digits - 1, 0))


def _rate_band(a: str, b: str, year: int | None) -> tuple[float, float]:
    """Return the lowest and highest plausible value of (amount in `a`) / (amount in `b`), or zeros."""
    ratios = []
    for when, rates in _rates():
        if a in rates and b in rates and (abs(when - year) <= 1 if year else when > _rates()[-1][0] - 6):
            ratios.append(rates[b] / rates[a])
    return (min(ratios) * 0.97, max(ratios) * 1.03) if ratios else (0.0, 0.0)


@cache
def _rates() -> tuple[tuple[int, dict[str, float]], ...]:
    return tuple(
        (int(year), {"USD": 1.0, "EUR": float(eur), "GBP": float(gbp)}) for year, eur, gbp in tables.rows("rates.tsv")
    )


def _plural(unit: str) -> str:
    """Return the English plural of a counted noun's term as far as a plain rule goes."""
    irregular = {row[0]: row[1] for row in tables.rows("nouns_en.tsv")}
    *first, last = unit.split(" ")
    if last in irregular:
        return " ".join((*first, irregular[last]))
    if unit.endswith("y") and unit[-2:-1] not in "aeiou":
        return f"{unit[:-1]}ies"
    if unit.endswith(("ss", "x", "ch", "sh")):
        return f"{unit}es"
    return unit if unit.endswith("s") else f"{unit}s"


_SHOWN = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))


def show(amount: Amount) -> str:
    """Write an amount for a person: `97.4bn USD`, `39,000 EUR`, `12 %`, `100,000 jobs`, `about 5m GBP`."""
    number = f"{amount.value:,.10g}"
    for size, suffix in _SHOWN:
        if abs(amount.value) >= size:
            number = f"{amount.value / size:,.6g}{suffix}"
            break
    unit = {"%p": "percentage points"}.get(amount.unit, amount.unit.replace("_", " "))
    if unit.islower() and amount.value != 1:
        unit = _plural(unit)
    return f"{'about ' if amount.approx else ''}{number} {unit}".rstrip()
