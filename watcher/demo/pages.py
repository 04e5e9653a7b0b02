"""Invented outlets as they look on the web: feeds in three formats, pages with all the furniture real ones have."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from watcher.demo.stream import Article, Outlet

Served = tuple[str, bytes]
"""Content type and body."""

_WORDS = {
    "en": {
        "menu": ("Home", "Politics", "Business", "Culture", "Sports"),
        "consent": "We and our 214 partners store cookies on your device. Accept all or manage your choices.",
        "letter": "Sign up for our newsletter and never miss a story. You can unsubscribe at any time.",
        "more": "Read more",
        "foot": "All rights reserved. Terms of use. Privacy. Contact the newsroom.",
    },
    "de": {
        "menu": ("Startseite", "Politik", "Wirtschaft", "Kultur", "Sport"),
        "consent": "Wir und unsere 214 Partner speichern Cookies auf Ihrem Gerät. Alle akzeptieren oder auswählen.",
        "letter": "Abonnieren Sie unseren Newsletter und verpassen Sie nichts. Abmeldung jederzeit möglich.",
        "more": "Lesen Sie auch",
        "foot": "Alle Rechte vorbehalten. Impressum. Datenschutz. Kontakt zur Redaktion.",
    },
}


def feed_of(outlet: Outlet, articles: Sequence[Article], home: str) -> Served:
    """Write an outlet's feed. `home` is where the server is, without a slash at its end."""
    writers = {"rss": _rss, "atom": _atom, "json": _json}
    return writers[outlet.format](outlet, articles, home)


def _rss(outlet: Outlet, articles: Sequence[Article], home: str) -> Served:
    items = "".join(
        f"<item><guid>{home}{a.path}</guid><link>{home}{a.path}</link><title>{escape(a.title)}</title>"
        f"<description>{escape(a.summary)}</description><pubDate>{format_datetime(a.published)}</pubDate></item>"
        for a in articles
    )
    body = (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{escape(outlet.name)}</title><link>{home}/{outlet.id}/</link><description>News</description>"
        f"<language>{outlet.lang}</language>{items}</channel></rss>"
    )
    return "application/rss+xml; charset=utf-8", body.encode()


def _atom(outlet: Outlet, articles: Sequence[Article], home: str) -> Served:
    entries = "".join(
        f'<entry><id>{home}{a.path}</id><link href="{home}{a.path}"/><title>{escape(a.title)}</title>'
        f"<summary>{escape(a.summary)}</summary><published>{_iso(a.published)}</published>"
        f"<updated>{_iso(a.published)}</updated></entry>"
        for a in articles
    )
    newest = _iso(max(a.published for a in articles)) if articles else "1970-01-01T00:00:00Z"
    body = (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.lang}">'
        f"<id>{home}/{outlet.id}/</id><title>{escape(outlet.name)}</title><updated>{newest}</updated>{entries}</feed>"
    )
    return "application/atom+xml; charset=utf-8", body.encode()


def _json(outlet: Outlet, articles: Sequence[Article], home: str) -> Served:
    items = [
        {
            "id": f"{home}{a.path}",
            "url": f"{home}{a.path}",
            "title": a.title,
            "summary": a.summary,
            "date_published": _iso(a.published),
        }
        for a in articles
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": f"{home}/{outlet.id}/",
        "language": outlet.lang,
        "items": items,
    }
    return "application/feed+json; charset=utf-8", json.dumps(feed, ensure_ascii=False).encode()


def page_of(article: Article, others: Sequence[Article], home: str) -> Served:
    """Write an article's page, with links to `others` and everything else a reader has to look past."""
    outlet, words = article.outlet, _WORDS[article.outlet.lang]
    menu = "".join(f'<li><a href="/{outlet.id}/">{word}</a></li>' for word in words["menu"])
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.paragraphs)
    more = "".join(f'<li><a href="{home}{other.path}">{escape(other.title)}</a></li>' for other in others)
    body = (
        f'<!DOCTYPE html><html lang="{outlet.lang}"><head><meta charset="utf-8">'
        f"<title>{escape(article.title)} | {escape(outlet.name)}</title>"
        f'<link rel="canonical" href="{home}{article.path}">'
        f'<meta property="og:site_name" content="{escape(outlet.name)}">'
        f'<meta property="og:title" content="{escape(article.title)}">'
        f'<meta property="article:published_time" content="{_iso(article.published)}">'
        "<script>var tracking = {enabled: true};</script></head><body>"
        f'<div class="cookie-banner" role="dialog"><p>{words["consent"]}</p><button>OK</button></div>'
        f"<header><a href='/{outlet.id}/'>{escape(outlet.name)}</a><nav><ul>{menu}</ul></nav></header>"
        f'<main><article><h1>{escape(article.title)}</h1><p class="byline">{escape(outlet.byline)}</p>'
        f'<time datetime="{_iso(article.published)}">{article.published:%Y-%m-%d %H:%M} UTC</time>{text}'
        f'<aside class="newsletter"><p>{words["letter"]}</p></aside></article>'
        f'<section class="related"><h2>{words["more"]}</h2><ul>{more}</ul></section></main>'
        f"<footer><p>{escape(outlet.name)}. {words['foot']}</p></footer></body></html>"
    )
    return "text/html; charset=utf-8", body.encode()


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
