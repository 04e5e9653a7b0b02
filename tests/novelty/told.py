"""Short made-up articles for tests of the judge."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from watcher.language import statements
from watcher.novelty.judge import judge
from watcher.novelty.memory import Memory
from watcher.records import (
    Actor,
    ArticleText,
    Event,
    Figure,
    Judgement,
    Precision,
    Reading,
    Storyline,
    Wording,
)

NOON = datetime(2031, 5, 14, 12, tzinfo=UTC)

STORYLINE = Storyline(
    name="ferries",
    title="Norden against Suederlinie",
    actors=(
        Actor(name="Karla Brandt", kind="person", side="norden", aliases=("Brandt", "the Norden chief")),
        Actor(name="Norden", kind="company", side="norden"),
        Actor(name="Ole Maas", kind="person", side="sueder", aliases=("Maas",)),
        Actor(name="Suederlinie", kind="company", side="sueder"),
    ),
    sides=("norden", "sueder"),
    matters=("ferry merger",),
    events=(
        Event(
            id="2031-02-03-bid",
            date="2031-02-03",
            date_precision=Precision.DAY,
            title="Norden bids 97.4 million euros for Suederlinie",
            summary="Karla Brandt's Norden offers 97.4 million euros for the rival ferry company Suederlinie.",
            actors=("Karla Brandt", "Norden", "Suederlinie"),
            figures=(Figure(value=97.4e6, unit="EUR"),),
            kind="deal",
            wordings=(
                Wording(lang="de", text="Norden bietet 97,4 Millionen Euro für die Konkurrentin Suederlinie."),
                Wording(lang="en", text="Norden made a takeover offer of 97.4 million euros for Suederlinie."),
            ),
        ),
        Event(
            id="2030-09-01-suit",
            date="2030-09",
            date_precision=Precision.MONTH,
            title="Suederlinie sues Norden over the harbour berths",
            summary="Ole Maas and Suederlinie sue Norden, saying it blocks the berths in the harbour.",
            actors=("Ole Maas", "Suederlinie", "Norden"),
            kind="lawsuit",
            wordings=(Wording(lang="de", text="Suederlinie verklagt Norden wegen der Liegeplätze im Hafen."),),
        ),
    ),
)


def read(memory: Memory, name: str, title: str, *paragraphs: str, lang: str = "en", at: datetime = NOON) -> Reading:
    """Understand an article as the memory's storyline would."""
    text = ArticleText(
        title=title,
        paragraphs=paragraphs,
        lang=lang,
        published=at,
        outlet="The Quay",
        url=f"https://quay.example/{name}",
    )
    return statements.read(text, memory.rules.gazetteer, name)


def told(memory: Memory, reading: Reading) -> Judgement:
    """Judge an article and remember it; a development it opens is called after it."""
    judgement = judge(reading, memory)
    if judgement.opens:
        judgement = replace(judgement, development=f"D-{reading.article}")
    memory.remember(reading, judgement)
    return judgement
