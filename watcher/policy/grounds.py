"""Why a person dismissed a development, as far as their own words say it."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from importlib import resources


class Ground(StrEnum):
    """What a reason says of what was flagged: it was `known`, it is `beside` the storyline, or only not worth it."""

    KNOWN = "known"
    BESIDE = "beside"
    UNSAID = "unsaid"


def ground(reason: str) -> Ground:
    """Read a reason in English or German. Words that say nothing of it, and none, are `UNSAID`."""
    words = " ".join(re.findall(r"\w+", reason.casefold()))
    for kind, pattern in _patterns():
        if pattern.search(words):
            return kind
    return Ground.UNSAID


@cache
def _patterns() -> tuple[tuple[Ground, re.Pattern[str]], ...]:
    """One pattern a ground. `beside` comes first: "old, and not our story" is not about what was known."""
    table = resources.files(__package__).joinpath("grounds.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return tuple(
        (kind, re.compile(rf"\b(?:{'|'.join(re.escape(phrase) for name, phrase in rows if name == kind)})\b"))
        for kind in (Ground.BESIDE, Ground.KNOWN)
    )
