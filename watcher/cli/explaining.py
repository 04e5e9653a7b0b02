"""`explain`: the diff of one article against what is known; writes nothing."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from watcher.cli.setting import Setting
from watcher.cli.terminal import SIGNS, mark, paint, plain, say, say_json, wrapped
from watcher.edges.machine import now
from watcher.errors import ParseError, WatcherError
from watcher.flow.explain import Explained, explain_text, known_by
from watcher.flow.likeness import open_likeness
from watcher.flow.words import learn_words
from watcher.language import detect
from watcher.records import ArticleText, Finding, Page, Statement

LARGEST_INPUT_BYTES = 10 * 2**20
# What tells a page from plain text.
_TAGS = (b"<!doctype html", b"<html", b"<body", b"<article", b"<p>")


@click.command()
@click.argument("source", metavar="URL|FILE|-")
@click.option("--published", metavar="T", default="", help="When it was published (RFC 3339).")
@click.option("--lang", type=click.Choice(["en", "de"]), help="Its language; found out when not given.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def explain(setting: Setting, source: str, published: str, lang: str | None, as_json: bool) -> None:
    """Lay one article, a page or plain text, beside what is known, sentence by sentence."""
    article = _article(setting, source, _time(published), lang)
    learn_words(setting.config.language.dictionary, setting.state_dir)
    memory, weights = known_by(setting.state_dir, setting.storyline, article.published, article.url)
    memory.likeness = open_likeness(setting.config)
    explained = explain_text(article, memory, weights)
    if as_json:
        say_json(_document(explained))
    else:
        _say(explained)


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is no time: write 2025-02-10T08:30:00Z", param_hint="--published"
        ) from error
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _article(setting: Setting, source: str, published: datetime | None, lang: str | None) -> ArticleText:
    if source.startswith(("http://", "https://")):
        page, url = asyncio.run(_fetched(setting, source))
        return _from_page(page, url, published, lang)
    body = _read(source)
    if any(tag in body[:20_000].lower() for tag in _TAGS):
        return _from_page(asyncio.run(_extracted(body)), "", published, lang)
    return _from_text(body.decode("utf-8", "replace"), published, lang)


def _read(source: str) -> bytes:
    try:
        if source == "-":
            return sys.stdin.buffer.read(LARGEST_INPUT_BYTES)
        with Path(source).open("rb") as file:
            return file.read(LARGEST_INPUT_BYTES)
    except OSError as error:
        raise WatcherError(f"{source}: cannot be read: {error.strerror}") from error


async def _fetched(setting: Setting, url: str) -> tuple[Page, str]:
    from watcher.wiring import fetch_page

    return await fetch_page(setting.config, url)


async def _extracted(body: bytes) -> Page:
    from watcher.edges.body import Body
    from watcher.edges.workers import Workers

    async with Workers() as workers:
        return await workers.extract_page(Body(body), "text/html", "", "")


def _from_page(page: Page, url: str, published: datetime | None, lang: str | None) -> ArticleText:
    if not page.paragraphs and not page.title:
        raise ParseError(f"{url or 'the page'}: no article text was found ({page.problem or 'empty'})")
    return ArticleText(
        title=page.title,
        paragraphs=page.paragraphs,
        lang=lang or page.lang or detect.language(" ".join(page.paragraphs[:5]), "en"),
        published=published or page.published or now(),
        outlet=page.outlet,
        url=url,
        partial=bool(page.problem),
    )


def _from_text(text: str, published: datetime | None, lang: str | None) -> ArticleText:
    """Plain text: blocks between empty lines; a first block of one short line without a full stop is the title."""
    blocks = [" ".join(block.split()) for block in text.replace("\r\n", "\n").split("\n\n")]
    blocks = [plain(block) for block in blocks if block]
    if not blocks:
        raise ParseError("there is no text to explain")
    title = blocks.pop(0) if len(blocks) > 1 and len(blocks[0]) < 160 and blocks[0][-1] not in ".!:;" else ""
    return ArticleText(
        title=title,
        paragraphs=tuple(blocks),
        lang=lang or detect.language(" ".join(blocks[:5]), "en"),
        published=published or now(),
        outlet="",
        url="",
    )


def _document(explained: Explained) -> dict[str, Any]:
    reading = explained.reading
    return {
        "title": reading.title.text,
        "lang": reading.lang,
        "published": reading.published.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "relevant": explained.judgement.relevance.relevant,
        "relevance": explained.judgement.relevance.reason,
        "partial": reading.partial,
        "flagged": explained.judgement.flagged,
        "confidence": explained.judgement.confidence,
        "development": explained.judgement.development,
        "statements": [
            _statement(statement, finding)
            for statement, finding in zip(reading.statements, explained.judgement.findings, strict=True)
        ],
    }


def _statement(statement: Statement, finding: Finding) -> dict[str, Any]:
    return {
        "text": statement.text,
        "verdict": finding.verdict.value,
        "event": finding.event,
        "was": finding.was,
        "now": finding.now,
        "score": finding.score,
        "reason": finding.reason,
        "names": list(statement.names),
        "amounts": [{"value": a.value, "unit": a.unit, "approx": a.approx} for a in statement.amounts],
        "dates": [{"iso": d.iso, "precision": d.precision.value, "part": d.part.value} for d in statement.dates],
    }


def _say(explained: Explained) -> None:
    reading, judgement = explained.reading, explained.judgement
    say(paint(plain(reading.title.text) or "(no title)", bold=True))
    verdict = "would be flagged" if judgement.flagged else "nothing fresh"
    belongs = "belongs to the storyline" if judgement.relevance.relevant else "beside the storyline"
    say(f"{reading.lang}  {reading.published:%Y-%m-%d %H:%M}  {belongs} ({judgement.relevance.reason})")
    say(f"{verdict}, confidence {judgement.confidence:.2f}\n")
    for finding in judgement.findings:
        change = f"({finding.was} -> {finding.now}) " if finding.was else ""
        event = f"  [{finding.event}]" if finding.event else ""
        quiet = not finding.verdict.is_fresh
        say(mark(SIGNS[finding.verdict]) + paint(wrapped(change + finding.text + event, "    ", "   "), dim=quiet))
        if judgement.relevance.relevant:
            say(paint(wrapped(f"why: {finding.reason}", "      "), dim=True))
