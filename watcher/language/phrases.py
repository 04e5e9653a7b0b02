"""Wordings as data: finds which phrases of a table a text contains. Linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|['’]ll\b|[?!:]")
_GAP = 4
_CACHED = 15_000
_Candidates = list[tuple[tuple[str, ...], str]]


class Phrases:
    """Phrases with a label each. In a phrase a word may end in `*` (any ending) and `~` stands for up to four words."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        """Take rows of label and comma-separated phrases, in lower case."""
        self._whole: dict[str, _Candidates] = {}
        self._stems: dict[str, _Candidates] = {}
        for label, phrases in rows:
            for phrase in phrases.split(","):
                first, *rest = phrase.split()
                table = self._stems if first.endswith("*") else self._whole
                table.setdefault(first.rstrip("*"), []).append((tuple(rest), label))
        self._lengths = tuple(sorted({len(stem) for stem in self._stems}))
        self._seen: dict[str, _Candidates] = {}

    def _beginning_with(self, token: str) -> _Candidates:
        """Return the phrases a token may begin; tokens looked up are remembered."""
        found = self._seen.get(token)
        if found is None:
            if len(self._seen) >= _CACHED:
                self._seen.clear()
            found = list(self._whole.get(token, ()))
            for length in self._lengths:
                found += self._stems.get(token[:length], ()) if length <= len(token) else ()
            self._seen[token] = found
        return found

    def find(self, text: str) -> set[str]:
        """Return the labels of all phrases in the text."""
        tokens = _TOKEN.findall(text.lower().replace("’", "'"))
        found: set[str] = set()
        for at, token in enumerate(tokens):
            for rest, label in self._beginning_with(token):
                if label not in found and _goes_on(tokens, at + 1, rest):
                    found.add(label)
        return found


def _goes_on(tokens: Sequence[str], at: int, rest: Sequence[str]) -> bool:
    """Whether the words of `rest` stand at `at`."""
    for number, word in enumerate(rest):
        if word == "~":
            later = rest[number + 1 :]
            return not later or any(_goes_on(tokens, at + skip, later) for skip in range(_GAP + 1))
        if at >= len(tokens) or not _is_like(tokens[at], word):
            return False
        at += 1
    return True


def _is_like(token: str, word: str) -> bool:
    return token.startswith(word[:-1]) if word.endswith("*") else token == word
