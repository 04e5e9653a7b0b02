"""A German article, adjective or noun put in the case, or the gender, that its place asks for.

Never where that changes how many are told of, their sex, or who does what to whom.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from watcher.language import tables
from watcher.language.words import is_stopword

# Nouns with these endings may be one or many: an article or adjective alone tells which.
_ONE_OR_MANY = ("er", "el", "en", "chen", "lein", "s")
_DATIVE_MANY = ("n", "s")
# Nouns with these endings are many, whatever their article is.
_MANY = ("ungen", "heiten", "keiten", "schaften", "ionen", "täten", "innen")
_WEAK = ("en", "rn", "ln")
_PRETERITE = ("te", "ten")
_ARTICLES = frozenset({"der", "die", "das", "den", "dem", "des"})
_SINGULAR = frozenset({"ein", "eine", "einen", "einem", "einer", "eines", "des"})
_WEAK_CASES = frozenset({"dem", "einem", "einen"})
_CASE_ENDINGS = ("em", "en", "er", "es", "e")
_ADJECTIVE_ENDINGS = ("e", "en", "em", "er", "es")
_FAR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One word put in place of another at `at` of the later version `told`; `last` stands before it in both."""

    before: str
    after: str
    last: str
    told: Sequence[str]
    at: int
    nouns: Collection[str]
    names: Collection[str]

    @property
    def noun(self) -> str:
        """The next noun, or ''."""
        return next((word for word in self.told[self.at + 1 : self.at + 1 + _FAR] if word in self.nouns), "")


def is_case(change: Change) -> bool:
    """Whether a word was put in the form that its case or gender asks for."""
    if change.after in change.nouns:
        return _is_noun(change)
    if not change.noun or change.before in change.nouns:
        return False
    return _is_ending(change) or _is_governed(change) or _is_gender(change) or _is_led(change)


def _is_ending(change: Change) -> bool:
    """Whether endings that stand for one another were exchanged where neither tells how many there are."""
    a, b, noun = change.before, change.after, change.noun
    if not _share_endings(a, b):
        return False
    closed = is_stopword(b, "de")
    if closed and b not in tables.words("determiners_de.txt"):
        return False
    if {a[-2:], b[-2:]} == {"en", "em"}:
        return not closed or not noun.endswith(_DATIVE_MANY) or noun in change.names
    led = change.last in tables.words("determiners_de.txt")
    return led and not noun.endswith(_ONE_OR_MANY) and not (a.endswith(_PRETERITE) and b.endswith(_PRETERITE))


def _is_governed(change: Change) -> bool:
    """Whether a preposition that asks for one case got it (`aus die`, `aus der`)."""
    if _is_of_several(change):
        return True
    if not _is_one_family(change):
        return False
    if change.last in _plain("dative") and (change.before, change.after) == ("die", "der"):
        return not change.noun.endswith(_WEAK)
    return _has_governor(change) and _is_one(change)


def _is_of_several(change: Change) -> bool:
    """Whether a word that always tells of some, or an adjective alone, got the case its preposition asks for."""
    a, b = change.before, change.after
    if not _has_governor(change):
        return False
    if {a, b} <= _plain("several"):
        return _is_other_ending(a, b, ("e", "en", "er"))
    if is_stopword(b, "de") or b in tables.words("determiners_de.txt"):
        return False
    many = _is_until(change) or not change.noun.endswith(_ONE_OR_MANY)
    return many and _is_other_ending(a, b, ("e", "en"))


def _has_governor(change: Change) -> bool:
    """Whether the preposition before a word asks for one case."""
    return _is_until(change) or any(change.last in _plain(case) for case in ("dative", "accusative", "genitive"))


def _is_until(change: Change) -> bool:
    """Whether two prepositions stand before a word that ask for the accusative (`bis auf`)."""
    return change.at > 1 and change.told[change.at - 2] == "bis" and change.last in _plain("place")


