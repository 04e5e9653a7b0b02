"""Addresses as identities."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.edges.links import is_aggregator, is_front_page, key, resolve_bing, resolve_google_news, same_site


@pytest.mark.parametrize(
    "spelling",
    [
        "http://example.org/a/b?id=7",
        "https://WWW.Example.org:443/a/b/?id=7#part",
        "https://example.org/a/b?utm_source=rss&id=7&fbclid=x",
        "https://example.org//a/x/../b?id=7",
        "https://example.org/%61/b?id=7&",
        "https://example.org./a/b?id=7&wt_mc=rss.red",
        "https://user@example.org/a/b?at_medium=RSS&id=7",
    ],
)
def test_spellings_of_one_page_share_a_key(spelling: str) -> None:
    """Scheme, www, port, fragment, trackers, dot segments and slashes make no difference."""
    assert key(spelling) == "example.org/a/b?id=7"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/?p=1", "https://example.org/?p=2"),
        ("https://example.org/a?12345", "https://example.org/a?12346"),
        ("https://example.org/a?article=77", "https://example.org/a?article=78"),
        ("https://example.org/a?eid=77", "https://example.org/a?eid=78"),
        ("https://example.org/A", "https://example.org/a"),
        ("https://example.org:8080/a", "https://example.org/a"),
        ("https://a.example.org/x", "https://b.example.org/x"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
    ],
)
def test_different_pages_never_share_a_key(one: str, other: str) -> None:
    """What may choose the content keeps pages apart."""
    assert key(one) != key(other)


@given(st.text(max_size=50))
@settings(max_examples=200, deadline=None)
def test_a_key_is_stable(tail: str) -> None:
    """Any text has a key, and adding a tracker to an address never changes it."""
    url = "https://example.org/x?" + tail.replace("#", "").replace("\\", "")
    key(tail)
    assert key(url) == key("https://" + key(url)) or not key(url).startswith("example.org")


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("https://www.example.org/x", "http://m.example.org/y", True),
        ("https://a.co.uk/", "https://b.co.uk/", False),
        ("https://x.bbc.co.uk/", "https://bbc.co.uk/", True),
        ("https://127.0.0.1/", "https://10.0.0.1/", False),
        ("nonsense", "nonsense", False),
    ],
)
def test_sites(a: str, b: str, same: bool) -> None:
    """Two hosts are one site when they share the registrable domain."""
    assert same_site(a, b) is same


@pytest.mark.parametrize(
    ("url", "front"),
    [
        ("https://example.org", True),
        ("https://example.org/index.html", True),
        ("https://example.org/de/", True),
        ("https://example.org/EN", True),
        ("https://example.org/de-AT/", True),
        ("https://example.org/en_us", True),
        ("https://example.org/no", False),
        ("https://example.org/ok/", False),
        ("https://example.org/no-no", False),
        ("https://example.org/de/story", False),
        ("https://example.org/?utm_source=x", True),
        ("https://example.org/?p=12", False),
        ("https://example.org/news/story", False),
        ("", False),
    ],
)
def test_front_pages(url: str, front: bool) -> None:
    """A site's entrance is told from its pages."""
    assert is_front_page(url) is front


def _google_link(target: bytes, *, long_form: bool = False) -> str:
    size = len(target)
    length = bytes([size & 0x7F | 0x80, size >> 7]) if long_form else bytes([size])
    message = b"\x08\x13\x22" + length + target + b"\xd2\x01\x00"
    return "https://news.google.com/rss/articles/" + base64.urlsafe_b64encode(message).decode().rstrip("=") + "?oc=5"


def test_google_links_that_hold_their_target() -> None:
    """Old Google News links are read without the network, short and long ones."""
    assert resolve_google_news(_google_link(b"https://example.org/story-1")) == "https://example.org/story-1"
    long = b"https://example.org/" + b"s" * 150
    assert resolve_google_news(_google_link(long, long_form=True)) == long.decode()


def test_google_links_that_hold_a_token() -> None:
    """New Google News links need the network; other addresses are none."""
    token = base64.urlsafe_b64encode(b"\x08\x13\x22\x20AU_yqLOpaqueTokenThatNamesNothing").decode()
    assert resolve_google_news(f"https://news.google.com/rss/articles/{token}") is None
    assert resolve_google_news("https://news.google.com/rss/articles/CBMi!!!") is None
    assert resolve_google_news("https://example.org/rss/articles/CBMiaaaaaaaaaaaaaaaa") is None


def test_bing_links() -> None:
    """A Bing click link names its article."""
    link = "http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url=https%3a%2f%2fexample.org%2fstory%3fid%3d1&c=2"
    assert resolve_bing(link) == "https://example.org/story?id=1"
    assert resolve_bing("https://bing.com.evil.example/news/apiclick.aspx?url=https://a.example") is None


def test_aggregators() -> None:
    """News searches are known by host, look-alikes are not."""
    assert is_aggregator("https://news.google.com/x")
    assert is_aggregator("https://www.bing.com/x")
    assert not is_aggregator("https://news.google.com.example.org/x")
