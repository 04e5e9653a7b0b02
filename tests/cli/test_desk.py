"""Decisions need something to decide on: before the first walk they say so and leave no state behind."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from watcher.cli.main import watcher
from watcher.errors import NotFound
from watcher.records import Storyline
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
