"""Dates a text names, resolved against its publication in the article's own zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice

from watcher.language import tables
from watcher.language.dategrammar import Grammar, Tense, grammar
from watcher.records import DateMention, Part, Precision

_NEARER = 2
"""Without a hint of tense a date ahead is meant only when it is this many times nearer than the last one."""
_MOST = 100
"""Dates a sentence may have; later ones are not looked at."""
_TWO_DIGIT_PIVOT = 70
_THESE_WEEKS = timedelta(days=45)
"""A holiday this near is meant whatever the tense."""
_GAPS = re.compile(r"[\s-]+")
_FINE_ENOUGH = {
    "day": {Precision.DAY},
    "week": {Precision.DAY},
    "month": {Precision.DAY, Precision.MONTH},
    "year": {Precision.DAY, Precision.MONTH, Precision.YEAR},
}
"""What a date has to be told by for so many days, weeks, months or years to be counted from it."""
_SEASONS = {3: Part.SPRING, 6: Part.SUMMER, 9: Part.AUTUMN}
"""By the month they begin with; a winter belongs to two years, and which is meant is not told."""


def find(text: str, lang: str, published: datetime, before: DateMention | None = None) -> tuple[DateMention, ...]:
    """Return the dates of a text in order. `published` is aware; its own offset says which day "today" is. `before` is
    the date that was named last before the text: "two years later" is told from there, or from one in the text.

    A date without a year, a month or a weekday is the one that the clause's tense asks for, by default the last one.
    A week ("last week") is told by its Monday and a weekend by its Saturday, with day precision; a quarter by its
    first month; a season or the end of a year by the year and its part; Christmas by its month. Durations, times of
    day, years counted as amounts and verbs that look like months are no dates. Impossible dates (31 February) are left
    out.
    """
    return tuple(mention for mention, _, _ in placed(text, lang, published, before))


def placed(
    text: str, lang: str, published: datetime, before: DateMention | None = None
) -> Iterator[tuple[DateMention, int, int]]:
    """Give the dates of a text as `find` does, each with the places where it begins and ends."""
    rules = grammar(tables.table_lang(lang))
    if not rules.may_date(text):
        return
    for match in islice(rules.pattern.finditer(text), _MOST):
        try:
            mention = _resolve(match, rules, published.date(), before)
        except (ValueError, OverflowError, KeyError):
            continue  # no such day, one before the first year of the calendar, or a word with a letter like another
        if mention:
            before = mention
            yield mention, match.start(), match.end()


def _resolve(match: re.Match[str], rules: Grammar, today: date, before: DateMention | None) -> DateMention | None:
    """Return the date of one match of the grammar by the kind of rule that matched."""
    kind = match.lastgroup or ""
    part = match.groupdict()
    match kind:
        case "iso":
            return _day(date.fromisoformat(part["iso"]))
        case "numeric":
            return _numeric(part, rules, today, match)
        case "day" | "day2":
            suffix = kind.removeprefix("day")
            month = rules.months[part["dmonth" + suffix].rstrip(".")]
            year = _year(kind[0] + suffix, part, rules, today, before)
            return _partial(today, month, int(part["dnumber" + suffix]), year, rules.tense(match))
        case "month":
            return _month(part, rules, today, match, before)
        case "month2":
            month = rules.months[part["mmonth2"].rstrip(".")]
            return DateMention(day=date(int(part["myear2"]), month, 1), precision=Precision.MONTH)
        case "quarter":
            quarter = rules.ordinals[(part["qnumber"] or part["qword"]).lower()]
            year = _year("q", part, rules, today, before)
            return _partial_month(today, quarter * 3 - 2, year, rules.tense(match))
        case "season":
            return _season(part, rules, today)
        case "year":
            whole = DateMention(day=date(int(part["year4"]), 1, 1), precision=Precision.YEAR)
            return replace(whole, part=_part(part["ypart"], rules))
        case "weekday":
            return _weekday(part, rules, today, match)
        case "holiday":
            return _holiday(part, rules, today, match, before)
        case "anchored" | "later":
            return _sequel(part, rules, today, match, before)
        case _:
            return _away(part, rules, today)


def _number(written: str, rules: Grammar) -> int:
    return rules.numbers.get(written.lower()) or int(written)


def _away(part: dict[str, str], rules: Grammar, today: date) -> DateMention:
    """Return a date so many steps from today: `next week`, `two years ago`."""
    if part["relative"]:
        return _step(today, *rules.relative[part["relative"].lower()])
    return _step(today, rules.units[part["aunit"]], -_number(part["anumber"], rules), exact=True)


def _sequel(
    part: dict[str, str], rules: Grammar, today: date, match: re.Match[str], before: DateMention | None
) -> DateMention | None:
    """Return the date so many steps from one that was named; nothing when that is coarser than the steps, or lies ahead
    of today in a clause that tells what was.
    """
    if part["anchored"]:
        unit, steps = rules.anchored[part["anchored"].lower()]
    else:
        unit = rules.units[part["lunit"]]
        steps = rules.sequels[part["lside"].lower()] * _number(part["lnumber"], rules)
    if before is None or before.precision not in _FINE_ENOUGH[unit]:
        return None
    found = _step(before.day, unit, steps, exact=True)
    return None if found.day > today and rules.tense(match) is Tense.PAST else found


def _holiday(
    part: dict[str, str], rules: Grammar, today: date, match: re.Match[str], before: DateMention | None
) -> DateMention:
    """Return a holiday, the day so far from it, or the month of a season: `before Christmas` is no certain day."""
    name = _GAPS.sub(" ", part["hname"].lower())
    lead = (part["hlead"] or "").lower()
    month, number = map(int, rules.holidays[name].split("-"))
    year = _year("h", part, rules, today, before)
    if year is not None:
        day = date(year, month, number)
    else:
        day = _nearest(
            [date(y, month, number) for y in range(today.year - 1, today.year + 2)], today, lead, rules, match
        )
    if part["hnumber"]:
        steps = rules.beside[part["hside"].lower()] * _number(part["hnumber"], rules)
        return _step(day, rules.units[part["hunit"]], steps, exact=True)
    if name in rules.seasonal or lead in rules.beside:
        return DateMention(day=day.replace(day=1), precision=Precision.MONTH)
    return _day(day)


def _nearest(days: list[date], today: date, lead: str, rules: Grammar, match: re.Match[str]) -> date:
    """Return the day that a preposition asks for, else one of these weeks, else that of the clause's tense."""
    if lead in rules.until:
        return _choose(days, today, Tense.FUTURE)
    if lead in rules.since:
        return _choose(days, today, Tense.PAST)
    near = min(days, key=lambda day: abs(day - today))
    return near if abs(near - today) <= _THESE_WEEKS else _choose(days, today, rules.tense(match))


