"""Values that are told in the place of known ones: which are laid beside each other, and what speaks for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.novelty.told import NOON, STORYLINE, read, told
from watcher.novelty.change import Candidate
from watcher.novelty.memory import Memory
from watcher.novelty.survey import survey
from watcher.novelty.values import show
from watcher.novelty.weights import shipped
from watcher.records import Reading

FIRST = (
    "KIEL, May 14 - Norden will close its yard in Kiel and cut 480 jobs there, its chief Karla Brandt said.",
    "Suederlinie, which fights a takeover by Norden, called the closure a disgrace and offered to buy 3 of the docks.",
)
LATER = NOON + timedelta(hours=20)


def candidates(memory: Memory, reading: Reading) -> list[Candidate]:
    """Every told value of an article beside every known one."""
    return [one for found in survey(reading, memory, shipped()).changes for one in found]


def beside(found: list[Candidate], now: str, was: str) -> Candidate:
    """The candidate of two values as they are shown."""
    return next(one for one in found if (show(one.now), show(one.was)) == (now, was))


def retold() -> Memory:
    """What is known after the first report."""
    memory = Memory(STORYLINE)
    assert told(memory, read(memory, "a", "Norden closes its yard in Kiel", *FIRST)).opens
    return memory


def test_a_retold_development_lends_its_values() -> None:
    """A sentence that shares no word with the first report is laid beside its figures when its article retells it."""
    memory = retold()
    text = "Norden schließt nach Angaben seiner Chefin Karla Brandt die Werft in Kiel, was Suederlinie kritisiert."
    reading = read(memory, "b", "Norden schließt Werft in Kiel", text, "Betroffen: 540 Stellen.", lang="de", at=LATER)
    found = beside(candidates(memory, reading), "540 jobs", "480 jobs")
    assert found.owner == "D-a"
    assert found.evidence["retold"] >= 0.3
    assert found.evidence["holds_still"] == found.evidence["owner_tells"] == 0.0


@pytest.mark.parametrize(
    ("also", "holds", "twice"),
    [((), 0.0, 0.0), (("In Kiel 480 jobs go.",), 1.0, 0.0), (("The 540 jobs are gone by June.",), 0.0, 1.0)],
)
def test_what_else_an_article_tells_is_evidence(also: tuple[str, ...], holds: float, twice: float) -> None:
    """That it tells the known value still, and that it tells the new one twice, are seen apart."""
    first = "Norden will cut 540 jobs in Kiel, Karla Brandt said."
    memory = retold()
    reading = read(memory, "b", "Norden closes yard", first, *also, at=LATER)
    evidence = beside(candidates(memory, reading), "540 jobs", "480 jobs").evidence
    assert (evidence["holds_still"], evidence["told_twice"], evidence["owner_tells"]) == (holds, twice, 0.0)


def test_what_a_development_tells_itself_is_seen() -> None:
    """A value that the development had, too, takes the place of none of its others."""
    memory = Memory(STORYLINE)
    told(memory, read(memory, "a", "Norden closes its yard in Kiel", *FIRST, "In the end 540 jobs may go, it said."))
    reading = read(memory, "b", "Norden closes yard", "Norden will cut 540 jobs in Kiel, Karla Brandt said.", at=LATER)
    found = beside(candidates(memory, reading), "540 jobs", "480 jobs")
    assert found.evidence["owner_tells"] == 1.0
