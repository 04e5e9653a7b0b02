"""Feeds as found in the world and as attackers write them."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.edges.dates import german_date
from watcher.edges.feeds import parse
from watcher.errors import ParseError
from watcher.records import ParsedFeed

DATA = Path(__file__).parent / "data" / "feeds"
CASES = sorted(path for path in DATA.iterdir() if not path.name.endswith(".expected.json"))
URL = "https://asked.example/feed"


def told(feed: ParsedFeed) -> dict[str, Any]:
    """Give a feed as JSON, without what is empty."""
    rows = []
    for entry in feed.entries:
        row = {name: getattr(entry, name) for name in entry.__slots__}
        rows.append({k: v.isoformat() if isinstance(v, datetime) else v for k, v in row.items() if v})
    return {"title": feed.title, "lang": feed.lang, "ttl_s": feed.ttl_s, "broken": bool(feed.note), "entries": rows}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_feeds_are_read(path: Path) -> None:
    """Every file in data/feeds reads as the `.expected.json` beside it says."""
    feed = parse(path.read_bytes(), "text/xml", URL)
    expected = json.loads(path.with_name(path.name + ".expected.json").read_text("utf-8"))
    assert told(feed) == expected


RSS = "<rss version='2.0'><channel><title>T</title>{}</channel></rss>"
ITEM = "<item><title>{title}</title><link>{link}</link><guid isPermaLink='false'>{guid}</guid></item>"


def identities(*items: tuple[str, str, str]) -> list[str]:
    """Give the identities of items told as title, link, guid."""
    body = "".join(ITEM.format(title=t, link=k, guid=g) for t, k, g in items)
    return [entry.identity for entry in parse(RSS.format(body).encode(), "", URL).entries]


def test_identity_survives_edits() -> None:
    """New guids, new titles and new tracking parameters leave an item what it was."""
    assert identities(("Old", "https://e.example/a?utm_source=x", "1")) == identities(
        ("New", "http://e.example/a?fbclid=y", "2")
    )


def test_a_live_blog_keeps_its_first_identity() -> None:
    """A second item with the same link does not rename the first."""
    alone = identities(("First", "https://e.example/live", "1"))
    both = identities(("Second", "https://e.example/live", "2"), ("First", "https://e.example/live", "1"))
    assert both[1:] == alone


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   \n",
        b"hello",
        b"/etc/passwd",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"{}",
        b'{"version": null, "items": null}',
        b"null",
        b"[" * 100_000,
        b"{" + b'"a":{' * 50_000,
        b"<html><body>Not found</body></html>",
        b"<xml><nothing/></xml>",
    ],
)
def test_what_is_no_feed_is_told(body: bytes) -> None:
    """Bytes that are no feed are a ParseError that names the address."""
    with pytest.raises(ParseError, match=r"asked\.example"):
        parse(body, "application/rss+xml", URL)


def test_a_page_tells_where_its_feed_is() -> None:
    """A web page where a feed was expected names the feed it links to."""
    link = b'<link rel="alternate" type="application/rss+xml" href="/rss?a=1&amp;b=2">'
    page = b"<!DOCTYPE html><html><head>" + link + b"</head></html>"
    with pytest.raises(ParseError, match=r"web page.*https://asked\.example/rss\?a=1&b=2"):
        parse(page, "text/html", URL)


def test_entries_are_bounded_in_number_and_size() -> None:
    """What is beyond `max_entries` is left and said to be; fields end at their caps."""
    items = [(f"{i} " + "t" * 900, f"https://e.example/{i}", str(i)) for i in range(30)]
    body = RSS.format("".join(ITEM.format(title=t, link=k, guid=g) for t, k, g in items)).encode()
    feed = parse(body, "", URL, max_entries=10)
    assert feed.truncated
    assert [len(entry.title) for entry in feed.entries] == [500] * 10
    long = parse(
        RSS.format(f"<item><title>x</title><link>https://e.example/{'a' * 3000}</link></item>").encode(), "", URL
    )
    assert long.entries[0].url == ""


def test_an_empty_feed_is_a_feed() -> None:
    """A feed without items is read and has none."""
    assert parse(RSS.format("").encode(), "", URL).entries == ()


@pytest.mark.parametrize("charset", ["undefined", "idna", "rot13", "hex", "no-such-thing"])
def test_odd_charsets_do_no_harm(charset: str) -> None:
    """A charset that is no text encoding, in the header or in the document, is passed over."""
    body = f"<?xml version='1.0' encoding='{charset}'?>".encode() + RSS.format("").encode()
    assert parse(body, f"text/xml; charset={charset}", URL).title == "T"


@pytest.mark.parametrize(
    "hostile",
    [
        " " * 400_000 + RSS.format(""),
        RSS.format("<item><author>" + "a" * 200_000 + "</author><title>x</title></item>"),
        RSS.format("<item><dc:creator><![CDATA[" + "a." * 100_000 + "]]></dc:creator><title>x</title></item>"),
        RSS.format("<item><title>" + "&lt;b&gt;" * 30_000 + "x</title></item>"),
        RSS.format("<item><pubDate>" + "1" * 200_000 + "</pubDate><title>x</title></item>"),
        RSS.format("<item><title>" + "a\u0301\u0316" * 60_000 + "</title></item>"),
    ],
    ids=["leading space", "author", "cdata author", "markup", "date", "accents"],
)
def test_long_fields_cost_little(hostile: str) -> None:
    """Fields that make naive readers quadratic are read in a moment."""
    started = time.process_time()
    parse(hostile.encode(), "text/xml", URL)
    assert time.process_time() - started < 10


def test_two_hundred_items_are_quick() -> None:
    """An ordinary large feed takes little work."""
    text = "<description>" + "&lt;p&gt;Some words of a summary.&lt;/p&gt;" * 30 + "</description></item>"
    items = "".join(ITEM.format(title=f"T{i}", link=f"https://e.example/{i}", guid=i)[:-7] + text for i in range(200))
    body = RSS.format(items).encode()
    started = time.process_time()
    assert len(parse(body, "", URL).entries) == 200
    assert time.process_time() - started < 5


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"<rss version='2.0'><channel><item><title>", b'{"items":[', b"\xff\xfe"]),
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_end_well(tail: bytes, head: bytes) -> None:
    """Whatever comes is a feed or a ParseError; identities are distinct."""
    try:
        feed = parse(head + tail, "text/xml", URL)
    except ParseError:
        return
    names = [entry.identity for entry in feed.entries]
    assert len(set(names)) == len(names)
    assert feed == replace(feed)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Mo, 20 Jan 2025 14:30:00 +0100", "2025-01-20T14:30:00+01:00"),
        ("Di, 04 Mär 2025 14:30:00 GMT", "2025-03-04T14:30:00+00:00"),
        ("Mittwoch, den 5. März 2025 um 14:30 Uhr", "2025-03-05T14:30:00+01:00"),
        ("10.02.2025 14:30", "2025-02-10T14:30:00+01:00"),
        ("10.07.2025, 14:30 Uhr", "2025-07-10T14:30:00+02:00"),
        ("10.02.2025", "2025-02-10T00:00:00+01:00"),
        ("4. Dez. 2024", "2024-12-04T00:00:00+01:00"),
        ("Mon, 20 Jan 2025 14:30:00 MEZ", "2025-01-20T14:30:00+01:00"),
        ("Mon, 20 Jan 2025 14:30:00", None),
        ("Mon, 20 Jan 2025 14:30:00 EST", None),
        ("2025-01-20", None),
        ("vorgestern", None),
        ("1" * 100, None),
    ],
)
def test_german_dates(text: str, iso: str | None) -> None:
    """German dates are read in German time; what is not surely German is left to others."""
    moment = german_date(text)
    assert (moment.isoformat() if moment else None) == iso
