"""What a page says about itself: title, dates with time and zone, language, address, outlet, author."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import lxml.html
from htmldate import find_date
from lxml import etree
from lxml.html import HtmlElement

from watcher.edges.clean import clean_text, clean_url
from watcher.edges.dates import german_date, plausible
from watcher.edges.entries import MAX_NAME, MAX_TITLE, short_lang
from watcher.edges.links import is_front_page, same_site
from watcher.edges.page_tree import PageTree

_MAX_NODES = 2000
_SEARCHED = 200_000
_ARTICLE = re.compile(r"Article|BlogPosting|Report|Posting$")
_SUFFIX = re.compile(r"\s+[|–—·»:-]\s+")
_TIME_OF_DAY = re.compile(r"[T ]\d{1,2}:\d{2}")
_SHORT_ZONE = re.compile(r"([+-]\d{2})(\d{2})?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """What a page tells of itself, cleaned. `free` is false when it says that reading costs money."""

    title: str
    lang: str
    published: datetime | None
    modified: datetime | None
    canonical_url: str
    outlet: str
    author: str
    free: bool
    is_article: bool


def read_metadata(tree: PageTree, url: str, feed_title: str = "") -> PageMetadata:
    """Read what the page at `url` says about itself; `feed_title` is the title its feed gave it, if any."""
    root, things = tree.root, list(_things(tree.linked_data))
    told = [thing for thing in things if _ARTICLE.search(_first_text(thing.get("@type")))]
    # An article among teasers of others: the one that names this page, else the first.
    article = next((t for t in told if _names(t, url)), told[0] if told else {})
    metas = _metas(root)
    outlet = metas.get("og:site_name", "") or _name(article.get("publisher")) or metas.get("application-name", "")
    return PageMetadata(
        title=_title(root, article, metas, outlet, feed_title),
        lang=_lang(root, article, metas),
        published=_published(root, article, metas, url),
        modified=_date(_first_text(article.get("dateModified")))
        or _date(metas.get("article:modified_time", "") or metas.get("og:updated_time", "")),
        canonical_url=_canonical(root, url),
        outlet=clean_text(outlet, MAX_NAME),
        author=clean_text(_name(article.get("author")) or metas.get("author", "") or _byline(root), MAX_NAME),
        free=_first_text(article.get("isAccessibleForFree")).lower() != "false",
        is_article=bool(told) or metas.get("og:type") == "article",
    )


def _title(root: HtmlElement, article: dict[str, Any], metas: dict[str, str], outlet: str, feed_title: str) -> str:
    headings = [clean_text(h.text_content(), MAX_TITLE) for h in root.iter("h1")][:5]
    whole = clean_text("".join(root.xpath("//head/title[1]//text()")), MAX_TITLE)
    told = [metas.get("og:title", ""), _first_text(article.get("headline"))]
    heading = headings[0] if len(headings) == 1 else ""
    candidates = [_without_outlet(clean_text(t, MAX_TITLE), outlet) for t in [*told, heading, whole, *headings]]
    title = next((candidate for candidate in candidates if candidate), "")
    return title or clean_text(feed_title, MAX_TITLE)


def _without_outlet(title: str, outlet: str) -> str:
    """Give a title without the outlet's name before or behind it."""
    marks = list(_SUFFIX.finditer(title))
    if not marks or not outlet:
        return title
    name = _bare(outlet)
    first, last = marks[0], marks[-1]
    if _bare(title[last.end() :]) == name or (name and name in _bare(title[last.end() :]) and len(marks) > 1):
        return _without_outlet(title[: last.start()], outlet)
    return title[first.end() :] if _bare(title[: first.start()]) == name else title


def _bare(text: str) -> str:
    return re.sub(r"\W+|\.(?:de|com|org|net)\b", "", text.casefold())


def _lang(root: HtmlElement, article: dict[str, Any], metas: dict[str, str]) -> str:
    told = (root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), metas.get("og:locale"))
    more = (_first_text(article.get("inLanguage")), metas.get("content-language"), metas.get("language"))
    return next((short for short in (short_lang(t or "") for t in told + more) if short), "")


