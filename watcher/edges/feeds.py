"""Feeds read: RSS 0.9x to 2.0, RDF and Atom through feedparser, JSON Feed by ourselves.

A pure function over bytes from strangers, made to run in a worker process.
"""

from __future__ import annotations

import calendar
import codecs
import io
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin
from xml.sax import SAXException

import feedparser

from watcher.edges import jsonfeed
from watcher.edges.clean import clean_text, clean_url, drop_control_references, known_charset, strip_markup
from watcher.edges.dates import german_date
from watcher.edges.entries import WEB_PAGE, RawEntry, settle, short_lang
from watcher.errors import ParseError
from watcher.records import ParsedFeed

MAX_ENTRIES = 50_000
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE, b"\x00<", b"<\x00")
_DECLARED = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml\b[^>]{0,200}?encoding\s*=\s*["']([^"'>]{0,80})["']""")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FEED_ROOT = re.compile(rb"<(?:[a-z]\w{0,20}:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_LINK = re.compile(rb"<link\b[^<>]{0,1000}>", re.IGNORECASE)
_FEED_TYPE = re.compile(rb"application/(?:rss\+xml|atom\+xml|feed\+json|rdf\+xml)", re.IGNORECASE)
_MANY_FEEDS = 5
_HREF = re.compile(rb"""href\s*=\s*["']?([^"'\s>]{1,900})""", re.IGNORECASE)
# feedparser looks for mail addresses in authors with an expression that is quadratic in their length.
_LONG_AUTHOR = re.compile(
    rb"(<(?:[a-z]{1,20}:)?(?:author|creator|name|email|managingeditor|webmaster|publisher|contributor)\b[^<>]{0,200}>"
    rb"(?:<!\[CDATA\[)?[^<]{1000})[^<\]]+",
    re.IGNORECASE,
)
# A parser compares every attribute of a tag with every other; honest tags are short.
_LONG_TAG = re.compile(rb"<([A-Za-z][\w:.-]{0,200})\s[^<>]{16384,}?(/?)>")
# Places on maps: of no use here, and a wrong one makes feedparser give up on the whole feed.
_GEOMETRY = re.compile(rb"</?(?:gml|georss):[A-Za-z][^<>]{0,2000}>")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s\"';]{1,60})", re.IGNORECASE)
_HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
# What feedparser 6 was seen to raise on broken documents instead of setting `bozo`.
_RAISED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    SAXException,
    TypeError,
    ValueError,
)
_PERIODS_S = {"hourly": 3600.0, "daily": 86400.0, "weekly": 604800.0, "monthly": 2592000.0, "yearly": 31536000.0}


