"""What an outlet corrected or took back, and the event that a development becomes afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crash.warm import Quick

from acceptance import press
from acceptance.origin import RSS, Origin
from acceptance.program import Program, write_config

NOW = datetime.now(UTC)
REPORT = press.VERDICT.at(NOW - timedelta(hours=2))
RIGHT = "Jury orders OpenAI to pay Elon Musk 2.1 billion dollars"


@pytest.fixture
def program(site: Origin, tmp_path: Path) -> Program:
    """Give a state with one open development that one article tells."""
    feeds = {"corrected": site.put("/corrected", press.rss([REPORT], f"http://{site.address}"), RSS)}
    site.put(REPORT.path, press.page(REPORT))
    program = Quick(write_config(tmp_path, feeds=feeds, allow=[site.address]).folder)
    text = program.config.read_text(encoding="utf-8")
    program.config.write_text(text.replace("recheck = []", 'recheck = ["1h"]'), encoding="utf-8")
    program.walk()
    return program


def corrected(site: Origin, program: Program, title: str) -> None:
    """Let the outlet tell another figure under this headline."""
    paragraphs = tuple(one.replace("1.2 billion", "2.1 billion") for one in REPORT.paragraphs)
    site.put(REPORT.path, press.page(replace(REPORT, title=title, paragraphs=paragraphs)))
    assert program.walk()["articles"]["edited"] == 1


def test_an_open_development_has_the_headline_of_today(site: Origin, program: Program) -> None:
    """A corrected headline is that of the development, in every list; what was accepted keeps the one it had."""
    corrected(site, program, RIGHT)
    assert program.ask("show", "D1")["headline"] == RIGHT
    assert [one["headline"] for one in program.ask("flags")["developments"]] == [RIGHT]
    assert program.run("accept", "D1").code == 0
    later = replace(REPORT, title="What the jury said", paragraphs=(*REPORT.paragraphs, "Elon Musk was not in court."))
    site.put(REPORT.path, press.page(later))
    program.walk()
    (event,) = [one for one in program.ask("events", "list")["events"] if "jury" in one["id"]]
    assert event["title"] == program.ask("show", "D1")["headline"] == RIGHT


def test_a_figure_that_was_withdrawn_is_not_in_the_event(site: Origin, program: Program) -> None:
    """Neither title nor id, summary, figures or wordings tell a figure that the outlet corrected in its text, even
    where it left its headline as it was.
    """
    corrected(site, program, REPORT.title)
    assert program.run("accept", "D1").code == 0
    (event,) = [one for one in program.ask("events", "list")["events"] if "jury" in one["id"]]
    told = f"{event} {program.run('events', 'show', event['id']).out}"
    assert "2.1 billion" in event["title"]
    assert "1.2 billion" not in told
    assert "1-2-billion" not in event["id"]
    assert {figure["value"] for figure in event["figures"]} >= {2.1e9}
    assert 1.2e9 not in {figure["value"] for figure in event["figures"]}


def test_a_persons_title_and_date_stay(site: Origin, program: Program) -> None:
    """A title that was given is kept when the development is opened again, until another is given; undo goes back."""
    assert program.run("accept", "D1", "--title", "The verdict", "--date", "2025-03").code == 0
    site.put(REPORT.path, press.page(replace(REPORT, title=RIGHT, paragraphs=REPORT.paragraphs[1:])))
    program.walk()
    assert program.ask("show", "D1")["status"] == "open"
    assert program.run("accept", "D1").out == "D1 is now the event 2025-03-the-verdict (The verdict, 2025-03).\n"
    assert program.run("undo").code == 0
    told = program.run("accept", "D1", "--title", "The award", "--date", "2025").out
    assert told == "D1 is now the event 2025-03-the-verdict (The award, 2025).\n"
    assert program.run("undo").code == 0
    assert program.ask("events", "show", "2025-03-the-verdict")["title"] == "The verdict"
    assert program.ask("events", "show", "2025-03-the-verdict")["date"] == "2025-03"


def test_accept_says_where_its_date_is_from(program: Program) -> None:
    """The date it takes is told with its reason, and how to set another; one that was given needs none."""
    day = f"{NOW - timedelta(hours=2) - timedelta(days=1):%Y-%m-%d}"
    told = program.run("accept", "D1").out
    assert f"{day} is the day that 1 new sentence names. Another: watcher undo, then watcher accept D1 --date" in told
    assert program.run("undo").code == 0
    asked = program.run("review", "--plain", stdin="a\n\n").out
    assert f"{day} is the day that 1 new sentence names" in asked
    assert program.run("undo").code == 0
    assert len(program.run("accept", "D1", "--date", "2025-01-02").out.splitlines()) == 1
