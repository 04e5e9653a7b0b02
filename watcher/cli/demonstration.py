"""`demo`: the whole walk on a small bundled stream, served over loopback. Nothing is left behind."""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import FrameType

import click

from watcher.cli import desk
from watcher.cli.deciding import accept, undo
from watcher.cli.explaining import explain
from watcher.cli.reviewing import flags, show
from watcher.cli.setting import Setting
from watcher.cli.terminal import mark, paint, plain, say, say_error, wrapped
from watcher.demo.past import write_storyline
from watcher.demo.server import Received, Town, serving
from watcher.demo.stream import Article, read_stream
from watcher.edges import links
from watcher.edges.alert_text import counted
from watcher.edges.webhook import standard_headers
from watcher.records import Judgement, Verdict
from watcher.store import articles, knowledge, versions

_BID = date(2025, 2, 10)
"""The day the bundled story begins; what happened before is known."""

_CHAPTERS = (
    "First walk: until the morning of 10 February 2025",
    "Second walk: 10 and 11 February, a bid is told by four outlets",
    "Third walk: 11 to 15 February, the answers",
    "Fourth walk: 15 February, the week told once more",
)
_FRESH_SHOWN = 2
_CONFIG = """[storyline]
use = "musk-altman-2025"

[schedule]
every = "1s"
min = "1s"
recheck = []

[fetch]
per_host = 8
allow_private = ["{address}"]

[alerts]
since = "2025-02-01"

[[alerts.webhook]]
name = "desk"
url = "http://{address}/alerts"
secret_file = "demonstration-webhook-secret"
"""
_FEED = """
[[feed]]
name = "{name}"
url = "{url}"
lang = "{lang}"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the demonstration plays on: its web, its config, its context for commands, and the key alerts are signed
    with.
    """

    town: Town
    setting: Setting
    ctx: click.Context
    key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one article, in words, with its fresh sentences. `sign` is one of `+ ~ = .`."""

    sign: str
    words: str
    fresh: tuple[str, ...] = ()


@click.command()
@click.pass_context
def demo(ctx: click.Context) -> int:
    """See the whole walk on a small bundled stream: no network, no keys, nothing left behind.

    Exits with 1 when no alert arrived.
    """
    started = time.monotonic()
    with _stage(ctx.command) as stage:
        _open(stage)
        for chapter in (1, 2, 3):
            _walk(stage, chapter)
        development = _look(stage)
        if development is not None:
            _learn(stage, development)
    say()
    say(f"Temporary config and state are gone. It took {time.monotonic() - started:.0f} s.")
    if development is None:
        say_error("news came and no alert arrived: something is wrong with this installation")
        return 1
    say("Next: put your feeds into config.toml, then watcher doctor, watcher once, watcher flags.")
    return 0


@contextmanager
def _stage(command: click.Command) -> Iterator[Stage]:
    """Set up web, config and an empty state; take everything down again however the block ends."""
    town = Town(articles=read_stream())
    key = secrets.token_bytes(24)
    with _ended_by_sigterm(), tempfile.TemporaryDirectory(prefix="watcher-demo-") as folder, serving(town):
        path = _write_config(Path(folder), town, key)
        write_storyline(Path(folder) / "musk-altman-2025", _BID)
        setting = Setting(path)
        yield Stage(town=town, setting=setting, ctx=click.Context(command, obj=setting), key=key)


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does, so that its end is reached."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _write_config(folder: Path, town: Town, key: bytes) -> Path:
    outlets = {article.outlet.id: article.outlet for article in town.articles}
    feeds = [_FEED.format(name=o.name, url=town.feed_url(o.id), lang=o.lang) for o in outlets.values()]
    path = folder / "config.toml"
    path.write_text(_CONFIG.format(address=town.address) + "".join(feeds), encoding="utf-8")
    secret = folder / "demonstration-webhook-secret"
    secret.touch(mode=0o600)
    secret.write_text(f"whsec_{base64.b64encode(key).decode()}\n", encoding="ascii")
    return path


def _heading(text: str) -> None:
    say()
    say(paint(f"== {text}", bold=True))


def _open(stage: Stage) -> None:
    names = ", ".join(dict.fromkeys(article.outlet.name for article in stage.town.articles))
    known = len(stage.setting.storyline.events)
    say(paint("A demonstration of watcher", bold=True))
    say(
        wrapped(
            f"Outlets: {names}. They are invented and served at {stage.town.home}; what they report happened in "
            "February 2025. One of them gives a wrong figure on purpose.",
            "",
        )
    )
    say(
        wrapped(
            f"Storyline: {stage.setting.storyline.title}, with the {known} events known before {_BID:%d %B %Y}.", ""
        )
    )


def _walk(stage: Stage, chapter: int) -> None:
    """Let the story come to a chapter, take a real walk, and tell what became of each of its articles."""
    from watcher.wiring import walk_once

    _heading(_CHAPTERS[chapter - 1])
    stage.town.chapter = chapter
    counts = asyncio.run(walk_once(stage.setting.config, stage.setting.path.parent, everything=True))
    feeds, entries, read = counts["feeds"], counts["entries"], counts["articles"]
    opened, alerts = counts["developments"], counts["alerts"]
    say(
        f"feeds polled: {feeds['polled']}, entries: {entries['new']} new and {entries['relevant']} worth reading, "
        f"pages read: {read['read']}, developments opened: {opened['opened']}, alerts sent: {alerts['sent']}"
    )
    say()
    for article, outcome in _outcomes(stage, chapter):
        when = f"{article.published:%d %b %Y %H:%M}"
        say(f"{mark(outcome.sign)} {when}  {plain(article.outlet.name):<17}  {paint(plain(article.title), bold=True)}")
        say(wrapped(outcome.words, "      "))
        for sentence in outcome.fresh[:_FRESH_SHOWN]:
            say(paint(wrapped(sentence, "          ", "        > "), dim=True))


def _outcomes(stage: Stage, chapter: int) -> list[tuple[Article, Outcome]]:
    """What the state says of every article of a chapter."""
    with desk.reading(stage.setting) as d:
        since = min(article.published for article in stage.town.articles)
        judged = {one.reading.url: one.judgement for one in knowledge.judged(d.db, d.storyline_id, since)}
        unjudged = {version.article_id for version in versions.unjudged(d.db, d.storyline_id)}
        found = []
        for article in stage.town.articles:
            url = stage.town.home + article.path
            if article.chapter == chapter:
                judgement, number = judged.get(url), articles.find(d.db, links.key(url))
                found.append((article, _outcome(judgement) if judgement else _untold(number, unjudged)))
    return found


def _untold(number: int | None, unjudged: set[int]) -> Outcome:
    """What became of an article that tells nothing of the storyline. `number` is its row, None for none."""
    if number is None:
        return Outcome(sign=".", words="not read: names nobody of the storyline")
    return Outcome(sign=".", words="could not be judged" if number in unjudged else "read, but beside the storyline")


def _outcome(judgement: Judgement) -> Outcome:
    fresh = [finding for finding in judgement.findings if finding.verdict.is_fresh]
    copy = ", a copy of another outlet's text" if judgement.copy_of else ""
    name = judgement.development
    if not fresh:
        return Outcome(sign="=", words=f"belongs to {name} and adds nothing{copy}" if name else f"nothing new{copy}")
    told = f"{len(fresh)} of {counted(len(judgement.findings), 'sentence')} {'is' if len(fresh) == 1 else 'are'} fresh"
    return Outcome(
        sign="+" if any(finding.verdict is Verdict.NEW for finding in fresh) else "~",
        words=f"opens {name}: {told}" if judgement.opens else f"belongs to {name} and adds to it: {told}",
        fresh=tuple(f"({one.was} -> {one.now}) {one.text}" if one.was else one.text for one in fresh),
    )


def _look(stage: Stage) -> str | None:
    """Show what waits, one development in full, and the alert that came. Returns the development's name."""
    _heading("watcher flags: what waits for you")
    stage.ctx.invoke(flags, everything=False, as_json=False, exit_code=False)
    told = [json.loads(one.body)["data"] for one in stage.town.received]
    if not told:
        say("No alert arrived.")
        return None
    name = str(max(told, key=lambda data: len(data["sources"]))["id"])
    _heading(f"watcher show {name}: why it was flagged")
    stage.ctx.invoke(show, name=name, as_json=False)
    _heading("The alerts that the webhook received")
    for one in stage.town.received:
        _say_alert(one, stage.key)
    return name


def _say_alert(received: Received, key: bytes) -> None:
    told, headers = json.loads(received.body), received.headers
    signed = standard_headers(headers["webhook-id"], int(headers["webhook-timestamp"]), received.body, key)
    valid = "valid" if headers.get("webhook-signature") == signed["webhook-signature"] else "NOT VALID"
    say(f"{told['type']}  {told['data']['id']}  {plain(told['data']['headline'])}")
    say(paint(f"      webhook-id {headers['webhook-id']}, signature {valid}", dim=True))


def _learn(stage: Stage, name: str) -> None:
    """Accept a development, let it be told once more, and take the decision back."""
    _heading(f"watcher accept {name}: it becomes an event of the base")
    stage.ctx.invoke(accept, name=name, title="", date="", note="")
    stage.town.chapter = 4
    for article in stage.town.articles:
        if article.chapter == stage.town.chapter:
            url = stage.town.home + article.path
            _heading(f"watcher explain {url}: what it adds now")
            stage.ctx.invoke(explain, source=url, published="", lang=None, as_json=False)
    _walk(stage, 4)
    _heading("watcher undo: a decision can be taken back")
    stage.ctx.invoke(undo)
