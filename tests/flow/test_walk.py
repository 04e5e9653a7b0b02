"""Whole walks over a small news site: feeds, pages, edits, failures, and what the state says afterwards."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from watcher import wiring
from watcher.config import AlertsConfig, Config, FeedConfig, FetchConfig, StateConfig, StorylineConfig
from watcher.edges.feeds import parse
from watcher.edges.machine import daemon_lock
from watcher.edges.pages import extract
from watcher.errors import StateBusy
from watcher.flow import gather
from watcher.records import Body, Finding, Judgement, Page, ParsedFeed, Reading, Relevance, Verdict
from watcher.store.database import open_state

if TYPE_CHECKING:
    from newssite import Site

LONG = "Ada Lovelace told the committee on Tuesday that the engine would be finished before the end of the year. "
BODY = (
    LONG,
    "The committee answered that it would not pay more than 500 pounds for it, whatever the engine could do.",
    "Nobody in the room had seen a machine of this kind, said the secretary, who had kept the books for years.",
)


def beside(reading: Reading, memory: object, weights: object) -> Judgement:
    """Give a judge who finds nothing to say."""
    return Judgement(
        article=reading.article,
        relevance=Relevance(relevant=True, reason="test"),
        findings=tuple(
            Finding(position=told.position, text=told.text, verdict=Verdict.BACKGROUND) for told in reading.statements
        ),
    )


class Here:
    """The work of the worker processes, done here: a walk of a test then takes no time to start them."""

    async def __aenter__(self) -> Here:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def parse_feed(self, body: Body, content_type: str, url: str) -> ParsedFeed:
        """Parse a feed."""
        return await asyncio.to_thread(parse, b"".join(body.pieces()), content_type, url)

    async def extract_page(self, body: Body, content_type: str, url: str, feed_title: str) -> Page:
        """Extract a page."""
        return await asyncio.to_thread(extract, b"".join(body.pieces()), content_type, url, feed_title)


@pytest.fixture(autouse=True)
def _quiet_judge(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Verdicts are not the matter here, nor, but for one test, processes."""
    monkeypatch.setattr("watcher.flow.judge.judge", beside)
    if "processes" not in request.node.name:
        monkeypatch.setattr("watcher.wiring.Workers", Here)


@pytest.fixture
def config(tmp_path: Path, site: Site) -> Config:
    """Everything is watched, on a state of its own."""
    return Config(
        folder=tmp_path, storyline=StorylineConfig(use="any"), state=StateConfig(dir=tmp_path / "state"),
        fetch=FetchConfig(allow_private=(site.host,), timeout_s=5), alerts=AlertsConfig(),
        feeds=(FeedConfig(name="Feed", url=site.url("/feed")),),
    )  # fmt: skip


@pytest.fixture
def db(config: Config) -> Iterator[sqlite3.Connection]:
    """Give a look at the state."""
    with closing(open_state(config.state.dir)) as connection:
        yield connection


def walk(config: Config, *, everything: bool = False) -> dict[str, Any]:
    """One walk."""
    return asyncio.run(wiring.walk_once(config, everything=everything))


def rows(db: sqlite3.Connection, query: str) -> list[tuple[Any, ...]]:
    """Tell what the state says."""
    return [tuple(row) for row in db.execute(query)]


# -- feeds ------------------------------------------------------------------------------------------------------------


def test_a_walk_reads_what_a_feed_brings_through_processes(site: Site, config: Config, db: sqlite3.Connection) -> None:
    """Every entry is kept once, its page is read, and its sentences are understood."""
    site.feed(
        "/feed", site.item("/a", "Ada speaks", published="Tue, 03 Mar 2026 10:00:00 +0100"), site.item("/b", "More")
    )
    site.article("/a", "Ada speaks", *BODY)
    site.article("/b", "More", *BODY[1:])
    done = walk(config)
    assert done["feeds"] == {"polled": 1, "unchanged": 0, "failed": 0}
    assert done["entries"] == {"seen": 2, "new": 2, "relevant": 2}
    assert done["articles"] == {"read": 2, "failed": 0, "edited": 0}
    assert rows(db, "SELECT title, partial, published_at FROM version WHERE article_id = 1") == [
        ("Ada speaks", 0, "2026-03-03T09:00:00.000000Z")
    ]
    assert rows(db, "SELECT count(*) > 4 FROM statement") == [(1,)]
    assert rows(db, "SELECT count(*) FROM judgement") == [(2,)]
    assert rows(db, "SELECT count(*) FROM unjudged") == [(0,)]
    again = walk(config, everything=True)
    assert again["feeds"]["unchanged"] == 1
    assert again["articles"] == {"read": 0, "failed": 0, "edited": 0}
    assert walk(config)["feeds"]["polled"] == 0


