"""Where everything is watched: which articles tell one development, whatever they are about."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.novelty.told import NOON, read, told
from watcher.novelty import likeness
from watcher.novelty.judge import WINDOW_DAYS
from watcher.novelty.likeness import CANDIDATES, LETTERS, Crowd, gist
from watcher.novelty.memory import Memory
from watcher.novelty.weights import alike
from watcher.records import Reading, Storyline

REPO = Path(__file__).parents[2]
EVERYTHING = Storyline(name="any", title="Everything", everything=True)


@pytest.fixture
def memory() -> Memory:
    """A memory that watches everything and was told nothing."""
    return Memory(EVERYTHING)


def quake(memory: Memory, name: str = "quake") -> Reading:
    """A first report of an earthquake."""
    return read(
        memory,
        name,
        "Earthquake of magnitude 6.4 strikes Port Calder, at least 31 dead",
        "A strong earthquake of magnitude 6.4 struck the harbour town of Port Calder on Tuesday, killing at least 31.",
        "Mayor Ines Torvald said the old quarter around Saint Brannoc church had collapsed.",
        "Rescuers searched the rubble of a school where 12 children were missing.",
    )


def quake_in_other_words(memory: Memory, name: str = "retold") -> Reading:
    """The same earthquake as another paper tells it."""
    return read(
        memory,
        name,
        "Dozens killed as 6.4 quake hits Port Calder",
        "At least 31 people died when an earthquake shook Port Calder, the worst in the harbour town for decades.",
        "Ines Torvald, the mayor, said the quarter around Saint Brannoc had been destroyed.",
        "Twelve children were still missing in the rubble of their school, rescuers said.",
        at=NOON + timedelta(hours=3),
    )


def other_quake(memory: Memory, name: str = "other") -> Reading:
    """Another earthquake, told in the words of the first."""
    return read(
        memory,
        name,
        "Earthquake of magnitude 5.8 strikes Villa Osorno, at least 9 dead",
        "A strong earthquake of magnitude 5.8 struck the mining town of Villa Osorno on Friday, killing at least 9.",
        "Governor Raul Pacheco said the market hall beside the Santa Rita mine had collapsed.",
        "Rescuers searched the rubble of a hotel where 4 guests were missing.",
        at=NOON + timedelta(days=3),
    )


def test_same_event_in_other_words_joins(memory: Memory) -> None:
    """A second report joins the development the first opened, though hardly a sentence stands in both."""
    assert told(memory, quake(memory)).opens
    second = told(memory, quake_in_other_words(memory))
    assert second.development == "D-quake"
    assert not second.opens


def test_look_alike_event_opens_its_own(memory: Memory) -> None:
    """Another event of the same kind, told in the same words about other people and places, is new."""
    told(memory, quake(memory))
    judgement = told(memory, other_quake(memory))
    assert judgement.flagged
    assert judgement.opens
    assert judgement.development == "D-other"


def test_what_lies_too_far_back_is_not_joined(memory: Memory) -> None:
    """A report older than the window is not looked at."""
    crowd = Crowd()
    crowd.add(quake(memory))
    later = read(
        memory,
        "later",
        "Earthquake strikes Port Calder",
        "At least 31 died.",
        at=NOON + timedelta(days=WINDOW_DAYS + 1),
    )
    assert crowd.alike(later, WINDOW_DAYS, alike()) == ()


def test_likeliest_first(memory: Memory) -> None:
    """The article that tells the same development comes before one that is merely of its kind."""
    crowd = Crowd()
    crowd.add(other_quake(memory))
    crowd.add(quake(memory))
    found = crowd.alike(quake_in_other_words(memory), WINDOW_DAYS, alike())
    assert [one.article for one in found] == ["quake", "other"]
    assert 0.0 <= found[1].score < 0.5 <= found[0].score <= 1.0


def test_an_empty_article_is_like_nothing(memory: Memory) -> None:
    """An article without a word is compared without fault and found near nothing."""
    crowd = Crowd()
    crowd.add(quake(memory))
    assert crowd.alike(read(memory, "empty", ""), WINDOW_DAYS, alike()) == ()


def test_the_model_asks_only_for_evidence_there_is(memory: Memory) -> None:
    """Every name of the fitted model is evidence that a comparison gives, and the other way round."""
    crowd = Crowd()
    crowd.add(quake(memory))
    ((_, evidence),) = crowd.beside(quake_in_other_words(memory), WINDOW_DAYS)
    assert set(alike().names) == set(evidence)


def test_same_scores_in_every_process() -> None:
    """The scores are the same to the last bit whatever order a process keeps its sets in."""
    script = (
        "from tests.novelty import test_likeness as t\n"
        "memory = t.Memory(t.EVERYTHING)\n"
        "crowd = t.Crowd()\n"
        "crowd.add(t.quake(memory))\n"
        "crowd.add(t.other_quake(memory))\n"
        "print(crowd.alike(t.quake_in_other_words(memory), t.WINDOW_DAYS, t.alike()))\n"
    )
    told_by = {
        subprocess.run(
            [sys.executable, "-c", script],
            check=True,
            capture_output=True,
            text=True,
            cwd=REPO,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(REPO)},
            timeout=60,
        ).stdout
        for seed in ("0", "1", "31337")
    }
    assert len(told_by) == 1
    assert "quake" in told_by.pop()


def test_cost_is_bounded_however_much_was_told(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many articles share with a new one, only a few are compared closely."""
    crowd = Crowd()
    for number in range(50):
        crowd.add(quake(memory, f"quake-{number}"))
    compared = []
    compare = likeness.compare
    monkeypatch.setattr(likeness, "compare", lambda a, b: compared.append(1) or compare(a, b))
    assert len(crowd.alike(quake_in_other_words(memory), WINDOW_DAYS, alike())) == CANDIDATES
    assert len(compared) == CANDIDATES


def test_letter_pieces_of_a_very_long_article_are_bounded(memory: Memory) -> None:
    """A book-long article has no more letter pieces than the letters looked at."""
    words = " ".join(f"w{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}rd" for n in range(5_000))
    assert len(gist(read(memory, "book", "A very long article", words)).pieces) <= LETTERS
