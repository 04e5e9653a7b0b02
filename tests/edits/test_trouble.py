"""Pages and states that mean trouble: hostile texts, gaps, articles that come back, decisions taken meanwhile."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from pairs import understood
from press_room import BODY, TITLE

from watcher.flow import learn
from watcher.policy.edits import changed_words, compare, is_same
from watcher.records import Status
from watcher.store import developments, retention
from watcher.store.database import transaction

if TYPE_CHECKING:
    from press_room import Press

ADDED = "On Wednesday afternoon the yard offered to pay back 15 million pounds to the council by Friday."


def lines(count: int, words: int, seed: int) -> tuple[str, ...]:
    """Give sentences of few different words, none twice."""
    dice = random.Random(seed)
    return tuple(" ".join(f"word{dice.randrange(200)}" for _ in range(words)).capitalize() + "." for _ in range(count))


SAME = ("The same line again and again.",)
HOSTILE = {
    "nothing in common": (lines(800, 25, 1), lines(800, 25, 2)),
    "one line again and again": (SAME * 800, (*SAME, "Another line stands here now.") * 400),
    "in turns": (("Yes it is so.", "No it is not.") * 400, ("No it is not.", "Perhaps.", "Yes it is so.") * 270),
    "backwards": (lines(800, 25, 3), lines(800, 25, 3)[::-1]),
    "endless sentences": (lines(15, 2000, 4), lines(15, 2000, 5)),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_long_pages_are_compared_in_little_time(kind: str) -> None:
    """As many statements as a page can hold take a second or two of computing, where they took half a minute."""
    before, after = (understood("Title", side, "en") for side in HOSTILE[kind])
    start = time.thread_time()
    difference = compare(before, after)
    is_same(before, after)
    assert time.thread_time() - start < 4
    assert difference.edits


def test_long_sentences_are_shown_word_by_word_in_little_time() -> None:
    """Two texts of twenty thousand words; what both say is told as such."""
    old = [f"w{number % 500}" for number in range(20_000)]
    new = [*old[:9_000], "other", *old[9_001:]]
    start = time.thread_time()
    pieces = changed_words(" ".join(old), " ".join(new))
    assert time.thread_time() - start < 2
    assert " ".join(piece[1] for piece in pieces if piece[1]).split() == new


def test_a_hostile_page_is_a_version_like_any_other(press: Press, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Escape sequences, tags, text that runs backwards and endless words reach neither the terminal nor the page."""
    press.walk()
    cells = "".join(f"<tr><td>row {number}</td><td>{number * 7}</td></tr>" for number in range(5000))
    evil = (
        "The yard said \x1b[2J\x1b]0;owned\x07 on Friday &lt;img src=x onerror=a&gt; \u202ethat it pays 9 million.",
        "W" * 9000 + " was all that the council of Westmouth said on Friday about 3 million pounds.",
    )
    press.put("/a", TITLE + " &lt;/title&gt;&lt;script&gt;", (*BODY, *evil), after=f"<table>{cells}</table>")
    assert press.walk()["articles"]["edited"] == 1
    page = tmp_path_factory.mktemp("out") / "diff.html"
    press.command("diff", "A1", "--html", str(page))
    html = page.read_text(encoding="utf-8")
    for told in (
        press.command("diff", "A1"),
        press.command("diff", "A1", "--words"),
        press.command("show", "D1"),
        html,
    ):
        assert not {"\x1b", "\x07", "\u202e"}.intersection(told)
    assert "<script" not in html
    assert "<img" not in html
    assert "Content-Security-Policy" in html


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p></p>",
        "<p>" + "no sentence here " * 30_000 + "</p>",
        "<p>...</p><p>?!</p><p>,</p>",
        "\x00\x01<p>\x02</p>",
    ],
    ids=["nothing", "an empty paragraph", "one sentence of half a megabyte", "points", "control characters"],
)
def test_a_page_without_a_text_is_no_edit(press: Press, body: str) -> None:
    """The version we have stays what the article tells, and the next good page is no edit either."""
    press.walk()
    press.site.put("/a", f"<!doctype html><html><body><article><h1>{TITLE}</h1>{body}</article></body></html>")
    assert press.walk()["articles"]["edited"] == 0
    press.put("/a", TITLE, BODY)
    assert press.walk()["articles"]["edited"] == 0
    assert press.versions() == 1
    assert press.shown()["withdrawals"] == []