def _day(day: date) -> DateMention:
    return DateMention(day=day, precision=Precision.DAY)


def _numeric(part: dict[str, str], rules: Grammar, today: date, match: re.Match[str]) -> DateMention:
    """Return a date in figures: day first, but month first in English unless that cannot be."""
    first, second = int(part["n1"]), int(part["n2"])
    if rules.lang == "en" and first <= 12:
        first, second = second, first
    year = int(part["n3"]) if part["n3"] else None
    if year is not None and year < 100:
        year += 1900 if year >= _TWO_DIGIT_PIVOT else 2000
    return _partial(today, second, first, year, rules.tense(match))


def _year(prefix: str, part: dict[str, str], rules: Grammar, today: date, before: DateMention | None) -> int | None:
    """Return the year that stands beside a date: in figures, as `last year`, or as `that year` of the date before."""
    if part[f"{prefix}year"]:
        return int(part[f"{prefix}year"])
    if part[f"{prefix}then"] and before:
        return before.day.year + rules.anchored[part[f"{prefix}then"].lower()][1]
    ago = part[f"{prefix}ago"]
    return today.year + rules.relative[ago.lower()][1] if ago else None


def _partial(today: date, month: int, number: int, year: int | None, tense: Tense) -> DateMention:
    if year is not None:
        return _day(date(year, month, number))
    days = [date(y, month, number) for y in range(today.year - 1, today.year + 2) if _exists(y, month, number)]
    if not days:
        raise ValueError(f"no day {number} in month {month}")
    return _day(_choose(days, today, tense))


