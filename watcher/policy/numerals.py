"""Figures told in words, fractions, ordinals and roman numerals, brought to figures: `forty-three`, `2½`, `19th`.

Works on text in lower case with plain hyphens. What is not the very same stays apart: a dozen is no twelve.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from watcher.language import tables
from watcher.policy import units

_POINT = {"de": ",", "en": "."}
_TENTH, _HUNDRED, _THOUSAND = 10, 100, 1000
_TEENS = 20
_LEAST_LONG_ORDINAL = 13
_VULGAR = re.compile(r"(?<!\d)(\d*)([1-9])\u2044([1-9])")
_MIXED = re.compile(r"(?<![\d/.,])(\d+) ([13])/([24])(?![\d/])")
_DECIMALS = {("1", "2"): "5", ("1", "4"): "25", ("3", "4"): "75"}
_SHARE = re.compile(r"(?<![\d/.,:])([1-7])/([3458])(?![\d/.,:])")
_SHARED = "3458"
_TOLD_SHARE = re.compile(r"\b(?:an?|one|(\d))[ -](third|quarter|fifth|eighth)s?\b(?=(?P<of> of)?)")
_SHORT_ORDINAL = re.compile(r"(?<![\d.,])(\d{1,3})(st|nd|rd|th)\b")
_ORDINAL_DE = re.compile(r"(?<![\d.,:])(\d{1,2})\. ?(?=[^\W\d_])(?!(?:bis|und|oder|-)\b)")
_ORDINAL_WORD_DE = re.compile(r"(\w{4,})t(?:e|en|em|er|es)")
_ROMAN = re.compile(r"(?<=[^\W\d_] )(?:x{0,2}(?:iii|ii|iv|vii|viii|vi|ix)|xi|xii|xiii|xiv|xv|xvi)\b")
_ROMAN_VALUE = {"i": 1, "v": 5, "x": 10}
_HALVES = {
    "en": (
        (re.compile(r"\b(?:half an hour|a half[ -]hour|half-hour)\b"), "30 minutes"),
        (re.compile(r"\b(?:an? )?quarter of an hour\b"), "15 minutes"),
        (re.compile(r"\bthree[ -]quarters of an hour\b"), "45 minutes"),
        (re.compile(r"\bhalf a (?=(?:m|b|tr)illion\b)"), "0.5 "),
        (re.compile(r"\bhalf an? (?=(?:mile|kilomet|met|pound|ton|acre|lit|gallon|per|kilo)\w*)"), "0.5 "),
        (re.compile(r"\b(?:an? |one )?quarter of a (?=(?:m|b|tr)illion\b)"), "0.25 "),
        (re.compile(r"\bone and a half\b"), "1.5"),
        (re.compile(r"(?<=\d)[ -]and[ -]a[ -]half\b"), ".5"),
        (re.compile(r"\b(?:an?|one) (hour|mile|year|month|day|week|metre|meter) and a half\b"), r"1.5 \1"),
    ),
    "de": (
        (re.compile(r"\b(?:eine[rn]? )?halbe[nr]? stunde\b"), "30 minuten"),
        (re.compile(r"\b(?:eine[rn]? )?viertelstunde\b"), "15 minuten"),
        (re.compile(r"\b(?:eine[rn]? )?dreiviertelstunde\b"), "45 minuten"),
        (re.compile(r"\b(?:eine[rn]? )?halbe[nr]? (?=(?:m|b)illi(?:on|arde)\b)"), "0,5 "),
        (
            re.compile(r"\b(?:eine?[mnrs]? )?halbe[nrms]? (?=(?:prozent|liter|kilo|meter|kilometer|tonne|hektar)\w*)"),
            "0,5 ",
        ),
        (re.compile(r"\b(?:eine[rn]? )?viertelmillion\b"), "0,25 million"),
        (re.compile(r"\b(?:eine[rn]? )?dreiviertelmillion\b"), "0,75 million"),
    ),
}
_ONE = {
    "en": re.compile(r"\b(?:one[ -](?=(?:in|out of) \d)|(?:one|an?)[ -](?=(?:m|b|tr)illion\b)|one[ -](?=(?:{})\b))"),
    "de": re.compile(r"\beine?[nmr]? (?=(?:m|b)illi(?:on|arde)\b|(?:{}|drittel|viertel|fünftel|achtel)\b)"),
}
_WORD = re.compile(r"[^\W\d_]+")
# No number that a reader reads is longer in one word.
_LONGEST_NUMBER = 80


def in_figures(told: str, lang: str) -> str:
    """Write number words, fractions and roman numerals as figures."""
    told = _VULGAR.sub(lambda match: _decimal(match, lang), told)
    told = _MIXED.sub(lambda match: _decimal(match, lang), told)
    if lang == "en":
        told = _tens_ordinal().sub(_large_ordinal, told)
    told = _read_words(told, lang)
    for pattern, same in _HALVES[lang]:
        told = pattern.sub(same, told)
    told = _one(lang).sub("1 ", told)
    return _ROMAN.sub(lambda match: str(_roman(match[0])), told)


def with_ordinals(told: str, lang: str) -> str:
    """Write ordinals and shares in one way, of a text in which figures are figures: `19th`, `a third of`."""
    if lang == "en":
        told = _SHORT_ORDINAL.sub(_ordinal_en, _TOLD_SHARE.sub(_share_of, told))
        return _day_of_month().sub(_day_en, told)
    told = _ORDINAL_DE.sub(_ordinal_de, told) if "." in told else told
    return _day_told().sub(". ", told) if " te " in told else told


def with_shares(told: str, lang: str) -> str:
    """Write `2/3` as `2 thirds`."""
    return _SHARE.sub(lambda match: f"{match[1]} {counting(lang, 'share')[_SHARED.index(match[2])]}", told)


def _decimal(match: re.Match[str], lang: str) -> str:
    """Write `2½` and `2 1/2` as decimals; a share by itself stays one, but for a half."""
    whole, over, under = match.groups()
    tail = _DECIMALS.get((over, under))
    if not whole and under != "2":
        return f"{over}/{under}"
    return f"{whole or 0}{_POINT[lang]}{tail}" if tail else f"{whole} {over}/{under}"


def _share_of(match: re.Match[str]) -> str:
    if not match[1] and not match["of"]:
        return match[0]
    return f"{match[1] or 1} {match[2]}"


def _large_ordinal(match: re.Match[str]) -> str:
    if not match[2]:
        return f"{tens(match[3], 'en')}th"
    return f"{tens(match[1], 'en') + counting('en', 'ordinal').index(match[2]) + 1}th"


def _ordinal_en(match: re.Match[str]) -> str:
    """Small ones in words, which are no figures; of a day of a month the ending says nothing."""
    at, told = int(match[1]), match.string
    if match[2] == "st" and (at % _TENTH != 1 or at % _HUNDRED == _TENTH + 1):
        return match[0]  # `11st` are stones
    around = told[max(0, match.start() - _TEENS) : match.start()], told[match.end() : match.end() + _TEENS]
    known = months("en")
    near = _WORD.findall(around[0])[-1:] + [one for one in _WORD.findall(around[1])[:2] if one != "of"]
    if any(word in known for word in near):
        return match[1]
    words = counting("en", "ordinal")
    return words[at - 1] if 0 < at <= len(words) else f"{at}th"


def _day_en(match: re.Match[str]) -> str:
    """Read `the fourth of July` and `July the fourth`."""
    day, month = match[1] or match[3], match[2]
    words = counting("en", "ordinal")
    figure = words.index(day) + 1 if day in words else int(day.removesuffix("th"))
    return f"{month} {figure}" if month else f"{figure} "


def _ordinal_de(match: re.Match[str]) -> str:
    following = _WORD.match(match.string, match.end())
    return f"{match[1]}. " if following and following[0] in months("de") else f"{match[1]} te "


def _roman(word: str) -> int:
    values = [_ROMAN_VALUE[letter] for letter in word] + [0]
    return sum(-a if a < b else a for a, b in pairwise(values))


def _read_words(told: str, lang: str) -> str:
    if lang == "de":
        return _WORD.sub(lambda match: _german(match[0]) or match[0], told)
    if "fold" in told:
        told = _folded().sub(lambda match: f"{_simple('en')[match[1]]}fold", told)
    if _simple("en").keys().isdisjoint(_WORD.findall(told)):
        return told
    return _english_words().sub(_english, told)


def _english(match: re.Match[str]) -> str:
    """Read a run of number words; where it is no one number, each by itself."""
    words = [word for word in re.split(r"[ -]", match[0]) if word != "and"]
    led = words[0] in ("a", "an")
    value = _sum_of(["one", *words[1:]] if led else words)
    if value is None:
        return re.sub(r"[a-z]+", lambda one: str(_value_of(one[0]) or one[0]), match[0])
    return match[0] if words in (["one"], ["hundred"], ["thousand"]) else str(value)


def _value_of(word: str) -> int | None:
    return None if word in ("one", "hundred", "thousand", "a", "an", "and") else _simple("en").get(word)


def _sum_of(words: Sequence[str]) -> int | None:
    total = part = 0
    for word in words:
        value = _simple("en")[word]
        if value == _HUNDRED:
            if part > _HUNDRED:
                return None
            part = (part or 1) * _HUNDRED
        elif value == _THOUSAND:
            if total:
                return None
            total, part = (part or 1) * _THOUSAND, 0
        elif (value < _TENTH and part % _TENTH == 0 and (part % _HUNDRED == 0 or part % _HUNDRED >= _TEENS)) or (
            part % _HUNDRED == 0
        ):
            part += value
        else:
            return None
    return total + part


@lru_cache(maxsize=4096)
def _german(word: str) -> str:
    """Give the figure of a number word, or of one at the head of a compound (`dreistündig`); '' of any other word."""
    if word in _ordinals_de():
        return f"{_ordinals_de()[word]} te"
    long = _ORDINAL_WORD_DE.fullmatch(word)
    value = _german_value(long[1].removesuffix("s")) if long else None
    if value is not None and value >= _LEAST_LONG_ORDINAL:
        return f"{value} te"
    value = _german_value(word)
    if value is not None:
        return str(value).replace(".", ",")
    compound = _compound().match(word)
    value = _german_value(compound[1]) if compound else None
    return f"{value} {compound[2]}" if compound and value is not None else ""


@cache
def _ordinals_de() -> dict[str, int]:
    stems = [(at, stem) for at, stem in enumerate(counting("de", "ordinal"), 1) if stem != "-"]
    return {stem + end: at for at, stem in stems for end in ("e", "en", "em", "er", "es")}


@cache
def _compound() -> re.Pattern[str]:
    return re.compile(rf"(\w{{3,}}?)((?:{'|'.join(counting('de', 'counted'))})\w{{0,4}})$")


def _german_value(word: str) -> int | float | None:
    if len(word) > _LONGEST_NUMBER:
        return None
    if word == "eins":
        return 1
    if word in _simple("de"):
        return _simple("de")[word]
    for joint, factor in (("tausend", _THOUSAND), ("hundert", _HUNDRED)):
        head, found, tail = word.partition(joint)
        if found:
            first = 1 if head in ("", "ein") else _german_value(head)
            rest = 0 if not tail else _german_value(tail.removeprefix("und"))
            return None if first is None or rest is None else int(first * factor + rest)
    whole = {"anderthalb": "ein"}.get(word, word.removesuffix("einhalb"))
    value = 1 if whole in ("", "ein") else _simple("de").get(whole)
    return value + 0.5 if value and whole != word else None


@cache
def _simple(lang: str) -> dict[str, int]:
    rows = {row[0].casefold(): row[1] for row in tables.rows(f"numbers_{lang}.tsv")}
    found = {word: int(value) for word, value in rows.items() if value.isdigit() and "-" not in word}
    return found | ({"one": 1, "hundred": _HUNDRED, "thousand": _THOUSAND} if lang == "en" else {})


@cache
def _english_words() -> re.Pattern[str]:
    word = "|".join(sorted(_simple("en"), key=len, reverse=True))
    return re.compile(
        rf"(?<![\w'])(?:an? (?=hundred\b|thousand\b))?(?:{word})"
        rf"(?:(?:[ -]|(?:(?<=hundred)|(?<=thousand)) and )(?:{word}))*(?![\w'])"
    )


@cache
def _folded() -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(_simple('en'))})-?fold\b")


# -- tables --------------------------------------------------------------------------------------------------------


@cache
def _one(lang: str) -> re.Pattern[str]:
    return re.compile(_ONE[lang].pattern.replace("{}", "|".join(map(re.escape, sorted(units.names(lang))))))


@cache
def months(lang: str) -> frozenset[str]:
    """All forms of the names of months, in lower case."""
    rows = tables.rows(f"months_{lang}.tsv")
    return frozenset(form.casefold().rstrip(".") for row in rows for form in row[1].split())


@cache
def _day_of_month() -> re.Pattern[str]:
    """Match a day and its month, told as in speech."""
    days = rf"(?:{'|'.join(counting('en', 'ordinal'))})\b|[23]\dth\b"
    named = "|".join(sorted(months("en"), key=len, reverse=True))
    return re.compile(rf"\b(?:the )?({days}) of (?=(?:{named})\b)|\b({named}) the ({days})")


@cache
def _day_told() -> re.Pattern[str]:
    """Match what stands between a day told in words and its month: `am dritten März`."""
    return re.compile(rf"(?<=\d) te (?=(?:{'|'.join(sorted(months('de'), key=len, reverse=True))})\b)")


@cache
def counting(lang: str, kind: str) -> tuple[str, ...]:
    """Give the words of a kind of `counting.tsv` in their order."""
    return next(tuple(words.split()) for of, told, words in tables.rows("counting.tsv") if (of, told) == (lang, kind))


def tens(head: str, lang: str) -> int:
    """Give the number a word for a multiple of ten stands for, by its head: 20 of `twent`."""
    return (counting(lang, "tens").index(head) + 2) * _TENTH


@cache
def _tens_ordinal() -> re.Pattern[str]:
    heads = "|".join(counting("en", "tens"))
    return re.compile(rf"\b(?:({heads})y[ -]({'|'.join(counting('en', 'ordinal')[:9])})|({heads})ieth)\b")
