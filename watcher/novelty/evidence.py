"""What speaks for a statement being fresh, known, background or noise: named figures, mostly 0 to 1.

Two walks over an article. The first looks at every statement alone against what is known; the second at each in its
place: beside the headline, its neighbours, and the earlier article this one most likely retells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from watcher.novelty import compare
from watcher.novelty.index import Match, mark_amount, marks
from watcher.novelty.links import Link, links
from watcher.novelty.memory import Memory
from watcher.novelty.retelling import Retelling, Retold
from watcher.novelty.weights import Sighting
from watcher.records import Amount, Precision, Reading, Statement

NEAREST = 12
# How many statements open an article: where news stands when there is any.
LEAD = 3

CUES = (
    "question",
    "quote",
    "reported",
    "future",
    "conditional",
    "hedge",
    "opinion",
    "no_comment",
    "boilerplate",
    "past_happening",
    "background_marker",
    "denial",
    "correction",
    "rumour",
    "market",
    "turn",
    "fragment",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One statement as seen alone: its marks, the known statements and events nearest to it, and its own evidence."""

    statement: Statement
    marks: tuple[str, ...]
    matches: tuple[Match, ...]
    links: tuple[Link, ...]
    unheard_names: tuple[str, ...]
    untold: tuple[Amount, ...]
    alone: dict[str, float]

    @property
    def unseen(self) -> float:
        """The share of the statement that its nearest known statements leave uncovered."""
        return self.alone["uncovered"]


def look(statement: Statement, reading: Reading, memory: Memory, weights: Sighting) -> Sight:
    """A statement alone, laid beside everything known."""
    marked = marks(statement)
    matches = tuple(memory.index.nearest(marked, NEAREST))
    owners = links(statement, marked, matches, reading.published, memory, weights.link)
    best = matches[0] if matches else None
    union = frozenset().union(*(m.told.marks for m in matches[:3]))
    pool = tuple(a for m in matches for a in m.told.statement.amounts)
    figures = [amount for amount in statement.amounts if compare.telling(amount)]
    untold = tuple(compare.disagreeing(figures, pool))
    days_untold = _tells_untold_day(statement, reading, memory)
    total = memory.index.weigh(marked)
    unheard = [mark for mark in marked if not memory.index.count(mark)]
    names = tuple(mark[1:] for mark in unheard if mark.startswith("@"))
    link = owners[0] if owners else None
    alone = {
        "likeness": best.likeness if best else 0.0,
        "covers": max((m.covers for m in matches), default=0.0),
        "uncovered": 1.0 - compare.covered(marked, union, memory.index),
        "unheard": memory.index.weigh(unheard) / total if total else 0.0,
        "unheard_names": min(1.0, len(names) / 2),
        "amounts_told": float(len(untold) < len(figures)),
        "amounts_untold": float(bool(untold)),
        "amounts_unheard": float(any(not memory.index.count(mark_amount(amount)) for amount in figures)),
        "days_untold": float(days_untold),
        "turned": float("turn" in statement.cues and (days_untold or bool(untold))),
        "link": link.score if link else 0.0,
        "link_covers": link.covers if link else 0.0,
        "link_dates": link.dates if link else 0.0,
        "link_age": link.age if link else 1.0,
        "length": min(1.0, len(statement.terms) / 20),
        "actors": min(1.0, sum(map(memory.rules.is_actor, statement.names)) / 2),
        "sides": len(memory.rules.sides_in(statement)) / 2,
        **_time_evidence(statement, reading),
        **{cue: float(cue in statement.cues) for cue in CUES},
        **weights.phrasing.evidence(statement),
    }
    return Sight(
        statement=statement,
        marks=marked,
        matches=matches,
        links=owners,
        unheard_names=names,
        untold=untold,
        alone=alone,
    )


def _tells_untold_day(statement: Statement, reading: Reading, memory: Memory) -> bool:
    """Whether the statement names a day that nobody named before, the days around its publication left out."""
    return any(
        mention.precision is Precision.DAY
        and not -2 < (reading.published.date() - mention.day).days <= 3
        and not memory.index.count("%" + mention.iso)
        for mention in statement.dates
    )


