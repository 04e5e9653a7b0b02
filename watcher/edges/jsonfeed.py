"""JSON Feed 1.0 and 1.1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from watcher.edges.clean import clean_text
from watcher.edges.entries import RawEntry, settle, short_lang
from watcher.errors import ParseError
from watcher.records import ParsedFeed

_MAX_SOURCE = 200_000


def looks_like(body: bytes) -> bool:
    """Whether a body is JSON rather than XML, by its first character."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def parse(body: bytes, url: str, max_entries: int) -> ParsedFeed:
    """Read a JSON Feed that came from `url`. Raises ParseError when it is none."""
    try:
        feed = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise ParseError(f"{url}: neither a feed nor JSON: {clean_text(str(error), 200)}") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or "jsonfeed.org/version/" not in _text(feed.get("version")):
        raise ParseError(f"{url}: JSON, but not a JSON Feed")
    lang = _text(feed.get("language"))
    entries = settle(_raw(item, url, lang) for item in items[:max_entries] if isinstance(item, dict))
    wrong = sum(not isinstance(item, dict) for item in items)
    return ParsedFeed(
        title=clean_text(_text(feed.get("title")), 200),
        entries=entries,
        lang=short_lang(lang),
        note=f"{wrong} of its items {'is no object' if wrong == 1 else 'are no objects'}" if wrong else "",
        truncated=len(items) > max_entries,
    )


def _raw(item: dict[str, Any], url: str, lang: str) -> RawEntry:
    link = _text(item.get("url")) or _text(item.get("external_url"))
    guid = _text(item.get("id"))
    if not link and guid.startswith(("https://", "http://")):
        link = guid
    return RawEntry(
        guid=guid,
        link=_joined(url, link) if link else "",
        title=_text(item.get("title")),
        summary=_text(item.get("summary")) or _text(item.get("content_text")) or _text(item.get("content_html")),
        author=", ".join(_authors(item)),
        published=_date(item.get("date_published")),
        updated=_date(item.get("date_modified")),
        lang=_text(item.get("language")) or lang,
    )


def _authors(item: dict[str, Any]) -> Iterator[str]:
    authors = item.get("authors")
    for author in (authors if isinstance(authors, list) else [item.get("author")])[:5]:
        name = _text(author.get("name")) if isinstance(author, dict) else ""
        if name:
            yield name


def _text(value: object) -> str:
    """Give a JSON value as text; numbers are ids in some feeds, everything else is nothing."""
    if isinstance(value, str):
        return value[:_MAX_SOURCE]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return ""


def _date(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(_text(value).strip()[:40])
    except ValueError:
        return None
