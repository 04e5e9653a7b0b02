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
_END = re.compile(r"[.,;:?!–—]\s|\b(?:as|while|when|after|with|who|and|während|als|weil|und)\s")
_AGED = re.compile(r"\b(?:age[ds]?|Alter)\b|^\s(?:over|under|from|with|über|unter|von|mit|ab)\s$")
"""What stands between a head and a figure that is an age, or belongs to each."""
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
GAP = re.compile(r"[\s\u00a0-]{0,2}")
_OWNS = re.compile(r"['’]|\s(?:per|an|a)\s(?:hour|minute|second)\b")
"""Behind a plural that is not what is counted: `two children's hospitals`, `120 miles an hour`."""
_MEASURE = re.compile(r"(square|cubic)\s")
_BEHIND = {
    "de": r"\s(?:{of})\s(?:[a-zäöüß]+\s){{0,2}}(?P<noun>[A-ZÄÖÜ][^\W\d_]{{2,}})",
    "en": r"\s(?:{of})\s(?:[a-z]+\s){{0,2}}?(?P<noun>[a-z]{{3,}}s|people|staff|crew)\b"
    r"|\s(?P<state>{state})\b(?!\s[a-z]+s\b)",
}
# "A number of witnesses" is no figure.
_HEADED = {
    "de": r"\b(?<![Ee]ine\s)(?<!einer\s)(?<!große\s)"
    r"(?:{head})\s(?:{article})\s(?:[a-zäöüß]+\s){{0,2}}(?P<noun>[A-ZÄÖÜ][^\W\d_]{{2,}})"
    r"|\b(?P<part>[A-ZÄÖÜ][a-zäöüß]{{3,}}?)s?zahl\b",
    "en": r"\b(?<!\b[Aa]\s)(?<!any\s)(?<!large\s)"
    r"(?:{head})\sof\s(?:[a-z]+\s){{0,2}}?(?P<noun>[a-z]{{3,}}s|people|staff|{state})\b|\b(?P<toll>{toll})\b",
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


def noun(after: str, lang: str) -> str | None:
    """Return the unit of the noun that a figure counts, else its term, in what stands behind the figure: of the next
    plural in English, of the next capitalised word in German.

    Words between the figure and the noun count when the lexicon knows them as one with it ("affirmative defences").
    """
    at = first = 0
    for number in range(4):
        gap = GAP.match(after, at)
        word = WORD.match(after, gap.end() if gap else at)
        if word is None or (lang == "de" and word.start() == at):
            return None
        first = word.start() if number == 0 else first
        folded = fold(word.group())
        if is_stopword(folded, lang) or folded in months(lang) or folded in tables.words("uncounted.txt"):
            return None
        unit = unit_of(folded if lang == "en" else word.group(), lang)
        if (_is_noun(word.group()) if lang == "de" else unit or _is_plural(folded)) and not _OWNS.match(
            after, word.end()
        ):
            found = terms(after[first : word.end()], lang)
            measure = _MEASURE.match(after, first)
            return f"{measure[1]}_{unit}" if unit and measure else unit or (found[-1] if found else None)
        at = word.end()
    return None


def _is_noun(word: str) -> bool:
    return word[0].isupper() and len(word) > 2


def _is_plural(folded: str) -> bool:
    if folded in tables.words("plurals_en.txt"):
        return True
    return len(folded) > 3 and folded[-1] == "s" and folded[-2] not in "sui'"


@cache
def months(lang: str) -> frozenset[str]:
    """The names of the months, folded."""
    return frozenset(fold(form) for row in tables.rows(f"months_{lang}.tsv") for form in row[1].split())


def counted(text: str, start: int, end: int, lang: str) -> str | None:
    """The unit of what the bare figure at text[start:end] counts, or None when the sentence does not say."""
    lang = tables.table_lang(lang)
    rules = _rules(lang)
    said = (
        None if _is_number(text[max(0, start - _AHEAD) : start], lang) else rules.behind.match(text[end : end + _AHEAD])
    )
    if said is not None:
        return _unit(said, rules, lang)
    before = _END.split(text[max(0, start - _REACH) : start])[-1]
    head = max(rules.headed.finditer(before), key=lambda match: match.end(), default=None)
    if head is None or rules.reached.search(before) is None or _AGED.search(before[head.end() :]):
        return None
    # What ends in -s may be a verb, what has a capital is a noun.
    found = terms(head["noun"], lang) if lang == "de" and head["noun"] else ()
    return _unit(head, rules, lang) or (found[-1] if found else None)


def _unit(said: re.Match[str], rules: _Rules, lang: str) -> str | None:
    word = next(filter(None, said.groups()))
    return rules.counting.get(word) or unit_of(word, lang)


def _is_number(before: str, lang: str) -> bool:
    """Whether the word before a figure makes it a number: `Tower 2 of the old gate`, `Artikel 5 der Charta`."""
    words = before.split()
    return len(words) > 1 and words[-1][0].isupper() and not is_stopword(fold(words[-1]), lang)


def unit_of(noun: str, lang: str) -> str | None:
    """The unit that counts a noun, in the plural as written, in both languages; None for one that no table knows."""
    return _units(tables.table_lang(lang)).get(noun)


def are_alike(unit: str, other: str) -> bool:
    """Whether what one report counts in a unit, another may count in the other: people are patients or passengers."""
    return {unit, other} <= _people()


@cache
def _people() -> frozenset[str]:
    return frozenset(unit for unit, _, _, *kind in tables.rows("counted.tsv") if kind == ["people"])


@cache
def _units(lang: str) -> dict[str, str]:
    column = 1 if lang == "en" else 2
    return {noun: row[0] for row in tables.rows("counted.tsv") for noun in row[column].split() if noun != "-"}


@cache
def _rules(lang: str) -> _Rules:
    told = {kind: [word.partition("=") for word in words.split()] for kind, words in tables.rows(f"counts_{lang}.tsv")}
    said = {kind: "|".join(word.replace("_", r"\s") for word, _, _ in words) for kind, words in told.items()}
    return _Rules(
        behind=re.compile(_BEHIND[lang].format_map(said)),
        headed=re.compile(_HEADED[lang].format_map(said)),
        reached=re.compile(rf"\b(?:{said['reached']})\s$"),
        counting={word.replace("_", " "): unit for words in told.values() for word, _, unit in words if unit},
    )
