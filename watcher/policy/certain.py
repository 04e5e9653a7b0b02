"""What differs in a sentence and tells a reader something else for certain, however small it is."""

from __future__ import annotations

from watcher.language import tables
from watcher.language.spelling import is_listed
from watcher.language.words import fold, forms, is_stopword
from watcher.policy import germancase, grammar
from watcher.policy.leftover import Leftover, Word, is_known, is_one_word, shared
from watcher.policy.places import groups, plain

_FAR, _NEAR = 3, 4
_WOMEN = ("in", "innen", "nen")
_MANY_ENDINGS = ("n", "en", "e", "er", "s")


def tells(word: Word, left: Leftover) -> bool:
    """Whether a word that differs is a figure, a name, a `not`, another tense, another person, one instead of many."""
    a, b = word.before, word.after
    if a and not b and _is_leftover_verb(word, left):
        return False
    if not (a + b).isalpha() or any(one in left.names and not is_stopword(fold(one), left.lang) for one in (a, b)):
        return True
    if b in left.nouns and not is_known(b, left.lang):
        return True  # with a capital and in no list: as like a name as not
    if is_known(a, left.lang) or not a:
        if any((a in group) != (b in group) for group in groups(left.lang, "turning")):
            return True
        if {a, b} & plain(left.lang, "negation"):
            return True
    if not a or not b:
        return _is_verb_of_its_own(word, left)
    if any((a in group) != (b in group) for group in groups(left.lang, "tense")):
        return is_known(a, left.lang)
    return _is_german(word, left) if left.lang == "de" else _is_english(word, left)


def _is_leftover_verb(word: Word, left: Leftover) -> bool:
    """Whether an auxiliary went that stood beside another one (`sei ist`, `will is`)."""
    beside = (left.old[at] for at in (word.at - 1, word.at + 1) if 0 <= at < len(left.old))
    verbs = frozenset().union(*(plain(left.lang, kind) for kind in ("be", "have", "modal", "perfect", "infinitive")))
    return word.before in verbs | plain(left.lang, "subjunctive") and not verbs.isdisjoint(beside)


def _is_verb_of_its_own(word: Word, left: Leftover) -> bool:
    """Whether what came or went tells who did it (`asked`, `was asked`), or parts a verb from another (`ein`)."""
    told, at = (left.old, word.at) if word.before else (left.new, word.to)
    one, following = told[at], told[at + 1] if at + 1 < len(told) else ""
    if left.lang == "de":
        if one in plain("de", "one") and len(left.words) + left.right > 1:
            return True  # `mit guten Freunden`, `mit einem guten Freund`
        return one in plain("de", "perfect") - plain("de", "be") or (not following and one in forms("de").particles)
    return one in plain("en", "be") and following.endswith("ed")


def _is_other_content(a: str, b: str, lang: str) -> bool:
    """Whether both words exist, are no small ones, and are no forms of one word."""
    if not is_known(a, lang) or not is_known(b, lang) or is_one_word(a, b, lang):
        return False
    return not is_stopword(fold(a), lang) and not is_stopword(fold(b), lang)


def _is_english(word: Word, left: Leftover) -> bool:
    a, b = word.before, word.after
    if _is_other_content(a, b, "en"):
        return True
    if not is_known(a, "en") or not is_known(b, "en"):
        return False
    if is_stopword(fold(a), "en") and is_stopword(fold(b), "en"):
        return False
    following = left.new[word.to + 1] if word.to + 1 < len(left.new) else ""
    if left.right or (a == b + "s" and following.endswith("s") and following in left.old):
        return False  # where one slip was set right, a form of a word was another; `passengers groups`
    return (
        grammar.is_past(a) != grammar.is_past(b)
        or a.endswith("ing") != b.endswith("ing")
        or grammar.is_one_and_many(a, b)
    )


# -- German --------------------------------------------------------------------------------------------------------


def _is_german(word: Word, left: Leftover) -> bool:
    a, b = word.before, word.after
    if any(one == other + end for one, other in ((a, b), (b, a)) for end in _WOMEN):
        return True
    if word.to + 1 == len(left.new) and {a, b} <= forms("de").particles:
        return True
    if {a, b} <= tables.words("determiners_de.txt") or _is_other_content(a, b, "de") or _is_of_sie(word, left):
        return True
    if word.to == 0 and b in left.nouns and not is_listed(a, "de"):
        return True  # `Zimmerman bleibt in Haft`: at the head of a sentence a noun may be a name
    if b in left.nouns and (a == b + "r" or b == a + "r"):
        return True  # `ein 34-Jähriger`, `eine 34-Jährige`
    if not is_known(a, "de") or not is_known(b, "de") or is_stopword(fold(a), "de") or is_stopword(fold(b), "de"):
        return False
    if left.right:
        return False
    if b not in left.nouns and not _is_formed(a, b):
        return True  # `verliert`, `verlor`
    last = left.new[word.to - 1] if word.to else ""
    if {a[-1], b[-1]} == {"t", "n"} and last in left.nouns and last.endswith(germancase.ONE_OR_MANY):
        return True  # `Mieter klagt`, `Mieter klagen`
    return a.endswith(("te", "ten")) != b.endswith(("te", "ten")) or _is_one_or_many(word, left)


def _is_of_sie(word: Word, left: Leftover) -> bool:
    """Whether a verb stands by `sie`: she or they, the verb alone tells."""
    near = left.new[max(0, word.to - _NEAR) : word.to + 2]
    both_known = is_known(word.before, "de") and is_known(word.after, "de")
    return "sie" in near and word.after not in left.nouns and both_known


def _is_formed(a: str, b: str) -> bool:
    """Whether two words differ by endings alone."""
    same = shared(a, b)
    endings = plain("de", "ending") | {""}
    return a[same:] in endings and b[same:] in endings


def _is_one_or_many(word: Word, left: Leftover) -> bool:
    """Whether a noun, or the adjective before one, may be told of one and of many by its ending alone."""
    a, b = word.before, word.after
    if b not in left.nouns:
        noun = next((one for one in left.new[word.to + 1 : word.to + 1 + _FAR] if one in left.nouns), "")
        return bool(noun) and noun.endswith(germancase.ONE_OR_MANY)
    last = left.new[word.to - 1] if word.to else ""
    if last != (left.old[word.at - 1] if word.at else "") or last == "die":
        return any(one == other + end for one, other in ((a, b), (b, a)) for end in _MANY_ENDINGS)
    return False