def _published(root: HtmlElement, article: dict[str, Any], metas: dict[str, str], url: str) -> datetime | None:
    """Give the publication date: the most explicit source first, one with a time of day before one without."""
    told = [_first_text(article.get("datePublished")), _first_text(article.get("dateCreated"))]
    told += [
        metas.get(n, "") for n in ("article:published_time", "og:published_time", "datepublished", "date", "dc.date")
    ]
    told += [
        metas.get(n, "") for n in ("dcterms.created", "dc.date.issued", "parsely-pub-date", "sailthru.date", "pubdate")
    ]
    times = root.xpath("//article//time[@datetime] | //main//time[@datetime]") or root.xpath("//time[@datetime]")
    told += [str(time.get("datetime")) for time in times[:1]]
    read = [(text, _date(text)) for text in told if text]
    exact = next((moment for text, moment in read if moment and _TIME_OF_DAY.search(text)), None)
    return exact or next((moment for _, moment in read if moment), None) or _searched(root, url)


def _searched(root: HtmlElement, url: str) -> datetime | None:
    """Let htmldate look for a date in the beginning; it knows address patterns and bylines, and is slow."""
    source = lxml.html.tostring(root)
    try:
        short = root if len(source) <= _SEARCHED else lxml.html.document_fromstring(source[:_SEARCHED])
        found = find_date(short, url=url or None, original_date=True, outputformat="%Y-%m-%dT%H:%M:%S%z")
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, etree.LxmlError):
        return None
    return _date(found or "")


def _date(text: str) -> datetime | None:
    text = text.strip()[:60]
    try:
        moment = datetime.fromisoformat(_SHORT_ZONE.sub(_long_zone, text) if ":" in text else text)
    except ValueError:
        try:
            moment_or_none = german_date(text)
        except ValueError:
            return None
        return plausible(moment_or_none)
    return plausible(moment)


def _long_zone(match: re.Match[str]) -> str:
    return f"{match[1]}:{match[2] or '00'}"


def _canonical(root: HtmlElement, url: str) -> str:
    """Give the address the page calls its own, when it is on the same site and no front page."""
    for link in root.xpath("//link[@rel and @href]")[:200]:
        if "canonical" in str(link.get("rel")).lower().split():
            try:
                found = clean_url(urljoin(url, str(link.get("href")).strip()))
            except ValueError:
                continue
            if found and same_site(found, url) and not is_front_page(found):
                return found
    return ""


def _byline(root: HtmlElement) -> str:
    for element in root.xpath("//*[@rel='author' or @itemprop='author']")[:1]:
        return clean_text(element.text_content(), MAX_NAME)
    return ""


def _metas(root: HtmlElement) -> dict[str, str]:
    """Give the first content of every meta element by its lower-case name."""
    metas: dict[str, str] = {}
    for meta in root.xpath("//meta[@content]")[:500]:
        name = str(
            meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        ).lower()
        content = str(meta.get("content"))[:2000].strip()
        if name and content:
            metas.setdefault(name, content)
    return metas


def _things(texts: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Walk the objects of JSON-LD texts, breadth first and bounded; what is broken is passed over."""
    waiting: list[Any] = []
    for text in texts:
        try:
            waiting.append(json.loads(text.strip().removesuffix(";"), strict=False))
        except (ValueError, RecursionError):
            continue
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        thing = waiting.pop(0)
        if isinstance(thing, list):
            waiting += thing[:_MAX_NODES]
        elif isinstance(thing, dict):
            yield thing
            waiting += [thing[name] for name in ("@graph", "mainEntity", "mainEntityOfPage") if name in thing]


def _names(thing: dict[str, Any], url: str) -> bool:
    told = (thing.get("url"), thing.get("@id"), thing.get("mainEntityOfPage"))
    plain = url.partition("#")[0].partition("?")[0].rstrip("/")
    return any(plain and plain in _first_text(t.get("@id") if isinstance(t, dict) else t) for t in told)


def _first_text(value: object) -> str:
    """Give a JSON value, or the first of several, as text."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, bool):
        return str(value)
    return value[:2000] if isinstance(value, str) else ""


def _name(value: object) -> str:
    """Give the name of a person or organisation, or the names of several."""
    if isinstance(value, list):
        return ", ".join(name for name in (_name(one) for one in value[:5]) if name)
    if isinstance(value, dict):
        return _first_text(value.get("name"))
    text = _first_text(value)
    return "" if text.startswith("http") else text
