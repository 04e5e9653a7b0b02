"""The verdicts: every statement of an article as new, changed, known, background or noise, with the reason.

Pure: an article and a memory in, a judgement out; the same input gives the same judgement. The caller names the
development an article opens, and has the memory remember what was judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from watcher.novelty import heard, reasons
from watcher.novelty.change import Change, most_likely
from watcher.novelty.evidence import Sight
from watcher.novelty.links import chosen, nearest
from watcher.novelty.memory import Memory
from watcher.novelty.survey import Round, Survey, alert_evidence, likeliest_changes, second_round, survey
from watcher.novelty.weights import Sighting, Weights, shipped
from watcher.policy.relevance import assess
from watcher.records import Finding, Judgement, Nearest, Reading, Relevance, Verdict

FRESH, KNOWN, BACKGROUND, NOISE = range(4)
_VERDICTS = (Verdict.NEW, Verdict.KNOWN, Verdict.BACKGROUND, Verdict.NOISE)
# An earlier article shares so much with this one that both tell the same development.
JOINS = 0.5
# A statement of an article that brings something fresh is fresh from this likelihood on, whatever class is likeliest.
# Chosen on streams left out; any bar from .3 to .45 does as well to half a hundredth, a lower one finds more.
FRESH_FROM = 0.35
# Enough of an article's sentences stand in an earlier one word for word to call it a copy.
COPY_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opinion:
    """What the models think of an article: one round and the likeliest change a statement, and how sure they are that
    anything is fresh. `fresh_from`: how likely a statement is fresh that is called so.
    """

    rounds: tuple[Round, ...]
    changes: tuple[Change | None, ...]
    confidence: float
    fresh_from: float = FRESH_FROM


def judge(reading: Reading, memory: Memory, weights: Weights | None = None) -> Judgement:
    """Lay an article beside what the memory knows.

    `development` is None with `opens` set when the article opens one: the caller names it.
    """
    weights = weights or shipped()
    likened = memory.liken(reading)
    seen = survey(likened.reading, memory, weights)
    relevance = assess(seen.belonging, memory.rules, weights.relevance)
    opinion = _opinion(seen, weights)
    if memory.rules.everything:
        opinion = _anywhere(opinion, reading, seen, memory)
    if not relevance.relevant:
        return _beside(reading, relevance, opinion)
    flagged = opinion.confidence >= 0.5
    verdicts = _verdicts(opinion, flagged)
    findings = tuple(
        _finding(sight, verdict, round_, changed, weights)
        for sight, verdict, round_, changed in zip(seen.sights, verdicts, opinion.rounds, opinion.changes, strict=True)
    )
    findings = likened.explain(findings)
    flagged = any(finding.verdict.is_fresh for finding in findings)
    development = _development(reading, seen, memory)
    copied = max(seen.earlier, key=lambda r: r.copied, default=None)
    return Judgement(
        article=reading.article,
        relevance=relevance,
        findings=findings,
        flagged=flagged,
        development=development,
        opens=flagged and development is None,
        confidence=round(max(opinion.confidence, 0.5) if flagged else opinion.confidence, 4),
        nearest=_nearest(seen, findings),
        copy_of=copied.article.id if copied and copied.copied >= COPY_SHARE else None,
    )


def _opinion(seen: Survey, weights: Weights) -> _Opinion:
    first = [weights.first.probabilities(row) for row in seen.placed]
    second = tuple(weights.second.probabilities(row) for row in second_round(seen.placed, first))
    changes = likeliest_changes(seen, first, weights.change)
    row = alert_evidence(seen, second, most_likely(changes))
    (confidence,) = weights.alert.probabilities(row)
    return _Opinion(rounds=second, changes=changes, confidence=confidence if second else 0.0)


def _anywhere(opinion: _Opinion, reading: Reading, seen: Survey, memory: Memory) -> _Opinion:
    """The opinion where everything is watched: what joins nothing told before is new, and so is what nobody told."""
    found = memory.crowd.likest(reading)
    rounds = heard.rounds(opinion.rounds, seen.title, seen.sights, found)
    opens = memory.crowd.told_by(reading) is None
    most = max((round_[FRESH] for round_ in rounds), default=0.0)
    confidence = max(most, float(opens)) if rounds else 0.0
    return replace(opinion, rounds=rounds, confidence=confidence, fresh_from=heard.FRESH_FROM)


def _verdicts(opinion: _Opinion, flagged: bool) -> list[int]:
    """The class of each statement, fresh where likely enough, made to agree with whether the article brings anything
    fresh.
    """
    best = [FRESH if r[FRESH] >= opinion.fresh_from else _not_fresh(r) for r in opinion.rounds]
    if not flagged:
        return [_not_fresh(r) if b == FRESH else b for b, r in zip(best, opinion.rounds, strict=True)]
    if best and FRESH not in best and not any(map(_is_changed, best, opinion.changes)):
        best[max(range(len(best)), key=lambda i: (opinion.rounds[i][FRESH], -i))] = FRESH
    return best


def _not_fresh(round_: Round) -> int:
    """The likeliest class of a statement that is not fresh."""
    return max((KNOWN, BACKGROUND, NOISE), key=lambda c: (round_[c], -c))


def _is_changed(verdict: int, changed: Change | None) -> bool:
    """Whether a statement tells a known value changed. Explanations and page furniture change nothing."""
    return changed is not None and changed.is_told and verdict in (FRESH, KNOWN)


def _finding(sight: Sight, verdict: int, round_: Round, changed: Change | None, weights: Sighting) -> Finding:
    plain = Finding(
        position=sight.statement.position,
        text=sight.statement.text,
        verdict=_VERDICTS[verdict],
        score=round(round_[FRESH], 4),
    )
    if changed is not None and _is_changed(verdict, changed):
        return replace(
            plain,
            verdict=Verdict.CHANGED,
            event=changed.owner or None,
            was=changed.was,
            now=changed.now,
            reason=reasons.changed(changed),
        )
    if verdict == FRESH:
        return replace(plain, reason=reasons.new(sight, nearest(sight.links)))
    if verdict == KNOWN:
        link = chosen(sight.links, weights.choice)
        return replace(plain, event=link.owner if link else None, reason=reasons.known(sight, link))
    return replace(plain, reason=reasons.context(sight, plain.verdict, weights.phrasing))


def _beside(reading: Reading, relevance: Relevance, opinion: _Opinion) -> Judgement:
    """An article beside the storyline holds nothing but background and noise."""
    findings = tuple(
        Finding(
            position=statement.position,
            text=statement.text,
            verdict=Verdict.NOISE if round_[NOISE] > 0.5 else Verdict.BACKGROUND,
            reason="the article is beside the storyline",
        )
        for statement, round_ in zip(reading.statements, opinion.rounds, strict=True)
    )
    return Judgement(article=reading.article, relevance=relevance, findings=findings)


def _development(reading: Reading, seen: Survey, memory: Memory) -> str | None:
    """The development of the earlier article that this one retells most of, when it retells enough."""
    if memory.rules.everything:
        return memory.crowd.told_by(reading)
    for earlier in seen.earlier:
        if earlier.score >= JOINS and earlier.article.development:
            return earlier.article.development
    return None


def _nearest(seen: Survey, findings: Sequence[Finding]) -> tuple[Nearest, ...]:
    """The known events and developments nearest to what is fresh, best first."""
    best: dict[str, float] = {}
    for sight, finding in zip(seen.sights, findings, strict=True):
        if finding.verdict.is_fresh:
            for link in sight.links[:3]:
                best[link.owner] = max(best.get(link.owner, 0.0), link.score)
    order = sorted(best, key=lambda owner: (-best[owner], owner))[:5]
    return tuple(Nearest(event=owner, score=round(max(0.0, best[owner]), 2)) for owner in order)
