"""The shipped `config.toml` and the table of its feeds."""

from __future__ import annotations

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
CONFIG = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
FEED_KEYS = {"name", "url", "every", "lang", "headers", "username", "password_file", "enabled"}
KEYS = {
    "storyline": {"use"},
    "state": {"dir", "keep"},
    "language": {"dictionary"},
    "semantic": {"model", "alike"},
    "schedule": {"every", "min", "max", "recheck"},
    "fetch": {"timeout", "max_feed", "max_page", "concurrency", "per_host", "allow_private"},
    "alerts": {"since", "min_confidence", "burst", "quiet_hours", "digest", "email"},
}


def test_every_key_is_shown_with_its_default() -> None:
    """The shipped file needs no manual: each section has each key."""
    assert {section: set(CONFIG[section]) for section in KEYS} == KEYS
    assert set(CONFIG) == {*KEYS, "feed"}


def test_no_alert_leaves_before_someone_asks_for_it() -> None:
    """As shipped, mail has no addressee and there is no webhook."""
    assert CONFIG["alerts"]["email"]["to"] == []
    assert "webhook" not in CONFIG["alerts"]


def test_there_are_feeds_in_both_languages() -> None:
    """At least thirty feeds, German and English."""
    languages = [feed["lang"] for feed in CONFIG["feed"]]
    assert len(languages) >= 30
    assert set(languages) == {"de", "en"}
    assert min(languages.count("de"), languages.count("en")) >= 10


def test_feeds_have_known_keys_unique_names_and_secure_addresses() -> None:
    """Two entries never mean the same feed, and none is asked for in the clear."""
    feeds = CONFIG["feed"]
    assert all(set(feed) <= FEED_KEYS for feed in feeds)
    assert len({feed["name"] for feed in feeds}) == len(feeds)
    assert len({feed["url"] for feed in feeds}) == len(feeds)
    for feed in feeds:
        address = urlsplit(feed["url"])
        assert (address.scheme, bool(address.hostname), " " in feed["url"]) == ("https", True, False)


def test_the_table_of_feeds_names_every_feed_and_its_host() -> None:
    """docs/feeds.md says of every feed where its address was confirmed; what was not is switched off."""
    table = [
        line for line in (ROOT / "docs/feeds.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    ]
    for feed in CONFIG["feed"]:
        rows = [row for row in table if feed["name"] in row.split("|")[1].strip().split(", ")]
        assert len(rows) == 1, feed["name"]
        assert str(urlsplit(feed["url"]).hostname) in rows[0].split("|")[2]
        assert ("not confirmed" in rows[0]) == (not feed.get("enabled", True))
