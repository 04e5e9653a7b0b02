"""How likely two wordings of one sentence differ by slips of the pen alone, where no rule of grammar says so.

A logistic model over the words that differ: how they are spelt, whether they exist, their endings, the small words
beside them. Its weights (`corrections.json`, made by `benchmarks/fit_slips.py`) have an opinion on slips nobody wrote a
rule for. Whatever tells a reader something else for certain (a figure, a name, a `not`, a tense) it is never asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import resources

from rapidfuzz.distance import OSA

from watcher.language.logistic import Marks, Model
from watcher.language.words import fold, is_stopword
from watcher.policy.certain import tells
from watcher.policy.leftover import Leftover, Word, is_known, is_one_word, shared
from watcher.policy.places import plain

SURE = 0.75
"""From here on all that differs is a slip; `benchmarks/fit_slips.py` prints what that costs and saves."""
_MOST = 4
"""So many words that no rule explains are another sentence."""
_FAR, _FARTHEST = 3, 4
_LONGEST_END, _LEAST_STEM = 3, 2
_NEAR = 4
_LONG = 12
_LEADING = ("single", "counted", "several", "quantity", "be", "have", "modal", "person", "dative", "accusative")
_KINDS = (*_LEADING, "negation", "article", "perfect", "infinitive")
# Letters that sound alike, brought to one; vowels behind the first letter are left out.
_SOUNDS = str.maketrans("cqzvwdbgjyxßäöü", "kksfftpkiissaou")
_CLUSTERS = (("ph", "f"), ("th", "t"), ("ck", "k"), ("sch", "s"), ("gh", ""))
_SILENT = frozenset("aeiouh")
_KEYS = ("qwertzuiop", "qwertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm")


def is_slip(left: Leftover) -> bool:
    """Whether all that differs was a slip."""
    return likelihood(left, shipped()) >= SURE


def likelihood(left: Leftover, model: Model) -> float:
    """Tell how likely all that differs was a slip: as likely as the least likely of its words, 0 where it tells
    something else for certain.
    """
    if not may_be_slip(left):
        return 0.0
    return min(model.probability(left.lang, marks) for marks in described(left))


def may_be_slip(left: Leftover) -> bool:
    """Whether nothing that differs tells something else for certain."""
    return 0 < len(left.words) <= _MOST and not any(tells(word, left) for word in left.words)


@cache
def shipped() -> Model:
    """The weights that come with the program."""
    return Model.parse(resources.files(__package__).joinpath("corrections.json").read_text(encoding="utf-8"))


# -- the evidence --------------------------------------------------------------------------------------------------


def described(left: Leftover) -> Iterator[Marks]:
    """Give for each word that no rule explains what the model knows of it."""
    around = _around(left)
    for word in left.words:
        found = _replaced(word, left) if word.before and word.after else _come_or_gone(word, left)
        yield found | around


def _around(left: Leftover) -> Marks:
    order = Counter(left.old) == Counter(left.new)
    return {
        "right": min(left.right, _FAR) / _FAR,
        "any right": float(left.right > 0),
        "left": len(left.words) / _MOST,
        "order": float(order),
        **dict.fromkeys((f"cue {cue}" for cue in left.cues), 1.0),
    }


def _replaced(word: Word, left: Leftover) -> Marks:
    a, b, lang = word.before, word.after, left.lang
    apart = OSA.distance(a, b)
    known = f"{is_known(a, lang):d}{is_known(b, lang):d}"
    small = f"{is_stopword(fold(a), lang):d}{is_stopword(fold(b), lang):d}"
    same = shared(a, b)
    ends = f"{a[same:]}>{b[same:]}"
    formed = same >= _LEAST_STEM and max(len(a), len(b)) - same <= _LONGEST_END
    one = is_one_word(a, b, lang)
    sounds = OSA.distance(_sound(a), _sound(b))
    found = {
        f"known {known}": 1.0,
        f"small {small}": 1.0,
        f"apart {min(apart, _FARTHEST)}": 1.0,
        f"known {known} apart {min(apart, _FAR)}": 1.0,
        f"small {small} apart {min(apart, _FAR)}": 1.0,
        "alike": 1.0 - apart / max(len(a), len(b)),
        "length": min(len(a), len(b), _LONG) / _LONG,
        "one word": float(one),
        "begins": same / max(1, min(len(a), len(b))),
        "sounds": min(_FAR, sounds) / _FAR,
        "sounds the same": float(sounds == 0),
        "same letters": float(sorted(a) == sorted(b)),
        "next key": float(_is_next_key(a, b)),
        "within": float(a in b or b in a),
        "noun": float(b in left.nouns),
    }
    if formed:
        found |= {"formed": 1.0, f"end {ends}": 1.0}
    if formed or one:
        found[f"noun {b in left.nouns:d} end {ends}"] = 1.0
    if small == "11":
        found |= {f"word {a}>{b}": 1.0, "word " + " ".join(sorted((a, b))): 1.0}
    found |= dict.fromkeys(_kinds(a, b, left), 1.0)
    return found | dict.fromkeys(_beside(word, left, ends, small), 1.0)


def _beside(word: Word, left: Leftover, ends: str, small: str) -> Iterator[str]:
    """Tell the small word before, where it is there in both wordings, with what differs behind it."""
    last = left.new[word.to - 1] if word.to else "^"
    if last != (left.old[word.at - 1] if word.at else "^"):
        yield "beside another"
        yield f"beside another end {ends}"
        return
    further = left.new[word.to - 2] if word.to > 1 else "^"
    for kind in _LEADING:
        if last in plain(left.lang, kind):
            yield f"behind {kind} end {ends}"
        elif further in plain(left.lang, kind):
            yield f"one behind {kind} end {ends}"
    yield f"behind {last if last == '^' or is_stopword(fold(last), left.lang) else '*'} end {ends}"
    if small[1] == "1":
        yield f"behind {last} word {word.before}>{word.after}"


def _kinds(a: str, b: str, left: Leftover) -> Iterator[str]:
    for kind in _KINDS:
        words = plain(left.lang, kind)
        if (a in words) != (b in words):
            yield f"other {kind}"
        elif a in words:
            yield f"same {kind}"


def _come_or_gone(word: Word, left: Leftover) -> Marks:
    told, at, way = (left.old, word.at, "gone") if word.before else (left.new, word.to, "come")
    one, lang = word.before or word.after, left.lang
    last, following = told[at - 1] if at else "^", told[at + 1] if at + 1 < len(told) else "$"
    again = float(one in told[max(0, at - _NEAR) : at] or one in told[at + 1 : at + 1 + _NEAR])
    small = is_stopword(fold(one), lang)
    listed = float(is_known(one, lang))
    found = {
        "put in": 1.0,
        f"{way} small {small:d}": 1.0,
        "again": again,
        f"{way} again": again,
        "listed": listed,
        f"{way} listed": listed,
        **dict.fromkeys((f"{way} {kind}" for kind in _KINDS if one in plain(lang, kind)), 1.0),
    }
    if small:
        before = last if last == "^" or is_stopword(fold(last), lang) else "*"
        behind = following if following == "$" else "small" if is_stopword(fold(following), lang) else "*"
        found |= dict.fromkeys(
            (f"put in {one}", f"{way} {one}", f"put in {one} behind {before}", f"put in {one} before {behind}"), 1.0
        )
    return found


def _sound(word: str) -> str:
    """Give the consonants of a word as they sound, roughly; doubled ones once."""
    for letters, sound in _CLUSTERS:
        word = word.replace(letters, sound)
    found = ""
    for letter in word.translate(_SOUNDS):
        if (letter not in _SILENT or not found) and found[-1:] != letter:
            found += letter
    return found


def _is_next_key(a: str, b: str) -> bool:
    if len(a) != len(b) or OSA.distance(a, b) != 1:
        return False
    pair = next(((x, y) for x, y in zip(a, b, strict=True) if x != y), ("", ""))
    return any(set(pair) <= set(row) and abs(row.index(pair[0]) - row.index(pair[1])) == 1 for row in _KEYS)
