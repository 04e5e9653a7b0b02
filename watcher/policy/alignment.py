"""The statements of two versions paired: equal at their place, equal elsewhere, or the same sentence reworded.

Time grows with the number of statements and not with its square, whatever a page holds: see `_MOST_PAIRED`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from rapidfuzz.distance import OSA

from watcher.language.words import fold, is_stopword
from watcher.policy import writing
from watcher.records import Statement

# Two sentences that share so much are one sentence, reworded.
_ALIKE = 0.45
_FUNCTION_WORD = 0.25
# So many statements of either side are looked at for rewording, and so many words of each; the rest came or went.
_MOST_PAIRED = 120
_MOST_WORDS = 120
# A stretch between two statements that stand once in either version is laid side by side when it is no larger.
_MOST_CELLS = 400
# Sentences of 150 words are laid side by side word by word in full.
_MOST_WORD_CELLS = 22_500

# A sentence of so many letters is short; of two that nearly are one so large a part is equal.
_SHORT = 120
_NEARLY = 0.8

Line = tuple[Statement, str]
"""A statement and its key."""


@dataclass(slots=True, kw_only=True)
class Sides:
    """Both versions while they are paired. `old_left` and `new_left` are the places of what found no match yet,
    `kept` and `stayed` the places, new and old, of what both tell.
    """

    old: list[Line]
    new: list[Line]
    old_left: list[int] = field(default_factory=list)
    new_left: list[int] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)
    stayed: set[int] = field(default_factory=set)

    def match_in_order(self) -> None:
        """Pair what is equal in order; a stretch of the same words in other sentences is equal too."""
        old, new = [key for _, key in self.old], [key for _, key in self.new]
        for equal, a, b, c, d in stretches(old, new):
            if equal or "".join(old[a:b]) == "".join(new[c:d]):
                self.stayed.update(range(a, b))
                self.kept.update(range(c, d))
            else:
                self._match_parted(range(a, b), range(c, d))

    def _match_parted(self, ours: range, theirs: range) -> None:
        """Pair a statement with two that are one with it (`growth, She expects`), and leave the others."""
        old, new = [key for _, key in self.old], [key for _, key in self.new]
        if len(ours) * len(theirs) <= _MOST_CELLS:
            for a, b in ((a, b) for a in ours for b in theirs):
                if b + 1 in theirs and old[a] == new[b] + new[b + 1]:
                    self.stayed.add(a)
                    self.kept.update((b, b + 1))
                elif a + 1 in ours and old[a] + old[a + 1] == new[b]:
                    self.stayed.update((a, a + 1))
                    self.kept.add(b)
        self.old_left.extend(at for at in ours if at not in self.stayed)
        self.new_left.extend(at for at in theirs if at not in self.kept)

    def match_moved(self) -> dict[int, int]:
        """Pair equal statements that stand elsewhere. A statement told twice may as well be told once."""
        free: dict[str, deque[int]] = defaultdict(deque)
        places: dict[str, int] = {}
        for at, (_, key) in enumerate(self.new):
            places.setdefault(key, at)
            if at not in self.kept:
                free[key].append(at)
        told = {key for _, key in self.old}
        moved = {}
        for at in self.old_left:
            key = self.old[at][1]
            if key in places:
                moved[at] = free[key].popleft() if free[key] else places[key]
        self.stayed.update(moved)
        self.kept.update(moved.values())
        self.kept.update(at for at in self.new_left if self.new[at][1] in told)
        self.old_left = [at for at in self.old_left if at not in moved]
        self.new_left = [at for at in self.new_left if at not in self.kept]
        return moved

    def new_places(self) -> dict[int, int]:
        """Give for each statement of the later version, by its position, how many that both tell stand before it."""
        return _places(self.new, self.kept)

    def old_places(self) -> dict[int, int]:
        """As `new_places`, of the earlier version."""
        return _places(self.old, self.stayed)

    def match_alike(self, lang: str) -> dict[int, int]:
        """Pair what was reworded, the likest first."""
        scored = sorted(
            (-score, abs(a / len(self.old) - b / len(self.new)), a, b)
            for a, b, score in _likenesses(
                {at: _bag(self.old[at][0].text, lang) for at in self.old_left[:_MOST_PAIRED]},
                {at: _bag(self.new[at][0].text, lang) for at in self.new_left[:_MOST_PAIRED]},
            )
            if score >= _ALIKE
        )
        found: dict[int, int] = {}
        taken: set[int] = set()
        for _, _, a, b in scored:
            if a not in found and b not in taken:
                found[a] = b
                taken.add(b)
        self.old_left = [at for at in self.old_left if at not in found]
        self.new_left = [at for at in self.new_left if at not in taken]
        return found | self._match_in_place()

    def _match_in_place(self) -> dict[int, int]:
        """Pair what stands in the same place in nearly the same letters: a short sentence whose one telling word was
        written wrong.
        """
        if not self.old_left or len(self.old_left) * len(self.new_left) > _MOST_CELLS:
            return {}
        ours, theirs = self.old_places(), self.new_places()
        found: dict[int, int] = {}
        for a in self.old_left:
            for b in self.new_left:
                one, other = self.old[a][0], self.new[b][0]
                near = ours[one.position] == theirs[other.position] and b not in found.values()
                if near and a not in found and _is_nearly(one.text, other.text):
                    found[a] = b
        self.old_left = [at for at in self.old_left if at not in found]
        self.new_left = [at for at in self.new_left if at not in found.values()]
        return found


def _is_nearly(one: str, other: str) -> bool:
    return max(len(one), len(other)) <= _SHORT and OSA.normalized_similarity(one, other) >= _NEARLY


Stretch = tuple[bool, int, int, int, int]
"""Whether it is equal, where it begins and ends in the earlier version, and in the later one."""


def _places(lines: Sequence[Line], in_both: Container[int]) -> dict[int, int]:
    found, before = {}, 0
    for at, (statement, _) in enumerate(lines):
        found[statement.position] = before
        before += at in in_both
    return found


def stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    """Give stretches that are equal and that differ, in order.

    What stands exactly once in either version and in the same order holds the two together; between such places small
    stretches are compared in full.
    """
    a = c = 0
    for b, d in (*_anchors(old, new), (len(old), len(new))):
        yield from _between(old, new, (a, b, c, d))
        if b < len(old):
            yield True, b, b + 1, d, d + 1
        a, c = b + 1, d + 1


def _between(old: Sequence[str], new: Sequence[str], edges: tuple[int, int, int, int]) -> Iterator[Stretch]:
    a, b, c, d = edges
    if a >= b and c >= d:
        return
    if (b - a) * (d - c) > _MOST_CELLS:
        yield False, a, b, c, d
        return
    for tag, i, j, k, m in SequenceMatcher(None, old[a:b], new[c:d], autojunk=False).get_opcodes():
        yield tag == "equal", a + i, a + j, c + k, c + m


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Give the longest series of places, rising on both sides, of what stands once in either."""
    times = Counter(old), Counter(new)
    at = {key: place for place, key in enumerate(new)}
    pairs = [(place, at[key]) for place, key in enumerate(old) if times[0][key] == times[1][key] == 1]
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [number]
    series = []
    number = last[-1] if last else -1
    while number >= 0:
        series.append(pairs[number])
        number = before[number]
    return series[::-1]