def test_versions_may_have_gaps(press: Press) -> None:
    """A version that is not there any more is named as missing; the others are compared, and numbers go on."""
    press.walk()
    for figure in ("41", "42"):
        press.put("/a", TITLE, tuple(paragraph.replace("40 million", f"{figure} million") for paragraph in BODY))
        press.walk()
    press.db.execute("DELETE FROM version WHERE number = 2")
    assert "it has 1, 3" in press.failing("diff", "A1", "1", "2")
    assert "[-40-] {+42+}" in press.command("diff", "A1", "--words")
    press.put("/a", TITLE, tuple(paragraph.replace("40 million", "43 million") for paragraph in BODY))
    press.walk()
    assert [one["number"] for one in press.shown()["sources"][0]["versions"]] == [1, 3, 4]
    assert "1 difference, and 0 that" in press.command("diff", "A1", "3", "4", "--words")


def test_what_comes_back_was_not_taken_back(press: Press) -> None:
    """An article that was down for long, and a sentence that only one of two variants of a page has."""
    press.walk()
    press.site.fail("/a", 404)
    press.walk()
    press.walk()
    assert {one["kind"] for one in press.shown()["withdrawals"]} == {"gone"}
    press.put("/a", TITLE, (*BODY, ADDED))
    assert press.walk()["articles"]["edited"] == 1
    shown = press.shown()
    assert (shown["sources"][0]["state"], shown["withdrawals"]) == ("there", [])
    press.put("/a", TITLE, (BODY[0].replace(" The suit was filed at the county court.", ""), *BODY[1:], ADDED))
    press.walk()
    assert [one["kind"] for one in press.shown()["withdrawals"]] == ["removed"]
    press.put("/a", TITLE, (*BODY, ADDED))
    press.walk()
    assert press.shown()["withdrawals"] == []
    assert press.versions() == 3


@pytest.mark.parametrize("decide", [learn.accept, learn.dismiss], ids=["accepted", "dismissed"])
def test_an_edit_that_arrives_while_a_person_decides(press: Press, decide: object) -> None:
    """A fact added to an article whose development was just closed opens one of its own; what is closed stays so."""
    press.walk()
    press.put("/a", TITLE, (*BODY, ADDED))
    decide(press.db, 1, "D1", now=datetime.now(UTC))  # type: ignore[operator]
    assert press.walk()["developments"] == {"opened": 1, "grown": 0}
    assert developments.get(press.db, 1, "D1").status in (Status.ACCEPTED, Status.DISMISSED)
    fresh = [one["text"] for one in press.shown("D2")["statements"] if one["verdict"] in ("new", "changed")]
    assert fresh == [ADDED]


def test_a_redesign_of_an_outlet_makes_no_versions(press: Press) -> None:
    """Another layout on every page, with boxes around the text that were not there: nothing of it is an edit."""
    towns = ("Aldham", "Berwick", "Colby", "Dunmore")
    press.announce(*(f"/{town}" for town in towns), titles=tuple(f"{town} rebuilds its bridge" for town in towns))
    texts = {town: (
        f"The town of {town} will rebuild its bridge over the river for two million pounds, the mayor said on Monday.",
        f"The old bridge in {town} was closed in 2023 after an inspector found cracks in four of its seven arches.",
        f"Shopkeepers in {town} had asked for a footbridge, and the county will pay for half of the work this year.",
    ) for town in towns}  # fmt: skip
    for town in towns:
        press.put(f"/{town}", f"{town} rebuilds its bridge", texts[town])
    press.walk()
    for town in towns:
        first, *rest = texts[town]
        boxed = (
            "Monday 2 March 2026", first, f"The bridge in {town} in May. Photo: Lena Voss", "Why it was closed", *rest,
            "Related articles", "Berwick counts its bridges", "What a bridge costs",
            "Lena Voss is a reporter at the Westmouth Post. She writes about towns.",
            "This article is for subscribers of the Westmouth Post only. Already a subscriber? Log in.",
        )  # fmt: skip
        body = "".join(f"<div class='t'><p>{line}</p></div>" for line in boxed)
        title = f"{town} Rebuilds Its Bridge | Westmouth Post"
        press.site.put(
            f"/{town}",
            f"<!doctype html><html lang='en'><head><title>{title}</title></head><body><div id='app'><section>"
            f"<h1>{title}</h1>{body}</section></div></body></html>",
        )
    assert press.walk()["articles"]["edited"] == 0
    assert press.versions() == 4
    assert press.rows("SELECT count(*) FROM suspicion") == [(0,)]


