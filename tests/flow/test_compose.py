"""An article's text put together from what entries and page gave."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from watcher.edges.feeds import parse
from watcher.flow import compose
from watcher.records import Entry, Page
from watcher.store import articles
from watcher.store.database import open_state
from watcher.store.entries import Lead

NOW = datetime(2025, 2, 15, tzinfo=UTC)
FEEDS = Path(__file__).parents[1] / "edges" / "data" / "feeds"


def article_at(folder: Path, url: str) -> articles.Article:
    """Give a new article."""
    db: sqlite3.Connection = open_state(folder)
    found = articles.get(db, articles.create(db, url=url, url_key=url, seen=NOW, published=None))
    db.close()
    assert found is not None
    return found


def test_a_news_search_names_the_outlet(tmp_path: Path) -> None:
    """What only a news search tells is its headline, by the outlet it names and not by the search."""
    feed = parse((FEEDS / "google_news.xml").read_bytes(), "text/xml", "https://news.google.com/rss/search?q=x")
    entry = feed.entries[-1]
    leads = [Lead(entry=entry, feed_name="Google News (en)", feed_url="https://news.google.com/rss", feed_lang="en")]
    text = compose.partial_text(article_at(tmp_path, entry.url), leads, NOW)
    assert (text.title, text.outlet) == ("Board says no – to everything", "The example Post")
    assert text.paragraphs == (text.title,)
    assert text.partial


def test_a_bare_year_in_a_text_is_no_date(tmp_path: Path) -> None:
    """A page without a date in which somebody did something in 2023 was published when its entry says."""
    published = NOW - timedelta(hours=3)
    entry = Entry(identity="1", url="https://post.example/a", title="A title", published=published)
    lead = Lead(entry=entry, feed_name="Post", feed_url="https://post.example/feed", feed_lang="en")
    article = article_at(tmp_path, entry.url)
    for told, expected in (
        (datetime(2023, 1, 1, tzinfo=UTC), published),
        (datetime(2023, 5, 4, tzinfo=UTC), datetime(2023, 5, 4, tzinfo=UTC)),
    ):
        page = Page(title="A title", paragraphs=("It began in 2023.",), published=told)
        assert compose.full_text(article, [lead], page, entry.url, NOW).published == expected
