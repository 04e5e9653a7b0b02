"""Invented reports of an invented turn of the feud, and the feeds and pages they stand in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
}
FURNITURE = (
    "Accept all cookies",
    "Leave a comment",
    "Most read this week",
    "Subscribe to our newsletter",
    "All rights",
)


@dataclass(frozen=True)
class Report:
    """One article of the invented press."""

    slug: str
    title: str
    paragraphs: tuple[str, ...]
    lang: str = "en"
    summary: str = ""
    published: datetime | None = None

    @property
    def path(self) -> str:
        """Where its page stands."""
        return f"/news/{self.slug}.html"

    def at(self, published: datetime) -> Report:
        """Give the report as published then; `{day}` in its text is the day of the week before."""
        day = WEEKDAYS[self.lang][(published - timedelta(days=1)).weekday()]
        paragraphs = tuple(paragraph.replace("{day}", day) for paragraph in self.paragraphs)
        return replace(self, paragraphs=paragraphs, published=published.replace(microsecond=0))

    @property
    def when(self) -> datetime:
        """When it was published."""
        return self.published or datetime.now(UTC).replace(microsecond=0)


VERDICT = Report(
    "jury", "Jury orders OpenAI to pay Elon Musk 1.2 billion dollars",
    (
        "A jury in Oakland ordered OpenAI on {day} to pay Elon Musk 1.2 billion dollars in damages.",
        "The nine jurors had deliberated for four days. Sam Altman said OpenAI would appeal the verdict.",
        "In February 2025 investors led by Musk had offered 97.4 billion dollars for the nonprofit behind OpenAI.",
    ),
    summary="The jurors in Oakland found that the company broke a promise to its co-founder.",
)  # fmt: skip
RESIGNED = Report(
    "resigned", "OpenAIs Chefjurist verlässt das Unternehmen im Streit über Musk",
    (
        "Der Chefjurist von OpenAI hat am {day} überraschend gekündigt, weil er einen Vergleich mit Elon Musk ablehnt.",
        "Sam Altman soll ihm nach Angaben zweier Mitarbeiter eine Abfindung von 30 Millionen Euro angeboten haben.",
    ),
    lang="de", summary="Sam Altman verliert mitten im Prozess gegen Elon Musk seinen wichtigsten Anwalt.",
)  # fmt: skip
SEIZED = Report(
    "seized", "Court freezes xAI data center in Memphis after OpenAI complaint",
    (
        "A judge in Tennessee froze the operation of a data center of Elon Musk's xAI in Memphis on {day}.",
        "OpenAI had complained that 350 of its stolen model files were kept on servers there.",
    ),
    summary="OpenAI says that stolen files of its models were found on servers of Elon Musk's company.",
)  # fmt: skip
RECAP = Report(
    "recap", "How Elon Musk and Sam Altman fell out",
    (
        "Elon Musk and Sam Altman founded OpenAI together with others in December 2015 as a nonprofit.",
        "In 2018 Musk left the board of OpenAI.",
        "In February 2025 a group of investors led by Musk offered 97.4 billion dollars for OpenAI.",
        "Altman rejected the bid and offered to buy Twitter for 9.74 billion dollars.",
    ),
)  # fmt: skip
FERRY = Report(
    "ferry", "Harbor ferries move to their winter timetable",
    ("The harbor ferries change to their winter timetable at the weekend. Tickets of the summer stay valid.",),
)  # fmt: skip


def page(report: Report, *, canonical: str = "", head: str = "") -> str:
    """Write a page with everything a reader looks past."""
    link = f'<link rel="canonical" href="{escape(canonical)}">' if canonical else ""
    when = report.when.isoformat()
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in report.paragraphs)
    return (
        f'<!DOCTYPE html><html lang="{report.lang}"><head><meta charset="utf-8"><title>{escape(report.title)}</title>'
        f'<meta property="og:title" content="{escape(report.title)}">{link}{head}'
        f'<meta property="article:published_time" content="{when}"><script>let x = "tracking";</script></head><body>'
        f'<div class="cookie-banner" role="dialog"><p>Accept all cookies of our 214 partners.</p></div>'
        "<header><nav><ul><li><a href='/'>Home</a></li><li><a href='/politics'>Politics</a></li></ul></nav></header>"
        f'<main><article><h1>{escape(report.title)}</h1><time datetime="{when}">{when}</time>{text}</article>'
        '<section class="comments"><h3>Leave a comment</h3><form><textarea></textarea></form></section>'
        '<aside class="related"><h3>Most read this week</h3><ul><li><a href="/a">Nothing</a></li></ul></aside>'
        '<div class="newsletter"><p>Subscribe to our newsletter</p></div></main>'
        "<footer><p>All rights reserved.</p></footer></body></html>"
    )


def rss(reports: Sequence[Report], home: str, *, version: str = "2.0", links: dict[str, str] | None = None) -> str:
    """Write RSS 0.91 to 2.0. `links` gives other addresses for some slugs."""
    items = "".join(
        f"<item><title>{escape(r.title)}</title><link>{escape((links or {}).get(r.slug, home + r.path))}</link>"
        f"<description>{escape(r.summary)}</description><pubDate>{format_datetime(r.when)}</pubDate></item>"
        for r in reports
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="{version}"><channel><title>Wire</title>'
        f"<link>{home}/</link><description>News</description>{items}</channel></rss>"
    )


def atom(reports: Sequence[Report], home: str) -> str:
    """Write Atom 1.0."""
    entries = "".join(
        f'<entry><id>tag:{r.slug}</id><title>{escape(r.title)}</title><link href="{home}{r.path}"/>'
        f"<summary>{escape(r.summary)}</summary><published>{r.when.isoformat()}</published>"
        f"<updated>{r.when.isoformat()}</updated></entry>"
        for r in reports
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Atom</title>'
        f"<id>tag:feed</id><updated>2026-01-01T00:00:00Z</updated>{entries}</feed>"
    )


def rdf(reports: Sequence[Report], home: str) -> str:
    """Write RSS 1.0."""
    items = "".join(
        f'<item rdf:about="{home}{r.path}"><title>{escape(r.title)}</title><link>{home}{r.path}</link>'
        f"<description>{escape(r.summary)}</description><dc:date>{r.when.isoformat()}</dc:date></item>"
        for r in reports
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{home}/"><title>RDF</title><link>{home}/</link><description>News</description></channel>'
        f"{items}</rdf:RDF>"
    )


def json_feed(reports: Sequence[Report], home: str, *, version: str = "1.1") -> str:
    """Write a JSON Feed."""
    items = [
        {"id": r.slug, "url": home + r.path, "title": r.title, "summary": r.summary,
         "date_published": r.when.isoformat()}
        for r in reports
    ]  # fmt: skip
    return json.dumps({"version": f"https://jsonfeed.org/version/{version}", "title": "JSON", "items": items})
