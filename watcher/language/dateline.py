"""Where and by whom a report was filed, which stands before its first sentence: `OAKLAND, March 4 (AP) - `."""

from __future__ import annotations

import re
from functools import cache

from watcher.language import tables
from watcher.language.lexicon import bundled
from watcher.language.words import fold, is_stopword

# Places, states and days begin with a capital or a figure; of a German place the words between do not. The sentence
# behind begins as sentences do.
_FILED = re.compile(
    r"""(?P<place>[^\W\d_a-zß-öø-ÿ][\w.'’/-]*(?:\s(?:am|an|der|im|in|ob|bei|de|of)|\s[A-ZÀ-ÖØ-Þ][\w.'’/-]*)*)
    (?:[,;]?\s(?P<rest>(?:[A-ZÀ-ÖØ-Þ0-9][\w.'’/]*[,;]?\s)*[A-ZÀ-ÖØ-Þ0-9][\w.'’/]*))?
    (?P<agency>(?:,?\s?\([^()]{2,30}\)){1,2})?
    \s?[-–—]{1,2}\s+(?=[^\W_a-zß-öø-ÿ]|[a-z][A-Z]|["„“»«‚'$€£])""",
    re.VERBOSE,
)
# German agencies sign in small letters, some with a region.
_SIGNED = re.compile(r"\([a-z]{2,5}(?:/[a-z]{2,4})*\)")
_DASHED = re.compile(r"[^.!?]*\s[-–—]{1,2}\s")
_LONGEST = 90
_CAPITALS = 6
"""Letters of a place in capitals that no table knows; what is shorter is an acronym."""


def end(text: str, lang: str) -> int:
    """The place in a sentence where it begins behind its dateline; 0 when it has none.

    A dateline names an agency in brackets, a day, or a place in capitals or one that the tables know. What stands
    between two dashes is said of what stands before.
    """
    found = _FILED.match(text[:_LONGEST])
    if found is None:
        return 0
    lang = tables.table_lang(lang)
    if _is_signed(found["agency"] or "", lang):
        return found.end()
    if _DASHED.match(text[found.end() : found.end() + _LONGEST]):
        return 0
    return found.end() if _is_place(found["place"], lang) or _has_day(found.group(), lang) else 0


def _is_signed(agency: str, lang: str) -> bool:
    """Whether the last bracket holds an agency."""
    names = agency.rpartition("(")[2].rstrip(")").split("/")
    return names[0] in tables.words("agencies.txt") or (lang == "de" and bool(_SIGNED.search(agency)))


def _is_place(place: str, lang: str) -> bool:
    known = bundled().is_place(place, lang) or bundled().is_place(place.title(), lang)
    return known or (len(place) >= _CAPITALS and place == place.upper())


def _has_day(filed: str, lang: str) -> bool:
    words = filed.replace(",", " ").replace(".", " ").split()
    if is_stopword(fold(words[0]), lang):
        return False
    return any(word in _months() for word in words) and any(word.isdigit() and len(word) <= 2 for word in words)


@cache
def _months() -> frozenset[str]:
    rows = (row for lang in tables.LANGUAGES for row in tables.rows(f"months_{lang}.tsv"))
    return frozenset(form.rstrip(".") for row in rows for form in row[1].split())
