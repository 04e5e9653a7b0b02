"""The public sets as labelled streams of understood articles, in folds that share no topic."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from benchmarks.public.tasks import Row, dated_articles
from watcher.language import statements
from watcher.policy.relevance import Rules
from watcher.records import ArticleText, Reading, Storyline

FOLDS = 4
SHUFFLES = 2
# A development of the Wikinews set is told again with this chance, so many articles later.
AGAIN, LATER = 0.6, (0.5, 5.5)
BLOCKS = 5
# Words of other scripts are not told apart well enough to fit on.
_CODES = "en de fr pt sv no da fi pl ro id ms af tl uz sco sh la bjn min frp"
LATIN = frozenset(_CODES.split())
EVERYTHING = Storyline(name="any", title="Everything", everything=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Articles in the order told with the development each tells. `topics`: what the look-alikes of one share."""

    set: str
    name: str
    fold: int
    readings: tuple[Reading, ...]
    events: tuple[str, ...]
    topics: tuple[str, ...]


def streams(bench: Path) -> Iterator[Stream]:
    """Every set as streams; no topic of ECB+ and no block of Wikinews lies in two folds."""
    ecb = [row | {"lang": "en"} for row in _rows(bench / "ecbplus" / "docs.jsonl")]
    topics = topic_folds(ecb)
    for fold in range(FOLDS):
        ours = [row for row in ecb if topics[row["topic"]] == fold]
        for seed in range(SHUFFLES):
            yield _stream("ecbplus", "ECB+ documents", fold, random.Random(seed).sample(ours, len(ours)))
    for block, articles in enumerate(_blocks(bench)):
        for view, parts in (("full", ("lead", "rest")), ("short", ("title", "lead"))):
            yield _stream("dewikinews", f"German Wikinews {view}", block % FOLDS, _told_again(articles, parts, block))
    itn = [row for row in _rows(bench / "itn" / "stream.jsonl") if row["lang"] in LATIN]
    part = len(itn) // FOLDS + 1
    for fold in range(FOLDS):
        rows = itn[fold * part : (fold + 1) * part]
        yield _stream("itn", "In the news latin", fold, rows)
        yield _stream("itn", "In the news en", fold, [row for row in rows if row["lang"] == "en"])


def reports(bench: Path) -> Iterator[tuple[int, str, list[Reading]]]:
    """The fold and language of each development of ECB+ and Wikinews, and all its reports."""
    ecb = [row | {"lang": "en"} for row in _rows(bench / "ecbplus" / "docs.jsonl")]
    topics = topic_folds(ecb)
    by_event: dict[str, list[Row]] = defaultdict(list)
    for row in ecb:
        by_event[row["event"]].append(row)
    for rows in by_event.values():
        yield topics[rows[0]["topic"]], "en", [understood(article) for article in dated_articles(rows)]
    for block, articles in enumerate(_blocks(bench)):
        for row in articles:
            text = "\n".join((row["title"], row["lead"], row["rest"]))
            (article,) = dated_articles([{"id": row["id"], "lang": "de", "text": text, "date": row["date"]}])
            yield block % FOLDS, "de", [understood(article)]


def topic_folds(rows: Sequence[Row]) -> dict[str, int]:
    topics = sorted({row["topic"] for row in rows})
    random.Random(1).shuffle(topics)
    return {topic: number % FOLDS for number, topic in enumerate(topics)}


def _blocks(bench: Path) -> list[list[Row]]:
    articles = _rows(bench / "dewikinews" / "articles.jsonl")
    size = len(articles) // BLOCKS
    return [articles[block * size : (block + 1) * size] for block in range(BLOCKS)]


def _told_again(articles: Sequence[Row], parts: tuple[str, str], seed: int) -> list[Row]:
    """One part of every article, and of most the other part some articles later."""
    dice = random.Random(seed)
    queue: list[tuple[float, Row]] = []
    for number, article in enumerate(articles):
        for at, part in ((0.0, parts[0]), (dice.uniform(*LATER) if dice.random() < AGAIN else None, parts[1])):
            if at is not None:
                row = {"id": f"{article['id']}/{part}", "lang": "de", "text": article[part], "event": article["id"]}
                queue.append((number + at, row | {"date": article["date"]}))
    return [row for _, row in sorted(queue, key=lambda queued: queued[0])]


def _stream(kind: str, name: str, fold: int, rows: Sequence[Row]) -> Stream:
    return Stream(
        set=kind,
        name=name,
        fold=fold,
        readings=tuple(understood(article) for article in dated_articles(rows)),
        events=tuple(row["event"] for row in rows),
        topics=tuple(row.get("topic", "") for row in rows),
    )


@cache
def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@cache
def _gazetteer() -> Rules:
    return Rules(EVERYTHING)


def understood(article: Row) -> Reading:
    text = ArticleText(
        title=article["title"],
        paragraphs=tuple(article["html_body_paragraphs"]),
        lang=article["lang"],
        published=datetime.fromisoformat(article["published"]),
        outlet="",
        url="",
    )
    return statements.read(text, _gazetteer().gazetteer, article["id"])
