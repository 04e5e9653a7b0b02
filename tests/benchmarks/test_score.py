"""The figures of a replayed stream."""

from __future__ import annotations

from benchmarks.score import replayed
from benchmarks.streams import Label, Labelled, Stream
from tests.novelty.told import NOON, STORYLINE
from watcher.novelty.weights import shipped
from watcher.records import ArticleText, Event, Precision

RULING = "A court in Hamburg on Wednesday forbade Norden to buy its rival Suederlinie."
EVENT = Event(
    id="2031-05-14-ruling",
    date="2031-05-14",
    date_precision=Precision.DAY,
    title="Court forbids Norden to take over Suederlinie",
    summary=RULING,
)


def report(name: str, label: str, *new_events: str) -> Labelled:
    """An article of one sentence."""
    text = ArticleText(
        title="Court stops Norden", paragraphs=(RULING,), lang="en", published=NOON, outlet="", url="", partial=False
    )
    return Labelled(
        id=name, text=text, labels=(Label(text=RULING, label=label, events=(EVENT.id,)),), relevant=True,
        new_events=new_events, copy=False, tags=(),
    )  # fmt: skip


def test_what_is_accepted_is_known_by_its_event() -> None:
    """Where all is accepted at once, the next report is to name the event that came into the base, and does; else there
    is nothing in the base that it could name.
    """
    articles = (report("first", "new", EVENT.id), report("second", "known"))
    stream = Stream(name="s", storyline=STORYLINE, articles=articles, events={EVENT.id: EVENT})
    for accepted, links in ((False, 0), (True, 1)):
        tally = replayed(stream, shipped(), accepted=accepted)
        assert (tally.right, tally.false, tally.missed, tally.told) == (1, 0, 0, 1)
        assert tally.confusion == {("fresh", "fresh"): 1, ("known", "known"): 1}
        assert (tally.linkable, tally.linked) == (links, links)
