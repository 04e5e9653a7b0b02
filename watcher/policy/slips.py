"""What was set right in a sentence and says nothing else: a word that does not exist, an ending, an article left out.

Pure. A word that exists is never a slip of another one (`diver` of `driver`), and a name has no slips.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from watcher.language import tables
from watcher.language.spelling import is_listed, is_word
from watcher.language.words import fold, is_stopword, stem
from watcher.policy import alignment, writing
from watcher.records import Statement

_SHORTEST_TYPO, _TYPO, _INNER, _SAME_STEM, _TWO_APART, _SURE_TYPO = 3, 4, 5, 7, 7, 10
_FAR = 2
_YEAR = 4
_LETTERS = re.compile(r"[^\W\d_]+")
_INDEFINITE = frozenset({"a", "an"})
_VERB_ENDINGS = ("s", "es", "ed", "d")
# Nouns with these endings may be one or many: an article or adjective alone tells which.
_ONE_OR_MANY = ("er", "el", "en", "chen", "lein", "s")
_DATIVE_MANY = ("n", "s")
_PRETERITE = ("te", "ten")
_FORMED_CUES = frozenset({"reported", "past_happening"})
"""What a sentence shows by the form of its verb alone."""
_MOST = 4
"""More corrections than these in one sentence are another sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a sentence and its later wording stand in: `told` are all words of the later version in lower case, `named`
    those of the names in it.
    """

    lang: str
    told: Collection[str] = ()
    named: Collection[str] = ()


def set_right(before: Statement, after: Statement, scene: Scene) -> str:
    """Say why two sentences are the same to a reader, `spelling`, `slip` or `grammar`; '' when they are not."""
    look = _Look(before, after, scene)
    return look.why()


class _Look:
    """Two sentences word by word."""

    def __init__(self, before: Statement, after: Statement, scene: Scene) -> None:
        self.before, self.after, self.scene = before, after, scene
        self.old, self.new = (writing.tokens(one.text, scene.lang) for one in (before, after))
        self.names = [
            {word for name in one.names for word in writing.tokens(name, scene.lang)} for one in (before, after)
        ]
        self.nouns = {word.casefold() for word in _LETTERS.findall(after.text) if word[0].isupper()}

    def why(self) -> str:
        """Say why; see `set_right`."""
        if abs(len(self.old) - len(self.new)) > _MOST:
            return ""
        found: set[str] = set()
        count = 0
        for a, b, c, d in self._stretches():
            reasons = self._reasons(a, b, c, d)
            count += len([one for one in reasons if one != "spelling"])
            found.update(reasons)
        if "" in found or count > _MOST or ("grammar" in found and not self._says_the_same("slip" in found)):
            return ""
        return next((kind for kind in ("slip", "grammar") if kind in found), "spelling")

    def _stretches(self) -> Iterator[tuple[int, int, int, int]]:
        if len(self.old) == len(self.new):
            differs = (a != b for a, b in zip(self.old, self.new, strict=True))
            yield from ((at, at + 1, at, at + 1) for at, other in enumerate(differs) if other)
            return
        for equal, a, b, c, d in alignment.paired(self.old, self.new):
            if not equal:
                yield a, b, c, d

    def _reasons(self, a: int, b: int, c: int, d: int) -> list[str]:
        if b - a == d - c:
            return [self._replaced(at, c - a + at) for at in range(a, b)]
        if c == d:
            return [self._put_in(self.old, at) for at in range(a, b)]
        return [self._put_in(self.new, at) for at in range(c, d)] if a == b else [""]

    def _replaced(self, at: int, to: int) -> str:
        a, b = self.old[at], self.new[to]
        if writing.is_umlaut_of(a, b):
            return "spelling"
        if self._may_be_name(at, to):
            return ""
        if writing.is_spelled_otherwise(a, b):
            return "spelling"
        if a not in self.scene.told and is_typo(a, b, self.scene.lang):
            return "slip"
        return "grammar" if self._is_form(at, to) else ""

    def _may_be_name(self, at: int, to: int) -> bool:
        """Whether a word is, or may be, part of a name: another letter is another name then. A German noun that reads
        like one only as it is written wrong is none behind an article.
        """
        a, b = self.old[at], self.new[to]
        last = self.new[to - 1] if to else ""
        if b in self.names[1] or b in self.scene.named:
            return True
        if tables.table_lang(self.scene.lang) != "de":
            return a in self.names[0]
        if last in self.nouns and not is_stopword(fold(last), "de") and b in self.nouns:
            return True
        noun = last in tables.words("determiners_de.txt") and is_word(b, "de")
        return a in self.names[0] and not noun

    def _is_form(self, at: int, to: int) -> bool:
        """Whether an article, adjective or verb was put in the form that its place asks for."""
        a, b = self.old[at], self.new[to]
        last = self.new[to - 1] if to else ""
        if frozenset({a, b}) in _numbers(tables.table_lang(self.scene.lang)):
            return True
        if tables.table_lang(self.scene.lang) == "de":
            return self._is_preterite(a, b) or self._is_case(a, b, last, to)
        if {a, b} == _INDEFINITE:
            return True
        after_modal = last in _plain("en", "modal") and at > 0 and self.old[at - 1] == last
        return after_modal and any(a == b + ending or a == b.removesuffix("e") + ending for ending in _VERB_ENDINGS)

    def _is_preterite(self, a: str, b: str) -> bool:
        """Whether a German verb of the past was put in the number of its subject (`mitteilten`, `mitteilte`)."""
        one, many = sorted((a, b), key=len)
        return many == one + "n" and one.endswith("te") and not self.nouns & {a, b} and is_word(one, "de")

    def _is_case(self, a: str, b: str, last: str, to: int) -> bool:
        noun = next((word for word in self.new[to + 1 : to + 4] if word in self.nouns), "")
        if not noun or a in self.nouns or b in self.nouns or not _share_endings(a, b):
            return False
        closed = is_stopword(b, "de")
        if closed and b not in tables.words("determiners_de.txt"):
            return False
        if {a[-2:], b[-2:]} == {"en", "em"}:
            return not closed or not noun.endswith(_DATIVE_MANY) or noun in self.names[1]
        led = last in tables.words("determiners_de.txt")
        return led and not noun.endswith(_ONE_OR_MANY) and not a.endswith(_PRETERITE) and not b.endswith(_PRETERITE)

    def _put_in(self, told: Sequence[str], at: int) -> str:
        """Say whether a small word may come or go without a change of what is said."""
        word, lang = told[at], tables.table_lang(self.scene.lang)
        last, following = told[at - 1] if at else "", told[at + 1] if at + 1 < len(told) else ""
        if word in _plain(lang, "article"):
            near = {last, following}
            counted = any(one.isdigit() for one in near) or not near.isdisjoint(_plain(lang, "quantity"))
            return "" if counted or not following else "grammar"
        dated = following in _dated(lang) or (following.isdigit() and len(following) == _YEAR)
        return "grammar" if word in _plain(lang, "dated") and dated else ""

    def _says_the_same(self, slipped: bool) -> bool:
        """Whether figures and dates are equal; and what kind of sentence it is, but for what a slip hid."""
        before, after = self.before, self.after
        if [(one.value, one.unit) for one in before.amounts] != [(one.value, one.unit) for one in after.amounts]:
            return False
        old, new = ({one.iso for one in told.dates} for told in (before, after))
        if not old <= new and not new <= old:  # a month is no date before its preposition is there
            return False
        return slipped or set(before.cues) - _FORMED_CUES == set(after.cues) - _FORMED_CUES


def is_typo(before: str, after: str, lang: str) -> bool:
    """Whether a word that does not exist was set right to one that does: one letter apart, in long words two. Of a word
    no list knows, a letter inside must have been left out, doubled or swapped. The shortest must have had two swapped.
    """
    length = min(len(before), len(after))
    if length < _SHORTEST_TYPO or before[0] != after[0] or not (before + after).isalpha():
        return False
    swapped = sorted(before) == sorted(after)
    if is_listed(before, lang) or (not swapped and (length < _TYPO or _is_formed(before, after, lang))):
        return False
    apart = _letters_apart(before, after)
    if is_word(after, lang):
        far = length >= _TWO_APART and tables.table_lang(lang) == "en"
        return apart == 1 or (far and apart <= _FAR)
    return apart == 1 and length >= _INNER and _is_inner(before, after, lang)


def _letters_apart(a: str, b: str) -> int:
    """How many letters were added, left out, changed, or swapped with a neighbour; more than `_FAR` is some number
    above it.
    """
    if abs(len(a) - len(b)) > _FAR:
        return _FAR + 1
    earlier: list[int] = []
    last = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        row = [i]
        for j, other in enumerate(b, start=1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 < j and letter == b[j - 2] and other == a[i - 2]:
                best = min(best, earlier[j - 2] + 1)
            row.append(best)
        earlier, last = last, row
    return last[-1]


def _is_formed(before: str, after: str, lang: str) -> bool:
    """Whether two words may be forms of one, which no list holds (`makers`, `makes`): from where they differ both end
    as forms do.
    """
    length = min(len(before), len(after))
    alike = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), length)
    forms = _plain(tables.table_lang(lang), "ending") | {""}
    return before[alike:] in forms and after[alike:] in forms


def _is_inner(before: str, after: str, lang: str) -> bool:
    """Whether a letter was left out, doubled or swapped within a long word, which so is no other form of it."""
    if sorted(before) != sorted(after) and len(before) == len(after):
        return False
    if min(len(before), len(after)) >= _SURE_TYPO and before[-2:] == after[-2:]:
        return True
    same = stem(fold(before), lang) == stem(fold(after), lang)
    return tables.table_lang(lang) == "de" and same and min(len(before), len(after)) >= _SAME_STEM


def _share_endings(a: str, b: str) -> bool:
    """Whether two German words differ by endings that stand for one another alone."""
    for group in _endings():
        for one in group:
            for other in group:
                stem_a, stem_b = a.removesuffix(one), b.removesuffix(other)
                if one != other and stem_a != a and stem_b != b and stem_a == stem_b and len(stem_a) > 1:
                    return True
    return False


# -- tables --------------------------------------------------------------------------------------------------------


@cache
def _plain(lang: str, kind: str) -> frozenset[str]:
    rows = tables.rows("plain_words.tsv")
    return frozenset(word for of, told, words in rows if (of, told) == (lang, kind) for word in words.split())


@cache
def _numbers(lang: str) -> frozenset[frozenset[str]]:
    rows = tables.rows("plain_words.tsv")
    return frozenset(frozenset(words.split()) for of, told, words in rows if (of, told) == (lang, "number"))


@cache
def _endings() -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(words.split()) for of, kind, words in tables.rows("plain_words.tsv") if (of, kind) == ("de", "form")
    )


@cache
def _dated(lang: str) -> frozenset[str]:
    """Weekdays and months as tokens."""
    rows = (*tables.rows(f"weekdays_{lang}.tsv"), *tables.rows(f"months_{lang}.tsv"))
    return frozenset(form.casefold().rstrip(".") for row in rows for form in row[1].split())