def test_what_is_taken_down_again_is_told_again(press: Press) -> None:
    """Every time a source went its development is updated once, and not while it stays away."""
    press.walk()
    told = []
    for _ in range(2):
        press.site.fail("/a", 404)
        for _ in range(3):
            press.walk()
        told.append(press.rows("SELECT count(*) FROM alert WHERE type = 'development.updated'")[0][0])
        assert {one["kind"] for one in press.shown()["withdrawals"]} == {"gone"}
        press.put("/a", TITLE, BODY)
        press.walk()
        assert press.shown()["withdrawals"] == []
    assert told[0] > 0
    assert told[1] == 2 * told[0]
    assert press.versions() == 1


def test_a_page_that_is_another_one_at_every_look_does_not_fill_the_disk(press: Press) -> None:
    """The first text, the last ones and those that a development rests on are kept, with their numbers."""
    press.walk()
    (article,) = press.rows("SELECT id FROM article")[0]
    rested = "SELECT DISTINCT version_id FROM judgement JOIN finding ON judgement_id = judgement.id"
    for number in range(2, 8):
        told = f"Reader number {number} asked why the tower of {number * 7} bricks by the old gate leans to the left."
        press.put("/a", TITLE, (*BODY, told))
        press.walk()
    assert press.versions() == 7
    press.db.execute("DELETE FROM finding WHERE judgement_id IN (SELECT id FROM judgement WHERE version_id > 3)")
    needed = {row[0] for row in press.rows(f"{rested} WHERE verdict IN ('new', 'changed')")} & {2, 3}
    with transaction(press.db):
        gone = retention.trim(press.db, article, most=2)
    left = [row[0] for row in press.rows("SELECT number FROM version ORDER BY number")]
    assert left == sorted({1, 6, 7} | needed)
    assert gone == 7 - len(left)
    assert press.rows("PRAGMA foreign_key_check") == []
    press.put("/a", TITLE, (*BODY, ADDED))
    assert press.walk()["articles"]["edited"] == 1
    assert [one["number"] for one in press.shown()["sources"][0]["versions"]] == [*left, 8]


def test_no_more_texts_of_one_article_are_kept_than_promised(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeping a text lets go of the oldest one in the middle."""
    monkeypatch.setattr(retention.trim, "__defaults__", (2,))
    press.walk()
    for number in range(2, 7):
        press.put(
            "/a", TITLE, (*BODY, f"“Tower {number} of the old gate leans to the left,” a reader might think one day.")
        )
        press.walk()
    kept = [row[0] for row in press.rows("SELECT number FROM version ORDER BY number")]
    assert (kept[0], kept[-1]) == (1, 6)
    assert len(kept) < 6


def test_one_walk_forgets_what_is_too_old(press: Press) -> None:
    """As the daemon does every day: `state.keep` bounds the texts of those who only ever walk once."""
    press.walk()
    press.db.execute("UPDATE article SET first_seen_at = '2020-01-01T00:00:00.000000Z', due_at = NULL, state = 'gone'")
    press.db.execute("UPDATE version SET seen_at = '2020-01-01T00:00:00.000000Z'")
    press.db.execute("DELETE FROM judgement")
    press.announce()
    press.site.fail("/a", 410)
    press.walk()
    assert press.versions() == 0
