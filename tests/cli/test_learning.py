"""`watcher learn` on a real state: what it shows, what it keeps and refuses, and that it can be taken back."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
import readership
from click.testing import CliRunner, Result

from watcher.cli.main import watcher
from watcher.errors import WatcherError
from watcher.flow import hindsight, learn
from watcher.records import Status
from watcher.store import developments, knowledge, learned
from watcher.store.database import open_state

# Its person must want something the judge can tell: of the shorter streams it is sure of nearly all.
STREAM = "feud-trial"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> readership.Years:
    """Give a state of some weeks, decided by a person who wants only what the judge is surer of than of half of it."""
    return readership.live(
        tmp_path_factory.mktemp("lived") / "state", readership.stream(STREAM),
        readership.accept_or_dismiss(readership.wants_what_is_sure),
    )  # fmt: skip


@pytest.fixture
def home(lived: readership.Years, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of it with a config, and the storyline without what only a first walk needs."""
    monkeypatch.setattr(hindsight, "LATELY", 8)
    monkeypatch.setattr("watcher.cli.setting.Setting.storyline", lived.stream.storyline)
    monkeypatch.setattr("watcher.cli.setting.Setting.storyline_name", lived.stream.storyline.name)
    shutil.copytree(lived.folder, tmp_path / "state")
    (tmp_path / "config.toml").write_text('[storyline]\nuse = "any"\n[language]\ndictionary = "off"\n')
    return tmp_path


def call(home: Path, *words: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(watcher, ["--config", str(home / "config.toml"), *words])


def told(home: Path, *words: str) -> dict[str, Any]:
    """Run a command; give what it says as JSON."""
    result = call(home, *words, "--json")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_it_proposes_keeps_and_goes_back(home: Path) -> None:
    """Alone it only shows; --keep puts a better proposal to use, which overview and doctor say; --revert ends that."""
    shown = call(home, "learn")
    assert shown.exit_code == 0, shown.output
    assert "precision" in shown.stdout
    assert "recall" in shown.stdout
    assert "no longer flagged" in shown.stdout
    assert "watcher learn --keep puts it to use" in shown.stdout
    assert "The shipped weights are in use" in shown.stdout
    kept = told(home, "learn", "--keep")
    assert kept["kept"] is True
    assert kept["in_use"]["weights"] == "learned"
    figures = kept["proposal"]["developments"]
    assert figures["after"]["precision"] > figures["before"]["precision"]
    assert "are in use; watcher learn --revert goes back." in call(home).stdout
    assert any(check["area"] == "judge" and "learned on" in check["text"] for check in told(home, "doctor")["checks"])
    assert told(home, "learn", "--revert") == {"in_use": {"weights": "shipped", "set_aside": False}}
    again = call(home, "learn", "--revert")
    assert isinstance(again.exception, WatcherError)


def test_contrary_decisions_are_not_kept(home: Path) -> None:
    """Decisions by dice give no better weights: --keep refuses with the reason and changes nothing, --force insists."""
    dice = Random(5)
    with closing(open_state(home / "state")) as db:
        row = knowledge.find(db, readership.stream(STREAM).storyline.name)
        assert row is not None
        at = readership.end(db)
        for _ in developments.every(db, row, (Status.ACCEPTED, Status.DISMISSED)):
            learn.undo(db, row, now=at)
        for one in developments.every(db, row, (Status.OPEN,)):
            if dice.random() < 0.5:
                learn.accept(db, row, one.name, now=at)
            else:
                learn.dismiss(db, row, one.name, now=at)
    refused = call(home, "learn", "--keep")
    assert isinstance(refused.exception, WatcherError)
    assert "not kept: on decisions it had not seen" in str(refused.exception)
    assert "Better not kept" in refused.stdout
    with closing(open_state(home / "state")) as db:
        assert learned.top(db, row) is None
    forced = told(home, "learn", "--keep", "--force")
    assert (forced["kept"], forced["in_use"]["forced"]) == (True, True)


def test_too_few_decisions(home: Path) -> None:
    """With too few it says how many it takes, and nothing is kept, forced or not."""
    with closing(open_state(home / "state")) as db:
        row = knowledge.find(db, readership.stream(STREAM).storyline.name)
        assert row is not None
        at = readership.end(db)
        for _ in developments.every(db, row, (Status.ACCEPTED, Status.DISMISSED))[1:]:
            learn.undo(db, row, now=at)
    result = call(home, "learn", "--keep", "--force")
    assert isinstance(result.exception, WatcherError)
    assert "Not enough to learn from" in result.stdout
    assert told(home, "learn")["enough"] is False
    with closing(open_state(home / "state")) as db:
        assert learned.top(db, row) is None


@pytest.mark.parametrize("words", [("--revert", "--keep"), ("--force",), ("--revert", "--force")])
def test_flags_that_do_not_go_together(home: Path, words: tuple[str, ...]) -> None:
    """Contradictory flags are a usage error."""
    assert call(home, "learn", *words).exit_code == 2


def test_before_the_first_walk(tmp_path: Path) -> None:
    """Without a state there is nothing to learn from, and none is made."""
    (tmp_path / "config.toml").write_text('[storyline]\nuse = "any"\n')
    for words in ((), ("--keep",), ("--revert",)):
        result = call(tmp_path, "learn", *words)
        assert "nothing was watched yet" in str(result.exception)
    assert not (tmp_path / "state").exists()


def test_a_copy_carries_what_was_learned(home: Path) -> None:
    """Learned weights go with a backup and come back with a restore."""
    with closing(open_state(home / "state")) as db:
        row = knowledge.find(db, readership.stream(STREAM).storyline.name)
        assert row is not None
        kept = learned.Kept(
            made_for="other", at=readership.end(db), decisions=7, forced=False, figures={"a": 1.5}, models={}
        )
        learned.put(db, row, kept)
    assert call(home, "backup", str(home / "copy.db")).exit_code == 0
    with closing(open_state(home / "state")) as db:
        learned.take(db, row)
    assert call(home, "restore", str(home / "copy.db")).exit_code == 0
    with closing(open_state(home / "state")) as db:
        assert learned.top(db, row) == kept
    assert "are set aside" in call(home).stdout
    assert any(check["level"] == "warn" and "set aside" in check["text"] for check in told(home, "doctor")["checks"])
