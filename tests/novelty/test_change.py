"""Values that are told in the place of known ones: which are laid beside each other, and what speaks for it."""

from __future__ import annotations

from datetime import timedelta

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


def test_a_value_that_is_told_still_is_not_replaced() -> None:
    """That the article tells the known value, too, or the told one twice, is evidence."""
    memory = retold()
    once = read(memory, "b", "Norden closes yard", "Norden will cut 540 jobs in Kiel, Karla Brandt said.", at=LATER)
    both = read(
        memory, "c", "Norden closes yard", "Norden will cut 540 jobs, Karla Brandt said.",
        "In Kiel 480 jobs go.", "The 540 jobs are gone by June.", at=LATER,
    )  # fmt: skip
    for reading, holds in ((once, 0.0), (both, 1.0)):
        found = beside(candidates(memory, reading), "540 jobs", "480 jobs")
        assert (found.evidence["holds_still"], found.evidence["told_twice"]) == (holds, holds)
