"""Figures and what is measured by them, brought to one way of writing: `forty-three`, `2m`, `2.20pm`, `half an hour`.

Works on text in lower case with plain hyphens. What is not the very same stays apart: a dozen is no twelve.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from watcher.language import tables

_POINT = {"de": ",", "en": "."}
_HALF_HOUR, _HOUR, _DAY, _NOON = 30, 60, 24, 12
_TENTH, _HUNDRED, _THOUSAND = 10, 100, 1000
_TEENS = 20
_FIGURE = r"\d+(?:[.,]\d+)*"
_VULGAR = re.compile(r"(\d*)([1-9])\u2044([1-9])")
_MIXED = re.compile(r"(?<![\d/.,])(\d+) ([13])/([24])(?![\d/])")
_DECIMALS = {("1", "2"): "5", ("1", "4"): "25", ("3", "4"): "75"}
_SHARE = re.compile(r"(?<![\d/.,:])([1-7])/([3458])(?![\d/.,:])")
_SHARED = "3458"
_TOLD_SHARE = re.compile(r"\b(?:an?|one|(\d))[ -](third|quarter|fifth|eighth)s?\b(?=(?P<of> of)?)")
_MINUS = re.compile(r"(?<!\w)minus (?=\d)")
_APPROXIMATE = re.compile(r"\b(?:about|around|approximately|approx\.?|roughly|some|circa|ca\.?) (?=[$€£]?\d)")
_MORE = re.compile(r"\bover (?=[$€£]?\d++(?:[.,]\d++)*+(?![ -]?(?:second|minute|hour|day|week|month|year)))")
_FEWER = re.compile(r"\bless than (?=[$€£]?\d)")
_DECADE = {
    "en": r"(?<![\d'])(?:19|')?([2-9]0)'?s\b|\b({})ies\b",
    "de": r"(?<!\d)(?:(?:19)?([2-9]0)er|({})er)[ -]?(?=jahren?\b)",
}
_SHORT_ORDINAL = re.compile(r"(?<![\d.,])(\d{1,3})(?:st|nd|rd|th)\b")
_ORDINAL_DE = re.compile(r"(?<![\d.,:])(\d{1,2})\. ?(?=[^\W\d_])(?!(?:bis|und|oder|-)\b)")
_ROMAN = re.compile(r"(?<=[^\W\d_] )(?:x{0,2}(?:iii|ii|iv|vii|viii|vi|ix)|xi|xii|xiii|xiv|xv|xvi)\b")
_ROMAN_VALUE = {"i": 1, "v": 5, "x": 10}
_CLOCK = {
    "en": re.compile(
        r"(?<![\d.,:$€£])(?:(?P<from>\d{1,2})(?:[.:](?P<past>[0-5]\d))?(?P<to> ?(?:-|to|and|until) ?))?"
        r"(?P<hour>\d{1,2})(?:[.:](?P<minute>[0-5]\d))? ?(?P<half>[ap])\.? ?m\b\.?"
    ),
    "de": re.compile(
        r"(?<![\d.,:$€£])(?:(?P<from>\d{1,2})(?:[.:](?P<past>[0-5]\d))?(?P<to> ?(?:-|bis|und) ?))?"
        r"(?P<hour>\d{1,2})(?:[.:](?P<minute>[0-5]\d))? ?uhr\b(?: (?P<after>[0-5]\d)(?![\d.,:]| ?\w))?"
    ),
}
_NOON_TOLD = re.compile(r"\b(?:12(?::00)? )?(noon|midnight)\b")
# A currency before its sum: `CHF 240000`, `Fr. 240000.-`, `EUR 5 million`.
_LED = re.compile(
    r"(?<![\w$€£])(chf|s?fr\.|eur|usd|gbp) ?"
    r"(\d++(?:[.,]\d++)*+(?: ?(?:million(?:en)?|milliarden?|billion|mio\.?|mrd\.?|bn|m)\b\.?)?)(?:\.-+)?(?!\w)"
)
_LETTER = re.compile(
    rf"(?P<sign>[$€£] ?)?(?P<figure>{_FIGURE}) ?(?P<letter>[mt])\b"
    r"(?=(?P<next>[ -]?(?:[^\W\d_]+(?: [^\W\d_]+)?|[$€£]))?)"
)
_OF_KNOWN = re.compile(r" of (?:them|the|its|those|these|their|his|her|our)")
_COUNTED = re.compile(r" (?:people|more people|men|women|children|[a-z]{3,}[^s\W]s)\b")
_HALVES = {
    "en": (
        (re.compile(r"\b(?:half an hour|a half[ -]hour|half-hour)\b"), "30 minutes"),
        (re.compile(r"\bhalf a (?=(?:m|b|tr)illion\b)"), "0.5 "),
        (re.compile(r"(?<=\d) and a half\b"), ".5"),
        (re.compile(r"\b(?:an?|one) (hour|mile|year|month|day|week|metre|meter) and a half\b"), r"1.5 \1"),
    ),
    "de": (
        (re.compile(r"\b(?:eine[rn]? )?halbe[nr]? stunde\b"), "30 minuten"),
        (re.compile(r"\b(?:eine[rn]? )?viertelstunde\b"), "15 minuten"),
        (re.compile(r"\b(?:eine[rn]? )?dreiviertelstunde\b"), "45 minuten"),
        (re.compile(r"\b(?:eine[rn]? )?halbe[nr]? (?=(?:m|b)illi(?:on|arde)\b)"), "0,5 "),
    ),
}
_ONE = {
    "en": re.compile(r"\b(?:one[ -](?=(?:in|out of) \d)|(?:one|an?)[ -](?=(?:m|b|tr)illion\b)|one[ -](?=(?:{})\b))"),
    "de": re.compile(r"\beine?[nmr]? (?=(?:m|b)illi(?:on|arde)\b|(?:{}|drittel|viertel|fünftel|achtel)\b)"),
}
_WHOLE_HOURS = re.compile(r"(?<![\d.,])(\d{1,2})[.,]5 (hours|stunden)\b")
_WORD = re.compile(r"[^\W\d_]+")


def in_figures(told: str, lang: str) -> str:
    """Write all quantities of a text in one way."""
    told = _without_fractions(told, lang)
    if lang == "en":
        told = _tens_ordinal().sub(_large_ordinal, told)
    told = _read_words(told, lang)
    for pattern, same in _HALVES[lang]:
        told = pattern.sub(same, told)
    told = _one(lang).sub("1 ", told)
    told = _decade(lang).sub(lambda match: f"{match[1] or _tens(match[2], lang)} er ", told)
    told = _ROMAN.sub(lambda match: str(_roman(match[0])), told)
    if lang == "en":
        told = _in_english(told)
    elif "." in told:
        told = _ORDINAL_DE.sub(_ordinal_de, told)
    if not any(sign.isdigit() for sign in told):
        return told
    told = _CLOCK[lang].sub(_clock_of, told)
    told = _LED.sub(r"\2 \1 ", told)
    told = _SHARE.sub(lambda match: _share(match, lang), _MINUS.sub("-", told))
    told = _measured(lang).sub(lambda match: f"{match[1]} {_measures(lang)[match[2]]} ", told)
    return _WHOLE_HOURS.sub(_minutes_of, told)


def _in_english(told: str) -> str:
    told = _NOON_TOLD.sub(lambda match: "12:00" if match[1] == "noon" else "0:00", told)
    told = _TOLD_SHARE.sub(_share_of, told)
    if not any(sign.isdigit() for sign in told):
        return told
    told = _SHORT_ORDINAL.sub(_ordinal_en, told)
    told = _APPROXIMATE.sub("about ", told)
    told = _FEWER.sub("fewer than ", _MORE.sub("more than ", told))
    return _LETTER.sub(_spelled_letter, told)


def _without_fractions(told: str, lang: str) -> str:
    """Write `2½` and `2 1/2` as decimals."""
    told = _VULGAR.sub(lambda match: _decimal(match, lang), told)
    return _MIXED.sub(lambda match: _decimal(match, lang), told)


def _decimal(match: re.Match[str], lang: str) -> str:
    whole, over, under = match.groups()
    tail = _DECIMALS.get((over, under))
    return f"{whole or 0}{_POINT[lang]}{tail}" if tail else f"{whole} {over}/{under}"


def _share(match: re.Match[str], lang: str) -> str:
    return f"{match[1]} {_counting(lang, 'share')[_SHARED.index(match[2])]}"


def _share_of(match: re.Match[str]) -> str:
    if not match[1] and not match["of"]:
        return match[0]
    return f"{match[1] or 1} {match[2]}"


def _large_ordinal(match: re.Match[str]) -> str:
    return f"{_tens(match[1], 'en') + _counting('en', 'ordinal').index(match[2]) + 1}th"


def _ordinal_en(match: re.Match[str]) -> str:
    """Small ones in words, which are no figures; of a day of a month the ending says nothing."""
    at = int(match[1])
    around = (
        match.string[max(0, match.start() - _TEENS) : match.start()],
        match.string[match.end() : match.end() + _TEENS],
    )
    months = _months("en")
    near = _WORD.findall(around[0])[-1:] + [one for one in _WORD.findall(around[1])[:2] if one != "of"]
    if any(word in months for word in near):
        return match[1]
    words = _counting("en", "ordinal")
    return words[at - 1] if 0 < at <= len(words) else f"{at}th"


def _ordinal_de(match: re.Match[str]) -> str:
    following = _WORD.match(match.string, match.end())
    return f"{match[1]}. " if following and following[0] in _months("de") else f"{match[1]} te "


def _roman(word: str) -> int:
    values = [_ROMAN_VALUE[letter] for letter in word] + [0]
    return sum(-a if a < b else a for a, b in pairwise(values))


def _clock_of(match: re.Match[str]) -> str:
    """Give a time of day by the clock of 24 hours; before a range the half of the day is told once."""
    parts = match.groupdict()
    half = parts.get("half") or ""
    hour, minute = int(parts["hour"]), parts["minute"] or parts.get("after") or "00"
    if hour > _DAY:
        return match[0]
    told = f"{_by_day(hour, half)}:{minute}"
    if parts["from"]:
        first = int(parts["from"])
        other = half if first % _NOON <= hour % _NOON else {"p": "a"}.get(half, half)
        told = f"{_by_day(first, other)}:{parts['past'] or '00'}{parts['to']}{told}"
    return told


def _by_day(hour: int, half: str) -> int:
    if half == "p" and hour < _NOON:
        return hour + _NOON
    return 0 if half == "a" and hour == _NOON else hour


def _spelled_letter(match: re.Match[str]) -> str:
    """Tell millions from metres and trillions from tonnes: by a currency, or by what is counted."""
    following = match["next"] or ""
    large = bool(match["sign"]) or following.strip() in {"€", "$", "£"}
    if match["letter"] == "m":
        large = large or bool(_COUNTED.match(following) or _OF_KNOWN.match(following)) or _is_money(following)
    unit = {"m": ("metre", "million"), "t": ("tonne", "trillion")}[match["letter"]][large]
    return f"{match['sign'] or ''}{match['figure']} {unit}"


def _is_money(following: str) -> bool:
    return following.strip(" -").split(" ")[0] in {"euro", "euros", "pounds", "dollars", "usd", "eur", "gbp", "strong"}


def _minutes_of(match: re.Match[str]) -> str:
    unit = {"hours": "minutes", "stunden": "minuten"}[match[2]]
    return f"{int(match[1]) * _HOUR + _HALF_HOUR} {unit}"


# -- number words --------------------------------------------------------------------------------------------------


def _read_words(told: str, lang: str) -> str:
    if lang == "de":
        return _WORD.sub(lambda match: _german(match[0]) or match[0], told)
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
    value = _german_value(word)
    if value is not None:
        return str(value).replace(".", ",")
    compound = _compound().match(word)
    value = _german_value(compound[1]) if compound else None
    return f"{value} {compound[2]}" if compound and value is not None else ""


@cache
def _ordinals_de() -> dict[str, int]:
    stems = [(at, stem) for at, stem in enumerate(_counting("de", "ordinal"), 1) if stem != "-"]
    return {stem + end: at for at, stem in stems for end in ("e", "en", "em", "er", "es")}


@cache
def _compound() -> re.Pattern[str]:
    return re.compile(rf"(\w{{3,}}?)((?:{'|'.join(_counting('de', 'counted'))})\w{{0,4}})$")


def _german_value(word: str) -> int | float | None:
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


# -- tables --------------------------------------------------------------------------------------------------------


@cache
def _measures(lang: str) -> dict[str, str]:
    rows = [row for row in tables.rows("measures.tsv") if row[0] == lang]
    return {form.replace("_", " "): word for _, word, forms in rows for form in forms.split()}


@cache
def _measured(lang: str) -> re.Pattern[str]:
    forms = sorted(_measures(lang), key=len, reverse=True)
    return re.compile(rf"(?<![\w.,:])({_FIGURE})[ -]?({'|'.join(map(re.escape, forms))})(?!\w)")


@cache
def _one(lang: str) -> re.Pattern[str]:
    forms = "|".join(re.escape(form) for form in _measures(lang) if len(form) > 2 and form[-1].isalpha())
    return re.compile(_ONE[lang].pattern.replace("{}", forms))


@cache
def _months(lang: str) -> frozenset[str]:
    rows = tables.rows(f"months_{lang}.tsv")
    return frozenset(form.casefold().rstrip(".") for row in rows for form in row[1].split())


@cache
def _counting(lang: str, kind: str) -> tuple[str, ...]:
    """Give the words of a kind of `counting.tsv` in their order."""
    return next(tuple(words.split()) for of, told, words in tables.rows("counting.tsv") if (of, told) == (lang, kind))


def _tens(head: str, lang: str) -> int:
    return (_counting(lang, "tens").index(head) + 2) * _TENTH


@cache
def _decade(lang: str) -> re.Pattern[str]:
    return re.compile(_DECADE[lang].replace("{}", "|".join(_counting(lang, "tens"))))


@cache
def _tens_ordinal() -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(_counting('en', 'tens'))})y[ -]({'|'.join(_counting('en', 'ordinal')[:9])})\b")
