"""What the judge says of short articles, laid beside a small base."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.novelty.told import NOON, STORYLINE, read, told
from watcher.novelty.judge import judge
from watcher.novelty.memory import Memory
from watcher.records import Event, Precision, Reading, Verdict


@pytest.fixture
def memory() -> Memory:
    """A memory that knows the base alone."""
    return Memory(STORYLINE)


def ruling(memory: Memory, name: str = "ruling") -> Reading:
    """A first report: a court forbids the merger."""
    return read(
        memory,
        name,
        "Court forbids Norden to take over Suederlinie",
        "A court in Hamburg on Wednesday forbade Norden to buy its rival Suederlinie.",
        "Judge Petra Lohmann said the merger would leave 14 islands with a single ferry company.",
        "Karla Brandt announced that Norden would appeal the ruling.",
        "Ole Maas called the judgment a relief for his 640 employees.",
    )


def test_first_report_opens_a_development(memory: Memory) -> None:
    """What neither base nor an earlier article told is new, flagged, and opens a development."""
    judgement = judge(ruling(memory), memory)
    assert judgement.flagged
    assert judgement.opens
    assert judgement.confidence >= 0.5
    assert judgement.findings[0].verdict is Verdict.NEW


def test_copy_joins_and_is_not_flagged(memory: Memory) -> None:
    """The same text in another outlet belongs to the development, is a copy, and flags nothing."""
    first = told(memory, ruling(memory))
    copy = judge(ruling(memory, "copy"), memory)
    assert copy.development == first.development
    assert copy.copy_of == "ruling"
    assert not copy.flagged


def test_second_language_joins(memory: Memory) -> None:
    """The same happening told in the other language, in other words, belongs to the same development."""
    first = told(memory, ruling(memory))
    german = read(
        memory,
        "urteil",
        "Gericht untersagt Norden die Übernahme von Suederlinie",
        "Das Landgericht Hamburg hat Norden am Mittwoch den Kauf der Konkurrentin Suederlinie verboten.",
        "Die Fusion ließe 14 Inseln mit nur einer Reederei zurück, sagte Richterin Petra Lohmann.",
        "Norden-Chefin Karla Brandt kündigte Berufung an.",
        lang="de",
        at=NOON + timedelta(hours=2),
    )
    assert judge(german, memory).development == first.development


def test_another_happening_does_not_join(memory: Memory) -> None:
    """Two reports minutes apart that share only the actors are two developments."""
    told(memory, ruling(memory))
    fire = read(
        memory,
        "fire",
        "Suederlinie ferry catches fire off Sylt",
        "A ferry of Suederlinie burned out off Sylt on Wednesday; 212 passengers were taken to safety.",
        "Ole Maas accused Norden of having sold him the engine.",
        at=NOON + timedelta(minutes=20),
    )
    assert judge(fire, memory).development is None


def test_known_event_is_linked_in_both_languages(memory: Memory) -> None:
    """A sentence that retells an event of the base is known and names the event, in either language."""
    recap = read(
        memory,
        "recap",
        "Norden and Suederlinie: the story so far",
        "In September 2030 Suederlinie sued Norden over the berths in the harbour.",
        "In February Norden offered 97.4 million euros for Suederlinie.",
    )
    rueckblick = read(
        memory,
        "rueckblick",
        "Norden gegen Suederlinie: ein Rückblick",
        "Im Februar hatte Norden 97,4 Millionen Euro für Suederlinie geboten.",
        lang="de",
    )
    events = [finding.event for finding in judge(recap, memory).findings]
    assert events == ["2030-09-01-suit", "2031-02-03-bid"]
    assert judge(rueckblick, memory).findings[0].event == "2031-02-03-bid"


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("Norden made a takeover offer of 97.4 billion euros for Suederlinie.", "97.4bn EUR"),
        ("Norden made a takeover offer of 99 million euros for Suederlinie.", "99m EUR"),
    ],
)
def test_another_figure_is_a_change(memory: Memory, text: str, now: str) -> None:
    """A known event told with another figure is changed, with the known and the told value."""
    finding = judge(read(memory, "slip", "Norden wants Suederlinie", text), memory).findings[0]
    assert (finding.verdict, finding.event) == (Verdict.CHANGED, "2031-02-03-bid")
    assert (finding.was, finding.now) == ("97.4m EUR", now)


def test_beside_a_change_nothing_known_is_called_fresh(memory: Memory) -> None:
    """An article that is flagged for a changed figure alone has that one fresh sentence: none need stand in for it."""
    judged = judge(
        read(
            memory,
            "flash",
            "Norden wants Suederlinie",
            "Analysts expect a long fight between the two.",
            "Norden made a takeover offer of 79.4 million euros for Suederlinie.",
            "In September 2030 Suederlinie sued Norden over the berths in the harbour.",
        ),
        memory,
    )
    assert judged.flagged
    assert [finding.verdict for finding in judged.findings if finding.verdict.is_fresh] == [Verdict.CHANGED]


def test_a_figure_at_the_end_of_a_long_list_was_told(memory: Memory) -> None:
    """However many values the base's own sentence lists, one of them told again changes none of the others."""
    sums = ", ".join(f"{value} million euros" for value in range(331, 344))
    memory.learn(
        Event(
            id="2031-04-02-bids",
            date="2031-04-02",
            date_precision=Precision.DAY,
            title="Norden tells what it bid over the years",
            summary=f"Norden says that it has bid {sums} and 540 million euros for Suederlinie over the years.",
        )
    )
    judgement = judge(read(memory, "sum", "Norden's bid", "Norden has bid 540 million euros."), memory)
    assert Verdict.CHANGED not in {finding.verdict for finding in judgement.findings}


