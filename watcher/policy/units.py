"""What is measured, brought to one way of writing: `71 dB`, `74 l/m²`, `$14/hr`, `5 lakh`, `CHF 300`.

Units are composed: what multiplies them, squares and cubes, and what they are told by (`/`, `per`, `pro`, `an`). Works
on text in lower case with plain hyphens, but for `cased`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from functools import cache

from watcher.language import tables

FIGURE = r"\d+(?:[.,]\d+)*"
_SUM = r"\d++(?:[.,]\d++)*+"
_SCALE = {
    "en": r"(?:million|billion|trillion|thousand|bn|tn|mn|m|b)\b",
    "de": r"(?:million(?:en)?|milliarden?|billion(?:en)?|tausend|mio\b\.?|mrd\b\.?)",
}
_BY = {"en": "per", "de": "pro"}
_BY_WORD = {
    "en": r"\bper[ -]|\bto the (?=gallon\b)",
    "de": r"\b(?:pro|je)(?: einem| einer)? |\bauf (?=100 )",
}
# Only behind what is measured: elsewhere they are an article and prepositions.
_BY_ARTICLE = {"en": r"an?[ -]", "de": r"(?:in der|in die|im|am|die|der|das) "}
_OF_SO_MANY = re.compile(r"(?<=\d )je (?=\d)")
_TELLING = {"en": "of ", "de": ""}
_FEET = re.compile(
    r"(?<![\w.,])(\d)(?:'|(?:-| ?)(?:feet|foot|ft\b\.?)) ?-?(\d{1,2})(?:''|\"|(?:-| ?)in(?:ch(?:es)?)?\b\.?)"
)
_FEET_HYPHENED = re.compile(r"(?<![\w.,])(\d)-(?:feet|foot|ft)-(\d{1,2})\b(?!-)")
# Glued to its figure, or with its stop before `of`: else it is the preposition.
_INCH = re.compile(r"(?<=\d)(?:in\b| in\.(?= of\b))")
# Behind a price and not a temperature: `99c a can`.
_CENT = re.compile(r"(?<=\d)c(?= (?:an?|per|each|coin|off)\b)")
# Not between the sides of something, nor before a distance run by several: `4 x 100 m`.
_TIMES = re.compile(r"(?<=\d)x(?= [^\W\d_])")
_PER_CENT = re.compile(r"(?<=\d) ?-?(?:%|prozent)-?ig(?=e|\b)")
_DEGREES = re.compile(
    rf"(?<![\w.,])({FIGURE}) degrees (?! *(?:north|south|east|west|turn|angle|view|latitude|longitude))"
)
# Whoever names no scale means the one in which it can be said of weather.
_LEAST_FAHRENHEIT = 60
_POINTED = re.compile(r"(?<=^\d)\.(?=\d\d?$)|(?<=^\d\d)\.(?=\d\d?$)|(?<=^\d{3})\.(?=\d\d?$)")
# `5 v. a.` and the like are no units.
_NO_LETTERS = r"(?!\. ?[^\W\d_]\.)"
_TOUCHING = r"(?:-(?=\d))?"


def cased(told: str) -> str:
    """Write out signs that tell by their case alone: `40 mW`, `100 Mb`. Of a text in its own case."""
    return _cased().sub(lambda match: f" {_by_case()[match[1]]} ", told)


def in_one_way(told: str, lang: str) -> str:
    """Write what is measured in one way. Of a text with a figure in it."""
    told = _led().sub(lambda match: f"{match[2].rstrip('.')} {_led_codes()[match[1]]} ", told)
    told = _large(lang).sub(lambda match: _in_full(match, lang), told)
    if lang == "en":
        told = _FEET_HYPHENED.sub(r"\1 feet \2 inches", _FEET.sub(r"\1 feet \2 inches", told))
        told = _CENT.sub(" cents", _INCH.sub(" inches", told))
    else:
        told = _PER_CENT.sub(" prozentig", told)
    told = _TIMES.sub(" times" if lang == "en" else " mal", told)
    told = _measured(lang).sub(lambda match: _with_word(match, lang), told)
    if lang == "en":
        told = _DEGREES.sub(_with_scale, told)
    return _rated(told, lang)


def _rated(told: str, lang: str) -> str:
    if lang == "de":
        told = _OF_SO_MANY.sub("pro ", told)
    by, units = _BY[lang], _told_by(lang)
    for pattern in (_slashed(lang), _told_by_word(lang)):
        told = pattern.sub(lambda match: f" {by} {match[1] or ''}{units[match[2]]} ", told)
    told = _told_by_article(lang).sub(lambda match: f"{match[1]} {by} {units[match[2]]} ", told)
    if f" {by} " not in told:
        return told
    return _apart(lang).sub(lambda match: f"{match[1]} {match[3]} {match[2]}", told)


def _in_full(match: re.Match[str], lang: str) -> str:
    """Write `5 lakh crore` out, where that is a whole number."""
    value = Fraction(match[1].replace(",", ".") if lang == "de" else match[1])
    for word in match[2].split():
        value *= _large_values(lang)[word]
    return f"{value} " if value.denominator == 1 else match[0]


def _with_word(match: re.Match[str], lang: str) -> str:
    """Give a figure and its unit; what follows the point says nothing when it is nought."""
    figure, point = match[1], "," if lang == "de" else "."
    if lang == "de":
        figure = _POINTED.sub(",", figure)  # `3.60 Franken`, as in Switzerland
    unit = _measures(lang)[match[2]]
    if figure.count(point) == 1 and figure.endswith("0") and unit not in _money(lang):
        figure = figure.rstrip("0").rstrip(point)
    return f"{figure} {unit} "


def _with_scale(match: re.Match[str]) -> str:
    whole = int(re.split("[.,]", match[1])[0])
    return f"{match[1]} {'fahrenheit' if whole >= _LEAST_FAHRENHEIT else 'celsius'} "


# -- tables --------------------------------------------------------------------------------------------------------


def _rows(kind: str) -> list[tuple[str, ...]]:
    return [row for row in tables.rows("measures.tsv") if row[0] == kind]


@cache
def _measures(lang: str) -> dict[str, str]:
    """All forms of all units, with what may stand before them, and the word of each."""
    signs = {row[1]: row[2] for row in _rows(f"{lang}<")}
    powers = {row[1]: row[2].split() for row in _rows(f"{lang}^")}
    found: dict[str, str] = {}
    for _, word, forms, *before in _rows(lang):
        sign, *names = forms.split()
        taken = before[0].split() if before else []
        units = [(word, [sign, *names])]
        units += [(one + word, [signs[one] + sign, *(one + name for name in names)]) for one in taken if one in signs]
        for power in (one for one in taken if one in powers):
            shapes = powers[power]
            units += [
                (shapes[-1].replace("*", unit), [shape.replace("*", form) for shape in shapes for form in unit_forms])
                for unit, unit_forms in tuple(units)
                if not unit.startswith(tuple(shapes[-1].partition("*")[0] for shapes in powers.values()))
            ]
        for unit, unit_forms in units:
            for form in unit_forms:
                found.setdefault(form.replace("_", " "), unit.replace("_", " "))
    return found


@cache
def names(lang: str) -> frozenset[str]:
    """Units by their names, signs left out."""
    return frozenset(form for form in _measures(lang) if len(form) > 2 and form[-1].isalpha())


@cache
def _told_by(lang: str) -> dict[str, str]:
    """Units by which something is told."""
    return _measures(lang) | {form: row[1] for row in _rows(f"{lang}/") for form in row[2].split()}


def _any(forms: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))


@cache
def _measured(lang: str) -> re.Pattern[str]:
    figure = rf"(?<![\w.,:])({FIGURE}(?:[ -]?{_SCALE[lang]})?)"
    return re.compile(rf"{figure}[ -]?({_any(_measures(lang))}){_NO_LETTERS}\.?{_TOUCHING}(?!\w)")


@cache
def _slashed(lang: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=[\w$€£% ])/ ?(100 ?)?({_any(_told_by(lang))})\.?(?![\w/])")


@cache
def _told_by_word(lang: str) -> re.Pattern[str]:
    return re.compile(rf" ?-?(?:{_BY_WORD[lang]})(100 )?({_any(_told_by(lang))})(?!\w)\.?")


@cache
def _told_by_article(lang: str) -> re.Pattern[str]:
    units = _any(set(_measures(lang).values()))
    scaled = rf"{_SUM}(?: ?{_SCALE[lang]})?"
    thing = rf"(?: +{_TELLING[lang]}[^\W\d_]++)?" if _TELLING[lang] else ""
    head = rf"(?<![\w.,:])({scaled} ?(?:{units}){thing}|[$€£] ?{scaled})"
    return re.compile(rf"{head} *-?(?:{_BY_ARTICLE[lang]})({_any(_told_by(lang))})(?!\w)")


@cache
def _apart(lang: str) -> re.Pattern[str]:
    """Match what is measured between the unit and what it is told by: `35 micrograms of soot per cubic metre`."""
    units, by = _any(set(_measures(lang).values())), _any(set(_told_by(lang).values()))
    return re.compile(rf"(?<![\w.,:])({_SUM} (?:{units})) +({_TELLING[lang]}[^\W\d_]++) +({_BY[lang]} (?:{by}))(?!\w)")


@cache
def _by_case() -> dict[str, str]:
    return {form: row[1] for row in _rows("=") for form in row[2].split()}


@cache
def _cased() -> re.Pattern[str]:
    return re.compile(rf"(?<=\d)[ -]?({_any(_by_case())})(?!\w)")


@cache
def _led_codes() -> dict[str, str]:
    return {form: row[1] for row in _rows("led") for form in row[2].split()}


@cache
def _money(lang: str) -> frozenset[str]:
    return frozenset(_measures(lang).get(code, "") for code in _led_codes().values())


@cache
def _led() -> re.Pattern[str]:
    """Match a currency before its sum: `CHF 240000`, `Fr. 240000.-`, `EUR 5 million`."""
    words = r"lakh crore|lakh|crore|cr|lac|trn|bio|(?:million|milliarde|billion|trillion)(?:en|n)?|mio|mrd|bn|tn|m|k"
    scale = rf"(?:[ -]?(?:{words})\b\.?)?"
    return re.compile(rf"(?<![\w$€£])({_any(_led_codes())}) ?({_SUM}{scale})(?:\.-+)?(?!\w)")


@cache
def _large_values(lang: str) -> dict[str, int]:
    """Words that multiply a figure and that scales have not, by how much."""
    for of, kind, words in tables.rows("counting.tsv"):
        if (of, kind) == (lang, "large"):
            return {word: int(value) for word, _, value in (pair.partition("=") for pair in words.split())}
    return {}


@cache
def _large(lang: str) -> re.Pattern[str]:
    words = _any(_large_values(lang))
    return re.compile(rf"(?<![\w.,:])(\d{{1,12}}(?:[.,]\d{{1,6}})?)[ -]?((?:{words})(?: (?:{words}))?)(?!\w) ?")
