"""Where everything is watched: which articles tell one development, whatever they are about."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.novelty.told import NOON, read, told
from watcher.novelty import crowd as crowds
from watcher.novelty.company import alike
from watcher.novelty.crowd import (
    AT_LEAST,
    CANDIDATES,
    LATEST,
    QUIET,
    WINDOW,
    WITNESSES,
    Crowd,
    among_others,
    in_company,
    in_doubt,
)
from watcher.novelty.forest import Forest
from watcher.novelty.likeness import LETTERS, gist
from watcher.novelty.memory import Memory
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


def filler(memory: Memory, number: int, *, days: float) -> Reading:
    """A report that has nothing to do with any other."""
    word = "".join(chr(97 + number // 26**place % 26) for place in range(4))
    return read(memory, f"filler-{number}", f"{word.title()}ia {word}ung {word}ers.", at=NOON + timedelta(days=days))


def test_what_lies_too_far_back_is_forgotten(memory: Memory) -> None:
    """A report older than the window is forgotten once enough others came after it, and joined no more."""
    crowd = Crowd()
    crowd.add(quake(memory), "D1")
    for number in range(AT_LEAST + WITNESSES):
        crowd.add(filler(memory, number, days=WINDOW.days + 2), "D2")
    assert len(crowd) == AT_LEAST + WITNESSES
    assert all(one.article != "quake" for one in crowd.alike(quake_in_other_words(memory), alike()))


def test_on_quiet_weeks_the_last_articles_stay_known(memory: Memory) -> None:
    """Where little is told, a report is remembered beyond the window."""
    crowd = Crowd()
    crowd.add(quake(memory), "D1")
    crowd.add(filler(memory, 1, days=60), "D2")
    assert len(crowd) == 2


def test_one_wrong_clock_makes_nothing_old(memory: Memory) -> None:
    """An article dated far ahead does not push the others out, and goes like every other when its time has come."""
    crowd = Crowd()
    for number in range(AT_LEAST + 1):
        crowd.add(filler(memory, number, days=0), "D1")
    crowd.add(filler(memory, 9_999, days=40_000), "D2")
    assert len(crowd) == AT_LEAST + 2
    for number in range(AT_LEAST + 2, 2 * AT_LEAST + 20):
        crowd.add(filler(memory, number, days=WINDOW.days + 1), "D1")
    assert all(one.article != "filler-9999" for one in crowd.alike(filler(memory, 9_999, days=31), alike()))


def test_a_version_takes_the_place_of_the_one_before(memory: Memory) -> None:
    """An edited article is remembered once, and tells the development it told."""
    crowd = Crowd()
    crowd.add(quake(memory), "D1")
    crowd.add(quake(memory), "D1")
    assert len(crowd) == 1
    assert crowd.told_by(quake(memory)) == "D1"


def test_likeliest_first(memory: Memory) -> None:
    """The article that tells the same development comes before one that is merely of its kind."""
    crowd = Crowd()
    crowd.add(other_quake(memory), "D1")
    crowd.add(quake(memory), "D2")
    found = crowd.alike(quake_in_other_words(memory), alike())
    assert [one.article for one in found] == ["quake", "other"]
    assert found[1].score < 0.0 <= found[0].score


def test_an_empty_article_retells_nothing(memory: Memory) -> None:
    """An article without a word is compared without fault and retells nothing."""
    crowd = Crowd()
    crowd.add(quake(memory), "D1")
    assert crowd.told_by(read(memory, "empty", "")) is None


def test_the_models_ask_only_for_evidence_there_is(memory: Memory) -> None:
    """Every name of the fitted models is evidence that a comparison gives."""
    crowd = Crowd()
    crowd.add(quake(memory), "D1")
    seen = crowd.beside(quake_in_other_words(memory))
    assert set(alike().pair.names) == set(seen[0].evidence)
    assert set(alike().chosen.names) == set(in_company(seen, [0.0])[0])
    assert set(alike().settled.names) == set(in_doubt(seen, [0.0]))


def test_busy_days_are_judged_pair_by_pair(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where many articles a day come in, that one was told lately says nothing: the second look is left out."""
    crowd = Crowd()
    crowd.add(filler(memory, 9_999, days=-2), "D0")
    crowd.add(quake(memory), "D1")
    looks: list[int] = []
    monkeypatch.setattr(crowds, "in_company", lambda seen, fits: looks.append(1) or in_company(seen, fits))
    crowd.alike(quake_in_other_words(memory), alike())
    assert len(looks) == 1
    for number in range(QUIET + 1):
        crowd.add(filler(memory, number, days=0), "D2")
    crowd.alike(quake_in_other_words(memory), alike())
    assert len(looks) == 1


