"""Times of day, times taken, dates and decades, brought to one way of writing: `2.20pm`, `half past seven`, `1900 GMT`,
`1h 09m 42s`, `25/09/2025`, `the nineties`.

Works on text in lower case with plain hyphens, in which figures are figures.
"""

from __future__ import annotations

import re
from functools import cache

from watcher.language import tables
from watcher.policy.numerals import counting, months, tens

_HALF_HOUR, _HOUR, _DAY, _NOON = 30, 60, 24, 12
_MONTHS_A_YEAR, _LAST_DAY, _YEARS = 12, 31, 100
_THIS_CENTURY = 50
_CLOCK = {
    "en": re.compile(
        r"(?<![\d.,:$€£])(?:(?P<from>\d{1,2})(?:[.:](?P<past>[0-5]\d))?(?P<to> ?(?:-|to|and|until) ?))?"
        r"(?P<hour>\d{1,2})(?:[.:](?P<minute>[0-5]\d))? ?(?P<half>[ap])\.? ?m\b\.?"
    ),
    "de": re.compile(
        r"(?<![\d.,:$€£])(?:(?P<from>\d{1,2})(?:[.:](?P<past>[0-5]\d))?(?P<to> ?(?:-|bis|und) ?))?"
        r"(?P<hour>\d{1,2})(?:[.:](?P<minute>[0-5]\d))? ?uhr\b(?: (?P<after>[0-5]\d)(?![\d.,:]| ?\w))?"
        r"(?: (?P<half>morgens|vormittags|früh|mittags|nachmittags|abends|nachts)\b)?"
    ),
}
# `um 10 h`: behind other words the letter stands for hours that something took.
_HOUR_SIGN = re.compile(r"\b(um|ab|gegen) (\d{1,2})(?:[.:]([0-5]\d))? ?h ?([0-5]\d)?\b")
_NOON_TOLD = {
    "en": re.compile(r"\b(?:12(?::00)? )?(noon|midday|midnight)\b"),
    "de": re.compile(r"\bum (mitternacht)\b"),
}
_PAST = re.compile(
    r"\b(?:half[ -]past|(a )?quarter[ -](past|to)|(5|10|20|25) (?:minutes )?past) (1[0-2]|[1-9])\b(?![.:]\d)"
)
_PAST_DE = re.compile(r"\b(?:(halb)|(dreiviertel)|viertel (nach|vor)) (1[0-2]|[1-9])\b(?: uhr\b)?(?![.,:]\d)")
_OF_DAY = re.compile(
    r"(?<![\d.,:$€£])(\d{1,2}(?:[.:][0-5]\d)?)(?: ?o'?clock)? (?:in the (morning|afternoon|evening)|(at night))\b"
)
_O_CLOCK = re.compile(r"(?<![\d.,:$€£])(\d{1,2}) ?o'?clock\b")
_FOUR_FIGURES = re.compile(
    r"(?<![\w.,:$€£-])([01]\d|2[0-3])[.:]?([0-5]\d) ?"
    r"(?:(?=(?:gmt|bst|utc|cet|cest|est|edt|pst|pdt|ist|aest|aedt)\b)"
    r"|(?:(?<=\bat \d{4} )|(?<=\bby \d{4} ))(?:hours|hrs)\b)"
)
_AND = r"(?:,? (?:and|und) |,? ?)"
_H = r"(\d{1,3})(?: ?h|[ -]?(?:hours?|hrs?|std|stunden?)\b\.?)"
_M = r"(\d{1,2}) ?(?:m|mins?|minutes?|minuten?)\b\.?"
_S = r"(\d{1,2}(?:[.,]\d{1,3})?) ?(?:s|secs?|sek|seconds?|sekunden?)\b\.?"
_TAKEN = re.compile(rf"(?<![\w.,:])(?:{_H}{_AND})?{_M}{_AND}{_S}")
_HOURS_AND = re.compile(rf"(?<![\w.,:]){_H}(?:{_AND}{_M}|([0-5]\d)\b)")
_LONG_CLOCK = re.compile(r"\b(\d{1,3}:[0-5]\d:[0-5]\d) ?(?:hours|hrs|stunden|std|h)\b\.?")
_SHORT_CLOCK = re.compile(r"(?<![\d:])(\d{1,3}:[0-5]\d(?:[.,]\d{1,3})?) ?(?:minutes|mins?|minuten)\b\.?")
_CLOCK_OF_HOURS = re.compile(r"(?<![\d:])(\d{1,3}):([0-5]\d) ?(?:hours|hrs|stunden|std)\b\.?")
_PARTS = re.compile(r"(?<![\w.,:])(\d+[.,]\d+) ?s\b")
_WHOLE_HOURS = re.compile(r"(?<![\d.,])(\d{1,2})[.,]5 (hours|stunden)\b")
_UNITS = {"en": ("hours", "minutes"), "de": ("stunden", "minuten")}
_DECADE = {
    "en": r"(?<![\d'])(?:19|')?([2-9]0)'?s\b|\b({})ies\b",
    "de": r"(?<!\d)(?:(?:19)?([2-9]0)er|({})er)(?:[ -]?jahren?\b|(?<=\d\der)n\b)",
}
_SEASON = re.compile(r"(?<![\w.,:/-])((?:19|20)\d)(\d)[-/](?:(?:19|20)(?=\d\d))?(\d\d)(?![\w/:-]|[.,]\d)")
_ISO = re.compile(r"(?<![\w.:/-])((?:19|20)\d\d)-(\d\d)-(\d\d)(?![\w:-])")
_NUMBERED = re.compile(r"(?<![\w.:/-])(\d{1,2})([/.])(\d{1,2})\2((?:19|20)?\d\d)(?![\w:/]|\.\d)")
_DAY_DE = re.compile(
    r"(?<![\d.,])(\d{1,2})\.\s?(1[0-2]|0?[1-9])\.(?:\s?(\d\d)(?![\d.,:%])(?! ?[^\W\d_])|(?=\d{4}\b|\D|$))"
)
_THE_DAY = re.compile(r"(?<=tag),? de[nm] (?=\d{1,2}\.)|(?<=woch),? de[nm] (?=\d{1,2}\.)")
_AGED = re.compile(r"(?<=,) aged (?=\d{1,3}(?:,|\.|\)| and |$))")
_OLD_DE = re.compile(r"(?<![\w.,:])(\d{1,3}) jahren? alt(?=e[nmrs]?\b)")


