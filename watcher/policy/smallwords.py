"""Small words that come or go in a sentence without a change of what it says: articles, `to`, `of`, `sich`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from watcher.language import tables
from watcher.language.words import is_stopword
from watcher.policy import gender, grammar
from watcher.policy.places import groups, plain

_YEAR = 4
_ORDINAL = "te"
_SIGNS = frozenset("%$€£")
_DATIVE_MANY = ("n", "s")
# Nouns with these endings are written alike, whether one or many.
_SAME_AS_MANY = ("er", "el", "en", "chen", "lein", "gebäude", "gelände", "gebirge")
_ONE_OR_MANY = ("er", "el", "n", "lein", "s", "e")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A word of a sentence that the other version lacks. `nouns` are words with a capital, `names` those of names."""

    told: Sequence[str]
    at: int
    lang: str
    nouns: Collection[str] = ()
    names: Collection[str] = ()

    @property
    def word(self) -> str:
        """The word that came or went."""
        return self.told[self.at]

    def beside(self, far: int) -> str:
        """Give the word so many places on, or back; '' beyond the ends."""
        place = self.at + far
        return self.told[place] if 0 <= place < len(self.told) else ""


def may_come(gap: Gap) -> bool:
    """Whether a word may be put in or left out with nothing else said. No word that turns a sentence may (`not`)."""
    if _is_article(gap) or _is_dated(gap):
        return True
    if _is_repeated(gap):
        return True
    if _is_figure(gap.beside(1)) or (_is_figure(gap.beside(-1)) and not _is_part(gap)):
        return False
    if any(_is_place(kind, words, gap) for word, kind, words in _places(gap.lang) if word == gap.word):
        return True
    return _is_german(gap) if gap.lang == "de" else _is_english(gap)


def _is_article(gap: Gap) -> bool:
    if gap.word not in plain(gap.lang, "article"):
        return False
    near = {gap.beside(-1), gap.beside(1)}
    counted = any(one.isdigit() for one in near) or not near.isdisjoint(plain(gap.lang, "quantity"))
    return bool(gap.beside(1)) and not counted


def _is_dated(gap: Gap) -> bool:
    following = gap.beside(1)
    dated = following in _days_and_months(gap.lang) or (following.isdigit() and len(following) == _YEAR)
    return dated and gap.word in plain(gap.lang, "dated")


def _is_repeated(gap: Gap) -> bool:
    """Whether a preposition is told a second time behind `and` (`in Bonn and in Ulm`)."""
    same = next((group for group in groups(gap.lang, "repeated") if gap.word in group), frozenset())
    return gap.beside(-1) in plain(gap.lang, "joint") and not same.isdisjoint(gap.told[: gap.at])


def _is_figure(word: str) -> bool:
    return word[:1].isdigit() or word in _SIGNS


def _is_part(gap: Gap) -> bool:
    """Whether a word behind a figure is the end of an ordinal, or the `of` without which that is no sentence (`three of
    the gates`).
    """
    if gap.word == _ORDINAL:
        return True
    return gap.word == "of" and gap.beside(1) in plain("en", "known")


def _is_place(kind: str, words: frozenset[str], gap: Gap) -> bool:
    match kind:
        case "after":
            return gap.beside(-1) in words
        case "before":
            return gap.beside(1) in words
        case "with":
            return not words.isdisjoint(gap.told)
        case "end":
            return gap.beside(1) in plain(gap.lang, "joint") | {""} and not words.isdisjoint(gap.told)
        case _:
            return bool(gap.beside(-1)) and gap.beside(-1) not in words


