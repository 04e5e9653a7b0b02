"""Figures and what is measured by them, brought to one way of writing: `forty-three`, `2m`, `2.20pm`, `half an hour`.

Works on text in lower case with plain hyphens. What is not the very same stays apart: a dozen is no twelve.
"""

from __future__ import annotations

import re

from watcher.policy import clocks, numerals, units

_SIGNED = re.compile(r"(?<!\w)(minus|plus) (?=\d)")
_SIGNS = {"minus": "-", "plus": "+"}
_APPROXIMATE = re.compile(r"\b(?:about|around|approximately|approx\.?|roughly|some|circa|ca\.?) (?=[$€£]?\d)")
_MORE = re.compile(r"\bover (?=[$€£]?\d++(?:[.,]\d++)*+(?![ -]?(?:second|minute|hour|day|week|month|year)))")
_FEWER = re.compile(r"\bless than (?=[$€£]?\d)")
_BEYOND = re.compile(r"(?<![\w-])([<>]) ?(?=[$€£]?\d)")
_BEYOND_WORDS = {"en": {"<": "fewer than ", ">": "more than "}, "de": {"<": "weniger als ", ">": "mehr als "}}
_LETTER = re.compile(
    rf"(?P<sign>[$€£] ?)?(?<![\d.,])(?P<figure>{units.FIGURE}) ?(?P<letter>[mt])\b(?!/)"
    r"(?=(?P<next>[ -]?(?:[^\W\d_]+(?: [^\W\d_]+)?|[$€£]))?)"
)
_OF_KNOWN = re.compile(r" of (?:them|the|its|those|these|their|his|her|our)")
_COUNTED = re.compile(r" (?:people|more people|men|women|children|(?:cu|sq|cubic|square)(?=[ .])|[a-z]{3,}[^s\W]s)\b")
_MONEY = frozenset({"euro", "euros", "pounds", "dollars", "usd", "eur", "gbp", "strong"})
# A score with spaces around its colon, a vote with its word, and a limit told as on the sign.
_SCORE = {"en": re.compile(r"(?<=\d) : (?=\d)"), "de": re.compile(r"(?<=\d) (?::|zu) (?=\d)")}
_LIMIT = re.compile(r"\btempo (\d{2,3})\b(?!-| ?zone)")
_CALLED = re.compile(
    r"(?<![\w.,:/+-])(?!\d\d?[/-]\d\d?[/-])(?:\+\d{1,3}[ -]?(?:\(0\) ?)?\d{1,4}|\(?0\d{1,4}\)?)"
    r"(?:(?:[ -]| ?/ ?)\d{2,8}){1,5}(?![\w/:-]|[.,]\d)"
)
_LEAST_NUMBER = 7


def in_figures(told: str, lang: str) -> str:
    """Write all quantities of a text in one way."""
    told = _BEYOND.sub(lambda match: _BEYOND_WORDS[lang][match[1]], told)
    told = numerals.in_figures(told, lang)
    told = clocks.noon(clocks.decades(told, lang), lang)
    told = numerals.with_ordinals(told, lang)
    if not any(sign.isdigit() for sign in told):
        return told
    told = _SCORE[lang].sub(":", told)
    told = clocks.in_one_way(told, lang)
    told = _in_english(told) if lang == "en" else _LIMIT.sub(r"\1 km/h", told)
    told = numerals.with_shares(_SIGNED.sub(lambda match: _SIGNS[match[1]], told), lang)
    return clocks.whole(units.in_one_way(told, lang))


def with_called_numbers(told: str) -> str:
    """Write telephone numbers without what parts their groups. Of a text whose thousands are parted still."""
    return _CALLED.sub(_called, told)


def _called(match: re.Match[str]) -> str:
    joined = re.sub(r"[^\d+]", "", match[0])
    return joined if len(joined) >= _LEAST_NUMBER else match[0]


def _in_english(told: str) -> str:
    told = _APPROXIMATE.sub("about ", told)
    told = _FEWER.sub("fewer than ", _MORE.sub("more than ", told))
    return _LETTER.sub(_spelled_letter, told)


def _spelled_letter(match: re.Match[str]) -> str:
    """Tell millions from metres and trillions from tonnes: by a currency, or by what is counted."""
    following = match["next"] or ""
    large = bool(match["sign"]) or following.strip() in {"€", "$", "£"}
    if match["letter"] == "m":
        large = large or bool(_COUNTED.match(following) or _OF_KNOWN.match(following)) or _is_money(following)
    unit = {"m": ("metres", "million"), "t": ("tonnes", "trillion")}[match["letter"]][large]
    return f"{match['sign'] or ''}{match['figure']} {unit}"


def _is_money(following: str) -> bool:
    return following.strip(" -").split(" ")[0] in _MONEY
