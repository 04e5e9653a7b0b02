"""Pages as news sites build them, and as attackers do."""

from __future__ import annotations

import contextlib
import html
import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.edges.page_lines import Line, Shape, without_furniture
from watcher.edges.pages import MAX_SENTENCES, extract
from watcher.errors import ParseError
from watcher.records import Page

DATA = Path(__file__).parent / "data" / "pages"
SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
URL = "https://kuestenblatt.example/reederei-klage?utm_source=x"
SENTENCE = "The harbour master said on Tuesday that {} ships had arrived before the storm closed the channel for good. "


def told(page: Page) -> dict[str, Any]:
    """Give a page as JSON, without what is empty."""
    row = {name: getattr(page, name) for name in page.__slots__}
    return {k: v.isoformat() if isinstance(v, datetime) else list(v) if isinstance(v, tuple) else v
            for k, v in row.items() if v}  # fmt: skip


@pytest.mark.parametrize("path", sorted(DATA.glob("*.html")), ids=lambda path: path.name)
def test_pages_are_read(path: Path) -> None:
    """Every page in data/pages reads as the `.expected.json` beside it says."""
    page = extract(path.read_bytes(), "text/html", URL)
    assert told(page) == json.loads(path.with_name(path.name + ".expected.json").read_text("utf-8"))


def body(count: int = 6) -> str:
    """Give a plausible article text."""
    return "".join(f"<p>{SENTENCE.format(n)}{SENTENCE.format(n + 100)}</p>" for n in range(count))


def page_of(inside: str, head: str = "") -> bytes:
    """Give a page around some markup."""
    return f"<html lang='en'><head><title>Ships</title>{head}</head><body>{inside}</body></html>".encode()


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")) or [None], ids=str)
def test_seed_articles_survive_their_furniture(path: Path | None) -> None:
    """Real articles wrapped as a blog system wraps them come out whole, and nothing of the wrapping does."""
    if path is None:
        pytest.skip("the seed articles are not here")
    paragraphs = [p for line in path.read_text("utf-8").split("\n") if len(p := " ".join(line.split())) > 200]
    wrapped = page_of(
        "<nav><p>Menü</p></nav><div class='cookie-bar'><p>Wir verwenden Cookies für alles.</p></div><main><article>"
        + "".join(f"<p>{html.escape(p)}</p>" for p in paragraphs)
        + "<p>Add a comment</p><h3>Schreibe einen Kommentar</h3><p>Previous Post</p><p>Ein ganz anderer Beitrag</p>"
        "<p>Next Post</p><p>Noch ein anderer Beitrag</p><p>Dark Mode Light Mode</p></article></main>"
        "<aside><p>Jetzt unseren Newsletter abonnieren</p></aside>"
    )
    assert list(extract(wrapped, "text/html", URL).paragraphs) == paragraphs


@pytest.mark.parametrize(
    ("head", "iso"),
    [
        ('<meta property="article:published_time" content="2025-02-10T14:30:00Z">', "2025-02-10T14:30:00+00:00"),
        ('<meta name="date" content="2025-02-10"><meta name="pubdate" content="2025-02-10T14:30:00+01:00">',
         "2025-02-10T14:30:00+01:00"),
        ('<script type="application/ld+json">[{"@type":"NewsArticle","datePublished":"2025-02-10T14:30:00.123+0100"}]'
         "</script>",
         "2025-02-10T14:30:00.123000+01:00"),
        ('<script type="application/ld+json">{broken</script><meta name="date" content="10.02.2025 14:30">',
         "2025-02-10T14:30:00+01:00"),
        ('<meta name="date" content="2025-02-10T14:30:00">', "2025-02-10T14:30:00+00:00"),
        ('<meta name="date" content="nonsense">', None),
    ],
)  # fmt: skip
def test_dates_carry_time_and_zone(head: str, iso: str | None) -> None:
    """The publication date is the most exact one the page gives, in UTC; without a zone it is taken for UTC."""
    published = extract(page_of(body(), head), "text/html", "https://e.example/x").published
    assert (published.isoformat() if published else None) == iso


@pytest.mark.parametrize(
    ("title", "site", "clean"),
    [
        ("Ships arrive | Courier", "Courier", "Ships arrive"),
        ("Courier: Ships - late", "Courier", "Courier: Ships - late"),
        ("Ships - late", "Courier", "Ships - late"),
        ("Courier - Ships", "Courier", "Ships"),
        ("Ships – World – courier.com", "Courier", "Ships – World"),
    ],
)
def test_titles_lose_the_outlet(title: str, site: str, clean: str) -> None:
    """The outlet's name is not part of a title, and nothing else is cut from it."""
    head = f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="{site}">'
    assert extract(page_of(body(), head), "text/html", URL).title == clean


def test_a_canonical_address_stays_on_its_site() -> None:
    """A page may name another address of its own site, but no other site and no front page."""
    for href, kept in [("/story", "https://kuestenblatt.example/story"), ("https://evil.example/x", ""), ("/", "")]:
        page = extract(page_of(body(), f'<link rel="canonical" href="{href}">'), "text/html", URL)
        assert page.canonical_url == kept


