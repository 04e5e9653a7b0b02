"""A German article, adjective or noun put in the case, or the gender, that its place asks for.

Never where that changes how many are told of, their sex, or who does what to whom.
"""

from __future__ import annotations

from watcher.language import tables
from watcher.language.words import is_stopword
from watcher.policy import gender
from watcher.policy.places import Place, groups, is_other_ending, plain

# Nouns with these endings may be one or many: an article or adjective alone tells which.
ONE_OR_MANY = ("er", "el", "en", "chen", "lein", "s")
_DATIVE_MANY = ("n", "s")
_ONE_IN_S = ("us", "ss", "is")
# Nouns with these endings may be told of a man, and of a woman.
_OF_PERSONS = ("te", "ten", "nde", "nden", "ige", "igen", "ene", "enen")
# Nouns with these endings are many, whatever their article is.
MANY = ("ungen", "heiten", "keiten", "schaften", "ionen", "täten", "innen")
_WEAK = ("en", "rn", "ln")
_PRETERITE = ("te", "ten")
_ARTICLES = frozenset({"der", "die", "das", "den", "dem", "des"})
_SINGULAR = frozenset({"ein", "eine", "einen", "einem", "einer", "eines", "des"})
_WEAK_CASES = frozenset({"dem", "einem", "einen"})
_CASE_ENDINGS = ("em", "en", "er", "es", "e")
_ADJECTIVE_ENDINGS = ("e", "en", "em", "er", "es")
_NEAR = 3


def is_case(place: Place) -> bool:
    """Whether a word was put in the form that its case or gender asks for."""
    if place.after in place.nouns:
        return _is_noun(place)
    if _is_contracted(place):
        return True
    if not place.noun or place.before in place.nouns:
        return False
    if _is_of_its_gender(place):
        return True
    return _is_ending(place) or _is_governed(place) or _is_gender(place) or _is_led(place)


def _is_of_its_gender(place: Place) -> bool:
    """Whether an article that no case has before its noun became one that some has (`die Gemeinderat`)."""
    if not _is_one_family(place) or place.noun not in place.told[place.at + 1 : place.at + _NEAR]:
        return False
    return gender.is_impossible(place.before, place.noun) and not gender.is_impossible(place.after, place.noun)


def _is_contracted(place: Place) -> bool:
    """Whether a preposition took in the article that its noun asks for (`zu Vorjahr`, `zum Vorjahr`)."""
    both = {place.before, place.after}
    bare = both & (plain("de", "dative") | plain("de", "place"))
    same = any(both <= group for group in groups("de", "repeated"))
    return same and not place.following.isdigit() and (len(bare) == 1 or both == {"zum", "zur"})


def _is_ending(place: Place) -> bool:
    """Whether endings that stand for one another were exchanged where neither tells how many there are."""
    a, b, noun = place.before, place.after, place.noun
    if not _share_endings(a, b):
        return False
    closed = is_stopword(b, "de")
    if closed and b not in tables.words("determiners_de.txt"):
        return False
    if {a[-2:], b[-2:]} == {"en", "em"}:
        return not closed or not noun.endswith(_DATIVE_MANY) or noun.endswith(_ONE_IN_S) or noun in place.names
    led = place.last in tables.words("determiners_de.txt")
    return led and not noun.endswith(ONE_OR_MANY) and not (a.endswith(_PRETERITE) and b.endswith(_PRETERITE))


def _is_governed(place: Place) -> bool:
    """Whether a preposition that asks for one case got it (`aus die`, `aus der`)."""
    if _is_of_several(place):
        return True
    if not _is_one_family(place):
        return False
    if place.last in plain("de", "dative") and place.after in ("der", "den"):
        if place.before == "die" and place.after == "der":
            return not place.noun.endswith(_WEAK)
        if {place.before, place.after} == {"der", "den"}:  # of one noun only one of them is a dative
            return place.noun.endswith("n") and place.following == place.noun
    if place.last in plain("de", "dative") and (_ending(place.before), _ending(place.after)) == ("e", "en"):
        return place.after not in _SINGULAR  # `nach seine Angaben`: no dative has that ending
    return _has_governor(place) and _is_one(place)


