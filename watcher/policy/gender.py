"""The gender of German nouns, and which forms of an article may stand before one noun of it."""

from __future__ import annotations

from functools import cache

from watcher.language import tables

_DEFINITE = {
    "m": frozenset({"der", "den", "dem"}),
    "f": frozenset({"die", "der"}),
    "n": frozenset({"das", "dem"}),
}
# The endings of `ein`, `kein` and the possessives.
_INDEFINITE = {
    "m": frozenset({"", "en", "em"}),
    "f": frozenset({"e", "er"}),
    "n": frozenset({"", "em"}),
}
_STEMS = ("kein", "mein", "dein", "sein", "unser", "ihr", "ein")
_ENDINGS = ("em", "en", "er", "es", "e", "")


def is_impossible(article: str, noun: str) -> bool:
    """Whether no case has this article before this noun; not where the noun's gender, or its number, is not known."""
    gender = gender_of(noun)
    if gender is None:
        return False
    if any(article in forms for forms in _DEFINITE.values()):
        return article not in _DEFINITE[gender]
    ending = next((end for stem in _STEMS for end in _ENDINGS if article == stem + end), None)
    return ending is not None and ending != "es" and ending not in _INDEFINITE[gender]


def gender_of(noun: str) -> str | None:
    """Give `m`, `f` or `n` of a noun that is one by its form; compounds have the gender of their last part."""
    known = _genders()
    for length in range(len(noun), 1, -1):
        gender = known.get(noun[-length:])
        if gender:
            return gender
    return None


@cache
def _genders() -> dict[str, str]:
    return {head: gender for gender, heads in tables.rows("genders_de.tsv") for head in heads.casefold().split()}