def _is_english(gap: Gap) -> bool:
    last, following = gap.beside(-1), gap.beside(1)
    content = following.isalpha() and not is_stopword(following, "en") and following not in gap.names
    match gap.word:
        case "in":
            return last in plain("en", "be") and content and not following.endswith(("ed", "ing", "ly"))
        case "most":
            return following.endswith("est")
        case "by":
            return gap.beside(-2) in plain("en", "be") and last.endswith(("ed", "en"))
        case "be":
            led = gap.beside(-2) if last in plain("en", "between") else last
            return led in plain("en", "modal") | {"to"} and following.endswith(("ed", "en"))
        case "is" | "are" | "was" | "were":
            return _is_auxiliary(last, following)
        case "have":
            return last in plain("en", "modal") and (following == "been" or grammar.is_only_participle(following))
    return False


def _is_auxiliary(last: str, following: str) -> bool:
    """Whether no sentence is without a form of `be` there (`they waiting`, `the lamp stolen`)."""
    if last in plain("en", "person") - {"who"} and following.endswith("ing"):
        return True
    free = last not in plain("en", "be") | plain("en", "have") | plain("en", "modal")
    return bool(last) and free and grammar.is_only_participle(following)


def _is_german(gap: Gap) -> bool:
    last, following = gap.beside(-1), gap.beside(1)
    if gap.word == "zu":
        later = gap.beside(2)
        return following.endswith("n") and following not in gap.nouns and (not later or later not in gap.nouns)
    if _is_auxiliary_of_end(gap):
        return True
    if gap.word in plain("de", "perfect"):
        return grammar.is_participle(last) and (not following or is_stopword(following, "de"))
    if gap.word in plain("de", "one"):
        noun = next((one for one in gap.told[gap.at + 1 : gap.at + 3] if one in gap.nouns), "")
        led = last in plain("de", "quantity") or last in plain("de", "negation")
        one = (
            _is_surely_one(gap.word, noun)
            or not noun.endswith(_ONE_OR_MANY)
            or (last.endswith("te") and following == noun and not noun.endswith(_SAME_AS_MANY))
            or _is_one(gap, noun)
        )
        return bool(noun) and one and not led
    return False


def _is_surely_one(article: str, noun: str) -> bool:
    """Whether a noun is one by its form, and the article has its gender (`durch Scheibe`, `durch eine Scheibe`)."""
    return gender.gender_of(noun) is not None and not gender.is_impossible(article, noun)


def _is_one(gap: Gap, noun: str) -> bool:
    """Whether the adjective and the case tell of one: `mit guten Ernte`, many would have an `n`; `großes Feuer`."""
    last, adjective = gap.beside(-1), gap.beside(1)
    if adjective == noun:
        return False
    dative = last in plain("de", "dative") and adjective.endswith(("en", "er", "em"))
    return adjective.endswith("es") or (dative and not noun.endswith(_DATIVE_MANY))


def _is_auxiliary_of_end(gap: Gap) -> bool:
    """Whether a participle at the end had no auxiliary (`die Halle seit Montag geschlossen`); `hat` only with `sich`,
    since without it another one may have done it.
    """
    rest = {*gap.told[: gap.at], *gap.told[gap.at + 1 :]}
    passive = gap.word in plain("de", "be") or (gap.word.startswith(("hat", "hab")) and gap.beside(1) == "sich")
    alone = rest.isdisjoint((plain("de", "perfect") | plain("de", "infinitive")) - {"worden"})
    return passive and alone and gap.at + 2 < len(gap.told) and grammar.is_sure_participle(gap.told[-1])


# -- tables --------------------------------------------------------------------------------------------------------


@cache
def _places(lang: str) -> tuple[tuple[str, str, frozenset[str]], ...]:
    found = []
    for of, words, place in tables.rows("put_in.tsv"):
        kind, _, named = place.partition("=")
        found += [(word, kind, frozenset(named.split())) for word in words.split() if of == lang]
    return tuple(found)


@cache
def _days_and_months(lang: str) -> frozenset[str]:
    """Weekdays and months as tokens."""
    rows = (*tables.rows(f"weekdays_{lang}.tsv"), *tables.rows(f"months_{lang}.tsv"))
    return frozenset(form.casefold().rstrip(".") for row in rows for form in row[1].split())