def _is_of_several(place: Place) -> bool:
    """Whether a word that always tells of some, or an adjective alone, got the case its preposition asks for."""
    a, b = place.before, place.after
    if not _has_governor(place):
        return False
    if {a, b} <= plain("de", "several"):
        return is_other_ending(a, b, ("e", "en", "er"))
    if is_stopword(b, "de") or b in tables.words("determiners_de.txt"):
        return False
    many = _is_until(place) or not place.noun.endswith(ONE_OR_MANY)
    return many and is_other_ending(a, b, ("e", "en"))


def _has_governor(place: Place) -> bool:
    """Whether the preposition before a word asks for one case."""
    return _is_until(place) or any(place.last in plain("de", case) for case in ("dative", "accusative", "genitive"))


def _is_until(place: Place) -> bool:
    """Whether two prepositions stand before a word that ask for the accusative (`bis auf`)."""
    return place.at > 1 and place.told[place.at - 2] == "bis" and place.last in plain("de", "place")


def _is_gender(place: Place) -> bool:
    """Whether an article got the gender of its noun, where not only the article tells who does what to whom."""
    if not _is_one_family(place):
        return False
    if place.noun.endswith(MANY):
        return not {place.before, place.after} & _SINGULAR
    endings = {_ending(place.before), _ending(place.after)}
    unchanged = place.following == place.noun  # `kein Hütte`: of one noun only one of them is a form
    if endings == {"", "e"} and unchanged and place.noun.endswith("e") and not place.noun.endswith(_OF_PERSONS):
        return True
    if endings == {"", "en"} and place.told[place.at + 1].endswith("en"):
        return True  # the adjective tells the case too
    if endings == {"er", "en"} or (endings == {"", "en"} and place.before.startswith("ein")):
        return False
    if endings == {"e", "er"}:
        return place.noun.endswith(tuple(plain("de", "feminine")))
    return _is_one(place) and place.last not in plain("de", "place")


def _is_led(place: Place) -> bool:
    """Whether an adjective between an article for one and its noun got another ending."""
    if place.last not in _SINGULAR or is_stopword(place.after, "de"):
        return False
    return is_other_ending(place.before, place.after, _ADJECTIVE_ENDINGS) and not place.noun.endswith(_WEAK)


def _is_noun(place: Place) -> bool:
    """Whether a noun got the ending of the genitive, of a weak noun, or of many in the dative, as its article says."""
    a, b, last = place.before, place.after, _article(place)
    if b in place.names or not last:
        return False
    if place.last.isdigit() and int(place.last) > 1:
        return b.startswith(a) and b[len(a) :] in plain("de", "many")
    if last.endswith("es") and last != "jedes":
        return b in (a + "s", a + "es", a + "n", a + "en")
    if last in _WEAK_CASES and b in (a + "n", a + "en") and not a.endswith(("er", "el")):
        return True
    if last in ("dem", "ein", "einem") and a == b + "s" and b.endswith(("er", "el", "en")):
        return True
    many = last.isdigit() and last != "1"
    return b == a + "n" and a.endswith(("e", "er", "el")) and (last == "den" or (many and _dative_before(place)))


def _article(place: Place) -> str:
    """Give the article or number that stands before a noun, over one adjective."""
    determiners = tables.words("determiners_de.txt")
    for back in (1, 2):
        word = place.told[place.at - back] if place.at >= back else ""
        if word in determiners or word.isdigit():
            return word
    return ""


def _dative_before(place: Place) -> bool:
    return any(word in plain("de", "dative") | {"vor"} for word in place.told[max(0, place.at - _NEAR) : place.at])


def _is_one_family(place: Place) -> bool:
    a, b = place.before, place.after
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


def _is_one(place: Place) -> bool:
    """Whether nothing told by the article or noun may be about one or many, or a man or a woman."""
    noun, both = place.noun, (place.before, place.after)
    if noun.endswith("n") and not noun.endswith("in"):
        return False
    if all(word in _SINGULAR - {"des"} for word in both):
        return not noun.endswith("e") or "einer" not in both
    if any(_ending(word) in ("e", "en") for word in both):
        return not noun.endswith((*ONE_OR_MANY, "e"))
    return True


def _share_endings(a: str, b: str) -> bool:
    """Whether two words differ by endings that stand for one another alone."""
    return any(is_other_ending(a, b, group) for group in groups("de", "form"))
