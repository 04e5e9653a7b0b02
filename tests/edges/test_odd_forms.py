"""Rare forms that readers of pages and feeds take without trouble, and so do we."""

from __future__ import annotations

import pytest

from watcher.edges import feeds, pages

TEXT = "The company sold seven factories in Ohio, and its chief executive resigned after a long meeting of the board. "
URL = "https://e.example/a/b-c"


def page(middle: str = "") -> str:
    """Give a page of a few paragraphs with something among them."""
    return f"<html><head><title>T</title></head><body><article><p>{TEXT}</p>{middle}<p>{TEXT}So it said.</p></article>"


@pytest.mark.parametrize("comment", ["<!-->", "<!--->", "<!---->", "<!-- a --!>", "<!-- a > b -->", "<!-- a -- b -->"])
def test_comments_end_where_browsers_end_them(comment: str) -> None:
    """The text behind one is there, what stands in it is not."""
    assert pages.extract(page(comment).encode(), "text/html", URL).paragraphs == (TEXT.strip(), f"{TEXT}So it said.")


@pytest.mark.parametrize("charset", ["iso-2022-jp", "hz", "iso-2022-kr"])
@pytest.mark.parametrize("told", ["header", "meta"])
def test_letters_written_in_ascii_are_read(charset: str, told: str) -> None:
    """An encoding that needs no byte above 127 is believed, though its bytes are UTF-8 as well."""
    word = {"iso-2022-jp": "日本", "hz": "中文", "iso-2022-kr": "한국"}[charset]
    meta = f'<meta charset="{charset}">' if told == "meta" else ""
    body = (meta + page(f"<p>{word} {TEXT}</p>")).encode(charset)
    found = pages.extract(body, "text/html" + (f"; charset={charset}" if told == "header" else ""), URL)
    assert found.paragraphs[1] == f"{word} {TEXT}".strip()


def test_a_wrong_charset_does_not_harm_other_letters() -> None:
    """UTF-8 that is told to be one of them is still read as what it is."""
    body = page("<p>Ärger über Öl: " + TEXT + "</p>").encode()
    assert pages.extract(body, "text/html; charset=iso-2022-jp", URL).paragraphs[1].startswith("Ärger über Öl")


@pytest.mark.parametrize(
    "place",
    [
        "<gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>x y z</gml:posList></gml:LinearRing></gml:exterior>"
        "</gml:Polygon>",
        "<georss:where><gml:Point srsName='EPSG:x'><gml:pos>1 2</gml:pos></gml:Point></georss:where>",
        "<gml:pos>1</gml:pos>",
        "<georss:point>a b</georss:point>",
    ],
)
def test_a_wrong_place_on_a_map_leaves_a_feed_readable(place: str) -> None:
    """Of one item as of all others."""
    spaces = 'xmlns:gml="http://www.opengis.net/gml" xmlns:georss="http://www.georss.org/georss"'
    items = f"<item><title>One</title>{place}<link>https://e.example/1-a</link></item><item><title>Two</title></item>"
    found = feeds.parse(f"<rss version='2.0' {spaces}><channel>{items}</channel></rss>".encode(), "", URL)
    assert [(entry.title, entry.url) for entry in found.entries] == [("One", "https://e.example/1-a"), ("Two", "")]
    assert not found.note
