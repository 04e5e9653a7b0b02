"""Pages that change over time, with and without validators: what makes a version and what does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from press_room import BODY, TITLE

if TYPE_CHECKING:
    from press_room import Press

Change = Callable[["Press"], None]


def sub(old: str, new: str) -> tuple[str, ...]:
    """Give the article with other words in it."""
    assert any(old in paragraph for paragraph in BODY)
    return tuple(paragraph.replace(old, new) for paragraph in BODY)


def text(paragraphs: tuple[str, ...], *, title: str = TITLE, before: str = "", after: str = "") -> Change:
    """Make a change of the page."""
    return lambda press: press.put("/a", title, paragraphs, before=before, after=after)


QUOTED = "‘We have waited long enough for our ferries,’"
COSMETIC: dict[str, Change] = {
    "white space": text(tuple(paragraph.replace(" ", "  \n ") for paragraph in BODY)),
    "kinds of quotation marks": text(sub("“We have waited long enough for our ferries,”", QUOTED)),
    "typographic variants": text(sub("1,200", "1200")),
    "a moved paragraph": text((BODY[0], BODY[3], BODY[1], BODY[2], BODY[4])),
    "a rotating teaser": text((*BODY[:2], "Read more: Storm shuts coastal road", *BODY[2:])),
    "a date stamp": text(BODY, before="<p>Last updated 3 March 2026, 17:40 GMT</p>"),
    "a comment count": text(BODY, after="<p>112 comments</p>"),
    "an ad": text((*BODY[:3], "Advertisement: Get 40 % off garden chairs today for only £9.99.", *BODY[3:])),
    "a label of the headline": text(BODY, title=f"UPDATE: {TITLE}"),
    "paragraphs cut otherwise": text((" ".join(BODY[:2]), *BODY[2:])),
    "another layout": lambda press: press.site.put(
        "/a",
        f"<!doctype html><html><head><title>{TITLE}</title></head><body><div id='shell'><header><nav><a href='/'>Home"
        f"</a></nav></header><section class='story-body'><h1>{TITLE}</h1>"
        + "".join(f"<div class='par'><p>{paragraph}</p></div>" for paragraph in BODY)
        + "</section><footer>Westmouth Post Ltd.</footer></div></body></html>",
    ),
}  # fmt: skip

REAL: dict[str, Change] = {
    "a figure": text(sub("40 million pounds", "14 million pounds")),
    "a sentence removed": text(sub(" The suit was filed at the county court.", "")),
    "a sentence added": text(sub("plans.", "plans. The insurer of the yard declined to comment.")),
    "a paragraph added": text((*BODY, "On Wednesday afternoon the yard asked the court to throw the suit out.")),
    "a paragraph removed": text((*BODY[:3], BODY[4])),
    "a softened headline": text(BODY, title="Harbour council in dispute with shipyard"),
    "a name": text(sub("Margaret Hale", "Margaret Hill")),
    "a date": text(sub("12 June", "21 June")),
    "a negation": text(sub("The yard will file", "The yard will not file")),
    "a softened claim": text(sub("will file its answer", "might file its answer")),
    "a correction note": text((*BODY, "Correction: An earlier version of this article gave a wrong date.")),
}  # fmt: skip


@pytest.mark.parametrize("validators", [False, True], ids=["plain", "etag"])
@pytest.mark.parametrize("kind", COSMETIC)
def test_what_no_reader_notices_makes_no_version(press: Press, kind: str, validators: bool) -> None:
    """However often the page is read, there is one version."""
    press.validators = validators
    press.put("/a", TITLE, BODY)
    press.walk()
    COSMETIC[kind](press)
    assert press.walk()["articles"] == {"read": 0, "failed": 0, "edited": 0}
    assert press.walk()["articles"]["edited"] == 0
    assert press.versions() == 1
    assert press.rows("SELECT count(*) FROM suspicion") == [(0,)]


@pytest.mark.parametrize("validators", [False, True], ids=["plain", "etag"])
@pytest.mark.parametrize("kind", REAL)
def test_what_a_reader_notices_makes_a_version_once(press: Press, kind: str, validators: bool) -> None:
    """The next look stores it, the one after finds it known, and the difference is kept with it."""
    press.validators = validators
    press.put("/a", TITLE, BODY)
    press.walk()
    REAL[kind](press)
    assert press.walk()["articles"]["edited"] == 1
    assert press.walk()["articles"]["edited"] == 0
    assert press.versions() == 2
    assert press.rows("SELECT count(*) > 0 FROM edit") == [(1,)]


def test_the_server_is_asked_whether_anything_changed(press: Press) -> None:
    """Where it gives validators an unchanged page is not sent again, and counts as seen."""
    press.validators = True
    press.put("/a", TITLE, BODY)
    press.walk()
    (first,) = press.rows("SELECT seen_at FROM version")
    press.walk()
    assert press.site.seen["/a"]["If-None-Match"] == '"2"'
    (second,) = press.rows("SELECT seen_at FROM version")
    assert second > first


def test_a_page_that_flips_has_two_versions(press: Press) -> None:
    """A test with two headlines is known after both were seen, whichever is served."""
    for turn in range(7):
        press.put("/a", TITLE if turn % 2 else "Council and yard meet in court", BODY)
        press.walk()
    assert press.versions() == 2


def test_an_edited_entry_has_its_page_read(press: Press) -> None:
    """A new title, summary or time in the feed is reason to look at once."""
    press.walk()
    press.put("/a", TITLE, sub("40 million", "14 million"))
    press.db.execute("UPDATE article SET due_at = '2027-01-01T00:00:00.000000Z'")
    hits = press.site.hits["/a"]
    press.site.feed("/feed", press.item("/a", TITLE, "Now with another summary."))
    assert press.walk()["articles"]["edited"] == 1
    assert press.site.hits["/a"] == hits + 1


def test_many_missed_looks_are_made_up_by_one(press: Press) -> None:
    """After a week without the daemon an article is read once, not once for every look that was missed."""
    press.walk()
    press.db.execute("UPDATE article SET first_seen_at = '2020-01-01T00:00:00Z', due_at = '2020-01-01T01:00:00Z'")
    hits = press.site.hits["/a"]
    press.walk()
    assert press.site.hits["/a"] == hits + 1