def _exists(year: int, month: int, number: int) -> bool:
    try:
        date(year, month, number)
    except ValueError:
        return False
    return True


def _month(
    part: dict[str, str], rules: Grammar, today: date, match: re.Match[str], before: DateMention | None
) -> DateMention:
    month = rules.months[part["mmonth"].rstrip(".")]
    year = _year("m", part, rules, today, before)
    side = rules.sides.get((part["mside"] or part["mside2"] or "").lower())
    whole = _partial_month(today, month, year, side or rules.tense(match))
    return replace(whole, part=_part(part["mpart"], rules))


def _part(written: str | None, rules: Grammar) -> Part:
    """Which part of a month or year the words before it name."""
    return rules.parts.get(" ".join(_GAPS.split((written or "").lower())).rstrip(), Part.WHOLE)


def _partial_month(today: date, month: int, year: int | None, tense: Tense) -> DateMention:
    """Return a month; without a year the current one is on both sides of today unless `last` or `next` says more."""
    if year is None:
        this = today.replace(day=1)
        months = [date(y, month, 1) for y in range(today.year - 1, today.year + 2)]
        if tense in (Tense.LAST, Tense.NEXT):
            months = [day for day in months if day != this]
        return DateMention(day=_choose(months, this, tense), precision=Precision.MONTH)
    return DateMention(day=date(year, month, 1), precision=Precision.MONTH)


def _choose(days: list[date], today: date, tense: Tense) -> date:
    """Return the day that the tense asks for; `days` are the same date in neighbouring years."""
    past = max(day for day in days if day <= today)
    ahead = min((day for day in days if day >= today), default=past)
    match tense:
        case Tense.FUTURE | Tense.NEXT:
            return ahead
        case Tense.PAST | Tense.LAST:
            return past
        case Tense.AHEAD:
            return ahead if ahead - today < today - past else past
        case _:
            return ahead if (ahead - today) * _NEARER < today - past else past


def _season(part: dict[str, str], rules: Grammar, today: date) -> DateMention:
    year = int(part["syear"]) if part["syear"] else today.year
    if not part["syear"]:
        start = rules.seasons[part["sname"].lower()]
        side = rules.sides.get((part["sside"] or "").lower())
        if side is Tense.LAST and start >= today.month:
            year -= 1
        elif side is Tense.NEXT and start <= today.month:
            year += 1
    named = _SEASONS.get(rules.seasons[(part["sname"] or part["sname2"]).lower()], Part.WHOLE)
    return DateMention(day=date(year, 1, 1), precision=Precision.YEAR, part=named)


def _weekday(part: dict[str, str], rules: Grammar, today: date, match: re.Match[str]) -> DateMention:
    """Return a weekday: the last one on or before today unless a word or the tense says otherwise."""
    number = rules.weekdays[part["wname"]]
    if part["wweek"]:
        steps = rules.relative[part["wweek"].lower()][1]
        return _day(today - timedelta(days=today.weekday()) + timedelta(weeks=steps, days=number))
    back = (today.weekday() - number) % 7
    match rules.sides.get((part["wside"] or "").lower()) or rules.tense(match, strict=True):
        case Tense.NEXT:
            return _day(today + timedelta(days=7 - back))
        case Tense.FUTURE:
            return _day(today + timedelta(days=(7 - back) % 7))
        case Tense.LAST:
            return _day(today - timedelta(days=back or 7))
    return _day(today - timedelta(days=back))


def _step(today: date, unit: str, steps: int, *, exact: bool = False) -> DateMention:
    """Return the day, week, month or year so many steps from today. `exact` weeks keep the weekday."""
    match unit:
        case "day":
            return _day(today + timedelta(days=steps))
        case "week" if exact:
            return _day(today + timedelta(weeks=steps))
        case "week":
            return _day(today - timedelta(days=today.weekday()) + timedelta(weeks=steps))
        case "weekend":
            return _day(today - timedelta(days=(today.weekday() - 5) % 7))
        case "month":
            months = today.year * 12 + today.month - 1 + steps
            return DateMention(day=date(months // 12, months % 12 + 1, 1), precision=Precision.MONTH)
        case _:
            return DateMention(day=date(today.year + steps, 1, 1), precision=Precision.YEAR)
