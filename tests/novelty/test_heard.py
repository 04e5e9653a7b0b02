"""Where everything is watched: which statements tell what nobody told."""

from __future__ import annotations

from dataclasses import replace
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


def test_a_copy_of_a_long_sentence_brings_nothing(memory: Memory) -> None:
    """However much a sentence says: where every word was told, nothing is new."""
    long = (
        "The regional government ordered schools, markets and both bridges closed, sent engineers, divers, surgeons "
        "and army tents into the flooded harbour district, froze rents, banned night traffic, suspended ferry tolls "
        "and promised families, fishermen and shopkeepers cash grants, loans, blankets, generators and clean water."
    )
    told(memory, read(memory, "orders", "Government orders closures", long, "Prices rose.", at=NOON))
    judgement = told(memory, read(memory, "copy", "Government orders closures", long, at=NOON + timedelta(hours=1)))
    assert judgement.development == "D-orders"
    assert [finding.verdict for finding in judgement.findings] == [Verdict.KNOWN]


def test_the_model_asks_only_for_evidence_there_is(memory: Memory) -> None:
    """Every name of the fitted model is evidence that is gathered."""
    reading = read(memory, "later", "Port Calder", SECOND)
    sights = survey(reading, memory, shipped()).sights
    assert set(alike().heard.names) == set(heard.evidence(sights, memory.crowd.likest(reading), [False])[0])


def test_words_are_told_as_far_as_the_reports_that_told_them_are_retold(memory: Memory) -> None:
    """The words of a report count as told as far as it is likely retold; a figure counts as a word."""
    reading = read(memory, "later", "Port Calder", "The old quarter of Port Calder collapsed, killing 45 tourists.")
    sights = survey(reading, memory, shipped()).sights
    (joined,) = memory.crowd.likest(reading)
    (sure,), (doubted,), (alone,) = (
        heard.evidence(sights, found, [False])
        for found in ([replace(joined, score=9.0)], [replace(joined, score=0.0)], [])
    )
    assert sure["untold"] == pytest.approx(2.0, abs=0.1), "45 and the tourists"
    assert doubted["untold"] == pytest.approx((sure["untold"] + alone["untold"]) / 2, abs=0.1)
    assert sure["told_share"] > doubted["told_share"] > alone["told_share"] == 0.0


def test_what_an_article_says_twice_is_told_once(memory: Memory) -> None:
    """What a sentence told is told for those behind it."""
    reading = read(memory, "other", "Flood", "The river Sarn flooded Belmar.", "Belmar was flooded by the river Sarn.")
    first, again = heard.evidence(survey(reading, memory, shipped()).sights, [], [False, False])
    assert first["untold"] > first["told_share"] == 0.0
    assert (again["untold"], again["told_share"]) == (0.0, 1.0)


def test_a_table_is_no_hundredfold_news(memory: Memory) -> None:
    """So many words nobody told say as much as any more."""
    words = " ".join(
        f"{a}{b}ung" for a in ("bar", "kel", "mor", "tin", "zor", "wal") for b in ("dak", "fim", "gol", "lup", "nes")
    )
    table = read(memory, "table", "Belmar", f"The table: {words}.")
    (row,) = heard.evidence(survey(table, memory, shipped()).sights, [], [False])
    assert row["untold"] == 24


def test_a_box_tells_nothing(memory: Memory) -> None:
    """What a pointer to another article names is still news when the text tells it."""
    reading = read(memory, "other", "Flood", "Read also: river Sarn floods Belmar", "The river Sarn flooded Belmar.")
    sights = survey(reading, memory, shipped()).sights
    _, text = heard.evidence(sights, [], [True, False])
    _, again = heard.evidence(sights, [], [False, False])
    assert text["told_share"] == 0.0
    assert again["told_share"] > 0.5


def test_boilerplate_stays_what_it_is(memory: Memory) -> None:
    """What is likelier noise than not is no news, however unheard; the surer it is noise, the lower is the score."""
    seen = survey(read(memory, "later", "Port Calder", "Sign up for our newsletter."), memory, shipped())
    doubted, sure = (
        heard.rounds([(0.1, 0.1, 0.8 - noise, noise)], seen.title, seen.sights, [])[0] for noise in (0.6, 0.8)
    )
    assert max(doubted) == doubted[3]
    assert max(sure) == sure[3]
    assert 0.5 > doubted[0] > sure[0] > 0.0


def test_a_headline_told_again_is_no_boilerplate(memory: Memory) -> None:
    """Where the text begins with its headline, that is news as the headline is."""
    title = "Three more bodies found in Belmar"
    seen = survey(read(memory, "later", title, title), memory, shipped())
    ((fresh, *rest),) = heard.rounds([(0.1, 0.1, 0.0, 0.8)], seen.title, seen.sights, [])
    assert fresh > 0.5 > max(rest)


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
