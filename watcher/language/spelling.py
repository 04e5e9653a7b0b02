"""Which words exist. The lists are those of the library `pyspellchecker`, read when the first word is asked for."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from functools import cache

from watcher.language import tables
from watcher.language.words import fold, is_stopword

_SHORTEST_PART = 3
_LINKS = ("", "s", "es", "n", "en")


def is_word(word: str, lang: str) -> bool:
    """Whether a word exists in German or English, in any form: a listed one, or a German compound of two such."""
    return is_listed(word, lang) or (tables.table_lang(lang) == "de" and _is_compound(word.casefold()))


def is_listed(word: str, lang: str) -> bool:
    """Whether a list holds a word as it is. What only could be a compound may as well be a slip (`über-nomen`)."""
    return is_stopword(fold(word), lang) or _is_in(word.casefold(), tables.table_lang(lang))


def _is_compound(word: str) -> bool:
    for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        if not _is_in(word[at:], "de"):
            continue
        first = word[:at]
        if any(first.endswith(link) and _is_part(first.removesuffix(link)) for link in _LINKS):
            return True
    return False


def _is_part(word: str) -> bool:
    return len(word) >= _SHORTEST_PART and _is_in(word, "de")


def _is_in(word: str, lang: str) -> bool:
    listed = _listed(lang)
    at = bisect_left(listed, hash(word))
    return at < len(listed) and listed[at] == hash(word)


@cache
def _listed(lang: str) -> array[int]:
    """Hashes of all words in order: three megabytes instead of fifty. Of 64 bits each, hardly two are equal."""
    from spellchecker import SpellChecker  # takes a second, and only an edited article asks

    return array("q", sorted(hash(word.casefold()) for word in SpellChecker(language=lang).word_frequency.words()))
