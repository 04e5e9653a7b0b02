"""Pages read: the article's own paragraphs out of a news page, and what the page says about itself.

A pure function over bytes from strangers, made to run in a worker process. The text is found by trafilatura, after
scripts, furniture and traps were taken out of the page, and looked through once more afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Any
from urllib.parse import urlsplit

import trafilatura
from lxml import etree
from lxml.html import HtmlElement

from watcher.edges.clean import clean_text
from watcher.edges.links import is_front_page
from watcher.edges.page_lines import Line, Shape, wall, without_furniture
from watcher.edges.page_metadata import PageMetadata, read_metadata
from watcher.edges.page_tree import plant, remove_furniture
from watcher.errors import ParseError
from watcher.records import Page

MAX_PARAGRAPH = 5000
MAX_PARAGRAPHS = 1000
MAX_TEXT = 200_000
"""All paragraphs together, in characters: thrice the longest reports there are."""
MAX_SENTENCES = 1000
"""All paragraphs together. What is compared sentence by sentence costs the square of their number."""
_SHORT = 1500
_STUB = 1200
_EMPTY = 50
_LONG_PARAGRAPH = 120
_LIST_HEADINGS = 8
_BLOCKS = frozenset(["p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote"])
_MAX_ATTRIBUTE = 1000
_LOOKED_AT = 100_000
_CONSENT_HOSTS = ("consent.google.", "consent.youtube.", "consent.yahoo.", "guce.")
_SENTENCE_END = re.compile(r"[.!?…][^\w\s]*\s")
_SHAPES = {"p": Shape.PARAGRAPH, "quote": Shape.PARAGRAPH, "cell": Shape.PARAGRAPH, "head": Shape.HEADING}
_SHAPES |= {"item": Shape.ITEM}
# What trafilatura 2 and lxml were seen to raise on pages made to break them.
_RAISED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    etree.LxmlError,
)


def extract(body: bytes, content_type: str, url: str, feed_title: str = "") -> Page:
    """Read the page that came from `url`. Raises ParseError when the bytes are no page.

    Paragraphs, headings inside the text and list items are a paragraph each. `problem` says why the text may not be
    the article's. `feed_title` is the title the feed gave the article, for pages that tell none.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if (
        kind
        and not kind.startswith("text/")
        and "html" not in kind
        and "xml" not in kind
        and kind != "application/octet-stream"
    ):
        raise ParseError(f"{url}: not a page but {clean_text(kind, 60)}")
    if body.startswith((b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04")):
        raise ParseError(f"{url}: not a page but a file")
    tree = plant(body, content_type, url)
    try:
        facts = read_metadata(tree, url, feed_title)
        said = clean_text(" ".join(tree.root.itertext())[:_LOOKED_AT], _LOOKED_AT)
        headings = len(tree.root.xpath("//h2//a[@href] | //h3//a[@href] | //a[@href]//h2 | //a[@href]//h3"))
        remove_furniture(tree.root)
        _disarm(tree.root)
        paragraphs = _paragraphs(tree.root, url, facts.title)
    except _RAISED as error:
        raise ParseError(f"{url}: the page cannot be read: {clean_text(str(error), 200)}") from error
    problem = _problem(url, paragraphs, facts, said, headings)
    if problem == "paywall":
        paragraphs = tuple(paragraph for paragraph in paragraphs if wall(paragraph) != "paywall")
    return Page(
        title=facts.title,
        paragraphs=paragraphs,
        lang=facts.lang,
        published=facts.published,
        modified=facts.modified,
        canonical_url=facts.canonical_url,
        outlet=facts.outlet,
        author=facts.author,
        problem=problem,
    )


def _disarm(root: HtmlElement) -> None:
    """Take attributes off that make extraction slow, huge or fussy."""
    for element in root.iter(etree.Element):
        # The class of a single block is no reason to drop it any more: what is furniture was taken out already.
        plain = element.tag in _BLOCKS
        for name, value in element.items():
            if name in ("colspan", "rowspan") or len(value) > _MAX_ATTRIBUTE or (plain and name in ("class", "id")):
                del element.attrib[name]


def _paragraphs(root: HtmlElement, url: str, title: str) -> tuple[str, ...]:
    """Find the article's text; when little of a page's paragraphs was found, take the paragraphs themselves."""
    own = [Line(text=text, shape=Shape.PARAGRAPH) for p in root.iter("p") if (text := _cleaned(p.itertext()))]
    document: Any = trafilatura.bare_extraction(
        root, url=url or None, include_comments=False, deduplicate=False, favor_precision=True, with_metadata=False
    )
    found = list(_lines(document.body)) if document is not None and document.body is not None else []
    lines = _tidy(found, title)
    if _length(lines) < _SHORT:
        plain = _tidy(own, title)
        if _length(plain) > 2 * _length(lines):
            lines = plain
    lengths = accumulate(len(line.text) for line in lines[:MAX_PARAGRAPHS])
    counts = accumulate(1 + len(_SENTENCE_END.findall(line.text)) for line in lines)
    sizes = zip(lines, lengths, counts, strict=False)
    return tuple(line.text for line, length, count in sizes if length <= MAX_TEXT and count <= MAX_SENTENCES)


def _tidy(lines: list[Line], title: str) -> list[Line]:
    """Give lines without furniture, without repeats, and without the title at their head."""
    seen: set[str] = set()
    once = []
    for line in without_furniture(lines):
        if line.text not in seen and line.text != title:
            seen.add(line.text)
            once.append(line)
    return once


def _length(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _lines(body: HtmlElement) -> Iterator[Line]:
    """Walk the blocks of an extracted text; a block inside a block is a line of its own."""
    pieces: list[str] = []
    shapes: list[Shape] = [Shape.PARAGRAPH]
    for event, element in etree.iterwalk(body, events=("start", "end")):
        block = _SHAPES.get(element.tag)
        if block is not None or element.tag in ("list", "row", "table"):
            line = _cleaned(pieces)
            if line:
                yield Line(text=line, shape=shapes[-1])
            pieces.clear()
        if event == "start":
            if block is not None:
                # A paragraph inside a list item is still an item.
                shapes.append(Shape.ITEM if shapes[-1] is Shape.ITEM else block)
            pieces.append(" " if element.tag == "lb" else "")
            pieces.append(element.text or "")
        else:
            if block is not None:
                shapes.pop()
            pieces.append(element.tail or "")
    line = _cleaned(pieces)
    if line:
        yield Line(text=line, shape=Shape.PARAGRAPH)


def _cleaned(pieces: Any) -> str:
    return clean_text("".join(pieces), MAX_PARAGRAPH)


def _problem(url: str, paragraphs: tuple[str, ...], facts: PageMetadata, said: str, headings: int) -> str:
    """Say why the text is not the article's, or ''."""
    host = urlsplit(url).hostname or ""
    length = sum(len(paragraph) for paragraph in paragraphs)
    standing = wall(f"{facts.title}\n{said[:_LOOKED_AT]}") if length < _SHORT else ""
    if host.startswith(_CONSENT_HOSTS) or (standing == "consent" and (length < _EMPTY or _speaks_of_walls(paragraphs))):
        return "consent"
    if length < _STUB and (standing == "paywall" or not facts.free):
        return "paywall"
    if length < _EMPTY:
        return "list" if headings >= _LIST_HEADINGS else "empty"
    long = sum(len(paragraph) >= _LONG_PARAGRAPH for paragraph in paragraphs)
    if is_front_page(url) or (not facts.is_article and headings >= _LIST_HEADINGS and headings > 3 * long):
        return "list"
    return ""


def _speaks_of_walls(paragraphs: tuple[str, ...]) -> bool:
    """Whether most of the text itself, rather than a bar beside it, asks for consent."""
    asking = sum(len(paragraph) for paragraph in paragraphs if wall(paragraph) == "consent")
    return 2 * asking > sum(len(paragraph) for paragraph in paragraphs)
