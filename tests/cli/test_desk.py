"""Decisions need something to decide on: before the first walk they say so and leave no state behind."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from watcher.cli.main import watcher
from watcher.errors import NotFound
from watcher.records import Event, Precision, Storyline
from watcher.store import events, knowledge
from watcher.store.database import open_state


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Give a config without feeds, and no state."""
    path = tmp_path / "config.toml"
    path.write_text('[storyline]\nuse = "any"\n', encoding="utf-8")
    return path


def run(config: Path, *words: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(watcher, ["--config", str(config), *words])


@pytest.mark.parametrize(
    "words",
    [
        ("accept", "D1"),
        ("merge", "D1", "an-event"),
        ("dismiss", "D1"),
        ("later", "D1"),
        ("undo",),
        ("review", "--plain"),
        ("events", "add", "--title", "t", "--date", "2025"),
        ("alerts", "retry", "--all"),
    ],
)
def test_nothing_is_decided_before_the_first_walk(config: Path, words: tuple[str, ...]) -> None:
    """The answer is that nothing was watched yet; no state is made."""
    result = run(config, *words)
    assert isinstance(result.exception, NotFound)
    assert "nothing was watched yet for 'any'" in str(result.exception)
    assert not (config.parent / "state").exists()


def test_a_state_of_another_storyline_is_not_touched(config: Path) -> None:
    """A state that never watched this storyline has nothing to decide either."""
    open_state(config.parent / "state").close()
    assert isinstance(run(config, "accept", "D1").exception, NotFound)


def test_what_a_terminal_obeys_is_not_kept_and_not_told(config: Path) -> None:
    """An imported event may hold no control characters; what hides in an old one is told as an escape."""
    db = open_state(config.parent / "state")
    row = knowledge.enrol(db, Storyline(name="any", title="Any"), datetime.now(UTC))
    title = "One\u200bTwo \u202ethree\u009b"
    event = Event(id="a", date="2025", date_precision=Precision.YEAR, title=title, summary="s")
    events.add(db, row, [event], origin="person", now=datetime.now(UTC))
    db.close()
    for words in (("events", "list", "--json"), ("events", "export"), ("events", "list")):
        said = run(config, *words).output
        assert said.replace("\n", "").isprintable(), words
        assert "Two" in said
    line = '{"id": "b", "date": "2025", "title": "t\\u001b[2J\\ud800", "summary": "s"}'
    (config.parent / "more.jsonl").write_text(line, "utf-8")
    refused = run(config, "events", "import", str(config.parent / "more.jsonl"))
    assert "title must hold no control characters" in str(refused.exception)


def test_a_word_that_is_no_text_is_a_usage_error(config: Path) -> None:
    """Bytes that are not UTF-8 on the command line are refused before anything is done."""
    title = b"a\xff\x9b"
    argv = [sys.executable, "-m", "watcher", "--config", str(config), "events", "add", "--title", title, "--date", "1"]
    done = subprocess.run(argv, capture_output=True, check=False, timeout=60)
    assert done.returncode == 2
    assert b"is not text in UTF-8" in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_event_is_added_by_hand(config: Path) -> None:
    """`events add` puts an event into the base, its id made from date and title; it is listed."""
    db = open_state(config.parent / "state")
    row = knowledge.enrol(db, Storyline(name="any", title="Everything", everything=True), datetime.now(UTC))
    result = run(config, "events", "add", "--title", "Ada wins", "--date", "2025-02", "--actor", "Ada")
    assert (result.exit_code, result.output) == (0, "added 2025-02-ada-wins\n")
    event = events.get(db, row, "2025-02-ada-wins")
    assert (event.summary, event.actors, event.kind) == ("Ada wins", ("Ada",), "other")
    db.close()
    assert "Ada wins" in run(config, "events").output


def test_an_added_event_is_removed_again(config: Path) -> None:
    """`events remove` takes back what `events add` put in; what is not there cannot be removed."""
    db = open_state(config.parent / "state")
    knowledge.enrol(db, Storyline(name="any", title="Everything", everything=True), datetime.now(UTC))
    db.close()
    run(config, "events", "add", "--title", "Ada wins", "--date", "2025-02")
    result = run(config, "events", "remove", "2025-02-ada-wins")
    assert (result.exit_code, result.output) == (0, "removed 2025-02-ada-wins\n")
    assert "Ada wins" not in run(config, "events").output
    assert isinstance(run(config, "events", "remove", "2025-02-ada-wins").exception, NotFound)