def test_a_forest_adds_its_trees() -> None:
    """What is not above a node's bound goes left; the leaves reached add up."""
    forest = Forest(
        names=("a", "b"), bias=0.5, trees=(((0, 1.0, 1, 2), (-1.0,), (2.0,)), ((1, 0.0, 1, 2), (10.0,), (20.0,)))
    )
    assert forest.log_odds({"a": 1.0, "b": 0.1}) == 19.5
    assert forest.log_odds({"a": 1.5, "b": 0.0}) == 12.5


def test_same_scores_in_every_process() -> None:
    """The scores are the same to the last bit whatever order a process keeps its sets in."""
    script = (
        "from tests.novelty import test_likeness as t\n"
        "memory = t.Memory(t.EVERYTHING)\n"
        "crowd = t.Crowd()\n"
        "crowd.add(t.quake(memory), 'D1')\n"
        "crowd.add(t.other_quake(memory), 'D2')\n"
        "print(crowd.alike(t.quake_in_other_words(memory), t.alike()))\n"
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


def test_cost_is_bounded_however_much_was_told(memory: Memory) -> None:
    """However many articles share with a new one, only a few are compared closely."""
    crowd = Crowd()
    for number in range(50):
        crowd.add(quake(memory, f"quake-{number}"), "D1")
    assert len(crowd.beside(quake_in_other_words(memory))) <= CANDIDATES + LATEST


def test_letter_pieces_of_a_very_long_article_are_bounded(memory: Memory) -> None:
    """A book-long article has no more letter pieces than the letters looked at."""
    words = " ".join(f"w{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}rd" for n in range(5_000))
    assert len(gist(read(memory, "book", "A very long article", words)).bags["pieces"].marks) <= LETTERS


def test_the_third_look_moves_all_candidates_alike(memory: Memory) -> None:
    """Whether the likeliest is likely enough changes neither the order nor how far the others are behind it."""
    crowd, models = Crowd(), alike()
    crowd.add(other_quake(memory), "D1")
    crowd.add(quake(memory), "D2")
    crowd.add(filler(memory, 1, days=0), "D3")
    retold = quake_in_other_words(memory)
    seen = crowd.beside(retold)
    fits = among_others(seen, models.pair, models.chosen)
    before = {candidate.article: fit for candidate, fit in zip(seen, fits, strict=True)}
    found = crowd.alike(retold, models)
    assert (found[0].score,) == pytest.approx(models.settled.sums(models.settled.values(in_doubt(seen, fits))))
    moved = {one.article: one.score - before[one.article] for one in found}
    assert moved.keys() == before.keys()
    assert len({round(by, 6) for by in moved.values()}) == 1
    assert abs(moved["quake"]) > 0.01


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Voters in Fiji went to the polls.", "The Fijian opposition won.", True),
        ("Voters in Fiji went to the polls.", "Die fidschianische Opposition hat gewonnen.", True),
        ("Voters in Fiji went to the polls.", "The Nepalese opposition won.", False),
        ("Die Wahl in Italien ist vorbei.", "The Swedish opposition won.", False),
    ],
)
def test_a_country_and_its_people_are_one_place(memory: Memory, one: str, other: str, same: bool) -> None:
    """Countries and their people are one among the places of an article, in both languages."""
    ours, theirs = (
        gist(read(memory, "x", text, lang="de" if "Die " in text else "en")).bags["places"].marks
        for text in (one, other)
    )
    assert ours
    assert theirs
    assert bool(set(ours) & set(theirs)) == same
