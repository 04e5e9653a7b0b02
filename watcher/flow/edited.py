"""What an edited article changes: which of its statements are fresh, what it corrected, what it took back."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.policy import additions, overlooked
from watcher.policy.difference import Difference, Edit, Kind
from watcher.policy.edits import compare
from watcher.records import Finding, Judgement, Reading, Statement, Status, Verdict
from watcher.store import articles, developments, edits, versions
from watcher.store.columns import development_name
from watcher.store.edits import Support
from watcher.store.versions import Version

CORRECTED = 0.9
"""How sure we are of a figure that its own source corrected."""

_DEVELOPMENT = re.compile(r"D\d+")
SURELY_KNOWN = 0.1
"""Below this score a statement that seems to retell another event of the base does so."""
LEAST = 0.5
"""How sure we are at least of what was added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What was judged of an article before. `said` are the sentences of earlier versions, `told` those that are no news
    in this one: they and what was only moved or written otherwise. `news` are the places of added ones that report what
    nobody told, `became` the events that the developments of the article are now.
    """

    difference: Difference
    told: frozenset[str]
    said: frozenset[str]
    findings: Mapping[str, Finding]
    news: frozenset[int]
    became: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaken:
    """A development that lost a sentence of an article it rests on. `reopened` when a person had closed it."""

    development: str
    article_id: int
    reopened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What the state knows of the versions of an article that were judged before: the `last` of them, its statements
    and those of the other articles that tell of the same development as `known`, and the rest as in `Past`.
    """

    last: Reading
    said: frozenset[str]
    findings: Mapping[str, Finding]
    known: tuple[Statement, ...]
    became: frozenset[str]


def earlier_of(db: sqlite3.Connection, storyline_id: int, version: Version) -> Earlier | None:
    """Tell what earlier versions told that were judged; None for the first of them."""
    before = versions.judged_before(db, storyline_id, version)
    if not before:
        return None
    last = versions.reading_of(db, before[-1].id)
    beside = [versions.reading_of(db, one) for one in versions.told_beside(db, storyline_id, version.article_id)]
    return Earlier(
        last=last,
        said=versions.sentences_of(db, [earlier.id for earlier in before]),
        findings=developments.findings_of(db, storyline_id, version.article_id, version.number),
        known=tuple(one for told in (last, *beside) for one in (told.title, *told.statements)),
        became=developments.events_of(db, storyline_id, version.article_id),
    )


def past_of(earlier: Earlier, reading: Reading) -> Past:
    """Lay a version beside the one judged before it. Takes its time with long texts, and needs no store."""
    difference = compare(earlier.last, reading)
    fresh = {edit.after.text for edit in difference.of(Kind.ADDED, Kind.REWORDED) if edit.after is not None}
    added = [edit.after for edit in difference.of(Kind.ADDED) if edit.after and not overlooked.note(edit.after.text)]
    return Past(
        difference=difference,
        told=frozenset(earlier.said | {one.text for one in reading.statements if one.text not in fresh}),
        said=earlier.said,
        findings=earlier.findings,
        news=additions.news(added, earlier.known, reading.published),
        became=earlier.became,
    )


def only_new(judgement: Judgement, told_before: frozenset[str], development: str | None) -> Judgement:
    """Let only those sentences of a later version be fresh that no earlier one told; the article stays where it was.

    `development` is what the earlier versions belong to. An article is never a copy of itself.
    """
    findings = tuple(_tempered(finding, told_before, development) for finding in judgement.findings)
    flagged = judgement.flagged and any(finding.verdict.is_fresh for finding in findings)
    return replace(
        judgement,
        findings=findings,
        flagged=flagged,
        development=development or judgement.development,
        opens=judgement.opens and flagged and development is None,
        copy_of=None if judgement.copy_of == judgement.article else judgement.copy_of,
    )


def _tempered(finding: Finding, told_before: frozenset[str], development: str | None) -> Finding:
    if finding.verdict.is_fresh and finding.text in told_before:
        return replace(
            finding, verdict=Verdict.KNOWN, event=finding.event or development, was=None, now=None,
            reason="an earlier version of this article told it",
        )  # fmt: skip
    return finding


def with_additions(judgement: Judgement, past: Past, development: str | None) -> Judgement:
    """Let what was added to an article be new where it reports something that neither the base nor anyone who tells of
    the same development told.
    """
    if not judgement.relevance.relevant:
        return judgement
    lifted = {
        finding.position
        for finding in judgement.findings
        if finding.position in past.news
        and not finding.verdict.is_fresh
        and finding.text not in past.said
        and not _is_in_base(finding, past)
    }
    if not lifted:
        return judgement
    findings = tuple(
        replace(finding, verdict=Verdict.NEW, event=None, reason="the article was edited: this was added to it")
        if finding.position in lifted
        else finding
        for finding in judgement.findings
    )
    return _flagged(judgement, findings, development, LEAST)


