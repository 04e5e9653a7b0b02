"""What speaks for a statement being fresh, known, background or noise: named figures, mostly 0 to 1.

Two walks over an article. The first looks at every statement alone against what is known; the second at each in its
place: beside the headline, its neighbours, and the earlier article this one most likely retells.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

from watcher.novelty import compare
from watcher.novelty.index import Match, marks
from watcher.novelty.memory import Memory, Profile, ToldArticle
from watcher.records import Precision, Reading, Statement

NEAREST = 8
RETOLD_DAYS = 8.0

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
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A known event or development a statement may refer to, and how well it fits."""

    owner: str
    score: float
    covers: float
    dates: float
    profile: Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One statement as seen alone: its marks, the known statements and events nearest to it, and its own evidence."""

    statement: Statement
    marks: tuple[str, ...]
    matches: tuple[Match, ...]
    links: tuple[Link, ...]
    alone: dict[str, float]

    @property
    def unseen(self) -> float:
        """The share of the statement that its nearest known statements leave uncovered."""
        return self.alone["uncovered"]


def look(statement: Statement, reading: Reading, memory: Memory) -> Sight:
    """A statement alone, laid beside everything known."""
    marked = marks(statement)
    matches = tuple(memory.index.nearest(marked, NEAREST))
    links = _links(statement, marked, matches, memory)
    best = matches[0] if matches else None
    union = frozenset().union(*(m.told.marks for m in matches[:3]))
    pool = tuple(a for m in matches for a in m.told.statement.amounts)
    told, untold = compare.agreeing(statement, pool)
    total = memory.index.weigh(marked)
    unheard = [mark for mark in marked if not memory.index.count(mark)]
    link = links[0] if links else None
    alone = {
        "likeness": best.likeness if best else 0.0,
        "covers": max((m.covers for m in matches), default=0.0),
        "uncovered": 1.0 - compare.covered(marked, union, memory.index),
        "unheard": memory.index.weigh(unheard) / total if total else 0.0,
        "unheard_names": min(1.0, sum(mark.startswith("@") for mark in unheard) / 2),
        "amounts_told": float(told > 0),
        "amounts_untold": float(untold > 0),
        "link": link.score if link else 0.0,
        "link_covers": link.covers if link else 0.0,
        "link_dates": link.dates if link else 0.0,
        "link_is_event": float(link is not None and link.profile.is_event),
        "length": min(1.0, len(statement.terms) / 20),
        "actors": min(1.0, sum(map(memory.rules.is_actor, statement.names)) / 2),
        "sides": len(memory.rules.sides_in(statement)) / 2,
        **_time_evidence(statement, reading),
        **{cue: float(cue in statement.cues) for cue in CUES},
    }
    return Sight(statement=statement, marks=marked, matches=matches, links=links, alone=alone)


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


def _links(
    statement: Statement, marked: tuple[str, ...], matches: tuple[Match, ...], memory: Memory
) -> tuple[Link, ...]:
    """The owners of the nearest statements, best first: own words, then all of the owner's words, then its date."""
    nearest: dict[str, float] = defaultdict(float)
    for match in matches:
        owner = memory.owner(match.told)
        if owner:
            nearest[owner] = max(nearest[owner], match.likeness)
    found = []
    for owner, likeness in nearest.items():
        profile = memory.profile(owner)
        if profile is None:
            continue
        covers = compare.covered(marked, profile.marks, memory.index)
        dates = compare.dates_fit(statement, profile)
        found.append(
            Link(
                owner=owner,
                score=0.5 * likeness + 0.35 * covers + 0.15 * dates,
                covers=covers,
                dates=dates,
                profile=profile,
            )
        )
    return tuple(sorted(found, key=lambda link: (-link.score, link.owner)))


# -- the article as a whole
# ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Retold:
    """The earlier article that this one most likely retells, and how much of it."""

    article: ToldArticle
    overlap: compare.Overlap
    copied: float

    @property
    def strength(self) -> float:
        """A rough order of candidates: title and lead count most, nearness in time helps."""
        o = self.overlap
        near = math.exp(-max(0.0, o.hours) / 72)
        return (o.title_in + o.title_back + 2 * o.lead_in + o.lead_back + o.whole_in) / 6 * (0.6 + 0.4 * near)


def retold(reading: Reading, sights: tuple[Sight, ...], ours: ToldArticle, memory: Memory) -> tuple[Retold, ...]:
    """Earlier articles of the last days that share most with this one, likeliest first."""
    votes: dict[str, float] = defaultdict(float)
    copied: dict[str, int] = defaultdict(int)
    for sight in sights:
        seen = set()
        for match in sight.matches:
            article = match.told.article
            if article and article not in seen:
                seen.add(article)
                votes[article] += match.likeness
                copied[article] += match.likeness >= 0.8 and match.told.statement.lang == reading.lang
    order = sorted(votes, key=lambda article: (-votes[article], article))[:8]
    found = [
        Retold(
            article=earlier,
            overlap=compare.overlap(ours, earlier, memory.index),
            copied=copied[earlier.id] / max(1, len(sights)),
        )
        for earlier in memory.recent(order, reading.published, RETOLD_DAYS)
    ]
    return tuple(sorted(found, key=lambda r: (-r.strength, r.article.id)))


def in_place(
    position: int, sights: tuple[Sight, ...], title: Sight, earlier: tuple[Retold, ...], memory: Memory
) -> dict[str, float]:
    """A statement's evidence with that of its place in the article added."""
    sight = sights[position]
    first = earlier[0] if earlier else None
    lead = sights[:3]
    return {
        **sight.alone,
        "place": position / max(1, len(sights) - 1),
        "opening": float(position == 0),
        "lead": float(position < 3),
        "closing": float(position >= len(sights) - 2),
        "brief": float(len(sights) <= 6),
        "headline": compare.covered(title.marks, frozenset(sight.marks), memory.index),
        "headlined": compare.covered(sight.marks, frozenset(title.marks), memory.index),
        "title_uncovered": title.unseen,
        "lead_uncovered": sum(s.unseen for s in lead) / len(lead),
        "before_uncovered": sights[position - 1].unseen if position else title.unseen,
        "after_uncovered": sights[position + 1].unseen if position + 1 < len(sights) else 0.5,
        "retold": first.strength if first else 0.0,
        "retold_title": first.overlap.title_in if first else 0.0,
        "retold_lead": first.overlap.lead_in if first else 0.0,
        "retold_whole": first.overlap.whole_in if first else 0.0,
        "retold_here": compare.covered(sight.marks, first.article.whole, memory.index) if first else 0.0,
        "retold_soon": math.exp(-max(0.0, first.overlap.hours) / 24) if first else 0.0,
        "copied": max((r.copied for r in earlier), default=0.0),
    }
