"""What an edit does to the developments it touches, and how a person is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from press_room import BODY, TITLE

from watcher.edges.alert_text import lines, tell
from watcher.flow import learn
from watcher.records import Status
from watcher.store import developments

if TYPE_CHECKING:
    from press_room import Press

ADDED = "On Wednesday afternoon the yard offered to pay back 15 million pounds to the council by Friday."


def sub(old: str, new: str) -> tuple[str, ...]:
    """Give the article with other words in it."""
    return tuple(paragraph.replace(old, new) for paragraph in BODY)


def test_a_new_fact_in_an_old_article_is_flagged(press: Press) -> None:
    """What is added later is new, alone; the article stays with its development, which grows."""
    press.walk()
    press.put("/a", TITLE, (*BODY, ADDED))
    assert press.walk()["developments"] == {"opened": 0, "grown": 1}
    told = press.rows(
        """SELECT text FROM finding JOIN statement ON statement.id = statement_id
        JOIN version ON version.id = version_id WHERE number = 2 AND verdict IN ('new', 'changed')"""
    )
    assert told == [(ADDED,)]


def test_a_corrected_figure_is_changed_with_both_values(press: Press) -> None:
    """The source itself says another figure now: was and now are told, and the alert says edited and quotes both."""
    press.walk()
    press.put("/a", TITLE, sub("40 million pounds", "14 million pounds"))
    assert press.walk()["developments"]["grown"] == 1
    (fact,) = [one for one in press.shown()["statements"] if one["verdict"] == "changed"]
    assert (fact["was"], fact["now"]) == ("40m GBP", "14m GBP")
    (body,) = press.rows("SELECT body FROM alert WHERE type = 'development.updated'")[-1]
    message = "\n".join(lines(tell(json.loads(body))))
    assert "edited: Westmouth Post, version 1 -> 2, reworded" in message
    assert 'before: "The harbour council of Westmouth sued the Bexley shipyard on Tuesday over a loan of 40' in message
    assert 'after: "The harbour council of Westmouth sued the Bexley shipyard on Tuesday over a loan of 14' in message


@pytest.mark.parametrize(
    ("old", "new", "was", "now"),
    [("12 June", "21 June", "06-12", "06-21"), ("Margaret Hale", "Judith Sorrel", "Margaret Hale", "Judith Sorrel")],
    ids=["date", "name"],
)
def test_a_corrected_date_or_name_is_changed(press: Press, old: str, new: str, was: str, now: str) -> None:
    """Not figures alone."""
    press.walk()
    press.put("/a", TITLE, sub(old, new))
    press.walk()
    changed = [one for one in press.shown()["statements"] if one["verdict"] == "changed"]
    assert len(changed) == 1
    assert changed[0]["was"].endswith(was)
    assert changed[0]["now"].endswith(now)


@pytest.mark.parametrize("closed", [False, True], ids=["open", "accepted"])
@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (" The suit was filed at the county court.", "", "removed"),
        ("sued the Bexley shipyard on Tuesday", "might perhaps sue the Bexley shipyard", "weakened"),
    ],
    ids=["removed", "weakened"],
)
def test_what_a_source_takes_back_is_reviewed_again(press: Press, old: str, new: str, kind: str, closed: bool) -> None:
    """The note names the source; what was accepted is open again, keeps its event, and can be accepted again."""
    press.walk()
    if closed:
        learn.accept(press.db, 1, "D1", now=developments.get(press.db, 1, "D1").opened)
    press.put("/a", TITLE, sub(old, new))
    press.walk()
    one = developments.get(press.db, 1, "D1")
    assert one.status is Status.OPEN
    assert (one.event is not None) == closed
    (note,) = press.shown()["withdrawals"]
    assert (note["outlet"], note["kind"], note["article"]) == ("Westmouth Post", kind, "A1")
    assert note["before"] in " ".join(BODY)
    assert "edited: Westmouth Post" in press.command("show", "D1").replace("edited: \n", "edited: ")
    if closed:
        event = learn.accept(press.db, 1, "D1", now=one.opened)
        assert event.id == one.event
        assert press.rows("SELECT count(*) FROM event") == [(1,)]
        learn.undo(press.db, 1, now=one.opened)
        assert developments.get(press.db, 1, "D1").event == one.event


def test_a_changed_title_and_a_note_are_shown(press: Press) -> None:
    """`show` lists the versions with their titles and quotes what the outlet says of its change."""
    press.walk()
    note = "Korrektur: In einer früheren Version hieß es, die Werft habe nichts geliefert."
    press.put("/a", "Harbour council in dispute with shipyard", (*BODY, note))
    press.walk()
    shown = press.command("show", "D1")
    assert "v1" in shown
    assert "v2" in shown
    assert "another headline" in shown
    assert "the outlet says" in shown
    assert "Korrektur: In einer früheren Version" in " ".join(shown.split())


@pytest.mark.parametrize("how", ["404", "410", "front page"])
def test_an_article_taken_down_is_shown_with_its_last_text(press: Press, how: str) -> None:
    """It is a state of its own; after a second look the development knows that its source is gone."""
    press.walk()
    if how == "front page":
        press.site.fail("/a", 302, Location="/")
        press.site.article("/", "Westmouth Post", *(f"Headline number {n} of today's paper." for n in range(9)))
    else:
        press.site.fail("/a", int(how))
    press.walk()
    (source,) = press.shown()["sources"]
    assert source["state"] == "gone"
    press.walk()
    shown = press.shown()
    assert {note["kind"] for note in shown["withdrawals"]} == {"gone"}
    assert "taken down" in press.command("show", "D1")
    assert [one["text"] for one in shown["statements"]]
    assert press.versions() == 1


def test_an_article_that_comes_back_is_not_gone(press: Press) -> None:
    """One missing page is looked for again; nobody is told that a source is gone."""
    press.walk()
    press.site.fail("/a", 404)
    press.walk()
    press.put("/a", TITLE, BODY)
    press.walk()
    (source,) = press.shown()["sources"]
    assert (source["state"], press.shown()["withdrawals"], press.versions()) == ("there", [], 1)


def test_who_still_tells_the_old_version_of_a_wire_text(press: Press) -> None:
    """One of three outlets corrects the text of the agency; the development names the other two."""
    press.announce("/a", "/b", "/c")
    for path in ("/a", "/b", "/c"):
        press.put(path, TITLE, BODY)
    press.walk()
    press.put("/b", TITLE, sub("40 million pounds", "14 million pounds"))
    press.walk()
    (edit,) = [one for one in press.shown()["edits"] if one["kind"] == "reworded"]
    assert sorted(one["url"].rpartition("/")[2] for one in edit["still_told_by"]) == ["a", "c"]


# -- pages that are read wrongly -----------------------------------------------------------------------------------


def many(press: Press, *, count: int = 4) -> list[str]:
    """Have several articles of one outlet, each of its own matter."""
    towns = ("Aldham", "Berwick", "Colby", "Dunmore")[:count]
    paths = [f"/{town.lower()}" for town in towns]
    press.announce(*paths, titles=tuple(f"{town} rebuilds its bridge" for town in towns))
    for town, path in zip(towns, paths, strict=True):
        press.put(path, f"{town} rebuilds its bridge", article(town))
    return paths


def article(town: str) -> tuple[str, ...]:
    """Give an article about a town."""
    return (
        f"The town of {town} will rebuild its bridge over the river for two million pounds, the mayor said on Monday.",
        f"The old bridge in {town} was closed in 2023 after an inspector found cracks in four of its seven arches.",
        f"Shopkeepers in {town} had asked for a footbridge, and the county will pay for half of the work this year.",
        f"Work begins in {town} in April and will take eleven months, according to a plan shown to the council.",
    )


def test_a_new_layout_that_loses_the_text_is_no_edit(press: Press) -> None:
    """Far too little text on the pages of an outlet is told as a broken extraction; versions stay as they were."""
    paths = many(press)
    press.walk()
    for path in paths:
        town = path[1:].title()
        press.put(path, f"{town} rebuilds its bridge", article(town)[:1])
    for _ in range(4):
        assert press.walk()["articles"]["edited"] == 0
    assert press.versions() == 4
    assert press.rows("SELECT count(*) FROM withdrawal") == [(0,)]
    doctor = " ".join(press.command("doctor").split())
    assert "extraction is broken on 4 pages of Westmouth Post" in doctor
    assert "Extraction is broken on 4 of the pages of Westmouth Post" in press.command()
    for path in paths:
        press.put(path, f"{path[1:].title()} rebuilds its bridge", article(path[1:].title()))
    press.walk()
    assert "extraction is broken" not in " ".join(press.command("doctor").split())


def test_a_single_article_cut_down_is_believed_in_the_end(press: Press) -> None:
    """Where the outlet's other pages are well, a text seen short three times was shortened."""
    many(press)
    press.walk()
    press.put("/colby", "Colby rebuilds its bridge", article("Colby")[:1])
    assert [press.walk()["articles"]["edited"] for _ in range(3)] == [0, 0, 1]


def test_a_block_on_many_pages_is_no_edit(press: Press) -> None:
    """Lines that appear on the pages of an outlet all at once are its furniture, whatever they speak of."""
    paths = many(press)
    press.walk()
    block = "The county has put 40 million dollars into bridges on the river since the flood, an auditor said."
    edited = 0
    for path in paths:
        town = path[1:].title()
        press.put(path, f"{town} rebuilds its bridge", (*article(town), block))
        edited += press.walk()["articles"]["edited"]
    assert edited <= 2
    assert "the same lines stand on other pages" in " ".join(press.command("doctor").split())