def _time_evidence(statement: Statement, reading: Reading) -> dict[str, float]:
    """How the statement's dates lie to its publication."""
    ages = [
        (reading.published.date() - mention.day).days
        for mention in statement.dates
        if mention.precision is Precision.DAY
    ]
    coarse = [mention for mention in statement.dates if mention.precision is not Precision.DAY]
    return {
        "fresh_day": float(any(0 <= age <= 3 for age in ages)),
        "old_day": float(bool(ages) and min(ages) > 5),
        "coming_day": float(any(age < 0 for age in ages)),
        "coarse_date": float(bool(coarse) and not ages),
        "old_date": float(bool(coarse) and all((reading.published.date() - m.day).days > 40 for m in coarse)),
        "undated": float(not statement.dates),
    }


def _beside_retelling(sight: Sight, retelling: Retelling, memory: Memory) -> dict[str, float]:
    """How much of a statement was told of what its article retells, and whether it tells of later days."""
    names = [mark for mark in sight.marks if mark[0] == "@"]
    figures = [mark for mark in sight.marks if mark[0] == "#"]
    days = [mention for mention in sight.statement.dates if mention.precision is Precision.DAY]
    return {
        "retold_here": compare.covered(sight.marks, retelling.nearest, memory.index),
        "retold_all": compare.covered(sight.marks, retelling.told, memory.index),
        "retold_names": compare.covered(names, retelling.told, memory.index),
        "retold_figures": mean(float(mark in retelling.told) for mark in figures),
        "retold_day": float(any("%" + mention.iso in retelling.told for mention in days)),
        "since": float(any(mention.day > retelling.day for mention in days)),
    }


def in_place(
    position: int,
    sights: tuple[Sight, ...],
    title: Sight,
    retelling: Retelling,
    whole: dict[str, float],
    memory: Memory,
) -> dict[str, float]:
    """A statement's evidence with that of its place in the article added. `whole` is `as_a_whole` of the article."""
    sight = sights[position]
    return {
        **sight.alone,
        "place": position / max(1, len(sights) - 1),
        "opening": float(position == 0),
        "lead": float(position < LEAD),
        "closing": float(position >= len(sights) - 2),
        "brief": float(len(sights) <= 6),
        "headline": compare.covered(title.marks, frozenset(sight.marks), memory.index),
        "headlined": compare.covered(sight.marks, frozenset(title.marks), memory.index),
        "before_uncovered": sights[position - 1].unseen if position else title.unseen,
        "after_uncovered": sights[position + 1].unseen if position + 1 < len(sights) else 0.5,
        **_beside_retelling(sight, retelling, memory),
        **whole,
    }


def as_a_whole(sights: tuple[Sight, ...], title: Sight, earlier: tuple[Retold, ...]) -> dict[str, float]:
    """What is seen of the article all its statements share."""
    first = earlier[0] if earlier else None
    lead = sights[:LEAD]
    return {
        "title_uncovered": title.unseen,
        "title_question": title.alone["question"],
        "title_explainer": float("explainer" in title.statement.cues),
        "lead_uncovered": mean(sight.unseen for sight in lead),
        "lead_fresh_day": max((sight.alone["fresh_day"] for sight in lead), default=0.0),
        "any_fresh_day": max((sight.alone["fresh_day"] for sight in sights), default=0.0),
        "old_share": mean(max(s.alone["old_day"], s.alone["old_date"]) for s in sights),
        "linked_share": mean(sight.alone["link"] for sight in sights),
        "retold": first.score if first else 0.0,
        "retold_title": first.evidence["title_in"] if first else 0.0,
        "retold_lead": first.evidence["lead_in"] if first else 0.0,
        "retold_whole": first.evidence["whole_in"] if first else 0.0,
        "retold_soon": first.evidence["soon"] if first else 0.0,
        "retold_words": first.evidence["words_in"] if first else 0.0,
        "copied": max((r.copied for r in earlier), default=0.0),
    }


def mean(values: Iterable[float]) -> float:
    """The mean; 0 of nothing."""
    found = tuple(values)
    return sum(found) / len(found) if found else 0.0
