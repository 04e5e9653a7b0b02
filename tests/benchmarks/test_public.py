"""The adaptors between public sets and `replay`: what goes in, what comes out, and that the scorers take it."""

from __future__ import annotations

from datetime import datetime

import pytest

from benchmarks.public import scorers
from benchmarks.public.__main__ import judged
from benchmarks.public.tasks import (
    clusters,
    dated_articles,
    fresh_sentences,
    sentence_articles,
    tasks,
)


def test_articles_keep_the_order_of_the_stream() -> None:
    """An article has its own date where it has one, and never appears before the one ahead of it."""
    rows = [
        {"id": "a", "date": "2020-03-02", "lang": "de", "text": "Ein Satz."},
        {"id": "b", "date": "2020-03-01", "lang": "de", "text": "Noch einer."},
        {"id": "c", "date": "0001-01-01", "lang": "de", "text": "Ohne Datum."},
        {"id": "d", "ts": "2021-01-01T10:00:00+00:00", "lang": "de", "text": "Mit Zeit."},
    ]
    times = [datetime.fromisoformat(article["published"]) for article in dated_articles(rows)]
    assert times == sorted(times)
    assert times[0].isoformat() == "2020-03-02T00:00:00+00:00"
    assert times[3].isoformat() == "2021-01-01T10:00:00+00:00"


def test_the_first_line_or_sentence_is_the_title() -> None:
    """A text of lines has its first as title, a text of sentences its first; a single sentence is title and text."""
    texts = ["Head\nBody one.\nBody two.", "First thing. Second thing.", "Only one."]
    rows = [{"id": str(i), "lang": "en", "text": text} for i, text in enumerate(texts)]
    found = [(article["title"], article["html_body_paragraphs"]) for article in dated_articles(rows)]
    assert found == [
        ("Head", ["Body one.", "Body two."]),
        ("First thing.", ["Second thing."]),
        ("Only one.", ["Only one."]),
    ]


def test_an_article_without_a_development_stands_alone() -> None:
    """Clusters are developments; what has none is a cluster of its own."""
    rows = [{"id": name} for name in "abc"]
    told = [{"development": "D1"}, {"development": None}, {"development": "D1"}]
    assert [row["cluster"] for row in clusters(rows, told)] == ["D1", "alone-b", "D1"]


def test_a_sentence_is_new_when_one_of_its_statements_is() -> None:
    """Statements are shared out in the order of the text, also when a sentence was split or is told twice."""
    texts = ["He left. She came.", "It rained.", "It rained."]
    rows = [{"id": str(i), "doc": "d0", "lang": "en", "text": text} for i, text in enumerate(texts)]
    (article,) = sentence_articles(rows)
    assert article["html_body_paragraphs"] == texts
    statements = [
        {"text": "He left.", "verdict": "known", "score": 0.1},
        {"text": "She came.", "verdict": "new", "score": 0.8},
        {"text": "It rained.", "verdict": "known", "score": 0.2},
        {"text": "It  rained.", "verdict": "changed", "score": 0.4},
    ]
    found = list(fresh_sentences(rows, [{"id": "d0", "statements": statements}]))
    assert [(row["new"], row["score"]) for row in found] == [(True, 0.8), (False, 0.2), (True, 0.4)]


def test_the_scorers_take_what_the_adaptors_make() -> None:
    """The smallest public stream walks through replay and its scorer gives figures between 0 and 1."""
    task = tasks([0])[0]
    reason = scorers.missing(task)
    if reason:
        pytest.skip(reason)
    rows = scorers.stream(task)
    told = scorers.figures(task, task.predictions(rows, judged(list(task.articles(rows)))))
    assert 0.0 < told["B3_F1"] <= 1.0
