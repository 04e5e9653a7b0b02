"""What a person decides: the base gains, and everything can be taken back."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from watcher.errors import NotFound, WatcherError
from watcher.flow import learn
from watcher.records import Event, Figure, Precision, Status, Storyline, Wording
from watcher.store import developments, events, knowledge

if TYPE_CHECKING:
    from tests.flow.conftest import Desk


NOTHING_KNOWN = Storyline(name="any", title="Everything", everything=True)


def everything(db: sqlite3.Connection) -> list[list[tuple[object, ...]]]:
    """All rows a decision may touch, but for the edition and the decisions themselves."""
    return [
        [tuple(row) for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]
        for table in ("event", "wording", "development")
    ]


def test_accepting_makes_an_event(desk: Desk) -> None:
    """Title, day, figures, actors and the fresh sentences of both languages make the event; known ones do not."""
    event = learn.accept(desk.db, desk.storyline_id, desk.development, now=desk.now)
    assert event == events.get(desk.db, desk.storyline_id, event.id)
    assert event == Event(
        id="2026-03-04-ada-en", date="2026-03-04", date_precision=Precision.DAY, title="Ada en",
        summary="Ada pays 5 euros. Long ago.", actors=("Ada",), figures=(Figure(value=5, unit="EUR"),),
        wordings=(
            Wording(lang="en", text="Ada pays 5 euros."), Wording(lang="en", text="Long ago."),
            Wording(lang="de", text="Ada zahlt am Mittwoch."),
        ),
    )  # fmt: skip
    one = developments.get(desk.db, desk.storyline_id, desk.development)
    assert (one.status, one.event) == (Status.ACCEPTED, event.id)
    assert [(s.development, s.event) for s in knowledge.settled(desk.db, desk.storyline_id)] == [("D1", event.id)]


def test_a_person_may_name_and_date_an_event(desk: Desk) -> None:
    """Title and date that were given win; ids never clash and hold plain letters only."""
    one = Event(id="2026-03-ueber-ada-co", date="2026-03", date_precision=Precision.MONTH, title="x", summary="")
    learn.teach(desk.db, desk.storyline_id, [one], now=desk.now)
    event = learn.accept(desk.db, desk.storyline_id, "d1", now=desk.now, title="Über Ada & Co.", date="2026-03")
    assert (event.id, event.title, event.date_precision) == (
        "2026-03-ueber-ada-co-2",
        "Über Ada & Co.",
        Precision.MONTH,
    )


@pytest.mark.parametrize("told", ["yesterday", "2026-13", "2026-02-30", "26-02-01", "2026-2-1"])
def test_a_date_that_is_none_changes_nothing(desk: Desk, told: str) -> None:
    """A wrong date is an error and leaves everything as it was."""
    before = everything(desk.db)
    with pytest.raises(WatcherError, match=told):
        learn.accept(desk.db, desk.storyline_id, desk.development, now=desk.now, date=told)
    assert everything(desk.db) == before


@pytest.mark.parametrize("kind", ["accept", "merge", "dismiss", "later", "later, then dismiss"])
def test_undo_is_the_exact_inverse(desk: Desk, kind: str) -> None:
    """After undo, base and development are row for row what they were, and the edition has moved twice."""
    db, row, name = desk.db, desk.storyline_id, desk.development
    events.add_wordings(db, row, "2024-suit", [Wording(lang="en", text="Long ago.")])
    if kind == "later, then dismiss":
        learn.later(db, row, name, now=desk.now, until=desk.now + timedelta(hours=3))
    before, edition = everything(db), knowledge.edition(db)
    match kind:
        case "accept":
            learn.accept(db, row, name, now=desk.now)
        case "merge":
            learn.merge(db, row, name, "2024-suit", now=desk.now)
        case "later":
            learn.later(db, row, name, now=desk.now)
        case _:
            learn.dismiss(db, row, name, now=desk.now, reason="no news")
    assert everything(db) != before
    undone = learn.undo(db, row, now=desk.now)
    assert undone.kind == kind.rpartition(" ")[2]
    assert everything(db) == before
    assert knowledge.edition(db) == edition + 2


def test_merging_teaches_an_event_new_wordings(desk: Desk) -> None:
    """The fresh sentences become wordings of the event; the development belongs to it."""
    with pytest.raises(NotFound, match="nowhere"):
        learn.merge(desk.db, desk.storyline_id, desk.development, "nowhere", now=desk.now)
    event = learn.merge(desk.db, desk.storyline_id, desk.development, "2024-suit", now=desk.now)
    assert [told.text for told in event.wordings] == ["Ada pays 5 euros.", "Long ago.", "Ada zahlt am Mittwoch."]


def test_a_decision_is_made_once(desk: Desk) -> None:
    """A second decision on the same development is refused until the first is taken back."""
    learn.dismiss(desk.db, desk.storyline_id, desk.development, now=desk.now)
    with pytest.raises(WatcherError, match="D1 is dismissed already"):
        learn.accept(desk.db, desk.storyline_id, desk.development, now=desk.now)
    learn.undo(desk.db, desk.storyline_id, now=desk.now)
    learn.accept(desk.db, desk.storyline_id, desk.development, now=desk.now)


def test_undo_walks_back(desk: Desk) -> None:
    """Each undo takes the last standing decision back; without one it says so."""
    learn.later(desk.db, desk.storyline_id, desk.development, now=desk.now)
    learn.dismiss(desk.db, desk.storyline_id, desk.development, now=desk.now)
    assert learn.undo(desk.db, desk.storyline_id, now=desk.now).kind == "dismiss"
    assert developments.get(desk.db, desk.storyline_id, "D1").status is Status.LATER
    assert learn.undo(desk.db, desk.storyline_id, now=desk.now).kind == "later"
    assert developments.get(desk.db, desk.storyline_id, "D1").status is Status.OPEN
    with pytest.raises(NotFound, match="no decision"):
        learn.undo(desk.db, desk.storyline_id, now=desk.now)


def test_teaching_keeps_what_is_known(desk: Desk) -> None:
    """An event of an id the base has is not replaced."""
    other = Event(id="2024-suit", date="2025", date_precision=Precision.YEAR, title="Other", summary="")
    assert learn.teach(desk.db, desk.storyline_id, [other], now=desk.now) == []
    assert events.get(desk.db, desk.storyline_id, "2024-suit").title == "The suit"


def test_a_person_writes_an_event(desk: Desk) -> None:
    """An event told by hand gets its id from date and title, numbered when taken, is a person's, and turns the base."""
    edition = knowledge.edition(desk.db)

    def write(date: str) -> Event:
        return learn.write_event(
            desk.db, desk.storyline_id, title="Über Ada & Co.", date=date, summary="Ada speaks.", kind="statement",
            actors=("Ada", "Bob"), now=desk.now,
        )  # fmt: skip

    first, second = write(" 2026-03-01 "), write("2026-03-01")
    assert (first.id, second.id) == ("2026-03-01-ueber-ada-co", "2026-03-01-ueber-ada-co-2")
    assert first == Event(
        id=first.id, date="2026-03-01", date_precision=Precision.DAY, title="Über Ada & Co.", summary="Ada speaks.",
        actors=("Ada", "Bob"), kind="statement",
    )  # fmt: skip
    assert events.get(desk.db, desk.storyline_id, first.id) == first
    assert write("2026").date_precision is Precision.YEAR
    rows = desk.db.execute("SELECT count(*) FROM event WHERE origin = 'person'").fetchone()
    assert tuple(rows) == (3,)
    assert knowledge.edition(desk.db) > edition


