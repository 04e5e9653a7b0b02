"""The grammar of dates: one compiled pattern for each language over the tables of months, weekdays and phrases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from watcher.language import tables
from watcher.records import Part

_CLAUSE = re.compile(r"[,;:()–—]|\b(?:that|because|which|dass|weil|who|after|nachdem|while|während|when|als)\b")
_DIGIT = re.compile(r"\d")
_CLAUSE_REACH = 120
_Named = dict[str, dict[str, str]]
_PAST_FORM = {
    "en": re.compile(r"\w{3,20}ed\b"),
    "de": re.compile(r"\b[a-zäöüß]{3,30}te[nt]?\b|\bge[a-zäöüß]{3,30}(?:t|en)\b"),
}


class Tense(Enum):
    """Where a clause places its dates. LAST and NEXT are said outright; AHEAD is a preposition such as `until`."""

    OPEN = auto()
    PAST = auto()
    FUTURE = auto()
    AHEAD = auto()
    LAST = auto()
    NEXT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """Everything the date rules know of one language."""

    lang: str
    pattern: re.Pattern[str]
    months: dict[str, int]
    weekdays: dict[str, int]
    relative: dict[str, tuple[str, int]]
    sides: dict[str, Tense]
    seasons: dict[str, int]
    parts: dict[str, Part]
    ordinals: dict[str, int]
    units: dict[str, str]
    numbers: dict[str, int]
    sequels: dict[str, int]
    beside: dict[str, int]
    anchored: dict[str, tuple[str, int]]
    holidays: dict[str, str]
    seasonal: frozenset[str]
    until: frozenset[str]
    since: frozenset[str]
    cues: dict[str, frozenset[str]]
    hints: tuple[str, ...]

    def may_date(self, text: str) -> bool:
        """Whether a text has a figure or any word of the grammar: a quick look before the long pattern."""
        lowered = text.lower()
        return _DIGIT.search(text) is not None or any(hint in lowered for hint in self.hints)

    def tense(self, match: re.Match[str], *, strict: bool = False) -> Tense:
        """Return the tense of the clause around a match. `strict` wants an outright future without any past form."""
        text = match.string
        before = text[max(0, match.start() - _CLAUSE_REACH) : match.start()]
        after = text[match.end() : match.end() + _CLAUSE_REACH]
        ends = [m.end() for m in _CLAUSE.finditer(before)]
        stop = _CLAUSE.search(after)
        head, tail = before[ends[-1] if ends else 0 :], after[: stop.start() if stop else None]
        told = f"{head} {tail}".lower()
        for phrase in self.cues["unless"]:
            told = told.replace(phrase.replace("_", " "), " ")
        clause = set(re.findall(r"[\w'’]+", told))
        future = not clause.isdisjoint(self.cues["future"])
        past = not clause.isdisjoint(self.cues["past"]) or bool(_PAST_FORM[self.lang].search(f"{head} {tail}"))
        if strict:
            return Tense.FUTURE if future and not past else Tense.OPEN
        if future:
            return Tense.FUTURE
        if set(head.lower().split()[-2:]) & self.cues["ahead"]:
            return Tense.AHEAD
        return Tense.PAST if past else Tense.OPEN


@cache
def grammar(lang: str) -> Grammar:
    """Return the grammar of a language that has tables."""
    months = _numbered(f"months_{lang}.tsv")
    weekdays = _numbered(f"weekdays_{lang}.tsv")
    relative, anchored = (_steps(f"{name}_{lang}.tsv") for name in ("relative", "anchored"))
    named = {row[0]: dict(_pairs(lang, row[0])) for row in tables.rows(f"datewords_{lang}.tsv")}
    sides = dict.fromkeys(named["last"], Tense.LAST) | dict.fromkeys(named["next"], Tense.NEXT)
    lasts = (phrase.split()[-1] for phrase in relative)
    holidays = {**named["holiday"], **named["seasonal"]}
    named_hints = (*named["season"], *named["unit"], *(word.split("_")[-1] for word in holidays), "quart")
    return Grammar(
        lang=lang,
        hints=tuple(sorted({word.lower() for word in (*months, *weekdays, *lasts, *named_hints)})),
        pattern=_compile(lang, months, weekdays, relative, anchored, named),
        months=months,
        weekdays=weekdays,
        relative=relative,
        sides=sides,
        seasons={word.lower(): int(value) for word, value in named["season"].items()},
        parts={word.replace("_", " ").lower(): Part(value) for word, value in named["part"].items()},
        ordinals={word: int(value) for word, value in named["ordinal"].items()},
        units=named["unit"],
        numbers={word: int(value) for word, value in named["number"].items()},
        sequels={word.lower(): int(value) for word, value in named["sequel"].items()},
        beside={word.lower(): int(value) for word, value in named["beside"].items()},
        anchored=anchored,
        holidays={word.replace("_", " ").lower(): value for word, value in holidays.items()},
        seasonal=frozenset(word.lower() for word in named["seasonal"]),
        until=frozenset(named["until"]),
        since=frozenset(named["since"]),
        cues={kind: frozenset(words.split()) for kind, words in tables.rows(f"tense_{lang}.tsv")},
    )


def _steps(name: str) -> dict[str, tuple[str, int]]:
    """Return phrase -> unit and steps of a table of phrases."""
    rows = tables.rows(name)
    return {phrase.lower(): (unit, int(steps)) for unit, steps, phrases in rows for phrase in phrases.split(",")}


def _numbered(name: str) -> dict[str, int]:
    return {form.rstrip("."): int(number) for number, forms in tables.rows(name) for form in forms.split()}


def _pairs(lang: str, kind: str) -> list[tuple[str, str]]:
    """Return word -> value of the table `datewords`, whose entries are written `word=value` or `word`."""
    entries = [entry for row in tables.rows(f"datewords_{lang}.tsv") if row[0] == kind for entry in row[1].split()]
    return [(word, value) for word, _, value in (entry.partition("=") for entry in entries)]


def _any(words: Iterable[str]) -> str:
    """Return an alternation of literal words, the longest first; `_` stands for a space or hyphen."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace("_", r"[\s-]") for word in ordered)