def test_one_control_reference_does_not_blank_a_page() -> None:
    """An article with references to control characters in it is read like any other."""
    clean = extract(page_of(body()), "text/html", URL)
    dirty = extract(page_of(body().replace("ships", "ships&#27;&#x0;\x07", 1)), "text/html", URL)
    assert clean.paragraphs
    assert dirty.paragraphs == clean.paragraphs


REFERENCES = (Path(__file__).parent / "data" / "control_references.txt").read_text("ascii").splitlines()[1:]


@pytest.mark.parametrize("reference", REFERENCES)
def test_references_without_ink_leave_no_trace(reference: str) -> None:
    """Whatever reference to a character nobody sees stands in a word, the page is read as if it were not there."""
    clean = extract(page_of(body()), "text/html", URL)
    dirty = extract(page_of(body().replace("ships", f"ship{reference}s", 1)), "text/html", URL)
    assert dirty.paragraphs == clean.paragraphs


HOSTILE = {
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(60_000)) + ">x</p>" + body(),
    "quoted attributes": "<p x='>' " + " ".join(f"a{n}='<'" for n in range(60_000)) + ">x</p>" + body(),
    "spans": body() + "<table><tr><td colspan=999999999 rowspan=999999999>x</td></tr></table>" * 50,
    "depth": "<div>" * 20_000 + body(),
    "author": body() + '<script type="application/ld+json">{"author":' + '"name":"' * 12_000 + "</script>",
    "deep data": '<script type="application/ld+json">' + "[" * 100_000 + "</script>" + body(),
    "long data": '<script type="application/ld+json">["' + "a" * 2_000_000 + '"]</script>' + body(),
    "open quotes": body() + "<a href='" + '<b y="' * 20_000,
    "open scripts": body() + "<script>" * 20_000,
    "open comments": body() + "<!-- " * 20_000,
    "one paragraph": "<p>" + "word " * 200_000 + "</p>",
    "inline": "<p>" + "<b>x" * 20_000 + "</p>" + body(),
    "links": "".join(f"<a href='/{n}'>{n}</a> " for n in range(8_000)) + body(),
    "entities": body() + "&amp;" * 100_000,
    "line": "<p>" + "share " * 60 + "</p>" + "<p>" + "a " * 190 + "cookies</p>" + body(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_traps_cost_little(name: str) -> None:
    """Pages made to stall or blow up an extractor are read in a moment or refused."""
    started = time.process_time()
    with contextlib.suppress(ParseError):
        extract(page_of(HOSTILE[name]), "text/html", URL)
    assert time.process_time() - started < 15


def test_a_book_is_cut() -> None:
    """Of a page as long as a book, what one article may have is kept: each later step pays for every sentence."""
    book = "".join(f"<p>Paragraph {n}. {'The council said so. ' * 200}</p>" for n in range(1000))
    paragraphs = extract(page_of(f"<article>{book}</article>"), "text/html", URL).paragraphs
    assert paragraphs
    assert "".join(paragraphs).count(". ") <= MAX_SENTENCES


@pytest.mark.parametrize(
    ("raw", "kind"),
    [(b"", "text/html"), (b"%PDF-1.7", "text/html"), (b"{}", "application/json"), (b"\x89PNG", ""), (b" \n", "")],
)
def test_what_is_no_page_is_told(raw: bytes, kind: str) -> None:
    """Bytes that are no page are a ParseError that names the address."""
    with pytest.raises(ParseError, match=r"kuestenblatt\.example"):
        extract(raw, kind, URL)


def test_a_front_page_is_a_list() -> None:
    """What was read from a site's entrance is not an article."""
    assert extract(page_of(body()), "text/html", "https://e.example/").problem == "list"
    assert extract(page_of(body()), "text/html", "https://consent.google.com/ml?continue=x").problem == "consent"
    assert extract(page_of("<p>x</p>"), "text/html", "https://e.example/a").problem == "empty"


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"<html><body><p>", b"<p class='x", b"\xff\xfe<", b"<!DOCTYPE html><table>"]),
)
@settings(max_examples=100, deadline=None)
def test_any_bytes_end_well(tail: bytes, head: bytes) -> None:
    """Whatever comes is a page of clean text or a ParseError."""
    try:
        page = extract(head + tail, "text/html; charset=undefined", URL)
    except ParseError:
        return
    assert all(p.isprintable() and len(p) <= 5000 for p in page.paragraphs)


def test_furniture_lines_go_and_others_stay() -> None:
    """Lines that only look like furniture stay: sentences about cookies' makers, comments and posts."""
    stays = [
        "Der Hersteller der Cookies meldete Insolvenz an.",
        "Next post of the admiral is Portsmouth, the navy said on Monday.",
        "Kommentare wollte der Konzern nicht abgeben.",
        "Share prices fell by nine percent.",
        "Related costs rose to 12 million.",
        "Audio of the call was leaked.",
        "Copyright law was changed on Monday.",
        "Getty Images verklagt Stability",
        "Published in 2019, the report named 40 people.",
        "Weitere Themen waren die Miete und der Lärm.",
    ]
    lines = [Line(text=text, shape=Shape.PARAGRAPH) for text in stays]
    assert without_furniture(lines) == lines