def _is_gender(change: Change) -> bool:
    """Whether an article got the gender of its noun, where not only the article tells who does what to whom."""
    if not _is_one_family(change):
        return False
    if change.noun.endswith(_MANY):
        return not {change.before, change.after} & _SINGULAR
    endings = {_ending(change.before), _ending(change.after)}
    if endings == {"", "en"} and change.told[change.at + 1].endswith("en"):
        return True  # the adjective tells the case too
    if endings == {"er", "en"} or (endings == {"", "en"} and change.before.startswith("ein")):
        return False
    if endings == {"e", "er"}:
        return change.noun.endswith(tuple(_plain("feminine")))
    return _is_one(change) and change.last not in _plain("place")


def _is_led(change: Change) -> bool:
    """Whether an adjective between an article for one and its noun got another ending."""
    if change.last not in _SINGULAR or is_stopword(change.after, "de"):
        return False
    return _is_other_ending(change.before, change.after, _ADJECTIVE_ENDINGS) and not change.noun.endswith(_WEAK)


def _is_noun(change: Change) -> bool:
    """Whether a noun got the ending of the genitive, of a weak noun, or of many in the dative, as its article says."""
    a, b, last = change.before, change.after, _article(change)
    if b in change.names or not last:
        return False
    if change.last.isdigit() and int(change.last) > 1:
        return b.startswith(a) and b[len(a) :] in _plain("many")
    if last.endswith("es") and last != "jedes":
        return b in (a + "s", a + "es", a + "n", a + "en")
    if last in _WEAK_CASES and b in (a + "n", a + "en") and not a.endswith(("er", "el")):
        return True
    many = last.isdigit() and last != "1"
    return b == a + "n" and a.endswith(("e", "er", "el")) and (last == "den" or (many and _dative_before(change)))


def _article(change: Change) -> str:
    """Give the article or number that stands before a noun, over one adjective."""
    determiners = tables.words("determiners_de.txt")
    for back in (1, 2):
        word = change.told[change.at - back] if change.at >= back else ""
        if word in determiners or word.isdigit():
            return word
    return ""


def _dative_before(change: Change) -> bool:
    return any(word in _plain("dative") | {"vor"} for word in change.told[max(0, change.at - _FAR) : change.at])


def _is_one_family(change: Change) -> bool:
    a, b = change.before, change.after
    return a != b and _family(a) == _family(b) != ""


def _family(word: str) -> str:
    """Give what an article or possessive is without its ending; '' of any other word."""
    if word in _ARTICLES:
        return "d"
    if word not in tables.words("determiners_de.txt") or word.startswith(("all", "viel", "einig", "mehr", "manch")):
        return ""
    return word.removesuffix(_ending(word))


def _ending(word: str) -> str:
    if word == "die":
        return "e"
    if word == "das":
        return "es"
    return next((end for end in _CASE_ENDINGS if word.endswith(end)), "")


def _is_one(change: Change) -> bool:
    """Whether nothing told by the article or noun may be about one or many, or a man or a woman."""
    noun, both = change.noun, (change.before, change.after)
    if noun.endswith("n") and not noun.endswith("in"):
        return False
    if all(word in _SINGULAR - {"des"} for word in both):
        return not noun.endswith("e") or "einer" not in both
    if any(_ending(word) in ("e", "en") for word in both):
        return not noun.endswith((*_ONE_OR_MANY, "e"))
    return True


def _share_endings(a: str, b: str) -> bool:
    """Whether two words differ by endings that stand for one another alone."""
    return any(_is_other_ending(a, b, group) for group in _endings())


def _is_other_ending(a: str, b: str, group: Sequence[str]) -> bool:
    """Whether two words are one with two endings of a group."""
    pairs = ((a.removesuffix(one), b.removesuffix(other)) for one in group for other in group if one != other)
    return any(stem == other and len(stem) > 1 and stem != a and other != b for stem, other in pairs)


# -- tables --------------------------------------------------------------------------------------------------------


@cache
def _plain(kind: str) -> frozenset[str]:
    rows = tables.rows("plain_words.tsv")
    return frozenset(word for of, told, words in rows if (of, told) == ("de", kind) for word in words.split())


@cache
def _endings() -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(words.split()) for of, kind, words in tables.rows("plain_words.tsv") if (of, kind) == ("de", "form")
    )
