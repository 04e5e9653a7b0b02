"""Two ways of writing one sentence: what a reader takes for the same words."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from functools import cache, lru_cache

from watcher.language import tables
from watcher.language.spelling import is_listed
from watcher.policy import clocks, quantities, units

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_APOSTROPHES = re.compile("[`´‘’‛′]")
_QUOTES = re.compile("[\"'‚“”„‟«»‹›″]")
_HYPHENED = re.compile(r"\b(?:re|un|co)-[a-z]+")
_DASHES = re.compile("[‐‑‒–—―−]")
_GROUPED = {
    "de": re.compile(r"(?<![\d.,])(\d{1,3})((?:[.'\s]\d{3})+)(?![.\s]?\d)"),
    "en": re.compile(r"(?<![\d.,])(\d{1,3})((?:[,\s]\d{3})+|(?:,\d\d){1,3},\d{3})(?![,\s]?\d)"),
}
_NOTHING_MORE = {
    "de": re.compile(r"(?<=\d),(?:00|-)(?!\d|[.,:]\d)"),
    "en": re.compile(r"(?<=\d)\.00(?!\d|[.,:]\d)"),
}
# A figure torn apart: `12. 000`, `$4, 100`.
_APART = re.compile(r"(?<=\d\.) (?=000\b)|(?<=[$€£]\d,) (?=\d{3}\b)|(?<=[$€£]\d\d,) (?=\d{3}\b)")
# Up to four words said twice at once (`on Tuesday on Tuesday`): behind a figure they would be taken for its unit.
_DOUBLED = re.compile(r"\b(?!had\b)((?:[^\W\d_]+ ){0,3}[^\W\d_]{2,}) \1\b")
# A single quotation mark at the head or end of a word, not of a figure: `'80s` and `5'` mean something.
_QUOTED = re.compile(r"(?<!\w)'(?=[^\W\d_])|(?<=[^\W\d_])'(?!\w)")
# A minus that stands apart: before what is measured so, and no dash between two figures.
_MINUS_APART = re.compile(r"(?<=[^\W\d_] )- (?=\d[\d.,]*+ ?(?:%|prozent|per ?cent|grad|degrees|°))")
_LEADING_ZERO = re.compile(r"(?<![\d.,:/-])0(?=[1-9](?:(?![\d.,:/-])|[.,](?!\d)|:[0-5]\d))")
_STREET = re.compile(r"(?<=[a-z-])str\b\.?|\bstr\b\.?")
_SAINT = re.compile(r"\bSt\.? (?=[A-Z])")
_TOKEN = re.compile(r"(?<!\S)[-+](?=[\d$€£])|\d+(?:[.,:]\d+)*|[^\W\d_]+|[%$€£?&+@#]")
_DAY_OF = re.compile(
    r"\b(?:the )?(\d{1,2}) of (?=(?:\w{3,4}uary|march|april|may|june|july|august|(?:sept|octo|novem|decem)\w*ber)\b)"
)
_LAST_DAY = 31
_LEAST_FACTOR = 1000
_SIMPLE = re.compile(r"\d{1,6}(?:\.\d{1,6})?")
_CURRENCIES = frozenset("$€£")
_UP_TO = frozenset({"to", "bis"})
# Letters with a stroke, which are no letter and a mark to Unicode.
_BARRED = str.maketrans("łøđħı", "lodhi")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_LABEL = re.compile(
    r"^\s*\++\s*|\s*\++\s*$|\s*[(\[]update[)\]]\s*$"
    r"|^\s*(?:update|live|live-?ticker|breaking|eil(?:meldung)?|exclusive|exklusiv|video)(?: \d+)?\s*"
    r"(?:[:|]|[–-]\s)\s*",
    re.IGNORECASE,
)
_TITLE_TAIL = re.compile(r"\s[|·•–—-]\s[^|·•–—]{2,40}$")
# No sentence is longer, only damaged text: what comes after is compared letter by letter.
_LONGEST = 10_000
_USUAL = 600


def tokens(text: str, lang: str) -> tuple[str, ...]:
    """Bring a text to the words a reader compares: no case, quotes, dashes, spaces, separators of thousands.

    Number words are figures; `percent` and `%`, `Mrd.` and `Milliarden`, `didn't` and `did not` are the same words, a
    currency stands behind its figure, and a word said twice in a row is said once. Question marks stay.
    """
    read = _remembered if len(text) <= _USUAL else _remembered_long
    return read(text, tables.table_lang(lang))


def _read(text: str, lang: str) -> tuple[str, ...]:
    told = html.unescape(text[:_LONGEST]) if "&" in text else text[:_LONGEST]
    told = " ".join(INVISIBLE.sub("", unicodedata.normalize("NFKC", told)).split())
    told = _APOSTROPHES.sub("'", _passing().sub(" ", told))
    figured = any(sign.isdigit() for sign in told)
    told = units.cased(told) if figured else told
    told = _DASHES.sub("-", (_SAINT.sub("saint ", told) if lang == "en" else told).casefold())
    told = _MINUS_APART.sub("-", told)
    told = _QUOTED.sub("", _DOUBLED.sub(r"\1", told))
    if figured:
        told = quantities.with_called_numbers(_APART.sub("", told))
        told = _GROUPED[lang].sub(lambda match: match[1] + re.sub(r"\D", "", match[2]), told)
        told = clocks.dates(told, lang)
    if lang == "de":
        told = _STREET.sub("strasse", told)
    told = _NOTHING_MORE[lang].sub("", quantities.in_figures(told, lang))
    told = _DAY_OF.sub(r"\1 ", _LEADING_ZERO.sub("", told))
    told = _variants(lang).sub(lambda match: f" {_variant_of(lang)[match[0]]} ", told)
    told = _QUOTES.sub("", told)
    if lang == "en" and "-" in told:
        told = _HYPHENED.sub(lambda match: _mark_apart(match[0]), told)
    found = _in_one_way(_TOKEN.findall(told), lang)
    return (*found, text[_LONGEST:]) if len(text) > _LONGEST else found


@lru_cache(maxsize=2048)
def _remembered(text: str, lang: str) -> tuple[str, ...]:
    """The sentences of an article are laid beside several others, one after the other."""
    return _read(text, lang)


@lru_cache(maxsize=64)
def _remembered_long(text: str, lang: str) -> tuple[str, ...]:
    """As `_remembered`, but fewer: a sentence may be a whole damaged page."""
    return _read(text, lang)


def _in_one_way(found: Sequence[str], lang: str) -> tuple[str, ...]:
    """Bring tokens that can be told in several ways to one of them."""
    glued, months = _glued(lang), _months(lang)
    told: list[str] = []
    sign = ""
    for at, token in enumerate(found):
        before = told[-1] if told else ""
        if token in _CURRENCIES and found[at + 1 : at + 2] and found[at + 1][0].isdigit():
            sign = token
            continue
        figure = token
        if token in _UP_TO and before[:1].isdigit() and _is_figure(found[at + 1 : at + 2]):
            continue  # `7 to 17` is `7-17`
        if token in glued and before[:1].isdigit():
            figure = glued[token]
        elif token in months and (before[:1].isdigit() or (found[at + 1 : at + 2] and found[at + 1][0].isdigit())):
            figure = months[token]
        elif before in months.values() and token.isdigit() and int(token) <= _LAST_DAY and not _is_day(told[-2:-1]):
            told[-1:] = [token, before]  # the day before the month, however it is written
            continue
        if sign and not figure[0].isdigit() and figure not in glued.values():
            told.append(sign)
            sign = ""
        if figure != before or not figure.isalpha():
            told.append(figure)
    return _multiplied((*told, sign) if sign else tuple(told), lang)


def _multiplied(told: Sequence[str], lang: str) -> tuple[str, ...]:
    """Write `2.5 million` in full where that is a whole number."""
    factors = _factors(lang)
    found: list[str] = []
    for token in told:
        last = found[-1].replace(",", ".") if found and lang == "de" else found[-1] if found else ""
        if token in factors and _SIMPLE.fullmatch(last):
            whole = Fraction(last) * factors[token]
            if whole.denominator == 1:
                found[-1] = str(whole)
                continue
        found.append(token)
    return tuple(found)


def _is_figure(following: Sequence[str]) -> bool:
    return bool(following) and following[0][0] in "0123456789$€£"


def _is_day(last: Sequence[str]) -> bool:
    return bool(last) and last[0].isdigit() and int(last[0]) <= _LAST_DAY


def _mark_apart(word: str) -> str:
    """Keep a hyphen that makes another word of one: `key` joins what others hold."""
    return word.replace("-", " + ") if word in tables.words("apart.txt") else word


def key(told: Sequence[str]) -> str:
    """Give tokens as one word: writings that differ in spaces and hyphens alone have one key."""
    pieces: list[str] = []
    for token in told:
        if pieces and token[0].isdigit() and pieces[-1][-1].isdigit():
            pieces.append("|")
        pieces.append(token)
    return "".join(pieces)


def plain(text: str, lang: str) -> str:
    """Give what is the same for two writings of one sentence."""
    return key(tokens(text, lang))


def plain_title(title: str, lang: str, outlet: str = "") -> str:
    """As `plain`, for a headline: without `Update:`, `+++` and the name of the outlet at its end."""
    told = _LABEL.sub("", title.strip())
    tail = _TITLE_TAIL.search(told)
    if tail and (not outlet or key(tokens(outlet, "en")) in plain(tail[0], lang) or "." in tail[0] or "|" in tail[0]):
        told = told[: tail.start()]
    return plain(told, lang)


def is_umlaut_of(before: str, after: str, lang: str) -> bool:
    """Whether two words are one, but for `ae` in place of an umlaut, or for marks on letters that the language has not
    (`Sao`, `São`).
    """
    if before.translate(_UMLAUTS) == after.translate(_UMLAUTS):
        return True
    kept = _UMLAUTS if tables.table_lang(lang) == "de" else {}
    return _without_marks(before.translate(kept)) == _without_marks(after.translate(kept))


def _without_marks(word: str) -> str:
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFKD", word.translate(_BARRED))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def is_spelled_otherwise(before: str, after: str) -> bool:
    """Whether two words are one in another spelling: British or American, before or after the reform."""
    return spelling(before) == spelling(after)


@cache
def _spellings() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), same) for pattern, same in tables.rows("spellings.tsv"))


def spelling(word: str) -> str:
    """Give what is the same for all spellings of a word."""
    told = word.translate(_UMLAUTS)
    for pattern, same in _spellings():
        told = pattern.sub(same, told)
    return told


def is_known(word: str, lang: str) -> bool:
    """Whether a list holds a word as it is, or in American spelling: the English list knows few of the British."""
    return is_listed(word, lang) or (tables.table_lang(lang) == "en" and is_listed(spelling(word), lang))


# -- tables --------------------------------------------------------------------------------------------------------


@cache
def _passing() -> re.Pattern[str]:
    """What may stand in a sentence without being part of it: the agency's mark, a share price that runs along."""
    return re.compile("|".join(f"(?:{row[0]})" for row in tables.rows("passing.tsv")))


