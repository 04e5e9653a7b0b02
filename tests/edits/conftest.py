"""A state and a small press for every test of edits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import newssite
import pytest
from press_room import BODY, TITLE, Here, Press

from watcher.config import (
    AlertsConfig,
    Config,
    FeedConfig,
    FetchConfig,
    StateConfig,
    StorylineConfig,
    WebhookConfig,
)
from watcher.store.database import open_state


@pytest.fixture
def press(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Press]:
    """Give a press with one article at /a."""
    monkeypatch.setattr("watcher.wiring.Workers", Here)
    with newssite.running() as site:
        config = Config(
            folder=tmp_path, storyline=StorylineConfig(use="any"), state=StateConfig(dir=tmp_path / "state"),
            fetch=FetchConfig(allow_private=(site.host,), timeout_s=5),
            alerts=replace(AlertsConfig(), webhooks=(WebhookConfig(name="desk", url=site.url("/hook")),)),
            feeds=(FeedConfig(name="Westmouth Post", url=site.url("/feed")),),
        )  # fmt: skip
        with closing(open_state(config.state.dir)) as db:
            found = Press(site=site, config=config, db=db)
            found.announce("/a")
            found.put("/a", TITLE, BODY)
            yield found
