"""Text -> words: tokens, their folded form and stem, stopwords, verb forms, German separable verbs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import Stemmer

from watcher.language import tables

_TOKEN = re.compile(r"[^\W_]+(?:[-‑'’.&][^\W_]+)*|[,;:.!?()–—]")
_POSSESSIVE = re.compile(r"['’]s?$")
_JOINTS = frozenset({"und", "oder", "sowie", "aber", "weil", "als", "nachdem"})
_FROM_THEN_ON = frozenset({"Anfang", "Beginn"})
"""In "von Anfang an" the particle belongs to no verb."""
_REACH = 30
"""How many tokens before its particle the finite part of a separable verb is looked for."""


def tokenise(text: str) -> list[str]:
    """Split into words, hyphen compounds whole, and the punctuation that ends clauses, in order."""
    return _TOKEN.findall(text)


def is_word(token: str) -> bool:
    """Tell a word or figure from punctuation."""
    return token[0].isalnum()


def fold(word: str) -> str:
    """Bring to the form in which words are compared: lower case, ß as ss, one kind of hyphen, no possessive ending."""
    folded = word.casefold()
    return folded if folded.isalpha() else _POSSESSIVE.sub("", folded.replace("‑", "-"))


@cache
def _stemmer(lang: str) -> Stemmer.Stemmer:
    # No cache of its own: ours are nearer to the caller, and its eviction is slow.
    return Stemmer.Stemmer({"de": "german", "en": "english"}[tables.table_lang(lang)], 0)


def stemmer_version() -> str:
    """Return the version of what stems: another one may give other stems."""
    return str(Stemmer.version())


def stem(folded: str, lang: str) -> str:
    """Return the stem of a folded word; languages without tables are stemmed as English."""
    return str(_stemmer(lang).stemWord(folded))


def stem_all(folded: list[str], lang: str) -> list[str]:
    """Return the stems of many folded words at once, which is far quicker than one by one."""
    return list(_stemmer(lang).stemWords(folded))


def is_stopword(folded: str, lang: str) -> bool:
    """Whether a folded word is a function word of the language."""
    return folded in _stopwords(tables.table_lang(lang))


@cache
def _stopwords(lang: str) -> frozenset[str]:
    return frozenset(fold(word) for word in tables.words(f"stopwords_{lang}.txt"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """Irregular forms of a language, folded. `lemmas`: form -> infinitive or singular, `singulars` of nouns alone.

    `separable`: finite form -> particle -> infinitive.
    """

    lemmas: dict[str, str]
    singulars: dict[str, str]
    separable: dict[str, dict[str, str]]
    particles: frozenset[str]


@cache
def forms(lang: str) -> Forms:
    """Read the tables of irregular verbs and nouns of a language."""
    lemmas: dict[str, str] = {}
    separable: dict[str, dict[str, str]] = {}
    for row in tables.rows(f"verbs_{tables.table_lang(lang)}.tsv"):
        infinitive, forms, participle, particles = (*(fold(column) for column in row), "", "")[:4]
        finite = [form for form in forms.split() if form != "-"]
        lemmas |= dict.fromkeys([*finite, *participle.split()], infinitive)
        for particle in particles.split():
            whole = particle + infinitive
            joined = [particle + form for form in (*finite, participle, "zu" + infinitive)]
            lemmas |= dict.fromkeys(joined, whole)
            for form in (*finite, infinitive):
                separable.setdefault(form, {})[particle] = whole
    singulars: dict[str, str] = {}
    for singular, plurals in tables.rows(f"nouns_{tables.table_lang(lang)}.tsv"):
        singulars |= dict.fromkeys(fold(plurals).split(), fold(singular))
    lemmas |= singulars
    found = frozenset(particle for by_particle in separable.values() for particle in by_particle)
    return Forms(lemmas=lemmas, singulars=singulars, separable=separable, particles=found)


def join_separable(tokens: list[str]) -> list[str]:
    """Bring German separable verbs together: `reichte ... ein` becomes `einreichen ...`.

    A particle counts only at the end of a clause (before punctuation, a conjunction or the end of the text).
    """
    known = forms("de")
    if known.particles.isdisjoint(tokens):
        return tokens
    joined = list(tokens)
    for at, token in enumerate(tokens):
        if token not in known.particles or not _closes_clause(tokens, at) or tokens[at - 1] in _FROM_THEN_ON:
            continue
        for back in range(at - 1, max(-1, at - _REACH), -1):
            if back and not tokens[back].islower():
                continue  # a noun: "Klage ... ein" is no form of "einklagen"
            infinitive = known.separable.get(tokens[back].casefold(), {}).get(token)
            if infinitive:
                joined[back], joined[at] = infinitive, ""
                break
    return [token for token in joined if token]


def _closes_clause(tokens: list[str], at: int) -> bool:
    return at + 1 == len(tokens) or not is_word(tokens[at + 1]) or tokens[at + 1] in _JOINTS