def test_told_variant_is_known(memory: Memory) -> None:
    """A changed figure that was told before is no change any more."""
    slip = "Norden made a takeover offer of 99 million euros for Suederlinie."
    told(memory, read(memory, "slip", "Norden wants Suederlinie", slip))
    again = judge(read(memory, "again", "Norden wants Suederlinie", slip), memory)
    assert all(finding.verdict is not Verdict.CHANGED for finding in again.findings)


def test_rounded_figure_is_no_change(memory: Memory) -> None:
    """Rounding is not another figure."""
    finding = judge(
        read(memory, "r", "Bid", "Norden offered about 97 million euros for Suederlinie."), memory
    ).findings[0]
    assert finding.verdict is not Verdict.CHANGED


def test_article_beside_the_storyline_is_never_flagged(memory: Memory) -> None:
    """One side alone, on another matter, belongs to no development."""
    beside = read(
        memory,
        "menu",
        "Norden serves fish again",
        "The ferry company Norden has put herring back on its menu.",
        "Passengers had asked for it since the winter.",
        "A sandwich costs 7.50 euros.",
    )
    judgement = judge(beside, memory)
    assert not judgement.relevance.relevant
    assert not judgement.flagged
    assert {finding.verdict for finding in judgement.findings} <= {Verdict.BACKGROUND, Verdict.NOISE}


def test_accepted_development_is_known_as_its_event(memory: Memory) -> None:
    """Once a development became an event, a retelling names the event."""
    first = told(memory, ruling(memory))
    assert first.development
    event = Event(
        id="2031-05-14-ruling",
        date="2031-05-14",
        date_precision=Precision.DAY,
        title="Court forbids Norden to take over Suederlinie",
        summary="A court in Hamburg forbids Norden to buy Suederlinie.",
    )
    memory.learn(event)
    memory.settle(first.development, event.id)
    later = read(
        memory,
        "later",
        "Islands breathe again",
        "A court in Hamburg forbade Norden on 14 May to buy its rival Suederlinie.",
        at=NOON + timedelta(days=3),
    )
    finding = judge(later, memory).findings[0]
    assert (finding.verdict, finding.event) == (Verdict.KNOWN, event.id)


@pytest.mark.parametrize("precision", [Precision.DAY, Precision.MONTH])
@pytest.mark.parametrize(
    "text",
    [
        "A judge in Kiel on Monday fined Suederlinie's lawyer Nils Dormann 5,000 euros for a late brief on Norden.",
        "Ole Maas on Monday dismissed the finance chief of Suederlinie, the rival of Norden.",
        "The police on Monday searched the offices of Norden and of Suederlinie for papers on a cartel.",
    ],
)
def test_another_event_of_the_day_does_not_take_what_is_new(memory: Memory, text: str, precision: Precision) -> None:
    """In a base that somebody keeps stand other events of the same days and people; a fresh report stays one."""
    when = "2031-05-12" if precision is Precision.DAY else "2031-05"
    memory.learn(
        Event(
            id="2031-05-12-hearing",
            date=when,
            date_precision=precision,
            title="Brandt heard by the Hamburg court on the harbour berths",
            summary="Karla Brandt of Norden is questioned by Suederlinie's lawyers for two hours.",
            actors=("Karla Brandt", "Norden", "Suederlinie"),
        )
    )
    judgement = judge(read(memory, "other", "Norden and Suederlinie", text), memory)
    assert judgement.flagged
    assert [finding.verdict for finding in judgement.findings] == [Verdict.NEW]


def test_forgotten_event_is_known_no_more(memory: Memory) -> None:
    """An event taken out of the base is linked to nothing."""
    memory.forget("2031-02-03-bid")
    finding = judge(read(memory, "bid", "Bid", "Norden offered 97.4 million euros for Suederlinie."), memory).findings[
        0
    ]
    assert finding.event != "2031-02-03-bid"


def test_empty_article_is_judged(memory: Memory) -> None:
    """An article without a sentence has no findings and flags nothing."""
    judgement = judge(read(memory, "empty", "Norden and Suederlinie"), memory)
    assert judgement.findings == ()
    assert not judgement.flagged


def test_every_verdict_has_a_reason(memory: Memory) -> None:
    """A person can check every verdict: each comes with a reason."""
    told(memory, ruling(memory))
    assert all(finding.reason for finding in judge(ruling(memory, "copy"), memory).findings)


def test_what_happens_after_another_development_is_one_of_its_own(memory: Memory) -> None:
    """A resignation told in one sentence with the ruling before it opens a development still, and the other outlet's
    report of it joins that one.
    """
    told(memory, ruling(memory))
    step = "Karla Brandt resigned as chief executive of Norden on Wednesday, hours after a court forbade the merger."
    first = told(
        memory,
        read(memory, "exit", "Norden chief Brandt resigns", step, "The board named Jutta Holm as her successor.",
             at=NOON + timedelta(hours=4)),
    )  # fmt: skip
    assert first.opens
    again = "Karla Brandt ist am Mittwoch als Chefin von Norden zurückgetreten."
    second = judge(
        read(memory, "abgang", "Brandt tritt zurück", again, "Nachfolgerin wird Jutta Holm.", lang="de",
             at=NOON + timedelta(hours=5)), memory,
    )  # fmt: skip
    assert not second.flagged
    assert second.development == "D-exit"
