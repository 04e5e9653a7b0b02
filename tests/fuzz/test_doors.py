"""Whatever bytes come through a door, what comes out is clean, or one of our errors. Found inputs stay in `found`.

A file `found/DOOR.NAME` is one input that once did harm. `WATCHER_FUZZ` multiplies the number of inputs.
"""

from __future__ import annotations

import json
import os
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from watcher import config
from watcher.edges import feeds, jsonfeed, pages
from watcher.edges.clean import clean_text, clean_url, strip_markup
from watcher.edges.links import key
from watcher.errors import ConfigError, ParseError, StorylineError
from watcher.records import Page, ParsedFeed
from watcher.storylines.events import read_events, write_event

FOUND = sorted((Path(__file__).parent / "found").iterdir())
MORE = int(os.environ.get("WATCHER_FUZZ", "1"))
URL = "https://asked.example/feed"
few = settings(max_examples=60 * MORE, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=150 * MORE, deadline=None, suppress_health_check=list(HealthCheck))

TAGS = ("rss", "channel", "item", "title", "link", "guid", "pubDate", "description", "author", "feed", "entry", "id",
        "content", "updated", "dc:creator", "media:content", "html", "body", "p", "table", "td", "script", "a", "div",
        "article", "h1", "meta", "svg", "style", "!DOCTYPE", "?xml", "!ENTITY", "!--", "![CDATA[")  # fmt: skip
tags = st.sampled_from(TAGS).flatmap(lambda tag: st.sampled_from([f"<{tag}>", f"</{tag}>", f"<{tag} x='", f"<{tag}/>"]))
references = st.one_of(
    st.integers(0, 0x120000).map(lambda code: f"&#{code};"),
    st.sampled_from(["&amp;", "&lt;", "&x;", "&#x0;", "&#xD800;", "&#", "&#x1b;", "]]>", "-->", "\x00", "\x1b"]),
)
markup = st.lists(st.one_of(tags, references, st.text(max_size=12)), max_size=40).map("".join)
heads = st.sampled_from(["", "<?xml version='1.0' encoding='utf-16'?>", "<rss><channel>", "<feed>", "<html>"])
types = st.sampled_from(["", "text/html", "application/rss+xml; charset=x", "text/xml; charset=utf-16", "a;b"])
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=10), inner, max_size=4)),
    max_leaves=10,
)


def is_clean(text: str) -> bool:
    """Whether a person sees every character of a text."""
    return all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in text)


def read_feed(body: bytes, kind: str = "text/xml") -> ParsedFeed | None:
    """Take a body through the door for feeds, and look at all that came out."""
    try:
        feed = feeds.parse(body, kind, URL)
    except ParseError as error:
        told = str(error)
    else:
        return _looked_at(feed)
    assert is_clean(told)
    return None


def _looked_at(feed: ParsedFeed) -> ParsedFeed:
    assert len({entry.identity for entry in feed.entries}) == len(feed.entries)
    for entry in feed.entries:
        assert all(is_clean(told) for told in (entry.title, entry.summary, entry.author, entry.source, entry.lang))
        assert entry.url == "" or clean_url(entry.url) == entry.url
        assert len(entry.title) <= 500
        assert entry.identity.isprintable()
    assert is_clean(feed.title + feed.note)
    return feed


def read_page(body: bytes, kind: str = "text/html") -> Page | None:
    """Take a body through the door for pages, and look at all that came out."""
    try:
        page = pages.extract(body, kind, "https://asked.example/story/1", "A title")
    except ParseError as error:
        words = str(error)
        page = None
    assert page is not None or is_clean(words)
    if page is None:
        return None
    for told in (*page.paragraphs, page.title, page.author, page.outlet, page.lang):
        assert is_clean(told)
    assert page.canonical_url == "" or clean_url(page.canonical_url) == page.canonical_url
    return page


def read_config(text: str) -> None:
    """Take a text through the door for configs."""
    problems: tuple[str, ...] = ("none",)
    try:
        config.parse(text, "config.toml")
    except ConfigError as error:
        problems = error.problems
    assert problems


def read_base(text: str) -> None:
    """Take a text through the door for events; what comes out goes in again."""
    try:
        events = read_events(text, "events.jsonl")
    except StorylineError:
        pass
    else:
        assert read_events("".join(write_event(event) + "\n" for event in events), "again") == events


