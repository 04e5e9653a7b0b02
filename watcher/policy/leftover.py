"""What differs between two wordings of one sentence and no rule of grammar explains, word by word."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from watcher.language.spelling import is_word
from watcher.language.words import fold, forms, stem
from watcher.policy import writing
from watcher.policy.places import plain

_ALIKE = 0.5
_LEAST_STEM = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A place where two wordings differ: a word and what stands there now; '' on one side where one came or went."""

    before: str
    after: str
    at: int
    to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """Two wordings of a sentence and the words of both that no rule explains. `right` counts what is a slip by rule,
    `cues` are what one of them shows and the other does not. `nouns` have a capital, `names` are parts of names.
    """

    old: Sequence[str]
    new: Sequence[str]
    words: tuple[Word, ...]
    lang: str
    right: int
    cues: frozenset[str]
    nouns: Collection[str]
    names: Collection[str]


def words_of(old: Sequence[str], new: Sequence[str], a: int, b: int, c: int, d: int) -> Iterator[Word]:
    """Lay a stretch of the earlier wording beside that of the later one, word by word, the likest together."""
    if b - a == d - c:
        for at in range(b - a):
            yield Word(before=old[a + at], after=new[c + at], at=a + at, to=c + at)
        return
    free = list(range(c, d))
    for at in range(a, b):
        to = max(free, key=lambda one: OSA.normalized_similarity(old[at], new[one]), default=None)
        if to is None or OSA.normalized_similarity(old[at], new[to]) < _ALIKE:
            yield Word(before=old[at], after="", at=at, to=min(c + at - a, d))
        else:
            free.remove(to)
            yield Word(before=old[at], after=new[to], at=at, to=to)
    for to in free:
        yield Word(before="", after=new[to], at=min(a + to - c, b), to=to)


def is_known(word: str, lang: str) -> bool:
    """Whether a word exists: a list holds it, it is a compound of such, or it is American in British letters."""
    return writing.is_known(word, lang) or is_word(word, lang)


def is_one_word(a: str, b: str, lang: str) -> bool:
    """Whether two words are forms of one."""
    lemmas = forms(lang).lemmas
    one, other = (lemmas.get(fold(word), stem(fold(word), lang)) for word in (a, b))
    if one == other or stem(fold(a), lang) == stem(fold(b), lang):
        return True
    same = shared(a, b)
    endings = plain(lang, "ending") | {""}
    return same >= _LEAST_STEM and a[same:] in endings and b[same:] in endings


def shared(a: str, b: str) -> int:
    """Count the letters with which both words begin."""
    return next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