# "of" leads a month in English, and before a day too: "instead of Sept. 28".
_NO_DAY = {"de": "", "en": r"(?!\.?\s\d{1,2}(?:st|nd|rd|th)?(?![\d%]|[.,:]\d))"}
_YEAR = r"(?:1[5-9]|20)\d\d(?!\d|[.,]\d)"


def _compile(
    lang: str,
    months: dict[str, int],
    weekdays: dict[str, int],
    relative: dict[str, tuple[str, int]],
    anchored: dict[str, tuple[str, int]],
    named: _Named,
) -> re.Pattern[str]:
    """Join the rules of a language. Each ends in a group that carries its name, so `lastgroup` tells which matched."""
    month = rf"(?:{_any(months)})\b\.?"
    years = _any(phrase for phrase, (unit, _) in relative.items() if unit == "year" and " " in phrase)
    weeks = _any(phrase for phrase, (unit, _) in relative.items() if unit == "week" and " " in phrase)
    thens = _any(phrase for phrase, (unit, _) in anchored.items() if unit == "year")
    link = r"(?:of\s|des\s|der\s|in\sder\s|im\s)?"

    def dated(prefix: str) -> str:
        year = rf"(?:(?:of|in)\s)?(?P<{prefix}year>{_YEAR})"
        return rf"(?:,?\s{year}|,?\s{link}(?P<{prefix}ago>(?i:{years}))|\s{link}(?P<{prefix}then>(?i:{thens})))?"

    side = rf"(?i:{_any([*named['last'], *named['next']])})"
    season = rf"(?i:{_any(named['season'])})"
    lead = rf"(?i:{_any(named['lead'])})"
    part = rf"(?i:{_any(named['part'])})"
    count = rf"(?:\d{{1,2}}|(?i:{_any(named['number'])}))"
    unit, beside, attribute = _any(named["unit"]), _any(named["beside"]), _any(named["attribute"])
    holiday = _any([*named["holiday"], *named["seasonal"]])
    rules = (
        r"(?P<iso>\d{4}-\d\d-\d\d)(?!\d)",
        *_DAYS[lang](month, dated),
        rf"(?:(?:(?P<mpart>{part})(?:\sin)?|{lead})[\s-]{{1,2}}(?:(?P<mside>{side})\s)?|(?P<mside2>{side})\s)(?P<mmonth>{month})"
        rf"{_NO_DAY[lang]}{dated('m')}(?P<month>)",
        rf"(?P<mmonth2>{month}),?\s(?:of\s)?(?P<myear2>{_YEAR})(?P<month2>)",
        rf"(?:Q(?P<qnumber>[1-4])|(?P<qword>(?i:{_any(named['ordinal'])}))\s(?i:quarter|quartals?))\b{dated('q')}(?P<quarter>)",
        rf"(?:(?P<sside>{side})\s(?P<sname>{season})\b|(?P<sname2>{season})\s(?:of\s)?(?P<syear>{_YEAR}))(?P<season>)",
        rf"(?<!jeden\s)(?<!every\s)(?:(?P<wside>{side})\s)?(?P<wname>{_any(weekdays)}){_PARTS[lang]}\b"
        rf"(?!{_FULL[lang].format(month=month)})(?:\s{link}(?P<wweek>(?i:{weeks})))?(?P<weekday>)",
        rf"(?P<relative>{_any(_phrases(lang))})\b",
        rf"(?P<anchored>(?i:{_any(anchored)}))\b{_ANCHORED[lang]}",
        rf"{_EXACTLY}(?P<lnumber>{count})\s(?P<lunit>{unit})\s(?P<lside>{_any(named['sequel'])})\b{_SEQUEL[lang]}(?P<later>)",
        rf"(?:(?P<hnumber>{count})\s(?P<hunit>{unit})\s(?P<hside>{beside})|(?i:(?P<hlead>{beside}|{_any(named['around'])})))"
        rf"\s(?P<hname>{holiday})\b(?!-|\s(?:{attribute})\b){dated('h')}(?P<holiday>)",
        _AGO[lang].format(number=_any(named["number"]), unit=_any(named["unit"])),
        rf"(?:(?P<ypart>{part})[\s-]{{1,2}}(?:(?i:des\sjahres|of|in)\s)?)?(?P<year4>(?:19\d|20[0-4])\d)(?![\w-]|[.,:/]\d|\s?(?:[%$€£]|(?:{_any(named['counted'])})\b))(?P<year>)",
    )
    return re.compile(rf"(?<![\w$€£#§.-])(?:{'|'.join(rules)})")


