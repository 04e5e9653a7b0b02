"""What strangers who answer for a feed are never given: our credentials, and a way inside."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import newssite
import pytest

from tests.flow.test_walk import Here, beside, rows, walk
from watcher.config import Config, FeedConfig, FetchConfig, StateConfig, StorylineConfig
from watcher.store.database import open_state

if TYPE_CHECKING:
    from newssite import Site

SECRET = {"X-Token": "topsecret"}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither verdicts nor processes are the matter here."""
    monkeypatch.setattr("watcher.flow.judge.judge", beside)
    monkeypatch.setattr("watcher.wiring.Workers", Here)


@pytest.fixture
def other() -> Iterator[Site]:
    """Give a second site, of somebody else."""
    with newssite.running() as news:
        yield news


@pytest.fixture
def config(tmp_path: Path, site: Site, other: Site) -> Config:
    """Give one feed with credentials of its own; both sites may be reached."""
    (tmp_path / "password").write_text("sesame")
    (tmp_path / "password").chmod(0o600)
    return Config(
        folder=tmp_path, storyline=StorylineConfig(use="any"), state=StateConfig(dir=tmp_path / "state"),
        fetch=FetchConfig(allow_private=(site.host, other.host), timeout_s=5),
        feeds=(
            FeedConfig(
                name="Feed", url=site.url("/feed"), username="u", password_file=tmp_path / "password",
                headers=tuple(SECRET.items()),
            ),
        ),
    )  # fmt: skip


@pytest.fixture
def db(config: Config) -> Iterator[sqlite3.Connection]:
    """Give a look at the state."""
    with closing(open_state(config.state.dir)) as connection:
        yield connection


def test_a_feed_that_moved_away_gets_no_credentials(site: Site, other: Site, config: Config) -> None:
    """Not on the way and not at any later poll; where the config says they are sent, again after the move is lost."""
    site.fail("/feed", 301, Location=other.url("/feed"))
    other.feed("/feed", site.item("", "A"))
    walk(config)
    assert _credentials(site, "/feed") == ("Basic dTpzZXNhbWU=", "topsecret")
    for _ in range(2):
        walk(config, everything=True)
        assert _credentials(other, "/feed") == (None, None)
    assert (site.hits["/feed"], other.hits["/feed"]) == (1, 3)
    other.fail("/feed", 401)
    site.seen.clear()
    for _ in range(4):
        walk(config, everything=True)
    assert _credentials(site, "/feed") == ("Basic dTpzZXNhbWU=", "topsecret")


def test_a_feed_that_moved_at_home_keeps_its_credentials(site: Site, config: Config) -> None:
    """Another path of the same origin is asked with them, at later polls too."""
    site.fail("/feed", 301, Location="/new")
    site.feed("/new", site.item("", "A"))
    for _ in range(2):
        walk(config, everything=True)
        assert _credentials(site, "/new") == ("Basic dTpzZXNhbWU=", "topsecret")
    assert site.hits["/feed"] == 1


def _credentials(site: Site, path: str) -> tuple[str | None, str | None]:
    """Give what of our credentials came with the last request for a path."""
    seen = site.seen[path]
    return seen.get("Authorization"), seen.get("X-Token")


# -- the way inside ---------------------------------------------------------------------------------------------------


@pytest.fixture
def outside(config: Config, site: Site, monkeypatch: pytest.MonkeyPatch) -> Config:
    """Give a config that lets requests reach the other site alone, and a guard that takes the first site for public."""
    monkeypatch.setattr("watcher.edges.address.WEB_PORTS", frozenset([site.port]))
    monkeypatch.setattr("watcher.edges.address._is_public", lambda address: True)
    fetch = replace(config.fetch, allow_private=(config.fetch.allow_private[1],))
    return replace(config, fetch=fetch, feeds=(FeedConfig(name="Feed", url=site.url("/feed")),))


def test_a_stranger_does_not_lead_inside(site: Site, other: Site, outside: Config, db: sqlite3.Connection) -> None:
    """No link, no redirect of a page and no redirect of a feed leads from outside to an exception."""
    site.feed("/feed", _item(other.url("/link"), "A link"), site.item("/page", "A page"))
    site.fail("/page", 302, Location=other.url("/page"))
    walk(outside)
    assert rows(db, "SELECT count(*) FROM entry WHERE article_id IS NOT NULL") == [(2,)]
    assert rows(db, "SELECT url FROM entry ORDER BY url") == [("",), (site.url("/page"),)]
    for status in (301, 302):
        site.fail("/feed", status, Location=other.url("/feed"))
        walk(outside, everything=True)
        assert rows(db, "SELECT health, moved_to FROM feed") == [("refused", None)]
    assert not other.hits


def test_a_feed_inside_is_read_with_its_articles(
    site: Site, other: Site, outside: Config, db: sqlite3.Connection
) -> None:
    """What the config itself places at an exception may lead there, and outside."""
    config = replace(outside, feeds=(FeedConfig(name="Feed", url=other.url("/feed")),))
    other.feed("/feed", other.item("/a", "A"), _item(site.url("/b"), "B"))
    walk(config)
    assert (other.hits["/a"], site.hits["/b"]) == (1, 1)


def test_a_feed_inside_that_moved_outside_is_a_stranger(
    site: Site, other: Site, outside: Config, db: sqlite3.Connection
) -> None:
    """Whoever answers for it now is not whom the config let in."""
    config = replace(outside, feeds=(FeedConfig(name="Feed", url=other.url("/feed")),))
    other.fail("/feed", 301, Location=site.url("/feed"))
    site.feed("/feed", _item(other.url("/a"), "A"))
    walk(config)
    site.feed("/feed", _item(other.url("/b"), "B"))
    walk(config, everything=True)
    assert rows(db, "SELECT count(*) FROM entry") == [(2,)]
    assert dict(other.hits) == {"/feed": 1}


def _item(url: str, title: str) -> str:
    return f"<item><title>{title}</title><link>{url}</link></item>"


# -- what is told to others -------------------------------------------------------------------------------------------


def test_the_query_of_a_feed_is_not_published(
    site: Site, config: Config, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An item without a link is told under its feed's address without what may be a password, and is asked nowhere;
    items of two feeds that differ by their query alone stay two.
    """
    feeds = tuple(FeedConfig(name=f"Feed {n}", url=site.url(f"/feed?token=SEKRIT{n}")) for n in range(2))
    site.feed("/feed", site.item("", "Ada speaks", "Ada Lovelace spoke on Tuesday.", guid="same"))
    walk(replace(config, feeds=feeds))
    assert rows(db, "SELECT url, state FROM article") == [(site.url("/feed#guid%3Asame"), "read")] * 2
    told = [row for table in ("version", "statement", "article") for row in rows(db, f"SELECT * FROM {table}")]
    assert "SEKRIT" not in str(told)
    assert set(site.hits) == {"/feed"}
