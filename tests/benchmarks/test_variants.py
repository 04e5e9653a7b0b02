"""Variants of labelled streams: what is known changes, and the labels with it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.streams import Label, Labelled, Stream, own_streams
from benchmarks.variants import begun_later, half_way, source, variants, without_first_reports
from tests.novelty.told import STORYLINE
from watcher.records import ArticleText, Event

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def event(name: str) -> Event:
    """An event that a stream brings, or its base."""
    return replace(STORYLINE.events[0], id=name, wordings=())


def label(kind: str, *events: str) -> Label:
    """One labelled sentence."""
    return Label(text=f"{kind} {' '.join(events)}", label=kind, events=events)


def article(name: str, hours: float, labels: Sequence[Label], *new_events: str) -> Labelled:
    """An article so many hours after the first."""
    text = ArticleText(
        title=name, paragraphs=(), lang="en", published=NOON + timedelta(hours=hours), outlet="", url="", partial=False
    )
    return Labelled(id=name, text=text, labels=tuple(labels), relevant=True, new_events=new_events, copy=False, tags=())


def stream(*articles: Labelled) -> Stream:
    """A stream of these articles, with one event in its base."""
    storyline = replace(STORYLINE, events=(event("old"),))
    brought = {name: event(name) for one in articles for name in one.new_events}
    return Stream(name="s", storyline=storyline, articles=articles, events=brought)


class Always(random.Random):
    """Dice by which everything that may be left out is."""

    def random(self) -> float:
        """Give the least number."""
        return 0.0


FIRST = article("first", 0, [label("new", "e"), label("known", "old")], "e")
SECOND = article(
    "second", 5, [label("known", "e"), label("known", "e", "old"), label("background"), label("known", "old")]
)


def test_the_next_report_is_the_first_when_the_first_is_missed() -> None:
    """Its sentences on the event alone are new, those on others stay known, and whoever comes later retells."""
    later = article("later", 9, [label("known", "e"), label("known", "old")])
    left = without_first_reports(stream(FIRST, SECOND, later), Always())
    assert [one.id for one in left.articles] == ["second", "later"]
    second, third = left.articles
    assert [one.label for one in second.labels] == ["new", "known", "background", "known"]
    assert second.new_events == ("e",)
    assert second.fresh
    assert third == later


@pytest.mark.parametrize(
    "after",
    [
        article("days later", 90, [label("known", "e")]),
        article("in passing", 5, [label("known", "old"), label("known", "old"), label("known", "e")]),
        article("never", 5, [label("known", "old")]),
        article("with others", 5, [label("known", "e", "old")]),
    ],
    ids=lambda one: one.id,
)
def test_what_is_told_next_late_in_passing_or_never_is_not_missed(after: Labelled) -> None:
    """Such a sentence looks back on an event: it would not read like news."""
    before = stream(FIRST, after)
    assert without_first_reports(before, Always()) == before


def test_a_report_of_a_changed_value_stays() -> None:
    """A value that changed has no event of its own by which the next report of it could be known."""
    changed = article("changed", 0, [label("changed", "old"), label("new", "e")], "e")
    before = stream(changed, SECOND)
    assert without_first_reports(before, Always()) == before


def test_begun_later_the_base_holds_what_was_told() -> None:
    """What the articles left out brought is an event of the base; what comes later is not."""
    third = article("third", 20, [label("new", "f")], "f")
    later = begun_later(stream(FIRST, SECOND, third), 0.4)
    assert [one.id for one in later.articles] == ["second", "third"]
    assert [one.id for one in later.storyline.events] == ["old", "e"]


def test_half_way_is_another_stream() -> None:
    """Begun in its middle a stream has another name and all that was told before in its base, reports of changed values
    included; without events there is none.
    """
    changed = article("changed", 5, [label("changed", "old"), label("new", "g")], "g")
    whole = stream(FIRST, changed, SECOND, article("last", 30, [label("known", "g")]))
    half = half_way(whole)
    assert half is not None
    assert source(half.name) == whole.name != half.name
    assert half.articles == whole.articles[2:]
    assert [one.id for one in half.storyline.events] == ["old", "e", "g"]
    assert half_way(replace(whole, events={})) is None


def test_begun_later_a_changed_value_is_told_all_the_same() -> None:
    """The base would hold the old value: the report of the change stays, and what it brings is not in the base."""
    changed = article("changed", 3, [label("changed", "e"), label("new", "g")], "g")
    later = begun_later(stream(FIRST, changed, SECOND), 0.7)
    assert [one.id for one in later.articles] == ["changed", "second"]
    assert [one.id for one in later.storyline.events] == ["old", "e"]


def test_variants_of_written_streams_say_whose_they_are() -> None:
    """Every article of a variant names its own in the stream, some of which are left out; the same variants come out
    again.
    """
    written = own_streams()[0]
    ids = {one.id for one in written.articles}
    later, missed = variants(written)
    assert {source(one.id) for one in (*later.articles, *missed.articles)} <= ids
    assert not {one.id for one in (*later.articles, *missed.articles)} & ids
    assert len(missed.articles) < len(ids)
    assert len(later.articles) < len(ids)
    assert tuple(variants(written)) == (later, missed)


def test_every_event_of_written_streams_can_be_read() -> None:
    """The events that streams bring are written as a storyline's are, and name what their articles bring."""
    for written in own_streams():
        brought = {name for one in written.articles for name in one.new_events}
        assert not written.events or brought <= set(written.events), written.name
