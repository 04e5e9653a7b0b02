"""What was set right in a sentence and says nothing else: a word that does not exist, an ending, an article left out.

Pure. A word that exists is never a slip of another one (`diver` of `driver`), and a name has no slips.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz.distance import OSA

from watcher.language import lexicon, tables
from watcher.language.spelling import is_listed, is_word
from watcher.language.words import fold, is_stopword, stem
from watcher.policy import alignment, confusions, corrections, grammar, smallwords, writing
from watcher.policy.leftover import Leftover, Word, words_of
from watcher.policy.places import Place, plain
from watcher.records import Statement

Stretch = tuple[int, int, int, int]
"""From where to where two texts differ: the words of the earlier one, and those of the later one."""

_SHORTEST_TYPO, _TYPO, _INNER, _SAME_STEM, _TWO_APART, _SURE_TYPO = 3, 4, 5, 7, 7, 10
_TWO_APART_DE = 8
_FAR = 2
_DOTS = str.maketrans("äöü", "aou")
_LETTERS = re.compile(r"[^\W\d_]+")
_FORMED_CUES = frozenset({"reported", "past_happening"})
"""What a sentence shows by the form of its verb alone."""
_THRICE = re.compile(r"([a-zäöü])\1\1")
"""A letter three times in a row: no name has that."""
_MOST = 4
"""More corrections than these in one sentence are another sentence."""
_LONG = 120
"""In longer sentences a word put in and another left out are not looked for when both have as many words."""


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
    ruled = look.why()
    if ruled:
        return ruled
    left = look.leftover()
    return "slip" if left and corrections.is_slip(left) else ""


def unexplained(before: Statement, after: Statement, scene: Scene) -> Leftover | None:
    """Give what differs where rules say not that two sentences are the same; None where they do, and where figures or
    days differ.
    """
    look = _Look(before, after, scene)
    return None if look.why() else look.leftover()


class _Look:
    """Two sentences word by word."""

    def __init__(self, before: Statement, after: Statement, scene: Scene) -> None:
        self.before, self.after, self.scene = before, after, scene
        self.old, self.new = (writing.tokens(one.text, scene.lang) for one in (before, after))
        self.names = [
            {word for name in one.names for word in writing.tokens(name, scene.lang)} for one in (before, after)
        ]
        self.lang = tables.table_lang(scene.lang)
        self.nouns = {
            word.casefold()
            for word in _LETTERS.findall(after.text)
            if word[0].isupper() and not is_stopword(fold(word), "de")
        }

    def why(self) -> str:
        """Say why, by rules alone; see `set_right`."""
        if abs(len(self.old) - len(self.new)) > _MOST:
            return ""
        return next((told for stretches in self._ways() if (told := self._why(stretches))), "")

    def leftover(self) -> Leftover | None:
        """Give what no rule explains, in the way of laying both side by side that leaves least; None where figures or
        days differ, or many words.
        """
        if abs(len(self.old) - len(self.new)) > _MOST or not self._tells_the_same():
            return None
        ways = [self._unexplained(stretches) for stretches in self._ways() if _is_short(stretches)]
        words, right = min(ways, key=lambda way: len(way[0]), default=((), 0))
        return Leftover(
            old=self.old, new=self.new, words=words, lang=self.lang, right=right,
            cues=frozenset(set(self.before.cues) ^ set(self.after.cues)), nouns=self.nouns,
            names=self.names[1] | set(self.scene.named) | {word.before for word in words if self._was_name(word)},
        )  # fmt: skip

    def _was_name(self, word: Word) -> bool:
        if not word.before or word.before not in self.names[0]:
            return False
        return not word.after or self._may_be_name(word.at, word.to)

    def _unexplained(self, stretches: Sequence[Stretch]) -> tuple[tuple[Word, ...], int]:
        """Give the words of some stretches that no rule explains, and how many are slips by rule."""
        told = [(stretch, self._reasons(*stretch)) for stretch in stretches]
        left = (stretch for stretch, reasons in told if "" in reasons)
        words = tuple(word for stretch in left for word in words_of(self.old, self.new, *stretch))
        return words, sum("slip" in reasons for _, reasons in told)

    def _why(self, stretches: Sequence[Stretch]) -> str:
        found: set[str] = set()
        count = 0
        for a, b, c, d in stretches:
            reasons = self._reasons(a, b, c, d)
            count += len([one for one in reasons if one != "spelling"])
            found.update(reasons)
            if "" in found or count > _MOST:
                return ""
        if "grammar" in found and not self._says_the_same("slip" in found):
            return ""
        return next((kind for kind in ("slip", "grammar") if kind in found), "spelling")

    def _ways(self) -> Iterator[list[Stretch]]:
        """Give where the two differ: word against word when they have as many, and as they fit best."""
        if len(self.old) == len(self.new):
            differs = [at for at, (a, b) in enumerate(zip(self.old, self.new, strict=True)) if a != b]
            if len(differs) <= _MOST or len(self.old) > _LONG:
                yield [(at, at + 1, at, at + 1) for at in differs]
            if len(differs) <= 1 or len(self.old) > _LONG:
                return
        yield [(a, b, c, d) for equal, a, b, c, d in alignment.paired(self.old, self.new) if not equal]

    def _reasons(self, a: int, b: int, c: int, d: int) -> list[str]:
        if a < b and c < d and self._is_joined(a, b, c, d):
            return ["spelling"]
        if a < b and c < d and self._is_confused(a, b, c, d):
            return ["slip"]
        if b - a == d - c:
            return [self._replaced(at, c - a + at) for at in range(a, b)]
        if c == d:
            return [self._put_in(self.old, at) for at in range(a, b)]
        return [self._put_in(self.new, at) for at in range(c, d)] if a == b else [""]

    def _replaced(self, at: int, to: int) -> str:
        a, b = self.old[at], self.new[to]
        if writing.is_umlaut_of(a, b, self.lang):
            return "spelling"
        if self._may_be_name(at, to):
            return ""
        if writing.is_spelled_otherwise(a, b):
            return "spelling"
        if self._is_confused(at, at + 1, to, to + 1):
            return "slip"
        words = _number_words(self.lang).get(b, frozenset()) if b.isdigit() else {b}
        if a not in self.scene.told and any(is_typo(a, word, self.scene.lang) for word in words):
            return "slip"
        return "grammar" if self._is_form(at, to) else ""

    def _may_be_name(self, at: int, to: int) -> bool:
        """Whether a word is, or may be, part of a name: another letter is another name then. A German noun that reads
        like one only as it is written wrong is none behind an article.
        """
        a, b = self.old[at], self.new[to]
        last = self.new[to - 1] if to else ""
        if _THRICE.search(a) or (_is_calendar_or_map(b, self.lang) and not writing.is_known(a, self.lang)):
            return False
        if b in self.names[1] or b in self.scene.named:
            return True
        if self.lang != "de":
            return a in self.names[0]
        if last in self.nouns and not is_stopword(fold(last), "de") and b in self.nouns:
            return True
        if min(len(a), len(b)) >= _SURE_TYPO and is_word(b, "de") and not is_word(a, "de"):
            return False  # `Geschäftsfüherin`: a long noun of the dictionary, though a name stands behind it
        small = bool(last) and is_stopword(fold(last), "de")
        if small and len(b) >= _INNER and writing.is_known(b, "de") and not writing.is_known(a, "de"):
            return False  # `auf Papeir`: no first name, title or verb stands before it
        noun = last in tables.words("determiners_de.txt") and is_word(b, "de")
        return a in self.names[0] and not noun

    def _is_form(self, at: int, to: int) -> bool:
        """Whether a word was put in the form that its place asks for."""
        ends = at + 1 == len(self.old) or to + 1 == len(self.new)
        following = "" if ends or self.old[at + 1] != self.new[to + 1] else self.new[to + 1]
        return grammar.is_form(
            Place(
                before=self.old[at], told=self.new, at=to, last=self.new[to - 1] if to else "", following=following,
                lang=self.lang, nouns=self.nouns, names=self.names[1] | set(self.scene.named),
            )
        )  # fmt: skip

    def _put_in(self, told: Sequence[str], at: int) -> str:
        """Say whether a small word may come or go without a change of what is said."""
        named = self.names[0] | self.names[1]
        gap = smallwords.Gap(told=told, at=at, lang=self.lang, nouns=self.nouns, names=named)
        return "grammar" if smallwords.may_come(gap) else ""

    def _is_joined(self, a: int, b: int, c: int, d: int) -> bool:
        """Whether words were joined, or one was parted, with no `no` or `not` made of it."""
        old, new = self.old[a:b], self.new[c:d]
        turns = plain(self.lang, "negation")
        return b - a != d - c and turns.isdisjoint((*old, *new)) and writing.key(old) == writing.key(new)

    def _is_confused(self, a: int, b: int, c: int, d: int) -> bool:
        """Whether words were taken for others that make no sense in their place."""
        old, new = self.old[a:b], self.new[c:d]
        if self.lang == "en" and any(word in self.names[0] | self.names[1] for word in (*old, *new)):
            return False
        dated = bool(self.after.dates)
        return confusions.is_confusion(old, new, self.new[:c], self.lang, dated=dated)

    def _says_the_same(self, slipped: bool) -> bool:
        """Whether figures and dates are equal; and what kind of sentence it is, but for what a slip hid."""
        if not self._tells_the_same():
            return False
        kinds = [set(told.cues) - _FORMED_CUES for told in (self.before, self.after)]
        return slipped or kinds[0] <= kinds[1] or kinds[1] <= kinds[0]

    def _tells_the_same(self) -> bool:
        """Whether figures and dates are equal."""
        before, after = self.before, self.after
        figures = [[word for word in told if not word.isalpha()] for told in (self.old, self.new)]
        amounts = [[(one.value, one.unit) for one in told.amounts] for told in (before, after)]
        if figures[0] != figures[1] and amounts[0] != amounts[1]:
            return False
        old, new = ({one.iso for one in told.dates} for told in (before, after))
        return old <= new or new <= old  # a month is no date before its preposition is there


def _is_short(stretches: Sequence[Stretch]) -> bool:
    """Whether so few words differ that all may be slips."""
    return sum(max(b - a, d - c) for a, b, c, d in stretches) <= 2 * _MOST


def is_typo(before: str, after: str, lang: str) -> bool:
    """Whether a word that does not exist was set right to one that does: one letter apart, in long words two. Of a word
    no list knows, a letter inside must have been left out, doubled or swapped. The shortest must have had two swapped.
    """
    length = min(len(before), len(after))
    if _is_small_word(before, after, lang):
        return True
    if length < _SHORTEST_TYPO or before[0] != after[0] or not (before + after).isalpha():
        return False
    swapped = sorted(before) == sorted(after)
    if not writing.is_known(before, lang) and is_word(after, lang) and _differs_in_writing(before, after, lang):
        return True
    if writing.is_known(before, lang) or (not swapped and (length < _TYPO or _is_formed(before, after, lang))):
        return False
    apart = OSA.distance(before, after)
    if is_word(after, lang):
        german = tables.table_lang(lang) == "de"
        far = length >= (_TWO_APART_DE if german else _TWO_APART) and not (german and is_word(before, lang))
        return apart == 1 or (far and apart <= _FAR)
    return apart == 1 and length >= _INNER and _is_inner(before, after, lang)


def _is_calendar_or_map(word: str, lang: str) -> bool:
    """Whether a word is the name of a day, a month or a known place: there is none of nearly that name."""
    return word in _calendar(lang) or lexicon.bundled().is_place(word.capitalize(), lang)


@cache
def _calendar(lang: str) -> frozenset[str]:
    rows = (row for name in ("weekdays", "months") for row in tables.rows(f"{name}_{lang}.tsv"))
    return frozenset(form.casefold() for row in rows for form in row[1].split())


@cache
def _number_words(lang: str) -> Mapping[str, frozenset[str]]:
    """The words for a figure: where figures are compared, a slip in a word (`fuor`) stands beside one."""
    found: dict[str, set[str]] = defaultdict(set)
    for word, value in tables.rows(f"numbers_{lang}.tsv"):
        found[value].add(word)
    return {value: frozenset(words) for value, words in found.items()}


def _is_small_word(before: str, after: str, lang: str) -> bool:
    """Whether three letters that no list knows were set right to a function word, one letter apart (`füe`, `für`)."""
    short = len(before) == _SHORTEST_TYPO <= len(after) <= _TYPO
    if not (short and before.isalpha() and is_stopword(fold(after), lang)):
        return False
    turns = after in plain(tables.table_lang(lang), "negation")
    return not turns and not is_listed(before, lang) and OSA.distance(before, after) == 1


def _differs_in_writing(before: str, after: str, lang: str) -> bool:
    """Whether nothing but the dots of an umlaut, a sharp s, or how one ending is written, tells two words apart."""
    bare = [word.translate(_DOTS).replace("ß", "s").replace("ss", "s") for word in (before, after)]
    own = tables.table_lang(lang)
    same = grammar.is_same_ending(before, after, own) or grammar.is_regular_by_mistake(before, after, own)
    return bare[0] == bare[1] or same


def _is_formed(before: str, after: str, lang: str) -> bool:
    """Whether two words may be forms of one, which no list holds (`makers`, `makes`): from where they differ both end
    as forms do.
    """
    if is_stopword(fold(after), lang):
        return False
    length = min(len(before), len(after))
    alike = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), length)
    forms = plain(tables.table_lang(lang), "ending") | {""}
    return before[alike:] in forms and after[alike:] in forms


def _is_inner(before: str, after: str, lang: str) -> bool:
    """Whether a letter was left out, doubled or swapped within a long word, which so is no other form of it."""
    if sorted(before) != sorted(after) and len(before) == len(after):
        return False
    if min(len(before), len(after)) >= _SURE_TYPO and before[-2:] == after[-2:]:
        return True
    same = stem(fold(before), lang) == stem(fold(after), lang)
    return tables.table_lang(lang) == "de" and same and min(len(before), len(after)) >= _SAME_STEM
