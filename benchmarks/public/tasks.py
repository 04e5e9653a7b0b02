"""What is measured: each task is a stream that a scorer hands out, in the shape of `replay`, and its predictions.

The sets give texts, at best with a date. An article needs a title, paragraphs and a time: the title is the first line
or sentence, and where a set has no times, articles appear minutes apart in the order of the stream.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

Row = dict[str, Any]

START = datetime(2024, 1, 1, tzinfo=UTC)
APART = timedelta(minutes=5)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-zà-ÿ])")
_FRESH = frozenset({"new", "changed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One stream of a public set. `args` go to the scorer's `stream` and `eval`; `shown` are the figures that count.

    `articles` makes replay's stream of the rows handed out, `predictions` makes the scorer's rows of both.
    """

    name: str
    scorer: str
    args: tuple[str, ...]
    shown: tuple[str, ...]
    articles: Callable[[Sequence[Row]], Iterator[Row]]
    predictions: Callable[[Sequence[Row], Sequence[Row]], Iterator[Row]]


def dated_articles(rows: Sequence[Row]) -> Iterator[Row]:
    """One article a row, in the order given; its own time where it has one, never before the article ahead of it."""
    now = START
    for number, row in enumerate(rows):
        own = _own_time(row)
        now = max(own, now + APART if number else own) if own else now + APART
        yield _article(row["id"], now, row["lang"], *_titled(row["text"]))


def sentence_articles(rows: Sequence[Row]) -> Iterator[Row]:
    """One article a document, its sentences as paragraphs, in the order the documents appear."""
    for number, (document, sentences) in enumerate(_by_document(rows).items(), start=1):
        texts = [row["text"] for row in sentences]
        yield _article(document, START + number * APART, sentences[0]["lang"], texts[0], texts)


def clusters(rows: Sequence[Row], judgements: Sequence[Row]) -> Iterator[Row]:
    """Each article's cluster is its development; an article that tells none stands alone."""
    for row, judgement in zip(rows, judgements, strict=True):
        yield {"id": row["id"], "cluster": judgement["development"] or f"alone-{row['id']}"}


def fresh_sentences(rows: Sequence[Row], judgements: Sequence[Row]) -> Iterator[Row]:
    """Each sentence is new when one of its statements is; its score is the highest of theirs."""
    found = {judgement["id"]: judgement["statements"] for judgement in judgements}
    for document, sentences in _by_document(rows).items():
        parts = _parts([row["text"] for row in sentences], found[document])
        for row, statements in zip(sentences, parts, strict=True):
            yield {
                "id": row["id"],
                "new": any(statement["verdict"] in _FRESH for statement in statements),
                "score": max((statement["score"] for statement in statements), default=0.0),
            }


def _by_document(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["doc"], []).append(row)
    return found


def _parts(sentences: Sequence[str], statements: Sequence[Row]) -> list[list[Row]]:
    """Share statements out among the sentences they were read from: both run in the order of the text."""
    parts: list[list[Row]] = [[] for _ in sentences]
    at, left = 0, _squeeze(sentences[0])
    for statement in statements:
        text = _squeeze(statement["text"])
        ahead = [left, *map(_squeeze, sentences[at + 1 :])]
        step = next((step for step, rest in enumerate(ahead) if text in rest), None)
        if step is not None:
            at += step
            left = ahead[step].split(text, 1)[1]
            parts[at].append(statement)
    return parts


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _article(name: str, published: datetime, lang: str, title: str, paragraphs: Sequence[str]) -> Row:
    return {
        "id": name,
        "published": published.isoformat(),
        "lang": lang,
        "outlet": "",
        "url": "",
        "title": title,
        "html_body_paragraphs": list(paragraphs),
    }


def _titled(text: str) -> tuple[str, list[str]]:
    """Title and paragraphs: the first line or else sentence, and the lines; a text of one sentence is both."""
    lines = [line.strip() for line in text.splitlines() if line.strip()] or [""]
    if len(lines) > 1:
        return lines[0], lines[1:]
    first, *rest = _SENTENCE_END.split(lines[0], maxsplit=1)
    return first, rest or [first]


def _own_time(row: Row) -> datetime | None:
    """The row's time or date; None where there is none or it is the calendar's beginning."""
    text = row.get("ts") or row.get("date") or ""
    when = datetime.fromisoformat(text) if text else None
    if when is None or when.year < 1900:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


CLUSTERED = ("new_F1", "hard_new_R", "Cdet", "B3_P", "B3_R", "B3_F1", "link_acc", "xling_link_R")
SENTENCES = ("macroF1", "AUC", "new_F1", "known_F1")


def tasks(seeds: Iterable[int]) -> list[Task]:
    """Every task; those whose stream is shuffled once for every seed."""
    found = [_itn("en"), _itn("latin")]
    for seed in seeds:
        given = ("--seed", str(seed))
        found.append(
            Task(
                name="ECB+ documents",
                scorer="score_ecbplus.py",
                args=("--task", "docs", *given),
                shown=CLUSTERED,
                articles=dated_articles,
                predictions=clusters,
            )
        )
        found.append(
            Task(
                name="ECB+ sentences",
                scorer="score_ecbplus.py",
                args=("--task", "sents", *given),
                shown=SENTENCES,
                articles=sentence_articles,
                predictions=fresh_sentences,
            )
        )
        found += [
            Task(
                name=f"German Wikinews {view}",
                scorer="score_dewikinews.py",
                args=("--view", view, *given),
                shown=CLUSTERED,
                articles=dated_articles,
                predictions=clusters,
            )
            for view in ("full", "short")
        ]
    return found


def _itn(view: str) -> Task:
    return Task(
        name=f"In the news {view}",
        scorer="score_itn.py",
        args=("--view", view),
        shown=CLUSTERED,
        articles=dated_articles,
        predictions=clusters,
    )
