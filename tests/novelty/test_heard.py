"""Where everything is watched: which statements tell what nobody told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.novelty.told import NOON, read, told
from watcher.novelty import heard
from watcher.novelty.company import alike
from watcher.novelty.memory import Memory
from watcher.novelty.survey import survey
from watcher.novelty.weights import shipped
from watcher.records import Storyline, Verdict

FIRST = "A strong earthquake of magnitude 6.4 struck the harbour town of Port Calder on Tuesday, killing at least 31."
SECOND = "Mayor Ines Torvald said the old quarter around Saint Brannoc church had collapsed."


@pytest.fixture
def memory() -> Memory:
    """A memory that watches everything and was told of an earthquake."""
    memory = Memory(Storyline(name="any", title="Everything", everything=True))
    told(memory, read(memory, "quake", "Earthquake of magnitude 6.4 strikes Port Calder", FIRST, SECOND))
    return memory


def test_what_was_told_is_known_and_what_was_not_is_new(memory: Memory) -> None:
    """Of a second report, the sentence that stood in the first is known, the one nobody told is new."""
    untold = "The airline Nordwind will fly 240 stranded tourists out of Belmar airport on chartered planes tonight."
    later = read(
        memory, "later", "Earthquake in Port Calder: mayor speaks", SECOND, untold, at=NOON + timedelta(hours=2)
    )
    judgement = told(memory, later)
    assert judgement.development == "D-quake"
    known, new = judgement.findings
    assert known.verdict is Verdict.KNOWN
    assert new.verdict is Verdict.NEW
    assert known.score < 0.5 <= new.score


def test_a_copy_brings_nothing(memory: Memory) -> None:
    """The same text from another outlet joins and flags nothing."""
    copy = read(memory, "copy", "Earthquake of magnitude 6.4 strikes Port Calder", FIRST, SECOND)
    judgement = told(memory, copy)
    assert judgement.development == "D-quake"
    assert not judgement.flagged


def test_the_model_asks_only_for_evidence_there_is(memory: Memory) -> None:
    """Every name of the fitted model is evidence that is gathered."""
    reading = read(memory, "later", "Port Calder", SECOND)
    sights = survey(reading, memory, shipped()).sights
    assert set(alike().heard.names) == set(heard.evidence(sights, memory.crowd.likest(reading))[0])


def test_boilerplate_stays_what_it_is(memory: Memory) -> None:
    """What is likelier noise than not is no news, however unheard."""
    reading = read(memory, "later", "Port Calder", "Sign up for our newsletter.")
    sights = survey(reading, memory, shipped()).sights
    noise = (0.1, 0.1, 0.1, 0.7)
    assert heard.rounds([noise], sights[:1], []) == (noise,)


def test_what_only_explains_is_no_news_under_the_opening(memory: Memory) -> None:
    """A sentence worded like an explanation is fresh to nobody; as the whole of a brief it may be what happens."""
    explains = "Earthquakes of this kind are rare and usually cause little damage."
    happened = "Police found two more bodies under the school of Belmar on Wednesday."
    spare = ("Nordwind sent planes.", "Helpers arrived from Belmar.")
    report = read(
        memory, "later", "Port Calder counts its dead", happened, *spare, explains, at=NOON + timedelta(hours=9)
    )
    findings = told(memory, report).findings
    assert findings[0].verdict is Verdict.NEW
    assert findings[3].verdict is not Verdict.NEW
    assert findings[3].score == 0.0
    brief = read(memory, "brief", "Quakes", explains, at=NOON + timedelta(days=9))
    assert told(memory, brief).findings[0].score > 0.0