# -- likeness ------------------------------------------------------------------------------------------------------


def _bag(text: str, lang: str) -> Counter[str]:
    return Counter(writing.tokens(text[: 20 * _MOST_WORDS], lang)[:_MOST_WORDS])


def _weight(token: str) -> float:
    folded = fold(token)
    return _FUNCTION_WORD if is_stopword(folded, "de") or is_stopword(folded, "en") else 1.0


def _likenesses(old: dict[int, Counter[str]], new: dict[int, Counter[str]]) -> Iterator[tuple[int, int, float]]:
    """Give the share of words every two sentences have in common, 0 to 1; function words count little.

    A long sentence that holds a short one is like it: something was added.
    """
    weights = {token: _weight(token) for bag in (*old.values(), *new.values()) for token in bag}
    where: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for b, bag in new.items():
        for token, count in bag.items():
            where[token].append((b, count))
    sizes = {b: _size(bag.items(), weights) for b, bag in new.items()}
    for a, bag in old.items():
        size = _size(bag.items(), weights)
        common: dict[int, float] = defaultdict(float)
        for token, count in bag.items():
            for b, other in where[token]:
                common[b] += weights[token] * min(count, other)
        for b, shared in common.items():
            least = min(size, sizes[b])
            yield a, b, max(2 * shared / (size + sizes[b]), 0.6 * shared / least if least >= 4 else 0.0)


def _size(bag: Iterable[tuple[str, int]], weights: dict[str, float]) -> float:
    return sum(weights[token] * count for token, count in bag)


# -- words ---------------------------------------------------------------------------------------------------------


def paired(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    """Give equal and differing stretches of the words of two texts, in order; of very long ones only roughly."""
    if len(old) * len(new) > _MOST_WORD_CELLS:
        yield from stretches(old, new)
        return
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield tag == "equal", a, b, c, d
