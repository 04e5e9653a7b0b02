"""What a reader overlooks: two ways of writing one sentence, and lines that change without the article being edited."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from watcher.language import lexicon, tables
from watcher.records import Statement

_LONGEST = 300
_LONGEST_FRAGMENT = 160
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_QUOTES = re.compile("[\"'`´‘’‚‛“”„‟«»‹›′″]")
_DASHES = re.compile("[‐‑‒–—―−]")
_GROUPED = {
    "de": re.compile(r"(?<![\d.,])(\d{1,3})((?:[.\s]\d{3})+)(?![.\s]?\d)"),
    "en": re.compile(r"(?<![\d.,])(\d{1,3})((?:[,\s]\d{3})+)(?![,\s]?\d)"),
}
_TOKEN = re.compile(r"(?<!\S)[-+](?=[\d$€£])|\d+(?:[.,:]\d+)*|[^\W\d_]+|[%$€£?&+@#]")
_LABEL = re.compile(
    r"^\s*\++\s*|\s*\++\s*$|\s*[(\[]update[)\]]\s*$"
    r"|^\s*(?:update|live|live-?ticker|breaking|eil(?:meldung)?|exclusive|exklusiv|video)(?: \d+)?\s*"
    r"(?:[:|]|[–-]\s)\s*",
    re.IGNORECASE,
)
_TITLE_TAIL = re.compile(r"\s[|·•–—-]\s[^|·•–—]{2,40}$")
_ENDS = re.compile(r"[.!?…:;][\"'”“»«’)\]\s]*$")
_QUOTATION = '"„“”»«'
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_TYPO = 5


def tokens(text: str, lang: str) -> tuple[str, ...]:
    """Bring a text to the words a reader compares: no case, quotes, dashes, spaces, separators of thousands.

    Number words are figures; `percent` and `%`, `Mrd.` and `Milliarden` are one word. Question marks stay.
    """
    lang = tables.table_lang(lang)
    told = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    told = _DASHES.sub("-", _QUOTES.sub("", told))
    told = _GROUPED[lang].sub(lambda match: match[1] + re.sub(r"\D", "", match[2]), told)
    told = _variants(lang).sub(lambda match: f" {_variant_of(lang)[match[0]]} ", told)
    numbers = _numbers(lang)
    return tuple(numbers.get(token, token) for token in _TOKEN.findall(told))


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


def furniture(text: str) -> str:
    """Say which kind of furniture a sentence is (`stamp`, `count`, `teaser`, `ad`, `credit`, `quote`), or ''."""
    told = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()
    if len(told) > _LONGEST or note(told):
        return ""
    return next((kind for kind, pattern in _patterns("overlooked.tsv") if pattern.fullmatch(told)), "")


def note(text: str) -> str:
    """Say whether a sentence is an outlet's word on its own changes: `correction`, `update`, or ''."""
    told = unicodedata.normalize("NFKC", text)
    return next((kind for kind, pattern in _patterns("correction_notes.tsv") if pattern.search(told)), "")


def is_fragment(statement: Statement) -> bool:
    """Whether a statement is a short line that ends like no sentence: a heading, a link, an item."""
    return len(statement.text) <= _LONGEST_FRAGMENT and not _ENDS.search(statement.text)


def speaks_to_reader(text: str) -> bool:
    """Whether a sentence outside quotation marks turns to the reader, or shouts."""
    told = text.strip()
    if any(mark in told for mark in _QUOTATION):
        return False
    spoken = tables.words("reader_words.txt")
    return told.endswith("!") or any(word in spoken for word in _WORD.findall(told)[1:])


def is_typo(before: str, after: str, lang: str) -> bool:
    """Whether a word that does not exist was set right: one letter apart, and only the later one is known."""
    if min(len(before), len(after)) < _TYPO or before[0] != after[0] or not (before + after).isalpha():
        return False
    if not _one_apart(before, after):
        return False
    return not lexicon.concepts(before, lang) and bool(lexicon.concepts(after, lang))


def _one_apart(a: str, b: str) -> bool:
    """Whether one letter was added, left out or changed, or two neighbours were swapped."""
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    left, right = a[start : len(a) - end], b[start : len(b) - end]
    return max(len(left), len(right)) == 1 or (len(left) == 2 and left == right[::-1])


@cache
def _patterns(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    kinds: dict[str, list[str]] = {}
    for kind, pattern in tables.rows(name):
        kinds.setdefault(kind, []).append(f"(?:{pattern})")
    return tuple((kind, re.compile("|".join(found), re.IGNORECASE)) for kind, found in kinds.items())


@cache
def _variant_of(lang: str) -> dict[str, str]:
    return {form: same for of, form, same in tables.rows("variants.tsv") if of == lang}


@cache
def _variants(lang: str) -> re.Pattern[str]:
    forms = sorted(_variant_of(lang), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)")


@cache
def _numbers(lang: str) -> dict[str, str]:
    return {row[0].casefold(): row[1] for row in tables.rows(f"numbers_{lang}.tsv")}
