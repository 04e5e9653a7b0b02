"""Figures of a replayed stream against its labels: alerts, developments, sentences, links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace

from benchmarks.streams import FRESH, Labelled, Stream, align
from watcher.language import statements
from watcher.novelty.judge import judge
from watcher.novelty.memory import Memory
from watcher.novelty.odds import CLASSES
from watcher.novelty.weights import Weights
from watcher.records import Event, Judgement, Verdict


@dataclass(slots=True)
class Tally:
    """Counts from which every figure is made; tallies of several streams can be added up."""

    right: int = 0
    false: int = 0
    missed: int = 0
    told: int = 0
    developments: int = 0
    linked: int = 0
    linkable: int = 0
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    chances: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """The figures by name, 0 to 1."""
        f1 = {name: self._f1(name) for name in CLASSES}
        return {
            "alert_precision": _ratio(self.right, self.right + self.false),
            "alert_recall": _ratio(self.right, self.right + self.missed),
            "development_recall": _ratio(self.told, self.developments),
            "fresh_f1": f1["fresh"],
            "macro_f1": sum(f1.values()) / len(f1),
            "link_accuracy": _ratio(self.linked, self.linkable),
        }

    def _f1(self, name: str) -> float:
        hit = self.confusion[name, name]
        told = sum(n for (_, got), n in self.confusion.items() if got == name)
        true = sum(n for (want, _), n in self.confusion.items() if want == name)
        return _ratio(2 * hit, told + true)


def replayed(stream: Stream, weights: Weights, *, accepted: bool = False) -> Tally:
    """Judge a stream with some weights and score it. `accepted`: as if a person accepted each development as soon as it
    was told, so that the base grows, and known sentences are to name its events, too.
    """
    base = {event.id for event in stream.storyline.events}
    return score(stream, _judged(stream, weights, accepted), base | stream.events.keys() if accepted else base)


def _judged(stream: Stream, weights: Weights, accepted: bool) -> Iterator[Judgement]:
    memory = Memory(stream.storyline)
    opened = 0
    for article in stream.articles:
        reading = statements.read(article.text, memory.rules.gazetteer, article.id)
        judgement = judge(reading, memory, weights)
        if judgement.opens:
            opened += 1
            judgement = replace(judgement, development=f"D{opened}")
        memory.remember(reading, judgement)
        if accepted:
            _accept(memory, judgement, [stream.events[name] for name in article.new_events if name in stream.events])
        yield judgement


def _accept(memory: Memory, judgement: Judgement, events: Iterable[Event]) -> None:
    for event in events:
        memory.learn(event)
        if judgement.development:
            memory.settle(judgement.development, event.id)


def score(stream: Stream, judgements: Iterable[Judgement], base: Set[str]) -> Tally:
    """Compare judgements, in the order of the stream, with its labels; links with those of events of the base."""
    tally = Tally()
    for article, judgement in zip(stream.articles, judgements, strict=True):
        _score_alert(tally, article, judgement.flagged)
        _score_sentences(tally, article, judgement, base)
    return tally


def _score_alert(tally: Tally, article: Labelled, flagged: bool) -> None:
    tally.right += article.fresh and flagged
    tally.false += flagged and not article.fresh
    tally.missed += article.fresh and not flagged
    if not article.fresh:
        cause = _cause(article)
        tally.chances[cause] += 1
        tally.causes[cause] += flagged
    if flagged != article.fresh:
        tally.errors.append(f"{'FALSE' if flagged else 'MISSED'} {article.id} {_cause(article)} {article.text.title}")


def _cause(article: Labelled) -> str:
    if not article.relevant:
        return "beside the storyline"
    if article.copy:
        return "wire copy"
    return "second language" if "xling_second" in article.tags else "recap"


def _score_sentences(tally: Tally, article: Labelled, judgement: Judgement, base: Set[str]) -> None:
    """Every labelled sentence takes the verdict of the statement that shares most words with it."""
    texts = [label.text for label in article.labels]
    found = _cover(texts, judgement)
    for label, got in zip(article.labels, found, strict=True):
        verdict = got.verdict if got else Verdict.NOISE
        klass = "fresh" if verdict.is_fresh else verdict.value
        tally.confusion[label.klass, klass] += 1
        targets = base & set(label.events)
        if label.label == "known" and verdict is Verdict.KNOWN and targets:
            tally.linkable += 1
            tally.linked += bool(got and got.event in targets)
        if label.klass != klass:
            tally.errors.append(f"{article.id} {label.label}->{klass} {label.text[:150]} | {got.reason if got else ''}")
    for event in article.new_events:
        tally.developments += 1
        tally.told += judgement.flagged and any(
            event in label.events and got is not None and got.verdict.value in FRESH
            for label, got in zip(article.labels, found, strict=True)
        )


def _cover(texts: Sequence[str], judgement: Judgement) -> list:
    from benchmarks.streams import Label

    labels = tuple(Label(text=f.text, label=str(i), events=()) for i, f in enumerate(judgement.findings))
    return [judgement.findings[int(label.label)] if label else None for label in align(list(texts), labels)]


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
