"""What enters the house is harmless."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.edges.clean import clean_text, clean_url, drop_control_references, known_charset, strip_markup


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  a \t b\r\nc  ", "a b c"),
        ("Mu\u0308nchen", "München"),
        ("evil\x1b]52;c;AAAA\x07 title\x9b31m", "evil]52;c;AAAA title31m"),
        ("abc\u202edef\u2066x\u2069", "abcdefx"),
        ("zero\u200bwidth\ufeff\u00ad", "zerowidth"),
        ("lone \ud800 surrogate", "lone \ufffd surrogate"),
        ("tag\U000e0041s \U000e0100", "tags"),
        ("a\u2028b\u0085c\u3000d", "a b c d"),
        ("\u3164\u2800blank", "blank"),
    ],
)
def test_text_is_what_a_person_sees(raw: str, clean: str) -> None:
    """Controls, bidirectional and invisible characters go, white space folds, letters are composed."""
    assert clean_text(raw, 200) == clean


def test_lines_can_be_kept() -> None:
    """With `keep_lines` single line breaks stand and everything else folds."""
    assert clean_text("a  b\r\n\r\n \n c\td", 50, keep_lines=True) == "a b\nc d"


def test_cut_keeps_accents_with_their_letter() -> None:
    """The cut falls before a letter rather than between it and an accent."""
    assert clean_text("abq\u0331\u0330yz", 4) == "ab"
    assert clean_text("abcd", 3) == "abc"


def test_accent_flood_is_quick() -> None:
    """A megabyte of accents costs no more than a blink."""
    started = time.process_time()
    assert len(clean_text("a" + "\u0301\u0316" * 500_000, 500)) <= 500
    assert time.process_time() - started < 5


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=60), st.integers(0, 40))
@settings(max_examples=300, deadline=None)
def test_nothing_invisible_survives(raw: str, limit: int) -> None:
    """Whatever goes in, what comes out is short, encodable and free of controls; cleaning twice changes nothing."""
    text = clean_text(raw, limit)
    assert len(text) <= limit
    text.encode("utf-8")
    assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")]
    assert clean_text(text, limit) == text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (" https://Example.ORG ", "https://example.org/"),
        ("HTTPS://example.org:443/a?b=c#d", "https://example.org/a?b=c#d"),
        ("http://example.org:8080/", "http://example.org:8080/"),
        ("https://user:pw@example.org/x", "https://example.org/x"),
        ("https://bücher.example/straße?ä=ö", "https://xn--bcher-kva.example/stra%C3%9Fe?%C3%A4=%C3%B6"),
        ("https://example.org/a b\u202e", "https://example.org/a%20b%E2%80%AE"),
        ("https://example.org/a\nb", "https://example.org/ab"),
        ("https://example.org./x", "https://example.org/x"),
        ("https://[::FFFF:7f00:1]/", "https://[::ffff:7f00:1]/"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("//example.org/x", None),
        ("/relative", None),
        ("https://example.org\\@evil.example/", None),
        ("https://a@b@c/", None),
        ("https://ex%61mple.org/", None),
        ("https://example.org/\x00", None),
        ("https://example.org:99999/", None),
        ("https://example.org:0/", None),
        ("https://[::1%25eth0]/", None),
        ("https://a..b/", None),
        ("http://[", None),
        ("https://", None),
        ("", None),
        ("https://example.org/" + "a" * 2000, None),
    ],
)
def test_addresses_have_one_spelling(raw: str, clean: str | None) -> None:
    """An address is absolute http(s), ASCII, without credentials; anything two parsers could read apart is None."""
    assert clean_url(raw) == clean


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_clean_addresses_stay_clean(raw: str) -> None:
    """Cleaning an address twice gives the same address, and it is always printable ASCII."""
    url = clean_url("https://" + raw)
    if url is not None:
        assert url.isascii()
        assert url.isprintable()
        assert clean_url(url) == url


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("a < b and c", "a < b and c"),
        ("<p>One</p><p>Two &amp; three</p>", "One Two & three"),
        ("x<br>y<script>alert(1)</script>z<style>p{}</style>", "x yz"),
        ("<b>bold</b>ly <a href='x'>linked</a>", "boldly linked"),
        ("<p>open <i>never closed", "open never closed"),
        ("5 &#27; 6 &#xD800; &uuml;", "5 6 ü"),
        ("<!-- hidden -->shown", "shown"),
        ("<img src=x onerror=alert(1)>", ""),
    ],
)
def test_markup_becomes_words(html: str, text: str) -> None:
    """Feed HTML leaves as plain words, blocks apart, scripts and styles gone."""
    assert clean_text(strip_markup(html), 500) == text


def test_deep_markup_does_no_harm() -> None:
    """Nesting beyond any depth ends as text or nothing, never as an error."""
    assert isinstance(strip_markup("<div>" * 50_000 + "deep"), str)


def test_control_references_go_and_others_stay() -> None:
    """References to controls, surrogates and non-characters go; references to letters and Windows quotes stay."""
    source = b"a&#27;b&#x1B;c&#0;d&#xDFFF;e&#228;f&#x96;g&#10;h\x00\x1bi&#99999999;"
    source += b"j&#99999999999999999999;k&#x1ffffffffffffffff;l"
    assert drop_control_references(source) == b"abcde&#228;f&#x96;g hijkl"


@pytest.mark.parametrize(("name", "known"), [("UTF-8", "utf-8"), ("'iso-8859-1'", "iso-8859-1"), ("undefined", ""),
                                             ("rot13", ""), ("idna", ""), ("punycode", ""), ("", "")])  # fmt: skip
def test_only_text_encodings_are_known(name: str, known: str) -> None:
    """Codecs that are not text encodings of the web are not taken from strangers."""
    assert known_charset(name) == known
