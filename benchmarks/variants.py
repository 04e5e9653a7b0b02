"""The same labelled streams as another reader would have met them: more to learn from without a word more written.

Which outlet is read first is chance, and so is the day on which somebody begins to watch. Whatever a variant changes in
what is known, it changes in the labels.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from benchmarks.streams import Label, Labelled, Stream

# A stream is begun again somewhere between these shares of it; where it is measured so, here.
EARLIEST, LATEST, HALF = 0.2, 0.65, 0.5
# So many of the first reports that may be left out are.
LEFT_OUT = 0.6
# The next report of an event is the first one when it follows so soon: what comes later looks back on it.
SOON = timedelta(hours=60)
# Ends the id of an article that is not told as it was written down; what follows names the variant.
MARK = "#"


def variants(stream: Stream) -> Iterator[Stream]:
    """A stream begun later, when its events can be looked up, and one whose first reports were missed. The same stream
    gives the same variants.
    """
    dice = random.Random(stream.name)
    if stream.events:
        yield _marked(begun_later(stream, dice.uniform(EARLIEST, LATEST)), "later")
    yield _marked(without_first_reports(stream, dice), "missed")


def half_way(stream: Stream) -> Stream | None:
    """The second half of a stream, beside all that happened in the first, under a name that says so; None where its
    events cannot be looked up.
    """
    if not stream.events:
        return None
    cut = int(len(stream.articles) * HALF)
    half = _beside_what_happened(stream, stream.articles[:cut])
    return replace(half, name=f"{stream.name}{MARK}later", articles=stream.articles[cut:])


def source(name: str) -> str:
    """The name without the variant, of an article's id or of what ends with one."""
    return name.partition(MARK)[0]


def begun_later(stream: Stream, share: float) -> Stream:
    """The stream without so much of its beginning; what happened there stands in the base. Reports of changed values
    stay, though the base is ahead of them: it holds the first ones.
    """
    cut = int(len(stream.articles) * share)
    kept = [article for article in stream.articles[:cut] if _changes(article)]
    later = _beside_what_happened(stream, [article for article in stream.articles[:cut] if not _changes(article)])
    return replace(later, articles=(*kept, *stream.articles[cut:]))


def _beside_what_happened(stream: Stream, articles: Iterable[Labelled]) -> Stream:
    """The stream with what some articles brought in its base."""
    told = {event for article in articles for event in article.new_events}
    happened = (event for name, event in stream.events.items() if name in told)
    return replace(stream, storyline=replace(stream.storyline, events=(*stream.storyline.events, *happened)))


def without_first_reports(stream: Stream, dice: random.Random) -> Stream:
    """The stream without some of the reports that told something first: for who reads on, the next ones told it."""
    gone: set[int] = set()
    first: dict[int, set[str]] = {}
    for at, article in enumerate(stream.articles):
        if at not in gone and at not in first and article.new_events and not _changes(article):
            tellers = _next_tellers(stream.articles, at, gone)
            if tellers and dice.random() < LEFT_OUT:
                gone.add(at)
                for event, teller in tellers.items():
                    first.setdefault(teller, set()).add(event)
    articles = (
        _as_first(article, first[at]) if at in first else article
        for at, article in enumerate(stream.articles)
        if at not in gone
    )
    return replace(stream, articles=tuple(articles))


def _changes(article: Labelled) -> bool:
    """Whether an article tells a known value changed: such a change has no event by which later reports know it."""
    return any(label.label == "changed" for label in article.labels)


def _next_tellers(articles: Sequence[Labelled], at: int, gone: set[int]) -> dict[str, int]:
    """For each event of an article that is told again, the place of who tells it next. Empty when none is, or when one
    is told next only in passing or late.
    """
    events = frozenset(articles[at].new_events)
    tellers: dict[str, int] = {}
    for event in articles[at].new_events:
        again = (after for after in range(at + 1, len(articles)) if after not in gone)
        teller = next((after for after in again if _tells(articles[after].labels, event)), None)
        if teller is None:
            continue
        late = articles[teller].text.published - articles[at].text.published > SOON
        if late or not _tells([label for label in articles[teller].heads if events.issuperset(label.events)], event):
            return {}
        tellers[event] = teller
    return tellers


def _tells(labels: Iterable[Label], event: str) -> bool:
    return any(label.retells and event in label.events for label in labels)


def _as_first(article: Labelled, events: set[str]) -> Labelled:
    """A report that is the first to tell some events."""
    labels = tuple(
        replace(label, label="new") if label.retells and label.events and events.issuperset(label.events) else label
        for label in article.labels
    )
    return replace(article, labels=labels, new_events=(*article.new_events, *sorted(events)))


def _marked(stream: Stream, variant: str) -> Stream:
    articles = tuple(replace(article, id=f"{article.id}{MARK}{variant}") for article in stream.articles)
    return replace(stream, articles=articles)