def in_one_way(told: str, lang: str) -> str:
    """Write times and dates in one way. Of a text with a figure in it."""
    told = _weekdays(lang).sub(lambda match: f"{_weekday_of(lang)[match[1]]} ", told) if lang == "en" else told
    told = _LONG_CLOCK.sub(r"\1", _TAKEN.sub(_taken, told))
    if lang == "de":
        told = _HOUR_SIGN.sub(lambda match: f"{match[1]} {match[2]}:{match[3] or match[4] or '00'} uhr ", told)
        told = _PAST_DE.sub(_past_de, _OLD_DE.sub(r"\1 jährig", told))
    else:
        told = _in_english(told)
    told = _SHORT_CLOCK.sub(r"\1", told)
    hours, minutes = _UNITS[lang]
    told = _HOURS_AND.sub(lambda match: f"{match[1]} {hours} {int(match[2] or match[3])} {minutes}", told)
    told = _CLOCK_OF_HOURS.sub(lambda match: f"{match[1]} {hours} {int(match[2])} {minutes}", told)
    told = _PARTS.sub(r"\1 " + ("seconds" if lang == "en" else "sekunden"), told)
    return _CLOCK[lang].sub(_clock_of, told)


def dates(told: str, lang: str) -> str:
    """Write dates and seasons in figures with the month's name. Of a text with a figure in it."""
    told = _ISO.sub(lambda match: _date(match, lang, (match[3], match[2], match[1])), told)
    if lang == "de":
        told = _weekdays("de").sub(lambda match: f"{_weekday_of('de')[match[1]]} ", told)
        told = _DAY_DE.sub(_day_de, _THE_DAY.sub(" ", told))
    else:
        told = _NUMBERED.sub(_date_en, told)
        told = _days_behind().sub(r"\2 \1", told)
    return _SEASON.sub(_season, told)


def decades(told: str, lang: str) -> str:
    """Write `the nineties` and `1990s` in one way."""
    word = "jahren" if lang == "de" else ""
    return _decade(lang).sub(lambda match: f"{match[1] or tens(match[2], lang)} er {word}", told)


def noon(told: str, lang: str) -> str:
    """Write noon and midnight as times of day."""
    if lang == "de":
        return _NOON_TOLD["de"].sub("um 0:00", told)
    return _NOON_TOLD["en"].sub(lambda match: "0:00" if match[1] == "midnight" else "12:00", told)


def whole(told: str) -> str:
    """Write one and a half hours as 90 minutes."""
    return _WHOLE_HOURS.sub(_minutes_of, told)


def _in_english(told: str) -> str:
    told = _OF_DAY.sub(lambda match: f"{match[1]} {'am' if match[2] == 'morning' else 'pm'}", _PAST.sub(_past, told))
    told = _FOUR_FIGURES.sub(lambda match: f"{int(match[1])}:{match[2]} ", _O_CLOCK.sub(r"\1:00", told))
    return _AGED.sub(" ", told)


def _past(match: re.Match[str]) -> str:
    """Read `half past seven` and `a quarter to eight`."""
    hour = int(match[4])
    if match[2] == "to":
        return f"{(hour - 2) % _NOON + 1}:45"
    return f"{hour}:{int(match[3] or (15 if match[2] else 30)):02}"


