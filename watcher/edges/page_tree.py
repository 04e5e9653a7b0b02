"""Bytes of a page made a tree that is safe to work on: decoded, without scripts, with bounded tags."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from watcher.edges.clean import drop_control_references, known_charset
from watcher.errors import ParseError

_MAX_TAG = 4096
_MAX_LD = 200_000
_MAX_LDS = 20
_MAX_ELEMENTS = 30_000
# A tree of attributes takes nearly a kilobyte for each.
_MAX_ATTRIBUTES = 60_000
_MAX_ATTRIBUTES_EACH = 100
_KEEPS_TEXT = 0.5
_FRAME = frozenset(["html", "head", "body", "main", "article"])
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s\"';]{1,60})", re.IGNORECASE)
_META_CHARSET = re.compile(rb"""<meta[^<>]{0,300}?charset\s*=\s*["']?\s*([a-zA-Z0-9_-]{2,40})""", re.IGNORECASE)
# Comments, scripts, styles and tags, each to its end or to the end of the page: one pass, whatever the input.
_PARTS = re.compile(
    rb"<!--(?:-?>|.*?(?:--!?>|\Z))"
    rb"|<(?P<raw>script|style|noembed|noframes|xmp|plaintext)\b(?P<of>[^>]*+)>(?P<inside>.*?)(?:</(?P=raw)\b[^>]*+>|\Z)"
    rb"|<(?P<tag>[a-zA-Z][a-zA-Z0-9:-]*+)"
    rb"(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+)*+(?:>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(rb"[^\s\"'=<>/]++\s*+(?:=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s\"'>]*+))?+")
_LD = re.compile(rb"application/ld\+json", re.IGNORECASE)
_WORDS = re.compile(r"[a-zäöüß]+|[A-ZÄÖÜ]+(?![a-zäöüß])|[A-ZÄÖÜ][a-zäöüß]*|\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTree:
    """A page as a tree, with the texts of its JSON-LD scripts beside it."""

    root: HtmlElement
    linked_data: tuple[str, ...]


def plant(body: bytes, content_type: str, url: str) -> PageTree:
    """Read a page. Raises ParseError when there is no page in the bytes, or one of absurd size."""
    found: list[str] = []
    attributes = 0

    def tame(match: re.Match[bytes]) -> bytes:
        nonlocal attributes
        if match["tag"] is not None:
            # A parser compares every attribute of a tag with every other; honest tags are short.
            many = len(_ATTRIBUTE.findall(match[0])) - 1 if len(match[0]) <= _MAX_TAG else _MAX_TAG
            if many > _MAX_ATTRIBUTES_EACH:
                return b"<" + match["tag"] + b">"
            attributes += many
            return match[0]
        inside = match["inside"]
        if inside is not None and _LD.search(match["of"]) and len(inside) <= _MAX_LD and len(found) < _MAX_LDS:
            found.append(inside.decode("utf-8", "replace"))
        return b" "

    source = drop_control_references(decode(body, content_type).encode("utf-8", "replace"))
    source = _PARTS.sub(tame, source)
    if not source.strip():
        raise ParseError(f"{url}: the page is empty")
    if source.count(b"<") > 2 * _MAX_ELEMENTS:
        raise ParseError(f"{url}: the page has more than {_MAX_ELEMENTS} elements")
    if attributes > _MAX_ATTRIBUTES:
        raise ParseError(f"{url}: the page has more than {_MAX_ATTRIBUTES} attributes")
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = lxml.html.document_fromstring(source, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise ParseError(f"{url}: not a page") from error
    return PageTree(root=root, linked_data=tuple(found))


def decode(body: bytes, content_type: str) -> str:
    """Give the text of a page: byte order mark, then UTF-8 if it is, then header, then meta, then Windows-1252.

    What is told is believed before UTF-8 where other letters are written in ASCII alone.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    header = _HEADER_CHARSET.search(content_type)
    meta = _META_CHARSET.search(body, 0, 4096)
    told = known_charset(header[1]) if header else ""
    told = told or (known_charset(meta[1].decode("ascii")) if meta else "")
    if told.replace("-", "").startswith(("iso2022", "hz")) and body.isascii():
        return body.decode(told, "replace")
    wide = told.replace("-", "").startswith(("utf16", "utf32"))
    if not wide:
        # Text of another encoding is practically never valid UTF-8, while servers often tell the wrong one.
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    if wide and header is None:
        told = ""  # a meta element that could be read as bytes is not in a wide encoding
    if told.replace("-", "").replace("_", "") in ("", "ascii", "usascii", "iso88591", "latin1"):
        told = "utf-8" if _is_nearly_utf8(body) else "windows-1252"
    try:
        return body.decode(told, "replace")
    except LookupError:
        return body.decode("windows-1252", "replace")


def remove_furniture(root: HtmlElement) -> None:
    """Take out of the tree, in place, what is by its element, role, class or id not the article.

    An element that holds most of the page's paragraphs stays, whatever it is called.
    """
    total = max(_paragraph_length(root), 1)
    waiting: list[HtmlElement] = [root]
    while waiting:
        element = waiting.pop()
        kept = element.tag in _FRAME or not (_is_furniture(element) or _is_hidden(element))
        if kept or _paragraph_length(element) >= _KEEPS_TEXT * total:
            waiting.extend(child for child in element if isinstance(child.tag, str))
        else:
            element.drop_tree()


def _is_nearly_utf8(body: bytes) -> bool:
    """Whether a body is UTF-8 but for a few damaged places."""
    text = body.decode("utf-8", "replace")
    return sum(ord(c) > 0x7F and c != "\ufffd" for c in text) > 5 * text.count("\ufffd")


def _paragraph_length(element: HtmlElement) -> int:
    return sum(len("".join(p.itertext())) for p in element.iter("p"))


def _is_furniture(element: HtmlElement) -> bool:
    kinds = _furniture()
    if element.tag in kinds["tag"] or (element.get("role") or "").lower() in kinds["role"]:
        return True
    named = f"{element.get('class') or ''} | {element.get('id') or ''}"
    if len(named) < 5:
        return False
    words = [word.lower() for word in _WORDS.findall(named[:1000])]
    if not kinds["linked"].isdisjoint(words) and _is_mostly_links(element):
        return True
    return not kinds["word"].isdisjoint(words) or any(
        f"{first} {second}" in kinds["words"] for first, second in pairwise(words)
    )


def _is_mostly_links(element: HtmlElement) -> bool:
    linked = sum(len("".join(link.itertext())) for link in element.iter("a"))
    return 2 * linked > len("".join(element.itertext()).strip())


def _is_hidden(element: HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or element.get("hidden") is not None or element.get("aria-hidden") == "true"


@cache
def _furniture() -> dict[str, frozenset[str]]:
    text = (resources.files("watcher.edges") / "tables" / "furniture.txt").read_text("utf-8")
    rules = [line.partition(" ") for line in text.splitlines() if line and not line.startswith("#")]
    return {
        kind: frozenset(rest for k, _, rest in rules if k == kind)
        for kind in ("tag", "role", "word", "words", "linked")
    }
