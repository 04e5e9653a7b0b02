"""An article's text from what the page gave and what its entries said: the better word of the two for every field."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from watcher.language import detect
from watcher.records import ArticleText, Page
from watcher.store.articles import Article
from watcher.store.entries import Lead

_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)
_QUOTES = re.compile("[\"'`´‘’‚‛“”„‟«»‹›]")
_DASHES = re.compile("[‐‑‒–—―−]")
_SPACE = re.compile(r"\s+")


def full_text(article: Article, leads: Sequence[Lead], page: Page, url: str, now: datetime) -> ArticleText:
    """Give the text of a page that could be read. `url` is where it was had."""
    title = page.title or _entry_title(leads) or _first_words(page.paragraphs)
    return ArticleText(
        title=title,
        paragraphs=page.paragraphs,
        lang=_lang(leads, page.lang, [title, *page.paragraphs]),
        published=_published(article, leads, page, now),
        outlet=page.outlet or _outlet(leads, url),
        url=url,
    )


def partial_text(article: Article, leads: Sequence[Lead], now: datetime) -> ArticleText:
    """Give what the feeds themselves said of an article: title and summary. A stub of the page is not its text."""
    title = _entry_title(leads) or article.url
    summary = max((lead.entry.summary for lead in leads), key=len, default="")
    return ArticleText(
        title=title,
        paragraphs=(summary or title,),
        lang=_lang(leads, "", [title, summary]),
        published=_published(article, leads, None, now),
        outlet=_outlet(leads, article.url),
        url=article.url,
        partial=True,
    )


def digest(text: ArticleText) -> str:
    """Tell texts apart as a reader would: case, spaces, kinds of quotes and dashes make no other text."""
    told = unicodedata.normalize("NFKC", "\n".join([text.title, *text.paragraphs])).casefold()
    told = _SPACE.sub(" ", _DASHES.sub("-", _QUOTES.sub("", told))).strip()
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def plain_title(title: str) -> str:
    """Give a title as it is compared with another."""
    return _SPACE.sub(" ", _DASHES.sub("-", _QUOTES.sub("", title.casefold()))).strip()


def _entry_title(leads: Sequence[Lead]) -> str:
    return next((lead.entry.title for lead in leads if lead.entry.title), "")


def _first_words(paragraphs: Sequence[str]) -> str:
    return paragraphs[0][:120] if paragraphs else ""


def _lang(leads: Sequence[Lead], told: str, texts: Sequence[str]) -> str:
    """Take the config's word, then the text's own: pages and feeds often name the language of their software."""
    configured = next((lead.feed_lang for lead in leads if lead.feed_lang), "")
    stated = told or next((lead.entry.lang for lead in leads if lead.entry.lang), "")
    return configured or detect.language(" ".join(texts)[:4000], stated or "en")


def _outlet(leads: Sequence[Lead], url: str) -> str:
    """Give who published: the source an aggregator names, else the feed's name, else the host."""
    source = next((lead.entry.source for lead in leads if lead.entry.source), "")
    name = next((lead.feed_name for lead in leads if lead.feed_name), "")
    return source or name or (urlsplit(url).hostname or "").removeprefix("www.")


def _published(article: Article, leads: Sequence[Lead], page: Page | None, now: datetime) -> datetime:
    """Give the first plausible time, in the zone it was told in: the page's, the entries', when it was first seen.

    A page that tells a day alone is outdone by an entry of about that day, and one that tells the first of a year by
    any: a bare year somewhere in a text is read as that.
    """
    entries = [told for lead in leads for told in (lead.entry.published, lead.entry.updated) if told is not None]
    plausible = [told for told in entries if is_plausible(told, now)]
    told = page.published if page is not None else None
    if told is not None and is_plausible(told, now):
        a_day_alone = told.timetz().replace(tzinfo=None) == time(0)
        a_year_alone = a_day_alone and (told.month, told.day) == (1, 1)
        near = [entry for entry in plausible if a_year_alone or abs(entry - told) <= timedelta(hours=36)]
        return near[0] if a_day_alone and near else told
    if plausible:
        return plausible[0]
    return article.published if article.published and is_plausible(article.published, now) else article.first_seen


def is_plausible(told: datetime, now: datetime) -> bool:
    """Whether an article can have been published then: since the web began, and at most a day ahead of our clock."""
    return _EARLIEST <= told <= now + _AHEAD