def parse(body: bytes, content_type: str, url: str, max_entries: int = MAX_ENTRIES) -> ParsedFeed:
    """Read the feed that came from `url`. Raises ParseError when the bytes are no feed.

    Broken feeds are read as far as they go; `note` then says what was wrong. Relative links are resolved.
    """
    if jsonfeed.looks_like(body):
        return jsonfeed.parse(body, url, max_entries)
    source = _prepared(body)
    if not source:
        raise ParseError(f"{url}: the answer is empty")
    if _HTML.search(source, 0, 4096) and not _FEED_ROOT.search(source, 0, 4096):
        raise ParseError(f"{url}: {WEB_PAGE}{_better_addresses(source, url)}")
    # Without a content-location: with one, feedparser resolves every link twice, at half its time. We do what is left.
    headers = {"content-type": _safe_type(content_type)}
    try:
        # Links inside texts stay as they are (the markup is thrown away); links of entries are resolved in any case.
        found = feedparser.parse(
            io.BytesIO(source), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except _RAISED as error:
        raise ParseError(f"{url}: the feed cannot be read: {clean_text(str(error), 200)}") from error
    problem = found.get("bozo_exception") if found.get("bozo") else None
    note = "" if problem is None or isinstance(problem, _HARMLESS) else clean_text(str(problem), 200)
    if not found.version and not found.entries:
        raise ParseError(f"{url}: not a feed" + (f": {note}" if note else ""))
    lang = str(found.feed.get("language") or "")
    truncated = len(found.entries) > max_entries
    return ParsedFeed(
        title=clean_text(strip_markup(str(found.feed.get("title") or "")), 200),
        entries=settle(_raw(entry, url, lang) for entry in _consumed(found.entries, max_entries)),
        lang=short_lang(lang),
        note=note,
        truncated=truncated,
        ttl_s=_ttl(found.feed),
    )


def _consumed(entries: list[Any], most: int) -> Iterator[Any]:
    """Give the first entries, letting go of each: tens of thousands take more memory than all we make of them."""
    del entries[most:]
    entries.reverse()
    while entries:
        yield entries.pop()


def _prepared(body: bytes) -> bytes:
    """Give the document without what makes the parser slow or raise: leading space, controls, invented encodings."""
    body = body.lstrip(b" \t\r\n\x0b\x0c")
    if body.startswith(_WIDE_MARKS):
        return body
    declared = _DECLARED.match(body)
    if declared and not known_charset(declared[1].decode("latin-1")):
        body = body[: declared.start(1)] + b"utf-8" + body[declared.end(1) :]
    elif declared and b"2022" in declared[1]:
        return body  # escape bytes are how these encodings work
    body = _GEOMETRY.sub(b"", body)
    body = _LONG_TAG.sub(rb"<\1\2>", drop_control_references(body))
    return _LONG_AUTHOR.sub(rb"\1", body).lstrip()


def _safe_type(content_type: str) -> str:
    """Give a content type whose charset, if any, is a text encoding."""
    kind = content_type.partition(";")[0].strip().lower()
    match = _CHARSET.search(content_type)
    charset = known_charset(match[1]) if match else ""
    return (kind or "application/xml") + (f"; charset={charset}" if charset else "")


def _better_addresses(source: bytes, url: str) -> str:
    """Say where the page tells its feeds are."""
    found: dict[str, None] = {}
    for link in _LINK.findall(source, 0, 200_000):
        href = _HREF.search(link)
        if href and b"alternate" in link.lower() and _FEED_TYPE.search(link):
            try:
                address = clean_url(urljoin(url, href[1].decode("utf-8", "replace").replace("&amp;", "&")))
            except ValueError:
                continue
            if address:
                found[address] = None
    named = list(found)[:_MANY_FEEDS]
    if len(named) == 1:
        return f"; its feed is {named[0]}"
    return f"; its feeds are {', '.join(named)}" if named else ""


def _raw(entry: Any, url: str, lang: str) -> RawEntry:
    detail = entry.get("title_detail") or {}
    source = entry.get("source") or {}
    contents = entry.get("content") or [{}]
    return RawEntry(
        guid=str(entry.get("id") or ""),
        link=_absolute(url, str(entry.get("feedburner_origlink") or entry.get("link") or "")),
        title=str(entry.get("title") or ""),
        summary=str(entry.get("summary") or contents[0].get("value") or ""),
        author=str(entry.get("author") or ""),
        published=_moment(entry, "published") or _moment(entry, "created"),
        updated=_moment(entry, "updated"),
        lang=str(detail.get("language") or lang),
        source=str(source.get("title") or entry.get("news_source") or ""),
    )


def _absolute(base: str, link: str) -> str:
    """Resolve a link against where the feed came from, unless it is absolute by itself or through `xml:base`."""
    if not link or link.startswith(("https://", "http://")):
        return link
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return ""


def _moment(entry: Any, name: str) -> datetime | None:
    # Not `entry.get`: feedparser answers for `updated` with `published` there.
    parsed = dict.get(entry, f"{name}_parsed")
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def _ttl(feed: Any) -> float | None:
    """Give the pause the feed asks for between polls."""
    ttl = str(feed.get("ttl") or "").strip()
    if ttl.isascii() and ttl.isdecimal() and len(ttl) <= 8:
        return int(ttl) * 60.0 or None
    period = _PERIODS_S.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    often = str(feed.get("sy_updatefrequency") or "1").strip()
    return period / max(int(often), 1) if period and often.isascii() and often.isdecimal() and len(often) < 6 else None


def _read_german(text: str) -> time.struct_time | None:
    moment = german_date(text)
    return moment.astimezone(UTC).utctimetuple() if moment else None


feedparser.registerDateHandler(_read_german)