@given(heads, markup, types)
@few
def test_feeds(head: str, body: str, kind: str) -> None:
    """Any markup is a feed of clean texts or a ParseError."""
    read_feed((head + body).encode("utf-8", "surrogatepass"), kind)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "url",
                    "title",
                    "content_text",
                    "content_html",
                    "date_published",
                    "authors",
                    "language",
                    "summary",
                ]
            ),
            values,
            max_size=6,
        ),
        max_size=4,
    ),
    values,
)
@few
def test_json_feeds(items: list[Any], title: Any) -> None:
    """Any JSON in the place of a feed's fields is a feed of clean texts or a ParseError."""
    document = {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": items}
    body = json.dumps(document).encode()
    assert jsonfeed.looks_like(body)
    read_feed(body, "application/feed+json")


@given(heads, markup, types)
@few
def test_pages(head: str, body: str, kind: str) -> None:
    """Any markup is a page of clean texts or a ParseError."""
    read_page((head + body).encode("utf-8", "surrogatepass"), kind)


@given(st.text(), st.integers(1, 80), st.booleans())
@many
def test_text(text: str, limit: int, lines: bool) -> None:
    """Cleaned text is clean, bounded, and stays as it is when cleaned again."""
    clean = clean_text(text, limit, keep_lines=lines)
    assert is_clean(clean.replace("\n", " ") if lines else clean)
    assert len(clean) <= limit
    assert clean_text(clean, limit, keep_lines=lines) == clean


@given(markup)
@few
def test_markup(html: str) -> None:
    """Words of markup are cleaned like any text."""
    assert is_clean(clean_text(strip_markup(html), 500))


@given(st.text(alphabet=st.sampled_from(list("htps:/@[]%.#?&=\\ \t\n0127fx.-ä①。")), max_size=60))
@many
def test_addresses(url: str) -> None:
    """A cleaned address is ASCII of one spelling, has a host and no credentials; every text has a key."""
    clean = clean_url(url)
    assert key(url) is not None
    if clean is not None:
        assert clean.isascii()
        assert clean.isprintable()
        assert clean_url(clean) == clean
        assert "@" not in clean.split("/")[2]


CONFIG_WORDS = st.sampled_from([
    "[fetch]", "[schedule]", "[[feed]]", "[alerts]", "[alerts.email]", "[[alerts.webhook]]", "[state]", "every", "min",
    "url", "name", "=", '"15m"', '"-1s"', '"10 MiB"', "allow_private", '["a:1"]', "[]", "1e999", "true", "\n", "{", "}",
    '"""', "since", "2020-01-01", "timeout", '"99999999999999999999d"', "port", "65536", "quiet_hours", '"25:00-1:0"',
])  # fmt: skip


@given(st.lists(st.one_of(CONFIG_WORDS, st.text(max_size=6)), max_size=30).map(" ".join))
@many
def test_configs(text: str) -> None:
    """Any text is a config or a ConfigError with a line for each mistake."""
    read_config(text)


FIELDS = ("id", "date", "date_precision", "title", "summary", "actors", "figures", "kind", "wordings", "disputed")


@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), values, max_size=10), max_size=4))
@few
def test_bases(tables: list[Any]) -> None:
    """Any JSON in the place of an event's fields is an event that can be written again, or an error."""
    read_base("\n".join(json.dumps(table) for table in tables))


@given(st.text(max_size=80))
@many
def test_lines_of_a_base(text: str) -> None:
    """Any text is events or a StorylineError."""
    read_base(text)


DOORS: dict[str, Callable[[bytes], object]] = {
    "feed": read_feed,
    "page": read_page,
    "config": lambda body: read_config(body.decode("utf-8", "replace")),
    "base": lambda body: read_base(body.decode("utf-8", "replace")),
    "text": lambda body: clean_text(body.decode("utf-8", "replace"), 500),
}


@pytest.mark.parametrize("file", FOUND, ids=lambda file: file.name)
def test_what_did_harm_once_does_none_now(file: Path) -> None:
    """Inputs that stalled, crashed or dirtied a door are read in a moment, and cleanly."""
    began = time.perf_counter()
    DOORS[file.name.partition(".")[0]](file.read_bytes())
    assert time.perf_counter() - began < 5


SERIES: dict[str, tuple[str, Callable[[int], str]]] = {
    "attributes": ("feed", lambda n: "<rss><channel><item " + " ".join(f"a{i}='1'" for i in range(n)) + "><title>x"),
    "authors": ("feed", lambda n: "<rss><channel><item><author>" + "a@" * n + "</author>"),
    "space": ("feed", lambda n: " " * n + "<rss/>"),
    "guids": ("feed", lambda n: "<rss><channel><item><title>x</title>" + "<guid>1</guid>" * (n // 40)),
    "page-attributes": ("page", lambda n: "<p " + " ".join(f"a{i}=1" for i in range(n)) + ">x"),
    "page-links": ("page", lambda n: "<a href=x>y</a>" * (n // 20)),
    "page-text": ("page", lambda n: "<p>" + "He said so. " * (n // 8)),
    "text-accents": ("text", lambda n: "a" + "\u0301" * n),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SERIES)
def test_cost_grows_no_faster_than_size(name: str) -> None:
    """Twice the size costs at most two and a half times the time, where the time can be measured at all."""
    door, make = SERIES[name]
    times = []
    for size in (40_000, 80_000):
        body = make(size).encode()
        spans = []
        for _ in range(3):
            began = time.process_time()
            DOORS[door](body)
            spans.append(time.process_time() - began)
        times.append(min(spans))
    assert times[1] < max(2.5 * times[0], 0.1), times