def _past_de(match: re.Match[str]) -> str:
    """Read `halb acht`, `Viertel nach sieben` and `dreiviertel acht`."""
    hour = int(match[4])
    if match[3] == "nach":
        return f"{hour}:15 uhr"
    return f"{(hour - 2) % _NOON + 1}:{30 if match[1] else 45} uhr"


def _taken(match: re.Match[str]) -> str:
    """Give a time that was taken, told in words, as a clock shows it."""
    hours, minutes, seconds = match.groups()
    first = f"{hours}:{minutes.zfill(2)}" if hours else minutes
    whole_part = re.split("[.,]", seconds)[0]
    return f"{first}:{seconds if len(whole_part) > 1 else f'0{seconds}'} "


def _clock_of(match: re.Match[str]) -> str:
    """Give a time of day by the clock of 24 hours; before a range the half of the day is told once."""
    parts = match.groupdict()
    hour, minute = int(parts["hour"]), parts["minute"] or parts.get("after") or "00"
    half = _half_of(parts["half"] or "", hour)
    if hour > _DAY:
        return match[0]
    told = f"{_by_day(hour, half)}:{minute}"
    if parts["from"]:
        first = int(parts["from"])
        other = half if first % _NOON <= hour % _NOON else {"p": "a"}.get(half, half)
        told = f"{_by_day(first, other)}:{parts['past'] or '00'}{parts['to']}{told}"
    return told


def _half_of(told: str, hour: int) -> str:
    """Give the half of the day: `abends` is later than noon, `nachts` is that before midnight alone."""
    if told in ("", "a", "p"):
        return told
    if told == "nachts":
        return "p" if _NOON - 3 <= hour < _NOON else "a"
    if told == "mittags":
        return "a" if hour == _NOON - 1 else "p"
    return "p" if told in ("nachmittags", "abends") else ""


def _by_day(hour: int, half: str) -> int:
    if half == "p" and hour < _NOON:
        return hour + _NOON
    return 0 if half == "a" and hour == _NOON else hour


def _minutes_of(match: re.Match[str]) -> str:
    unit = {"hours": "minutes", "stunden": "minuten"}[match[2]]
    return f"{int(match[1]) * _HOUR + _HALF_HOUR} {unit}"


# -- dates ---------------------------------------------------------------------------------------------------------


def _date(match: re.Match[str], lang: str, told: tuple[str, str, str]) -> str:
    day, month, year = (int(part) for part in told)
    if not (0 < day <= _LAST_DAY and 0 < month <= _MONTHS_A_YEAR):
        return match[0]
    return f"{day}{'. ' if lang == 'de' else ' '}{_month_names(lang)[month]} {_full_year(year)}"


def _full_year(year: int) -> int:
    return year if year >= _YEARS else year + (2000 if year < _THIS_CENTURY else 1900)


def _date_en(match: re.Match[str]) -> str:
    """Read a date in figures where only one of its parts may be the month."""
    first, _, second, year = match.groups()
    if int(first) > _MONTHS_A_YEAR or first == second:
        return _date(match, "en", (first, second, year))
    return _date(match, "en", (second, first, year)) if int(second) > _MONTHS_A_YEAR else match[0]


def _day_de(match: re.Match[str]) -> str:
    year = f"{_full_year(int(match[3]))} " if match[3] else ""
    return f"{int(match[1])}. {_month_names('de')[int(match[2])]} {year}"


def _season(match: re.Match[str]) -> str:
    year = match[1] + match[2]
    return f"{year}/{match[3]}" if int(match[3]) == (int(year) + 1) % _YEARS else match[0]


# -- tables --------------------------------------------------------------------------------------------------------


@cache
def _decade(lang: str) -> re.Pattern[str]:
    return re.compile(_DECADE[lang].replace("{}", "|".join(counting(lang, "tens"))))


@cache
def _month_names(lang: str) -> dict[int, str]:
    return {int(number): forms.split()[0].casefold() for number, forms in tables.rows(f"months_{lang}.tsv")}


@cache
def _days_behind() -> re.Pattern[str]:
    """Match `march 12-14`."""
    named = "|".join(sorted(months("en"), key=len, reverse=True))
    return re.compile(rf"\b({named})\b\.? (\d{{1,2}} ?(?:-|to|and) ?\d{{1,2}})(?![\d:]|[.,]\d)")


@cache
def _weekday_of(lang: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in counting(lang, "weekday"))


@cache
def _weekdays(lang: str) -> re.Pattern[str]:
    """Match a short weekday before a date."""
    forms = "|".join(sorted(_weekday_of(lang), key=len, reverse=True))
    if lang == "de":
        return re.compile(rf"\b({forms})\b\.?(?=,? \d{{1,2}}\. ?(?:[^\W\d_]|\d{{1,2}}\.))")
    named = "|".join(sorted(months("en"), key=len, reverse=True))
    return re.compile(rf"\b({forms})\b\.?(?=,? (?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:{named})\b)")
