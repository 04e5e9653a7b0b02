"""An article's text put together from what entries and page gave."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from watcher.edges.feeds import parse
from watcher.flow import compose
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