@cache
def _variant_of(lang: str) -> dict[str, str]:
    return {form: same for of, form, same in tables.rows("variants.tsv") if of == lang}


@cache
def _variants(lang: str) -> re.Pattern[str]:
    forms = sorted(_variant_of(lang), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)")


@cache
def _glued(lang: str) -> dict[str, str]:
    """Scales as they stand right behind a figure, and the word they mean: the first of their row that is one."""
    found: dict[str, str] = {}
    for row in tables.rows(f"scales_{lang}.tsv"):
        forms = [form.casefold() for column in row[1:] for form in column.rstrip().split()]
        word = min((form for form in forms if form.isalpha()), key=lambda form: (-len(form.rstrip("s")), len(form)))
        found |= {form: word for form in forms if form.isalpha()}
    return found


@cache
def _factors(lang: str) -> dict[str, int]:
    """By how much a scale, as `_glued` writes it, multiplies; only such as are told in full figures too."""
    glued = _glued(lang)
    rows = [(int(row[0]), row[1].casefold().split()) for row in tables.rows(f"scales_{lang}.tsv")]
    return {
        glued.get(form, form): factor
        for factor, forms in rows
        if factor >= _LEAST_FACTOR
        for form in forms
        if form.isalpha()
    }


@cache
def _months(lang: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, forms in tables.rows(f"months_{lang}.tsv"):
        known = [form.casefold().rstrip(".") for form in forms.split()]
        found |= {form: max(known, key=len) for form in known}
    return found