@pytest.mark.parametrize("told", ["", "soon", "2026-02-30"])
def test_a_written_event_needs_a_date(desk: Desk, told: str) -> None:
    """Without a date there is no event and nothing changes."""
    before = everything(desk.db)
    with pytest.raises(WatcherError, match=r"date|calendar"):
        learn.write_event(
            desk.db, desk.storyline_id, title="t", date=told, summary="", kind="other", actors=(), now=desk.now
        )
    assert everything(desk.db) == before


def test_an_event_is_removed_again(desk: Desk) -> None:
    """What a person added goes with its wordings, and the base has another edition; a second time there is none."""
    before, edition = everything(desk.db), knowledge.edition(desk.db)
    told = Event(
        id="2026-01-slip", date="2026-01", date_precision=Precision.MONTH, title="A slip", summary="",
        wordings=(Wording(lang="en", text="It slipped."),),
    )  # fmt: skip
    learn.teach(desk.db, desk.storyline_id, [told], now=desk.now)
    assert learn.remove_event(desk.db, NOTHING_KNOWN, desk.storyline_id, told.id) == told
    assert everything(desk.db) == before
    assert knowledge.edition(desk.db) != edition
    with pytest.raises(NotFound):
        learn.remove_event(desk.db, NOTHING_KNOWN, desk.storyline_id, told.id)


def test_an_event_stays_that_an_older_decision_needs(desk: Desk) -> None:
    """A development that was opened again and merged elsewhere can be taken back to the event it became first."""
    first = learn.accept(desk.db, desk.storyline_id, desk.development, now=desk.now)
    other = Event(id="2026-01-old", date="2026-01", date_precision=Precision.MONTH, title="Old", summary="")
    learn.teach(desk.db, desk.storyline_id, [other], now=desk.now)
    number = developments.get(desk.db, desk.storyline_id, desk.development).id
    developments.set_status(desk.db, number, Status.OPEN, event=first.id, later_until=None)
    learn.merge(desk.db, desk.storyline_id, desk.development, other.id, now=desk.now)
    with pytest.raises(WatcherError, match="needs it"):
        learn.remove_event(desk.db, NOTHING_KNOWN, desk.storyline_id, first.id)
    learn.undo(desk.db, desk.storyline_id, now=desk.now)
    learn.undo(desk.db, desk.storyline_id, now=desk.now)
    assert learn.remove_event(desk.db, NOTHING_KNOWN, desk.storyline_id, other.id) == other


def test_what_a_decision_rests_on_stays(desk: Desk) -> None:
    """An event that a development became is removed by `undo` alone, and one of the storyline would come again."""
    accepted = learn.accept(desk.db, desk.storyline_id, desk.development, now=desk.now)
    with pytest.raises(WatcherError, match=r"what was decided of D1 needs it; `watcher undo`"):
        learn.remove_event(desk.db, NOTHING_KNOWN, desk.storyline_id, accepted.id)
    learn.undo(desk.db, desk.storyline_id, now=desk.now)
    told = Event(id="2026-01-old", date="2026-01", date_precision=Precision.MONTH, title="Old", summary="")
    learn.teach(desk.db, desk.storyline_id, [told], now=desk.now)
    with pytest.raises(WatcherError, match="would bring it again"):
        learn.remove_event(desk.db, replace(NOTHING_KNOWN, events=(told,)), desk.storyline_id, told.id)
    assert events.exists(desk.db, desk.storyline_id, told.id)
