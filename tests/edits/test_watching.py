"""When pages are read again in a real walk: sources of open developments longest, after downtime once, edited entries
at once.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from press_room import BODY, TITLE

from watcher import wiring
from watcher.flow import learn
from watcher.records import Validators
from watcher.store import articles
from watcher.store.articles import Attempt
from watcher.store.columns import moment, stamp

if TYPE_CHECKING:
    from press_room import Press

DAY = timedelta(days=1)
OTHER = (
    "The museum of Aldham bought a bronze horse from the fourth century on Monday for 3 million euros, it said.",
    "It was found by divers in 1974 near the island of Sarn, and belonged to a collector from Basel until last year.",
    "The horse is shown from 2 May. Its director, Paula Brink, called it the finest piece of the house.",
)


def walk_due(press: Press) -> dict[str, Any]:
    """Walk over what is due and nothing else."""
    return asyncio.run(wiring.walk_once(press.config))


def age(press: Press, days: float) -> None:
    """Let all articles have been found so many days ago, and be due."""
    now = datetime.now(UTC)
    press.db.execute(
        "UPDATE article SET first_seen_at = ?, due_at = ?", (stamp(now - days * DAY), stamp(now - DAY / 24))
    )


def due_in_days(press: Press, path: str) -> float | None:
    """Tell in how many days an article is read again."""
    ((due,),) = press.rows(f"SELECT due_at FROM article WHERE url LIKE '%{path}'")
    return None if due is None else (moment(due) - datetime.now(UTC)) / DAY


def test_the_sources_of_open_developments_are_watched_longest(press: Press) -> None:
    """After the last age of the config the source of an open development is read again at twice its age, that of a
    dismissed one never; once the other is decided too, it rests as well.
    """
    press.announce("/a", "/b", titles=(TITLE, "Museum buys bronze horse"))
    press.put("/b", "Museum buys bronze horse", OTHER)
    press.walk()
    by_path = {url[-2:]: name for url, name in press.rows(
        """SELECT url, 'D' || development_id FROM judgement JOIN version ON version.id = version_id
        JOIN article ON article.id = article_id"""
    )}  # fmt: skip
    assert len(set(by_path.values())) == 2
    learn.dismiss(press.db, 1, by_path["/b"], now=datetime.now(UTC))
    age(press, 4)
    hits = dict(press.site.hits)
    walk_due(press)
    assert [press.site.hits[path] - hits[path] for path in ("/a", "/b")] == [1, 1]
    assert due_in_days(press, "/a") == pytest.approx(4, abs=0.1)
    assert due_in_days(press, "/b") is None
    learn.dismiss(press.db, 1, by_path["/a"], now=datetime.now(UTC))
    age(press, 9)
    walk_due(press)
    assert due_in_days(press, "/a") is None


UPDATED = '<updated xmlns="http://www.w3.org/2005/Atom">2026-03-03T{hour}:00:00Z</updated></item>'


@pytest.mark.parametrize(
    ("title", "summary", "hour"),
    [("Yard sued over ferries", "", 0), (TITLE, "Another summary.", 0), (TITLE, "", 17)],
    ids=["title", "summary", "updated"],
)
def test_an_entry_that_changes_has_its_page_read_at_once(press: Press, title: str, summary: str, hour: int) -> None:
    """Whichever of the three changed; a feed that says what it said before wakes nothing."""
    press.walk()
    later = datetime.now(UTC) + DAY / 2
    press.db.execute("UPDATE article SET due_at = ?", (stamp(later),))
    hits = press.site.hits["/a"]
    press.db.execute("UPDATE feed SET due_at = ?", (stamp(datetime.now(UTC)),))
    walk_due(press)
    assert press.site.hits["/a"] == hits
    press.put("/a", TITLE, tuple(paragraph.replace("40 million", "14 million") for paragraph in BODY))
    item = press.item("/a", title, summary)
    press.site.feed("/feed", item.replace("</item>", UPDATED.format(hour=hour)) if hour else item)
    press.db.execute("UPDATE feed SET due_at = ?", (stamp(datetime.now(UTC)),))
    assert walk_due(press)["articles"]["edited"] == 1
    assert press.site.hits["/a"] == hits + 1


def test_a_feed_that_dates_its_entries_anew_in_every_poll_is_not_believed_for_ever(press: Press) -> None:
    """A page that was read twenty times for it and never had changed is read as planned again."""
    press.walk()
    later = stamp(datetime.now(UTC) + DAY / 2)
    hits = press.site.hits["/a"]
    for rechecks, reads in ((19, 1), (20, 0)):
        press.db.execute("UPDATE article SET due_at = ?, rechecks = ?", (later, rechecks))
        press.db.execute("UPDATE feed SET due_at = ?", (stamp(datetime.now(UTC)),))
        press.site.feed("/feed", press.item("/a", TITLE).replace("</item>", UPDATED.format(hour=rechecks)))
        walk_due(press)
        assert press.site.hits["/a"] - hits == reads
        hits = press.site.hits["/a"]


def test_three_days_without_the_daemon_cost_one_look_each(press: Press) -> None:
    """Two hundred articles that missed three looks are asked for once, with what the server gave us."""
    press.announce()
    now = datetime.now(UTC)
    for number in range(200):
        path = f"/n{number}"
        press.site.put(path, "never sent", ETag='"kept"')
        url = press.site.url(path)
        found = articles.create(press.db, url=url, url_key=url, seen=now - 3.5 * DAY, published=now - 3.5 * DAY)
        kept = Attempt(state="read", due=now - 3.4 * DAY, validators=Validators(etag='"kept"'))
        articles.save_attempt(press.db, found, kept)
    told = walk_due(press)
    assert told["articles"] == {"read": 0, "failed": 0, "edited": 0}
    assert [press.site.hits[f"/n{number}"] for number in range(200)] == [1] * 200
    assert press.rows("SELECT count(*) FROM article WHERE url LIKE '%/n%' AND due_at IS NOT NULL") == [(0,)]
    walk_due(press)
    assert sum(press.site.hits[f"/n{number}"] for number in range(200)) == 200
    assert press.versions() == 0