def _phrases(lang: str) -> list[str]:
    """Return the relative phrases as written and at the head of a sentence.

    German tells `morgen` (tomorrow) from `Morgen` (the morning) by its case, so that one has no capital form.
    """
    given = [phrase for *_, phrases in tables.rows(f"relative_{lang}.tsv") for phrase in phrases.split(",")]
    return given + [phrase[0].upper() + phrase[1:] for phrase in given if phrase != "morgen"]


def _german_days(month: str, dated: Callable[[str], str]) -> tuple[str, ...]:
    return (
        r"(?P<n1>\d{1,2})\.\s?(?P<n2>\d{1,2})\.(?:\s?(?P<n3>\d{4}|\d\d(?!\d)))?(?!\d)(?P<numeric>)",
        rf"(?P<dnumber>\d{{1,2}})\.\s?(?P<dmonth>{month}){dated('d')}(?P<day>)",
    )


def _english_days(month: str, dated: Callable[[str], str]) -> tuple[str, ...]:
    return (
        r"(?P<n1>\d{1,2})/(?P<n2>\d{1,2})/(?P<n3>\d{4}|\d\d)(?!\d)(?P<numeric>)",
        rf"(?P<dnumber>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<dmonth>{month}){dated('d')}(?P<day>)",
        rf"(?P<dmonth2>{month})\s(?P<dnumber2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d%]|[.,:]\d){dated('d2')}(?P<day2>)",
    )


_DAYS = {"de": _german_days, "en": _english_days}
_PARTS = {"de": "(?:abend|morgen|mittag|nachmittag|vormittag|nacht)?", "en": ""}
_FULL = {
    "de": r"(?:,?\s(?:dem|den|der)|,)\s\d{{1,2}}\.\s?(?:\d|{month})",
    "en": r",?\s(?:the\s)?(?:{month}\s\d|\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{month})",
}
"""A full date right after a weekday: that one is told, not the weekday."""
_EXACTLY = r"(?<!\d[.,])(?<!\bor\s)(?<!\bto\s)(?<!\bthan\s)(?<!\boder\s)(?<!\bbis\s)"
"""What stands before no certain number: `two or three days later`, `2.5 years later`."""
_SEQUEL = {"de": r"(?![^.;]{0,40}\sals\b)", "en": r"(?!,?\sthan\b)"}
"""What follows no time told from another: `two days later than planned`."""
_ANCHORED = {
    "de": r"(?!-|\s(?:des\sVorjahr|im\sVorjahr|oder\b|\d))",
    "en": r"(?!-|\s(?:(?:of|in)\s\d|\d|last\b|a\syear|or\b|will\scome|care\b|trips?\b|traders?\b|deliver))",
}
"""What follows no date told from another: `the same month last year`, `the next day care centre`."""
_AGO = {
    "de": (
        r"(?i:vor)\s(?:(?:gut|rund|etwa|knapp|mehr\sals|fast|über)\s)?(?P<anumber>\d{{1,2}}|{number})\s"
        r"(?P<aunit>{unit})\b(?P<ago>)"
    ),
    "en": r"(?P<anumber>\d{{1,2}}|(?i:{number}))\s(?P<aunit>{unit})\sago\b(?P<ago>)",
}