def _is_in_base(finding: Finding, past: Past) -> bool:
    """Whether the judge is sure that the base tells it; what the article itself told before is no such event."""
    other = finding.event is not None and not _DEVELOPMENT.fullmatch(finding.event) and finding.event not in past.became
    return finding.verdict is Verdict.KNOWN and other and finding.score < SURELY_KNOWN


def with_corrections(judgement: Judgement, past: Past, development: str | None) -> Judgement:
    """Let a figure, date or name that the article itself corrected be `changed`, whatever the words say else."""
    if not judgement.relevance.relevant:
        return judgement
    corrected = {
        edit.after.position: edit
        for edit in past.difference.of(Kind.REWORDED)
        if edit.after is not None and edit.value is not None and not _was_noise(edit, past)
    }
    if not corrected:
        return judgement
    findings = tuple(
        _corrected(finding, corrected[finding.position], past, development)
        if finding.position in corrected
        else finding
        for finding in judgement.findings
    )
    return _flagged(judgement, findings, development, CORRECTED)


def _flagged(
    judgement: Judgement, findings: tuple[Finding, ...], development: str | None, least: float
) -> Judgement:  # fmt: skip
    """Flag an article in the development it belongs to, or in one of its own, at least so surely."""
    home = development or judgement.development
    return replace(
        judgement, findings=findings, flagged=True, development=home, opens=home is None,
        confidence=max(judgement.confidence, least),
    )  # fmt: skip


def _was_noise(edit: Edit, past: Past) -> bool:
    before = past.findings.get(edit.before.text) if edit.before else None
    return before is not None and before.verdict is Verdict.NOISE


def _corrected(finding: Finding, edit: Edit, past: Past, development: str | None) -> Finding:
    value = edit.value
    assert value is not None
    assert edit.before is not None
    before = past.findings.get(edit.before.text)
    return replace(
        finding,
        verdict=Verdict.CHANGED,
        event=(before.event if before else None) or development,
        was=value.was,
        now=value.now,
        score=max(finding.score, CORRECTED),
        reason=f"the article was edited: before, it said {value.was}",
    )


def shake(db: sqlite3.Connection, storyline_id: int, version: Version, past: Past, now: datetime) -> list[Shaken]:
    """Note what an edit took back of what developments rest on, and open again what a person had closed."""
    lost = [
        edit
        for edit in past.difference.of(Kind.REMOVED, Kind.REWORDED)
        if edit.before is not None and (edit.kind is Kind.REMOVED or edit.weakens)
    ]
    if not lost:
        return []
    texts = [edit.before.text for edit in lost if edit.before]
    supports = edits.supported_by(db, storyline_id, version.article_id, texts)
    shaken = []
    for edit in lost:
        assert edit.before is not None
        for support in supports.get(edit.before.text, ()):
            kind = edits.REMOVED if edit.kind is Kind.REMOVED else edits.WEAKENED
            after = edit.after.text if edit.after else None
            shaken += _withdrawn(db, support, version.article_id, kind, edit.before.text, after, now)
    return _once(shaken)


def shake_gone(db: sqlite3.Connection, storyline_id: int, now: datetime) -> list[Shaken]:
    """Note which developments lost a source that was taken down. Only the first such step says so, once for every
    time an article went.
    """
    shaken = []
    for article_id in articles.taken_down(db, storyline_id):
        texts = edits.supporting(db, storyline_id, article_id)
        for text, supports in edits.supported_by(db, storyline_id, article_id, texts).items():
            for support in supports:
                shaken += _withdrawn(db, support, article_id, edits.GONE, text, None, now)
    return _once(shaken)


def _withdrawn(
    db: sqlite3.Connection, support: Support, article_id: int, kind: str, before: str, after: str | None, now: datetime
) -> list[Shaken]:
    number = support.development_id
    if not edits.withdraw(db, number, article_id, kind=kind, before=before, after=after, now=now):
        return []
    closed = support.status != Status.OPEN.value
    if closed:
        developments.reopen(db, number)
    return [Shaken(development=development_name(number), article_id=article_id, reopened=closed)]


def _once(shaken: list[Shaken]) -> list[Shaken]:
    """Give every development once; it was reopened when any loss reopened it."""
    found: dict[str, Shaken] = {}
    for one in shaken:
        before = found.get(one.development)
        found[one.development] = replace(one, reopened=one.reopened or (before is not None and before.reopened))
    return list(found.values())
