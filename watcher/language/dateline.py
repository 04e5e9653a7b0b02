"""Where and by whom a report was filed, which stands before its first sentence: `OAKLAND, March 4 (AP) - `."""

from __future__ import annotations

import re

from watcher.language import tables
from watcher.language.lexicon import bundled

# Places, states and days begin with a capital or a figure; of a German place the words between do not.
_PLACED = re.compile(
    r"""(?P<place>[^\W\d_a-z][\w.'’/-]*(?:\s(?:am|an|der|im|in|ob|bei|de|of)|\s[A-ZÀ-ÖØ-Þ][\w.'’/-]*)*)
    (?:[,;]?\s(?P<rest>(?:[A-ZÀ-ÖØ-Þ0-9][\w.'’/]*[,;]?\s)*[A-ZÀ-ÖØ-Þ0-9][\w.'’/]*))?
    (?P<agency>(?:,?\s?\([^()]{2,30}\)){1,2})?
    \s?[-–—]{1,2}\s+(?=[^\W_]|["„“»«‚'])""",
    re.VERBOSE,
)
_LONGEST = 90


def end(text: str, lang: str) -> int:
    """The place in a sentence where it begins behind its dateline; 0 when it has none.

    A dateline names an agency in brackets, a day, or a place in capitals; a place alone must be one the tables know.
    """
    found = _PLACED.match(text[:_LONGEST])
    if found is None:
        return 0
    place = found["place"]
    capitals = len(place) > 2 and place == place.upper()
    dated = any(map(str.isdigit, found["rest"] or ""))
    told = found["agency"] or capitals or dated or bundled().is_place(place, tables.table_lang(lang))
    return found.end() if told else 0
