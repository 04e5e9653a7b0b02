"""A place in a sentence where one word was put for another, and the tables that rules of grammar go by."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from watcher.language import tables

_FAR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One word put in place of another, `told` of the later version at `at`; `last` and `following` are there in both
    versions alike, else ''. `nouns` are the words with a capital, `names` those of names.
    """

    before: str
    told: Sequence[str]
    at: int
    last: str
    following: str
    lang: str
    nouns: Collection[str] = ()
    names: Collection[str] = ()

    @property
    def after(self) -> str:
        """The word that stands there now."""
        return self.told[self.at]

    @property
    def governor(self) -> str:
        """The word before, but for a small word between."""
        if self.last in plain("en", "between") and self.at > 1:
            return self.told[self.at - 2]
        return self.last

    @property
    def noun(self) -> str:
        """The next noun, or ''."""
        return next((word for word in self.told[self.at + 1 : self.at + 1 + _FAR] if word in self.nouns), "")


def is_other_ending(before: str, after: str, group: Collection[str]) -> bool:
    """Whether two words are one with two endings of a group."""
    pairs = ((before.removesuffix(one), after.removesuffix(other)) for one in group for other in group if one != other)
    return any(stem == left and len(stem) > 1 and stem != before and left != after for stem, left in pairs)


@cache
def plain(lang: str, kind: str) -> frozenset[str]:
    """Give the words of a kind of `plain_words.tsv`."""
    return frozenset().union(*groups(lang, kind))


@cache
def groups(lang: str, kind: str) -> tuple[frozenset[str], ...]:
    """Give the rows of a kind of `plain_words.tsv`, each a group of words that stand for one another."""
    rows = tables.rows("plain_words.tsv")
    return tuple(frozenset(words.casefold().split()) for of, told, words in rows if (of, told) == (lang, kind))
