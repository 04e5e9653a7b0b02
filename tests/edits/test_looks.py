"""When articles are looked at again, what `diff` shows, and what is kept of old texts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from press_room import BODY, TITLE

from watcher.policy.cadence import next_recheck, soon_again
from watcher.store import retention
from watcher.store.description import describe

if TYPE_CHECKING:
    from press_room import Press

SEEN = datetime(2026, 3, 3, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOURLY = tuple(3600.0 * hour for hour in range(1, 25))
USUAL = (3600.0, 21600.0, 86400.0, 259200.0)


def looks(ages_s: tuple[float, ...], *, quiet: bool, watched: bool = False, most: int = 40) -> list[float]:
    """Give the ages in hours at which an article is looked at, when every look comes on time."""
    found: list[float] = []
    due = next_recheck(SEEN, ages_s, SEEN, quiet=quiet, watched=watched)
    while due is not None and len(found) < most:
        found.append((due - SEEN) / HOUR)
        due = next_recheck(SEEN, ages_s, due, quiet=quiet, watched=watched)
    return found


def test_the_usual_looks_are_all_taken() -> None:
    """One hour, six hours, a day, three days after first sight."""
    assert looks(USUAL, quiet=True) == looks(USUAL, quiet=False) == [1, 6, 24, 72]
    assert looks((), quiet=False, watched=True) == []


def test_an_article_that_never_changes_is_looked_at_ever_more_rarely() -> None:
    """The pauses grow with its age, and the last look is always taken; one that changed has every look."""
    assert looks(HOURLY, quiet=True) == [1, 2, 3, 5, 8, 12, 18, 24]
    assert looks(HOURLY, quiet=False) == list(range(1, 25))


def test_what_tells_an_open_development_is_watched_longest() -> None:
    """After the last look at twice the age each time, for about two months."""
    assert looks(USUAL, quiet=True, watched=True) == [1, 6, 24, 72, 144, 288, 576, 1152]


@pytest.mark.parametrize("late", [2, 30, 100])
def test_looks_that_were_missed_are_one_look(late: int) -> None:
    """After downtime the next look is the next age that has not passed."""
    due = next_recheck(SEEN, USUAL, SEEN + late * HOUR)
    expected = {2: SEEN + 6 * HOUR, 30: SEEN + 72 * HOUR, 100: None}[late]
    assert due == expected


def test_a_doubtful_page_is_looked_at_soon() -> None:
    """In half an hour, or earlier when it was due or all looks are close."""
    assert soon_again(None, USUAL, SEEN) == SEEN + HOUR / 2
    assert soon_again(SEEN + HOUR / 6, USUAL, SEEN) == SEEN + HOUR / 6
    assert soon_again(None, (1.0,), SEEN) == SEEN + timedelta(seconds=1)


def test_diff_shows_two_versions(press: Press, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Side by side, word by word, as JSON and as a page; plain in a pipe, and harmless whatever the text holds."""
    press.walk()
    new = tuple(p.replace("40 million", "14 million").replace(" Its owner", " <b>Its</b> owner") for p in BODY)
    press.put("/a", TITLE, (*new, "On Wednesday the yard &lt;script&gt; asked the court to throw the suit out."))
    press.walk()
    words = press.command("diff", "A1", "--words")
    assert "[-40-] {+14+} million pounds" in " ".join(words.split())
    assert "\x1b" not in words
    sides = press.command("diff", press.site.url("/a"))
    assert " ~ " in sides
    assert "version 2" in sides
    edits = json.loads(press.command("diff", "a1", "1", "2", "--json"))["edits"]
    first = edits[0]
    assert (first["kind"], first["was"], first["now"]) == ("reworded", "40m GBP", "14m GBP")
    assert edits[-1]["kind"] == "added"
    page = tmp_path_factory.mktemp("out") / "diff.html"
    press.command("diff", "/a", "--html", str(page))
    html = page.read_text(encoding="utf-8")
    assert "<del>40</del>" in html
    assert "<ins>14</ins>" in html
    assert "<script>" not in html


def test_what_was_removed_is_shown_where_it_stood(press: Press) -> None:
    """Between the sentences it stood between, however much was put in before or behind it."""
    press.walk()
    added = tuple(
        f"On day {number} of the strike the tower of the old gate leant by {number} feet." for number in range(3, 6)
    )
    press.put("/a", TITLE, (BODY[0], BODY[1], BODY[3], BODY[4], *added))
    press.walk()
    sides = press.command("diff", "A1")
    places = [sides.index(told) for told in ("It says that", "waited long", "Bexley employs", "On day 3")]
    assert places == sorted(places)


def test_diff_says_what_there_is_not(press: Press) -> None:
    """No such article, no such version, never edited: one line each."""
    press.walk()
    for args, said in (
        (("A9",), "no article"),
        (("A1",), "was not edited"),
        (("A1", "1", "7"), "no version 7"),
        (("A1", "1"), "two versions"),
    ):
        assert said in press.failing("diff", *args)


def test_old_texts_are_forgotten_and_what_a_development_rests_on_stays(press: Press) -> None:
    """Texts seen last before the limit go with their entries; fresh sentences of a decided development stay."""
    press.announce("/a", "/b", titles=(TITLE, "Weather"))
    press.put("/b", "Weather", ("It will rain in the hills in the morning, and the wind will turn to the west.",) * 1)
    press.walk()
    volume = retention.measure(press.db)
    assert (volume.articles, volume.versions) == (2, 2)
    assert volume.bytes > 500
    assert "texts of 2 articles" in " ".join(press.command("doctor").split())
    now = datetime.now(UTC)
    assert retention.forget(press.db, now, timedelta(days=1)) == 0
    press.db.execute("UPDATE article SET first_seen_at = '2020-01-01T00:00:00.000000Z'")
    press.db.execute("UPDATE version SET seen_at = '2020-01-01T00:00:00.000000Z'")
    # Both pages are read at once: which came first is anybody's guess.
    kept = press.rows("SELECT id FROM article WHERE url LIKE '%/a'")
    press.db.execute(
        """UPDATE judgement SET development_id = NULL
        WHERE version_id IN (SELECT id FROM version WHERE article_id != ?)""",
        kept[0],
    )
    press.db.execute("UPDATE development SET status = 'dismissed'")
    fresh = press.rows("SELECT count(*) FROM finding WHERE verdict IN ('new', 'changed')")
    assert retention.forget(press.db, now, timedelta(days=400)) == 2
    assert press.rows("SELECT id FROM article") == kept
    assert press.rows("SELECT count(*) FROM statement WHERE position >= 0") <= fresh
    ((told,),) = press.rows("SELECT development_id FROM judgement WHERE development_id IS NOT NULL")
    assert describe(press.db, told)["statements"]
    assert retention.forget(press.db, now, timedelta(days=400)) == 0