@pytest.mark.parametrize("headers", [{}, {"ETag": '"1"'}])
def test_an_unchanged_feed_is_not_parsed_again(site: Site, config: Config, headers: dict[str, str]) -> None:
    """By validators where the server gives them, else by the body itself."""
    site.feed("/feed", site.item("/a", "A"), **headers)
    walk(config)
    assert walk(config, everything=True)["feeds"] == {"polled": 1, "unchanged": 1, "failed": 0}
    assert ("If-None-Match" in site.seen["/feed"]) == bool(headers)


@pytest.mark.parametrize(
    ("status", "health", "problem"),
    [
        (403, "failing", "HTTP 403 (refuses us)"),
        (503, "failing", "HTTP 503 (trouble at the server)"),
        (410, "gone", "HTTP 410 (gone for good)"),
    ],
)
def test_a_failing_feed_says_why_and_recovers(
    site: Site, config: Config, db: sqlite3.Connection, status: int, health: str, problem: str
) -> None:
    """The reason stands in the feed's row; only 410 switches it off; a feed that answers again is well again."""
    site.fail("/feed", status)
    assert walk(config)["feeds"] == {"polled": 1, "unchanged": 0, "failed": 1}
    assert rows(db, "SELECT health, problem, fails FROM feed") == [(health, problem, 1)]
    db.execute("UPDATE feed SET due_at = '2000-01-01T00:00:00.000000Z'")
    assert walk(config)["feeds"]["polled"] == (status != 410)
    site.feed("/feed", site.item("/a", "A"))
    walk(config, everything=True)
    assert rows(db, "SELECT health, problem, fails FROM feed") == [("ok", "", 0)]


def test_a_page_is_no_feed(site: Site, config: Config, db: sqlite3.Connection) -> None:
    """A web page at a feed's address is told as one."""
    site.article("/feed", "Welcome", *BODY)
    walk(config)
    ((health, problem),) = rows(db, "SELECT health, problem FROM feed")
    assert health == "failing"
    assert "web page where a feed was expected" in problem


def test_a_permanent_move_is_remembered_and_unlearned(site: Site, config: Config, db: sqlite3.Connection) -> None:
    """After a 301 the new address is asked; when that fails for long, the configured one again."""
    site.fail("/feed", 301, Location="/new")
    site.feed("/new", site.item("/a", "A"))
    walk(config)
    walk(config, everything=True)
    assert (site.hits["/feed"], site.hits["/new"]) == (1, 2)
    site.fail("/new", 500)
    site.feed("/feed", site.item("/a", "A"))
    for _ in range(3):
        walk(config, everything=True)
    assert rows(db, "SELECT moved_to FROM feed") == [(None,)]
    assert walk(config, everything=True)["feeds"]["failed"] == 0


def test_one_feeds_trouble_is_its_own(site: Site, config: Config, db: sqlite3.Connection) -> None:
    """An error nobody foresaw stays with its feed, and the others are read."""
    config = replace(config, feeds=(*config.feeds, FeedConfig(name="Bad", url=site.url("/bad"))))
    site.feed("/feed", site.item("/a", "A"))
    site.article("/a", "A", *BODY)
    site.feed("/bad", site.item("/b", "B"))
    walk(config)
    db.execute(
        """CREATE TRIGGER full BEFORE UPDATE OF polled_at ON feed WHEN new.name = 'Bad'
        BEGIN SELECT raise(ABORT, 'disk'); END"""
    )
    done = walk(config, everything=True)
    db.execute("DROP TRIGGER full")
    assert done["feeds"]["failed"] == 1
    assert done["feeds"]["unchanged"] == 2
    assert walk(config, everything=True)["feeds"]["failed"] == 0


