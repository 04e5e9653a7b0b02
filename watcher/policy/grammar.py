"""Another form of one word that its place in the sentence asks for: a participle after `have`, a case, a number.

Only where no reader learns another thing: a tense, a sex or how many there were is never changed by it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from watcher.language import tables
from watcher.language.spelling import is_word
from watcher.language.words import fold, forms, is_stopword
from watcher.policy import germancase
from watcher.policy.places import Place, groups, is_other_ending, plain

_NEAR = 4
_UMLAUTS = str.maketrans("äöü", "aou")
# A verb after an article and its noun at the head of a sentence.
_BEHIND_SUBJECT = 2
_NONE: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
_INDEFINITE = frozenset({"a", "an"})
_DOUBLED = re.compile(r"([bdgklmnprt])\1(?=(?:ed|ing)$)")
_GE_PARTICIPLE = re.compile(r"[a-zäöüß]*ge[a-zäöüß]{2,}(?:t|en)$")
_PARTICIPLE = re.compile(r"(?:[a-zäöüß]*ge[a-zäöüß]{2,}|(?:be|ver|er|ent|zer|miss|über|unter)[a-zäöüß]{2,})(?:t|en)$")
_FINITE = re.compile(r"(?:[a-zäöüß]{3,})(?:t|te|e|st)$")
_ROOT_END = re.compile(r"(?:etet?|eten|en|et|te|ten|st|e|t|n)$")


def is_form(place: Place) -> bool:
    """Whether an article, adjective, noun or verb was put in the form that its place asks for."""
    if frozenset({place.before, place.after}) in _numbers(place.lang):
        return not _is_beside_sie(place)
    if place.lang == "de":
        return _is_german_verb(place) or germancase.is_case(place)
    if {place.before, place.after} == _INDEFINITE:
        return True
    return _is_english_verb(place) or _is_counted(place)


def is_same_ending(before: str, after: str, lang: str) -> bool:
    """Whether two words end in two ways of writing one ending (`happend`, `happened`)."""
    return any(is_other_ending(before, after, group) for group in groups(lang, "same"))


def is_regular_by_mistake(before: str, after: str, lang: str) -> bool:
    """Whether an irregular verb had got the regular ending of the past (`throwed`, `entscheidete`)."""
    if lang == "en":
        return before.endswith("ed") and any(
            after in past | part for base in _bases(before) for past, part in [_irregular().get(base, _NONE)]
        )
    return before.endswith(("te", "ten")) and forms("de").lemmas.get(fold(after)) == fold(_root(before)) + "en"


def is_participle(word: str) -> bool:
    """Whether a German word looks like a participle."""
    return _PARTICIPLE.match(word) is not None


def is_sure_participle(word: str) -> bool:
    """Whether a German word is a participle with `ge`, or the last one of a passive."""
    return word == "worden" or _GE_PARTICIPLE.match(word) is not None


# -- English -------------------------------------------------------------------------------------------------------


def _is_english_verb(place: Place) -> bool:
    a, b, led = place.before, place.after, place.governor
    if led in plain("en", "modal") | {"to", "did", "does", "do"}:
        return is_base(b) and (b in _bases(a))
    if led in plain("en", "have"):
        return (is_base(a) and b in _participles(a)) or _is_wrong_past(a, b)
    if led in plain("en", "be"):
        return (
            _is_plainly_base(a) and (b in _participles(a) or (a in _bases(b) and b.endswith("ing")))
        ) or _is_wrong_past(a, b)
    if led in plain("en", "joint") and _is_plainly_base(a) and is_past(b):
        return a in _bases(b) and any(word.endswith("ed") for word in place.told[: place.at])
    if led in plain("en", "person"):
        return a in _persons(b) or b in _persons(a)
    return _is_told_of(place)


def _is_told_of(place: Place) -> bool:
    """Whether a verb before its object got, or lost, its `s` for one (`the firm employ 300`) or many (`the slopes rises
    90 feet`), or behind `and` as the verb before that.
    """
    a, b, last = place.before, place.after, place.last
    if _is_of_share(place) or (last in plain("en", "team") and _is_behind_the(place) and _is_number(a, b)):
        return True
    met = place.following.isdigit() or place.following in plain("en", "article") | plain("en", "known")
    plural = last.endswith("s") and len(last) > _NEAR and last.isalpha() and a in _persons(b)
    led = is_stopword(place.following, "en") and place.following not in plain("en", "article")
    if plural and led and _is_sure_verb(b):
        return True
    if not met or not (_is_sure_verb(a) if b in _persons(a) else _is_sure_verb(b) and a in _persons(b)):
        return False
    if last in plain("en", "joint"):
        return True
    if not last.isalpha() or is_stopword(last, "en") or last in plain("en", "attributive"):
        return False
    if last.endswith("s"):
        return a in _persons(b) and len(last) > _NEAR
    led = place.at > 1 and place.told[place.at - 2] in plain("en", "article") | plain("en", "single")
    return led and b in _persons(a)


def _is_of_share(place: Place) -> bool:
    """Whether a verb tells of a share, as of one or of many (`two thirds of it come`)."""
    a, b, last = place.before, place.after, place.last
    free = last.isalpha() and (not is_stopword(last, "en") or last in ("it", "them", "these", "those", "which", "who"))
    if not free or plain("en", "share").isdisjoint(place.told[: place.at]):
        return False
    return _is_number(a, b)


def is_one_and_many(a: str, b: str) -> bool:
    """Whether two words are a noun for one and for many, or a verb for many and for one."""
    return a in _persons(b) or b in _persons(a)


def _is_number(a: str, b: str) -> bool:
    """Whether two words are a verb for one and for many."""
    return (b in _persons(a) and _is_sure_verb(a)) or (a in _persons(b) and _is_sure_verb(b))


def _is_behind_the(place: Place) -> bool:
    """Whether a verb is behind a noun with its article, and no noun behind it: a small word or a figure is."""
    led = place.told[place.at - 2] if place.at > 1 else ""
    return led in plain("en", "article") and (place.following.isdigit() or is_stopword(place.following, "en"))


def _is_sure_verb(base: str) -> bool:
    """Whether a word is a verb without ending, whose past is told otherwise."""
    if base in plain("en", "one_form") or not is_base(base):
        return False
    return base in _irregular() or any(is_word(one, "en") for one in _participles(base))


def is_base(word: str) -> bool:
    """Whether an English word has no ending of a verb and is no past form."""
    return is_word(word, "en") and not word.endswith(("ed", "ing")) and word not in _irregular_past()


def is_past(word: str) -> bool:
    """Whether an English word looks like the past of a verb, or its participle."""
    return word.endswith("ed") or word in _irregular_past()


def _is_plainly_base(word: str) -> bool:
    if word in plain("en", "one_form"):
        return False
    return is_base(word) and word not in {one for _, part in _irregular().values() for one in part}


def _bases(form: str) -> frozenset[str]:
    """Give what a form may be the form of."""
    found = {form.removesuffix(end) for end in ("s", "es", "ed", "d", "ing") if form.endswith(end)}
    found |= {one + "e" for one in found}
    single = _DOUBLED.sub(r"\1", form)
    found |= {single.removesuffix(end) for end in ("ed", "ing") if single.endswith(end)}
    if form.endswith(("ies", "ied")):
        found.add(form[:-3] + "y")
    return frozenset(found | {base for base, (past, part) in _irregular().items() if form in past or form in part})


def _participles(base: str) -> frozenset[str]:
    if base in _irregular():
        return _irregular()[base][1]
    found = {base + "ed", base + "d" if base.endswith("e") else base + base[-1] + "ed"}
    return frozenset(found | ({base[:-1] + "ied"} if base.endswith("y") else set()))


def _is_wrong_past(a: str, b: str) -> bool:
    """Whether a past form was put in the participle (`had broke`, `had broken`)."""
    return any(a in past and b in part and a not in part for past, part in _irregular().values())


def is_only_participle(word: str) -> bool:
    """Whether a form of an irregular verb is neither its base nor its past (`stolen`)."""
    verbs = _irregular().items()
    return any(word in part for _, (_, part) in verbs) and not any(
        word == base or word in past for base, (past, _) in verbs
    )


def _persons(base: str) -> frozenset[str]:
    found = {base + "s", base + "es"}
    return frozenset(found | ({base[:-1] + "ies"} if base.endswith("y") else set()))


def _is_counted(place: Place) -> bool:
    """Whether a noun was put in the number that is told right before it."""
    a, b = place.before, place.after
    if a in place.names or b in place.names or is_stopword(a, "en") or is_stopword(b, "en"):
        return False
    before = [word for word in (place.last, place.told[place.at - 2] if place.at > 1 and place.last else "") if word]
    if b in _persons(a):
        several = plain("en", "counted")
        if ("one", "of") in pairwise(place.told[max(0, place.at - _NEAR) : place.at]):
            return place.last in plain("en", "known") or place.last.endswith("est")
        return any(word in several or (word.isdigit() and int(word) > 1) for word in before[:1]) or _is_many(before)
    return a in _persons(b) and place.last in plain("en", "single")


def _is_many(before: Sequence[str]) -> bool:
    """Whether a figure stands before one more word, which is no small one (`eight old gates`)."""
    return (
        len(before) > 1
        and before[1].isdigit()
        and int(before[1]) > 1
        and before[0].isalpha()
        and not is_stopword(before[0], "en")
    )


# -- German --------------------------------------------------------------------------------------------------------


def _is_german_verb(place: Place) -> bool:
    a, b = place.before, place.after
    if place.nouns and {a, b} & set(place.nouns):
        return False
    if _is_vowel(a, b) or _is_with_zu(a, b):
        return True
    return _is_numbered(place) or _is_preterite(a, b) or _is_set_participle(place) or _is_set_infinitive(place)


def _is_numbered(place: Place) -> bool:
    """Whether a verb of the present was put in the number of its subject: a share of something may be told as one and
    as many, and of some nouns article and ending tell how many they are.
    """
    a, b = place.before, place.after
    one, many = (a, b) if b.endswith("n") else (b, a)
    if not one.endswith("t") or not many.endswith("n") or (is_participle(one) and _has_auxiliary(place.told)):
        return False
    if forms("de").lemmas.get(fold(one)) != fold(many) and one.removesuffix("t").removesuffix("e") != _root(many):
        return False
    if not plain("de", "share").isdisjoint(place.told[: place.at]):
        return True
    if b == many and place.at + 1 == len(place.told) and _tells_of_many(place):
        return True
    led = place.told[place.at - 2] if place.at > 1 and place.last in place.nouns else ""
    if b == one:
        return led in plain("de", "one_thing") and place.at == _BEHIND_SUBJECT
    return led == "die" and place.last.endswith("en")  # no noun of one has that ending and `die`


def _has_auxiliary(told: Sequence[str]) -> bool:
    return not (plain("de", "perfect") | plain("de", "infinitive")).isdisjoint(told)


def _tells_of_many(place: Place) -> bool:
    """Whether a noun stands before a verb that is many by its ending, and no word that is one or many by the verb."""
    told = place.told[: place.at]
    many = (word for word in told if word in place.nouns and word.endswith("en"))
    return not _is_beside_sie(place) and any(is_word(word[:-1], "de") or is_word(word[:-2], "de") for word in many)


def _is_beside_sie(place: Place) -> bool:
    """Whether a German verb stands by `sie`: she or they, the verb alone tells."""
    return "sie" in place.told[max(0, place.at - _NEAR) : place.at + 2]


def _is_vowel(a: str, b: str) -> bool:
    """Whether the present got its other vowel (`lauft`, `läuft`)."""
    return a != b and b.endswith("t") and a == b.translate(_UMLAUTS) and forms("de").lemmas.get(fold(b)) is not None


def _is_with_zu(a: str, b: str) -> bool:
    """Whether an infinitive got the `zu` behind its prefix that its sentence asks for (`abgeben`, `abzugeben`)."""
    prefix, zu, verb = b.partition("zu")
    return bool(zu) and b.endswith("n") and prefix in forms("de").particles and a == prefix + verb


def _is_preterite(a: str, b: str) -> bool:
    """Whether a verb of the past was put in the number of its subject (`mitteilten`, `mitteilte`)."""
    one, many = sorted((a, b), key=len)
    return many == one + "n" and one.endswith("te") and is_word(one, "de")


def _closes(place: Place) -> bool:
    """Whether an auxiliary stands right behind a word, or nothing with one earlier."""
    if place.following in plain("de", "perfect"):
        return True
    return place.at + 1 == len(place.told) and not plain("de", "perfect").isdisjoint(place.told[: place.at])


def _is_set_participle(place: Place) -> bool:
    a, b = place.before, place.after
    if not is_participle(b) or is_participle(a) or not _closes(place):
        return False
    lemma = forms("de").lemmas.get(fold(b))
    if lemma and lemma == forms("de").lemmas.get(fold(a)):
        return True
    if not _GE_PARTICIPLE.match(b):
        return False
    return _root(a) == _root(b) or any(b[:at] + b[at + 2 :] == a for at in range(len(b)) if b[at : at + 2] == "ge")


def _is_set_infinitive(place: Place) -> bool:
    """Whether a finite form, which cannot stand there, was put in the infinitive (`kann melde`, `kann melden`)."""
    a, b = place.before, place.after
    same = _root(a) == _root(b) or forms("de").lemmas.get(fold(a)) == fold(b)
    if not b.endswith("n") or is_participle(a) or not _FINITE.match(a) or not same:
        return False
    ends = place.at + 1 == len(place.told) or place.following in plain("de", "infinitive")
    return ends and not plain("de", "infinitive").isdisjoint(place.told)


def _root(word: str) -> str:
    """Give a regular verb without `ge` and endings."""
    bare = re.sub(
        r"^((?:ab|an|auf|aus|bei|ein|mit|nach|vor|zu|zurück|fest|teil|weiter|her|hin|los|um|statt)?)ge(?=[a-zäöüß]{3})",
        r"\1",
        word,
    )
    return _ROOT_END.sub("", bare)


# -- tables --------------------------------------------------------------------------------------------------------


@cache
def _numbers(lang: str) -> frozenset[frozenset[str]]:
    return frozenset(groups(lang, "number"))


@cache
def _irregular() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """English verbs with their past forms and participles."""
    found = {}
    for row in tables.rows("verbs_en.tsv"):
        told = [form for form in row[1].split() if form != "-" and not form.endswith(("ing", "s"))]
        if told:
            part = told[1:] or ([row[0]] if row[0].endswith(("come", "run")) else told)
            found[row[0]] = (frozenset(told[:1]), frozenset(part))
    return found


@cache
def _irregular_past() -> frozenset[str]:
    return frozenset(form for base, (past, _) in _irregular().items() for form in past if form != base)
