"""What speaks for a sentence being fresh, beside the reports of what its article retells."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.novelty.told import NOON, STORYLINE, read
from watcher.novelty.memory import Memory
from watcher.novelty.retelling import Retelling, Retold
from watcher.novelty.survey import Survey, survey
from watcher.novelty.weights import shipped
from watcher.records import Finding, Judgement, Relevance, Verdict

TITLE, DRAFTED = "Norden raises its bid", "Who drafted the offer"
BID = "Norden has raised its bid for Suederlinie to 120 million euros, Karla Brandt said on May 13."
KEEPER = "Brandt said the lighthouse keeper Ingo Claasen had drafted the offer."


def told_by(memory: Memory, title: str, development: str, *told: str, hour: int) -> None:
    """Remember an article whose sentences were all new, and which development it belongs to."""
    reading = read(memory, title, title, *told, at=NOON + timedelta(hours=hour))
    findings = tuple(
        Finding(position=statement.position, text=statement.text, verdict=Verdict.NEW)
        for statement in reading.statements
    )
    relevance = Relevance(relevant=True, reason="told")
    judgement = Judgement(article=title, relevance=relevance, findings=findings, flagged=True, development=development)
    memory.remember(reading, judgement)


def memory_of(first: str, other: str) -> Memory:
    """A memory of a report of the bid and of one of who drafted it, which belong to these developments."""
    memory = Memory(STORYLINE)
    told_by(memory, DRAFTED, other, KEEPER, hour=0)
    told_by(memory, TITLE, first, BID, hour=1)
    return memory


@pytest.fixture
def memory() -> Memory:
    """A memory of two reports of one development, of which only the one tells who drafted the offer."""
    return memory_of("D1", "D1")


def seen(memory: Memory, *told: str) -> Survey:
    """What is seen of a report of the next day."""
    at = NOON + timedelta(days=1)
    return survey(read(memory, "next", TITLE, *told, at=at), memory, shipped())


@pytest.mark.parametrize(("first", "other", "both"), [("D1", "D1", True), ("D1", "D2", False), ("", "", False)])
def test_all_reports_of_one_development_are_heard(first: str, other: str, both: bool) -> None:
    """What an article retells was told by the likeliest report and all others of its development, by no others."""
    known = memory_of(first, other).articles
    earlier = [Retold(article=known[name], score=0.5, copied=0.0, evidence={}) for name in (TITLE, DRAFTED)]
    retelling = Retelling.of(earlier)
    assert retelling.nearest == known[TITLE].whole_set
    assert retelling.told == (known[TITLE].whole_set | known[DRAFTED].whole_set if both else retelling.nearest)
    assert retelling.day == known[TITLE].published.date()


def test_a_sentence_is_laid_beside_what_was_told(memory: Memory) -> None:
    """What a report of the development told is covered by it, names and all; what none told is not."""
    told = seen(memory, BID, "Ingo Claasen, a lighthouse keeper, drafted it, Brandt said.").placed[1]
    untold = seen(memory, BID, "Rita Holm called a walkout at the wharf in Husum.").placed[1]
    assert told["retold_all"] > 2 * untold["retold_all"]
    assert (told["retold_names"], untold["retold_names"]) == (1.0, 0.0)


def test_a_later_day_than_the_report_is_told_apart(memory: Memory) -> None:
    """A day behind that of the report speaks of something else; the report's own day and its figures were told."""
    row = seen(memory, "The bid of 120 million euros of May 13 was raised.", "The council met on May 15.").placed
    assert (row[0]["since"], row[0]["retold_day"], row[0]["retold_figures"]) == (0.0, 1.0, 1.0)
    assert (row[1]["since"], row[1]["retold_day"], row[1]["retold_figures"]) == (1.0, 0.0, 0.0)


def test_an_article_that_retells_nothing_has_no_such_evidence() -> None:
    """Beside nothing nothing was told."""
    (row,) = seen(Memory(STORYLINE), BID).placed
    assert [row[name] for name in ("retold_all", "retold_names", "retold_day", "since")] == [0.0] * 4
