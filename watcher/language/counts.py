"""What a figure counts: the unit of a counted noun, and of a figure that none follows (`198 of the messages`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from watcher.language import tables
from watcher.language.lexicon import terms
from watcher.language.words import fold, is_stopword

_REACH = 90
"""Characters before a figure in which the word may stand that says what is counted."""
_AHEAD = 40
_FIRST, _LAST = 3, 5
"""Letters that the rest of a German compound has at least, and its last part."""
_END = re.compile(r"[.;:?!–—]\s")
_BEHIND = {
    "de": r"\s(?:{of})\s(?:[a-zäöüß]+\s){{0,2}}(?P<noun>[A-ZÄÖÜ][^\W\d_]{{2,}})",
    "en": r"\s(?:{of})\s(?:[a-z]+\s){{0,2}}?(?P<noun>[a-z]{{3,}}s|people|staff|crew)\b"
    r"|\s(?P<state>{state})\b(?!\s[a-z]+s\b)",
}
_HEADED = {
    "de": r"\b(?:{head})\s(?:{article})\s(?:[a-zäöüß]+\s){{0,2}}(?P<noun>[A-ZÄÖÜ][^\W\d_]{{2,}})"
    r"|\b(?P<part>[A-ZÄÖÜ][a-zäöüß]{{3,}}?)s?zahl\b",
    "en": r"\b(?:{head})\sof\s(?:[a-z]+\s){{0,2}}?(?P<noun>[a-z]{{3,}}s|people|staff|{state})\b|\b(?P<toll>{toll})\b",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What of a language tells what is counted: patterns of what may follow a figure (`behind`), of what may stand
    before it (`headed`) with what then stands right before it (`reached`), and words that are no nouns with their unit.
    """

    behind: re.Pattern[str]
    headed: re.Pattern[str]
    reached: re.Pattern[str]
    counting: dict[str, str]


def counted(text: str, start: int, end: int, lang: str) -> str | None:
    """The term of what the bare figure at text[start:end] counts, or None when the sentence does not say."""
    lang = tables.table_lang(lang)
    rules = _rules(lang)
    said = None if _is_number(text[:start], lang) else rules.behind.match(text[end : end + _AHEAD])
    if said is None:
        before = _END.split(text[max(0, start - _REACH) : start])[-1]
        if rules.reached.search(before):
            said = max(rules.headed.finditer(before), key=lambda match: match.end(), default=None)
    if said is None:
        return None
    word = next(filter(None, said.groups()))
    if word in rules.counting:
        return rules.counting[word]
    found = terms(word, lang)
    return unit_of(word, lang) or (found[-1] if found else None)


def _is_number(before: str, lang: str) -> bool:
    """Whether the word before a figure makes it a number: `Tower 2 of the old gate`, `Artikel 5 der Charta`."""
    last = before[-_AHEAD:].split()[-1:]
    return bool(last) and last[0][0].isupper() and not is_stopword(fold(last[0]), lang)


def unit_of(noun: str, lang: str) -> str | None:
    """The unit that counts a noun, in the plural as written, in both languages; None for one that no table knows."""
    units, longest = _units(tables.table_lang(lang))
    if lang != "de":
        return units.get(noun)
    written = noun[:1].upper() + noun[1:].lower()
    parts = (written[at:].capitalize() for at in range(max(_FIRST, len(written) - longest), len(written) - _LAST + 1))
    return units.get(written) or next((units[part] for part in parts if part in units), None)


def are_alike(unit: str, other: str) -> bool:
    """Whether what one report counts in a unit, another may count in the other: people are patients or passengers."""
    return {unit, other} <= _people()


@cache
def _people() -> frozenset[str]:
    return frozenset(unit for unit, _, _, *kind in tables.rows("counted.tsv") if kind == ["people"])


@cache
def _units(lang: str) -> tuple[dict[str, str], int]:
    """The units by the nouns they count, and how long the longest noun is."""
    column = 1 if lang == "en" else 2
    found = {noun: row[0] for row in tables.rows("counted.tsv") for noun in row[column].split()}
    return found, max(map(len, found))


@cache
def _rules(lang: str) -> _Rules:
    told = {kind: [word.partition("=") for word in words.split()] for kind, words in tables.rows(f"counts_{lang}.tsv")}
    said = {kind: "|".join(word.replace("_", r"\s") for word, _, _ in words) for kind, words in told.items()}
    return _Rules(
        behind=re.compile(_BEHIND[lang].format_map(said)),
        headed=re.compile(_HEADED[lang].format_map(said)),
        reached=re.compile(rf"\b(?:{said['reached']})\s$"),
        counting={word: unit for words in told.values() for word, _, unit in words if unit},
    )