def test_a_full_disk_is_no_fault_of_a_feed(
    site: Site, config: Config, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long answer that finds no room is asked for again by the next walk, and no server is blamed for it."""
    site.feed(
        "/feed", site.item("/a", "A"), *(site.item("", f"Entry {n}", "Some words.", guid=str(n)) for n in range(3000))
    )
    site.article("/a", "A", "The disk was full. " * 20_000)
    monkeypatch.setattr("tempfile.tempdir", str(config.folder / "gone"))
    assert walk(config)["feeds"] == {"polled": 0, "unchanged": 0, "failed": 1}
    assert rows(db, "SELECT health, problem, polled_at FROM feed") == [("new", "", None)]
    monkeypatch.undo()
    monkeypatch.setattr("watcher.flow.judge.judge", beside)
    monkeypatch.setattr("watcher.wiring.Workers", Here)
    assert walk(config)["entries"]["new"] == 3001
    assert rows(db, "SELECT state, problem FROM article WHERE url LIKE '%/a'") == [("read", "")]


@pytest.mark.parametrize("size", [3000, pytest.param(50_000, marks=pytest.mark.slow)])
def test_a_large_feed_does_not_hold_the_house(site: Site, config: Config, db: sqlite3.Connection, size: int) -> None:
    """Thousands of entries are saved in small steps: the event loop is never held for long."""
    site.feed("/feed", *(site.item("", f"Entry {n}", "Some words.", guid=str(n)) for n in range(size)))
    longest = 0.0

    async def watched() -> None:
        nonlocal longest

        async def metronome() -> None:
            nonlocal longest
            while True:
                before = time.thread_time()  # our own work between two beats, not that of a busy machine
                await asyncio.sleep(0.01)
                longest = max(longest, time.thread_time() - before)

        async with wiring.opened(wiring.prepare(config)) as watcher:
            beat = asyncio.create_task(metronome())
            await watcher.gather.everything(planned=False)
            beat.cancel()

    asyncio.run(watched())
    assert rows(db, "SELECT count(*) FROM entry") == [(size,)]
    assert rows(db, "SELECT count(*) FROM article") == [(size,)]
    assert longest < 0.5


def test_nothing_runs_beside_a_daemon(site: Site, config: Config) -> None:
    """A walk needs the state for itself."""
    with daemon_lock(config.state.dir), pytest.raises(StateBusy):
        walk(config)


# -- articles ---------------------------------------------------------------------------------------------------------


def test_two_feeds_that_lead_to_one_article_make_one(site: Site, config: Config, db: sqlite3.Connection) -> None:
    """The same link, a redirect to it and a canonical link with the same title are one article."""
    config = replace(config, feeds=(*config.feeds, FeedConfig(name="Two", url=site.url("/two"))))
    site.feed("/feed", site.item("/a", "Ada speaks"))
    site.feed("/two", site.item("/a?utm_source=two", "Ada speaks!", guid="1"), site.item("/short", "Hm", guid="2"),
              site.item("/amp", "Ada speaks", guid="3"))  # fmt: skip
    site.article("/a", "Ada speaks", *BODY)
    site.fail("/short", 302, Location="/a")
    site.article("/amp", "Ada speaks", *BODY, head=f'<link rel="canonical" href="{site.url("/a")}">')
    walk(config)
    assert rows(db, "SELECT count(*) FROM article") == [(1,)]
    assert rows(db, "SELECT count(DISTINCT article_id), count(*) FROM entry") == [(1, 4)]
    assert rows(db, "SELECT count(*) FROM version") == [(1,)]


def test_a_canonical_link_that_lies_is_not_believed(site: Site, config: Config, db: sqlite3.Connection) -> None:
    """Pages of other titles that all name one canonical address stay articles of their own."""
    site.feed("/feed", site.item("/a", "One story"), site.item("/b", "Another thing"))
    head = f'<link rel="canonical" href="{site.url("/a")}">'
    site.article("/a", "One story", *BODY, head=head)
    site.article("/b", "Another thing", *reversed(BODY), head=head)
    walk(config)
    assert rows(db, "SELECT count(*) FROM version") == [(2,)]


def test_an_edit_makes_a_version_and_a_comma_does_not(site: Site, config: Config, db: sqlite3.Connection) -> None:
    """Another sentence makes a version; other spaces, quotes or letters' case do not."""
    site.feed("/feed", site.item("/a", "Ada's plan"))
    site.article("/a", "Ada's plan", *BODY)
    walk(config)
    site.article("/a", "Ada’s Plan", *(text.replace(" ", "  ") for text in BODY))
    assert walk(config, everything=True)["articles"]["edited"] == 0
    site.article("/a", "Ada's plan", *BODY, "The price was raised to 700 pounds on Friday evening, the clerk wrote.")
    assert walk(config, everything=True)["articles"]["edited"] == 1
    assert rows(db, "SELECT number FROM version ORDER BY 1") == [(1,), (2,)]
    assert rows(db, "SELECT count(*) FROM judgement") == [(2,)]


def test_an_edited_entry_has_its_article_read_at_once(site: Site, config: Config, db: sqlite3.Connection) -> None:
    """A new headline in the feed is reason enough to look, long before the next planned time."""
    site.feed("/feed", site.item("/a", "Ada speaks", guid="1"))
    site.article("/a", "Ada speaks", *BODY)
    walk(config)
    site.feed("/feed", site.item("/a", "Ada speaks again", guid="1"))
    site.article("/a", "Ada speaks again", *BODY)
    db.execute("UPDATE feed SET due_at = '2000-01-01T00:00:00.000000Z'")
    assert walk(config)["articles"]["edited"] == 1
    assert rows(db, "SELECT title FROM version ORDER BY number") == [("Ada speaks",), ("Ada speaks again",)]


def test_an_entry_without_a_page_is_judged_on_its_words(site: Site, config: Config, db: sqlite3.Connection) -> None:
    """No link, a link to the front page or a page that refuses us: title and summary are the text, told as partial."""
    items = (("", "No link"), ("/", "Front page"), ("/refused", "Refused"))
    site.feed("/feed", *(site.item(path, title, LONG) for path, title in items))
    site.fail("/refused", 403)
    done = walk(config)
    assert done["articles"] == {"read": 3, "failed": 1, "edited": 0}
    assert sorted(rows(db, "SELECT title, partial FROM version")) == [("Front page", 1), ("No link", 1), ("Refused", 1)]
    assert sorted(rows(db, "SELECT state, problem FROM article")) == [
        ("failed", "HTTP 403 (refuses us)"), ("read", ""), ("read", "")
    ]  # fmt: skip
    assert rows(db, "SELECT count(*) FROM judgement") == [(3,)]
    assert site.hits["/"] == 0


def test_a_page_in_trouble_is_tried_again(site: Site, config: Config, db: sqlite3.Connection) -> None:
    """A server error leaves it waiting; after the last try its feed's words are judged. A later success still wins."""
    site.feed("/feed", site.item("/a", "Ada speaks", LONG))
    site.fail("/a", 500)
    for fails in (1, 2, 3):
        assert walk(config, everything=True)["articles"] == {"read": 0, "failed": 1, "edited": 0}
        assert rows(db, "SELECT state, fails, due_at IS NOT NULL FROM article") == [("waiting", fails, 1)]
    assert walk(config, everything=True)["articles"] == {"read": 1, "failed": 1, "edited": 0}
    assert rows(db, "SELECT state, partial FROM article JOIN version ON article_id = article.id") == [("failed", 1)]
    site.article("/a", "Ada speaks", *BODY)
    assert walk(config, everything=True)["articles"]["edited"] == 1
    assert rows(db, "SELECT state, fails FROM article") == [("read", 0)]


def test_a_stub_never_follows_a_whole_text(site: Site, config: Config, db: sqlite3.Connection) -> None:
    """A page that shows nothing any more leaves the text we have as the last word."""
    site.feed("/feed", site.item("/a", "Ada speaks", LONG))
    site.article("/a", "Ada speaks", *BODY)
    walk(config)
    site.put("/a", "<!doctype html><html><body></body></html>")
    walk(config, everything=True)
    assert rows(db, "SELECT number, partial FROM version") == [(1, 0)]
    site.fail("/a", 410)
    walk(config, everything=True)
    assert rows(db, "SELECT state, due_at FROM article") == [("gone", None)]


def test_an_impossible_date_is_not_believed(site: Site, config: Config, db: sqlite3.Connection) -> None:
    """A date before the web or far ahead is replaced by when we first saw the article."""
    dates = ("Tue, 03 Mar 2099 10:00:00 +0000", "Fri, 02 Jan 1970 00:00:00 +0000")
    site.feed("/feed", *(site.item("", f"T{n}", LONG, published=date) for n, date in enumerate(dates)))
    walk(config)
    same = "SELECT version.published_at = first_seen_at FROM version JOIN article ON article.id = article_id"
    assert rows(db, same) == [(1,), (1,)]


def test_spread_is_even() -> None:
    """The share that keeps feeds out of step lies between 0 and 1 and differs between feeds."""
    shares = [gather.spread_of(f"https://{n}.example/feed") for n in range(100)]
    assert all(0 <= share < 1 for share in shares)
    assert 0.3 < sum(shares) / 100 < 0.7
