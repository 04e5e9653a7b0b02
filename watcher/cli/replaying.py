"""`replay`: the decision layer alone over a stored stream."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace as replaced
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from watcher.errors import ParseError
from watcher.flow.replay import StoredArticle, judgement_row
from watcher.flow.replay import replay as replay_stream
from watcher.records import ArticleText, Storyline
from watcher.storylines.events import read_events
from watcher.storylines.load import load


@click.command()
@click.option("--base", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, metavar="FILE")
@click.option("--stream", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, metavar="FILE")
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True, metavar="FILE")
@click.option("--storyline", "name", default="musk-altman", show_default=True, metavar="NAME")
def replay(base: Path, stream: Path, out: Path, name: str) -> None:
    """Judge a stored stream of articles against an event base, in a state of its own.

    BASE and STREAM are JSONL. One line an article is written to OUT, in the order of the stream. The articles' own
    time is the only clock: the same input gives the same bytes.
    """
    events = read_events(base.read_text(encoding="utf-8"), str(base))
    storyline: Storyline = replaced(load(name, Path.cwd()), events=events)
    # An existing file is replaced by a whole one or not at all.
    unfinished = out.with_name(f".{out.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8") as sink:
            for judgement in replay_stream(storyline, _articles(stream)):
                sink.write(json.dumps(judgement_row(judgement), ensure_ascii=False) + "\n")
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)


def _articles(path: Path) -> Iterator[StoredArticle]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    yield _article(json.loads(line))
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    raise ParseError(f"{path}:{number}: not an article of a stream: {error!r}") from error


def _article(row: dict[str, Any]) -> StoredArticle:
    return StoredArticle(
        id=str(row["id"]),
        text=ArticleText(
            title=str(row.get("title", "")),
            paragraphs=tuple(map(str, row["html_body_paragraphs"])),
            lang=str(row.get("lang", "")),
            published=_time(str(row["published"])),
            outlet=str(row.get("outlet", "")),
            url=str(row.get("url", "")),
        ),
    )


def _time(text: str) -> datetime:
    """The article's time with its own zone: weekdays are meant there."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    return when
