"""Feeds that are asked to see whether they answer."""

from __future__ import annotations

import asyncio
from pathlib import Path

import newssite
import pytest

from watcher.cli.probing import probe_feeds
from watcher.config import AlertsConfig, Config, FeedConfig, FetchConfig, StateConfig, StorylineConfig
from watcher.records import Body, ParsedFeed


class Slow:
    """Parses one feed at a time, and counts how many wait for it."""

    waiting = most = 0

    async def __aenter__(self) -> Slow:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def parse_feed(self, body: Body, content_type: str, url: str) -> ParsedFeed:
        """Take a while over it."""
        Slow.waiting += 1
        Slow.most = max(Slow.most, Slow.waiting)
        await asyncio.sleep(0.05)
        Slow.waiting -= 1
        return ParsedFeed(title="Feed", entries=())


def test_no_more_answers_are_held_than_may_be_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many feeds are asked, only so many answers wait for a worker as requests may be under way."""
    monkeypatch.setattr("watcher.cli.probing.Workers", Slow)
    with newssite.running() as site:
        names = [f"/feed-{number}" for number in range(12)]
        for name in names:
            site.feed(name, site.item("/a", "A"))
        config = Config(
            folder=tmp_path, storyline=StorylineConfig(use="any"), state=StateConfig(dir=tmp_path / "state"),
            fetch=FetchConfig(allow_private=(site.host,), concurrency=3, per_host=8, timeout_s=5),
            alerts=AlertsConfig(),
            feeds=tuple(FeedConfig(name=name, url=site.url(name)) for name in names),
        )  # fmt: skip
        found = asyncio.run(probe_feeds(config, config.feeds, {}))
    assert [probe.health for probe in found] == ["ok"] * 12
    assert Slow.most == 3
