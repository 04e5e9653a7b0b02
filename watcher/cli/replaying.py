"""`replay`: the decision layer alone over a stored stream."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace as replaced
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from watcher.cli import desk
from watcher.cli.setting import Setting
from watcher.edges.dictionary import user_cache
from watcher.errors import NotFound, ParseError
from watcher.flow import taste
from watcher.flow.replay import StoredArticle, judgement_row
from watcher.flow.replay import replay as replay_stream
from watcher.flow.words import learn_words
from watcher.novelty.weights import Weights, shipped
from watcher.records import ArticleText, Storyline
from watcher.storylines.events import read_events
from watcher.storylines.load import load


@click.command()
@click.option("--base", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, metavar="FILE")
@click.option("--stream", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, metavar="FILE")
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True, metavar="FILE")
@click.option("--storyline", "name", default="musk-altman", show_default=True, metavar="NAME")
@click.option("--dictionary", default="off", show_default=True, metavar="auto|off|FILE", help="As in the config.")
@click.option("--learned", is_flag=True, help="With the weights learned in the config's state, not the shipped ones.")
@click.pass_obj
def replay(
    setting: Setting, base: Path, stream: Path, out: Path, name: str, dictionary: str, learned: bool
) -> None:  # fmt: skip
    """Judge a stored stream of articles against an event base, in a state of its own.

    BASE and STREAM are JSONL. One line an article is written to OUT, in the order of the stream. The articles' own
    time is the only clock: the same input gives the same bytes. A dictionary is off unless --dictionary asks for it,
    and the weights are the shipped ones, whatever `watcher learn` kept, unless --learned asks for those.
    """
    learn_words(dictionary if dictionary in ("auto", "off") else Path(dictionary), user_cache(os.environ))
    events = read_events(base.read_text(encoding="utf-8"), str(base))
    storyline: Storyline = replaced(load(name, Path.cwd()), events=events)
    weights = _learned(setting) if learned else shipped()
    # An existing file is replaced by a whole one or not at all.
    unfinished = out.with_name(f".{out.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8") as sink:
            for judgement in replay_stream(storyline, _articles(stream), weights):
                sink.write(json.dumps(judgement_row(judgement), ensure_ascii=False) + "\n")
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)


def _learned(setting: Setting) -> Weights:
    """Give the learned weights in use. Raises `NotFound` where there are none."""
    with desk.reading(setting) as open_desk:
        used = taste.in_use(open_desk.db, open_desk.storyline_id, shipped())
    if used.kept is None or used.set_aside:
        raise NotFound("no learned weights are in use: leave out --learned, or see watcher learn")
    return used.weights


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
