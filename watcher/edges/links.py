"""What an address identifies: one key for all spellings of a page, its site, the links of news searches."""

from __future__ import annotations

import base64
import binascii
import re
from functools import cache
from importlib import resources
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from watcher.edges.clean import clean_url

_DOTS = re.compile(r"/\.{1,2}(?=/|$)")
_SLASHES = re.compile(r"/{2,}")
_ESCAPED = re.compile(r"%[0-9a-fA-F]{2}")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_FRONT_FILE = re.compile(r"/(?:(?:index|default|home|start|startseite)(?:\.[a-z]{2,5})?)?", re.IGNORECASE)
_LANGUAGE = re.compile(r"/([a-z]{2})(?:[-_][a-z]{2})?/?", re.IGNORECASE)
_GOOGLE_ARTICLE = re.compile(r"/(?:rss/|__i/rss/rd/)?(?:articles|read)/([A-Za-z0-9_-]{16,1800})")
_EMBEDDED = re.compile(rb"https?://[\x21-\x7e]{4,1900}")
_SECOND_LEVEL = frozenset(["ac", "co", "com", "edu", "gob", "gov", "gv", "mil", "ne", "net", "nom", "or", "org"])


def key(url: str) -> str:
    """Give the identity of an address: equal for all spellings of one page, e.g. `example.org/a?id=7`.

    Scheme, `www.`, default port, fragment, tracking parameters, order of parameters, dot segments, doubled and trailing
    slashes make no difference. Everything else does, parameters without a value included: two pages must never share
    a key. What is not an address is its own key.
    """
    cleaned = clean_url(url)
    if cleaned is None:
        return url.strip()
    parts = urlsplit(cleaned)
    path = _SLASHES.sub("/", _plain_escapes(parts.path))
    if _DOTS.search(path):
        path = urlsplit(urljoin("https://any.invalid/", path)).path
    query = "&".join(sorted(p for p in parts.query.split("&") if p and not _is_tracker(p.partition("=")[0])))
    return (
        parts.netloc.removeprefix("www.") + (path.rstrip("/") or "/") + (f"?{_plain_escapes(query)}" if query else "")
    )


def origin(url: str) -> str:
    """Give scheme, host and port of an address in one spelling; '' for what is no address."""
    parts = urlsplit(clean_url(url) or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def without_query(url: str) -> str:
    """Give an address as it may be told to others: without login, query and fragment; '' for what is no address."""
    return urlsplit(clean_url(url) or "")._replace(query="", fragment="").geturl()


def same_site(a: str, b: str) -> bool:
    """Whether two addresses belong to one registrable domain (`m.example.co.uk`, `www.example.co.uk`)."""
    first, second = _site(a), _site(b)
    return bool(first) and first == second


def is_front_page(url: str) -> bool:
    """Whether an address leads to a site's entrance rather than to one of its pages."""
    parts = urlsplit(clean_url(url) or "")
    if not parts.netloc or any(not _is_tracker(p.partition("=")[0]) for p in parts.query.split("&") if p):
        return False
    language = _LANGUAGE.fullmatch(parts.path)
    return bool(_FRONT_FILE.fullmatch(parts.path)) or bool(
        language and language[1].lower() in _lines("language_roots.txt")
    )


def is_aggregator(url: str) -> bool:
    """Whether an address belongs to a service that leads on to other people's articles."""
    host = urlsplit(clean_url(url) or "").hostname or ""
    return any(host == known or host.endswith("." + known) for known in _lines("aggregators.txt"))


def resolve_google_news(url: str) -> str | None:
    """Give the article a Google News link leads to, when the link itself holds it; None when only the network knows.

    Old links carry the target inside a base64 message; newer ones carry an opaque token there.
    """
    parts = urlsplit(clean_url(url) or "")
    if parts.hostname != "news.google.com":
        return None
    named = parse_qs(parts.query).get("url")
    if named:
        return clean_url(named[0])
    match = _GOOGLE_ARTICLE.match(parts.path)
    if not match:
        return None
    try:
        message = base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4))
    except (binascii.Error, ValueError):
        return None
    return _embedded_url(message)


def resolve_bing(url: str) -> str | None:
    """Give the article a Bing News click link (`apiclick.aspx?...&url=`) names; None when it is no such link."""
    parts = urlsplit(clean_url(url) or "")
    host = parts.hostname or ""
    if not (host == "bing.com" or host.endswith(".bing.com")) or not parts.path.lower().endswith("/apiclick.aspx"):
        return None
    named = parse_qs(parts.query).get("url")
    return clean_url(named[0]) if named else None


def _embedded_url(message: bytes) -> str | None:
    """Find the address in a protocol-buffer message; its length stands in the one or two bytes before it."""
    match = _EMBEDDED.search(message)
    if not match:
        return None
    start, raw = match.start(), match[0]
    if start >= 2 and message[start - 1] < 0x80 <= message[start - 2]:
        length = (message[start - 2] & 0x7F) | (message[start - 1] << 7)
    else:
        length = message[start - 1] if start else len(raw)
    return clean_url(raw[: length or len(raw)].decode("ascii"))


def _site(url: str) -> str:
    """Give the registrable domain of an address, or its host when that is a number; '' for what is no address."""
    host = urlsplit(clean_url(url) or "").hostname or ""
    labels = host.split(".")
    if ":" in host or labels[-1].isdigit():
        return host
    return ".".join(
        labels[-3:] if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else labels[-2:]
    )


def _plain_escapes(text: str) -> str:
    """Write percent escapes one way: upper case, and only where a character needs one."""

    def plain(match: re.Match[str]) -> str:
        character = unquote(match[0], encoding="latin-1")
        return character if _UNRESERVED.fullmatch(character) else match[0].upper()

    return _ESCAPED.sub(plain, text)


def _is_tracker(name: str) -> bool:
    name = name.lower()
    return name in _trackers()[0] or name.startswith(_trackers()[1])


@cache
def _trackers() -> tuple[frozenset[str], tuple[str, ...]]:
    lines = _lines("trackers.txt")
    return (
        frozenset(line for line in lines if not line.endswith("*")),
        tuple(line[:-1] for line in lines if line.endswith("*")),
    )


@cache
def _lines(name: str) -> tuple[str, ...]:
    text = (resources.files("watcher.edges") / "tables" / name).read_text("utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))
