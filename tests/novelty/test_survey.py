"""What is gathered of an article before it is decided whether it brings anything fresh."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.streams import own_streams
from watcher.language import statements
from watcher.novelty.memory import Memory
from watcher.novelty.survey import Survey, alert_evidence, likeliest_changes, survey
from watcher.novelty.weights import shipped

STREAM = next(stream for stream in own_streams() if stream.name == "court-case")
SOME = (0.05, 0.6, 0.3, 0.05)
FRESH = (0.9, 0.05, 0.04, 0.01)


@pytest.fixture(scope="module")
def seen() -> list[Survey]:
    """Lay the articles of a stream beside its base alone."""
    memory = Memory(STREAM.storyline)
    readings = (statements.read(article.text, memory.rules.gazetteer, article.id) for article in STREAM.articles)
    return [survey(reading, memory, shipped()) for reading in readings if reading.statements]


def test_a_change_speaks_for_an_alert(seen: list[Survey]) -> None:
    """What likely tells a known value changed makes an article likelier fresh than what does not."""
    raised = 0
    for one in seen:
        rounds = [SOME] * len(one.sights)
        sure = [shipped().alert.probabilities(alert_evidence(one, rounds, likely))[0] for likely in (0.0, 0.9)]
        raised += sure[1] > sure[0]
    assert raised >= 0.9 * len(seen)


def test_a_fresh_sentence_speaks_for_an_alert(seen: list[Survey]) -> None:
    """One fresh sentence among known ones makes an article likelier fresh, wherever it stands."""
    for one in seen[:20]:
        known = [SOME] * len(one.sights)
        (before,) = shipped().alert.probabilities(alert_evidence(one, known, 0.0))
        for at in range(len(known)):
            rounds = [*known[:at], FRESH, *known[at + 1 :]]
            assert shipped().alert.probabilities(alert_evidence(one, rounds, 0.0))[0] > before


def test_every_statement_has_its_candidates(seen: list[Survey]) -> None:
    """Each statement has a place for a change, an empty one where no value is told; what is found is one of these."""
    found = 0
    for one in seen:
        changes = likeliest_changes(one, [SOME] * len(one.sights), shipped().change)
        assert len(changes) == len(one.changes) == len(one.sights)
        assert [change is None for change in changes] == [not candidates for candidates in one.changes]
        found += sum(change is not None for change in changes)
    assert found


def test_an_article_without_statements_has_evidence_too() -> None:
    """Nothing told is nothing fresh: the evidence is there and says none."""
    memory = Memory(STREAM.storyline)
    article = replace(STREAM.articles[0].text, paragraphs=())
    empty = statements.read(article, memory.rules.gazetteer, "a")
    found = alert_evidence(survey(empty, memory, shipped()), [], 0.0)
    assert found["first_fresh"] == found["any_fresh"] == found["changed"] == found["mean_known"] == 0.0
