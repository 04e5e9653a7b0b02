"""What of an article its storyline has heard before, and who of it is named."""

from __future__ import annotations

import pytest

from tests.novelty.told import STORYLINE, read, told
from watcher.novelty.memory import Memory
from watcher.novelty.survey import survey
from watcher.novelty.weights import shipped
from watcher.records import Reading


@pytest.fixture
def memory() -> Memory:
    """A memory to which one ruling was told."""
    memory = Memory(STORYLINE)
    first = read(
        memory,
        "ruling",
        "Court forbids Norden to take over Suederlinie",
        "A court in Hamburg on Wednesday forbade Norden to buy its rival Suederlinie.",
        "Judge Petra Lohmann said the merger would leave 14 islands with a single ferry company.",
    )
    told(memory, first)
    return memory


def belonging(reading: Reading, memory: Memory) -> dict[str, float]:
    """The evidence for an article belonging to the storyline."""
    return survey(reading, memory, shipped()).belonging


def test_names_heard_before_speak_for_a_report(memory: Memory) -> None:
    """Who was named beside the actors before is heard, who was not is unheard, in the title and as a share."""
    found = belonging(read(memory, "a", "Petra Lohmann falls ill", "Petra Lohmann was taken to a clinic."), memory)
    assert found["names_heard"] == 1.0
    assert found["title_names_heard"]
    assert not found["title_names_unheard"]
    found = belonging(read(memory, "b", "Jorge Almeida falls ill", "Jorge Almeida was taken to a clinic."), memory)
    assert found["names_heard"] == found["title_names_heard"] == found["name_heard_rarest"] == 0.0
    assert found["title_names_unheard"]


def test_actors_are_not_counted_as_heard(memory: Memory) -> None:
    """That a side is named says nothing: it is named in other news, too."""
    found = belonging(read(memory, "a", "Norden orders paint", "Norden and Karla Brandt like blue."), memory)
    assert found["names_heard_count"] == found["names_unheard_count"] == 0.0
    assert found["names_heard"] == 0.5
    assert found["acted"] == found["actor_in_title"] == found["one_in_lead"] == 1.0


def test_phrases_of_the_storyline_are_counted_once(memory: Memory) -> None:
    """A phrase that is used again and again is one phrase."""
    found = belonging(read(memory, "a", "A ferry merger", "The ferry merger. Two ferry mergers."), memory)
    assert found["matters_count"] == pytest.approx(1 / 3)


def test_a_retelling_echoes_more_than_other_news(memory: Memory) -> None:
    """A report of the same ruling is covered and linked more than news that only names a side."""
    again = belonging(read(memory, "a", "Norden may not buy Suederlinie", "A court forbade Norden to buy it."), memory)
    other = belonging(read(memory, "b", "Norden paints its ferries", "Norden has chosen a bright blue."), memory)
    for name in ("covered", "lead_link", "likest", "echo"):
        assert again[name] > other[name]
    for name in ("unheard", "lead_unheard", "lead_uncovered"):
        assert again[name] < other[name]


def test_the_lead_are_the_first_three_sentences(memory: Memory) -> None:
    """What a fourth sentence retells or brings is seen in the article, not in its lead."""
    title, lead = "Norden paints its ferries", "Norden chose a bright blue. The rails turn white. The funnels stay red."
    fourth = {
        "retelling": "A court in Hamburg forbade Norden to buy its rival Suederlinie.",
        "unheard": "Jorge Almeida scrubbed mildewed tarpaulins.",
    }
    plain = belonging(read(memory, "a", title, lead), memory)
    found = {name: belonging(read(memory, "a", title, f"{lead} {more}"), memory) for name, more in fourth.items()}
    assert found["retelling"]["likest"] > plain["likest"]
    assert found["retelling"]["echo_best"] > plain["echo_best"]
    assert found["unheard"]["unheard"] > plain["unheard"]
    for one in found.values():
        for name in ("lead_link", "lead_unheard", "lead_uncovered"):
            assert one[name] == plain[name]


def test_the_rarest_heard_name_counts(memory: Memory) -> None:
    """A name heard often takes nothing from one heard once, and says less alone."""
    for at in range(4):
        text = f"Jorge Almeida said on pier {at} that Norden may appeal against Suederlinie over the ferry merger."
        told(memory, read(memory, f"b{at}", "Norden may appeal against Suederlinie", text))
    once, often = "Petra Lohmann was taken to a clinic.", "Jorge Almeida was taken to a clinic."
    found = [
        belonging(read(memory, "a", "To a clinic", text), memory)["name_heard_rarest"]
        for text in (once, often, f"{once} {often}")
    ]
    assert 0.0 < found[1] < found[0] == found[2] < 1.0


def test_an_article_without_text_has_evidence(memory: Memory) -> None:
    """A title alone can be weighed."""
    assert belonging(read(memory, "a", "Norden"), memory)["echo"] == 0.0
