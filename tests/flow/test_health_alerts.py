"""The step that looks after the sources, on a real state."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from watcher.config import parse
from watcher.flow.health import Health
from watcher.records import Storyline
from watcher.store import feeds, knowledge, outbox
from watcher.store.feeds import FeedName, Polled
from watcher.store.thread import Store

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
CONFIG = """
[[feed]]
name = "a"
url = "https://a.example/"
[[alerts.webhook]]
name = "desk"
url = "https://desk.example/"
[alerts.email]
host = "mail.example"
from = "w@example.org"
to = ["d@example.org"]
"""


def test_a_change_is_one_alert_in_every_channel(tmp_path: Path) -> None:
    """A feed that dies is told once in each channel, also after a restart, and once more when it is well again."""
    at = NOW
    alerts = parse(CONFIG, "config.toml").alerts

    async def look(fails: int, days: float) -> int:
        nonlocal at
        at = NOW + timedelta(days=days)
        async with Store(tmp_path) as store:
            row = await store.run(knowledge.enrol, Storyline(name="ada", title="Ada"), NOW)
            await store.run(feeds.sync, [FeedName(name="a", url="https://a.example/")], NOW)
            health = "failing" if fails else "ok"
            await store.run(feeds.save_poll, 1, Polled(at=at, due=at, fails=fails, health=health, problem="HTTP 500"))
            step = Health(store, storyline_id=row, alerts=alerts, clock=lambda: at)
            await step.step()
            await step.step()
            return len(await store.run(outbox.listing))

    counts = [asyncio.run(look(fails, days)) for fails, days in [(0, 0), (5, 0.5), (9, 1.5), (12, 2.5), (0, 3)]]
    assert counts == [0, 0, 2, 2, 4]

    async def told() -> list[tuple[str, str]]:
        async with Store(tmp_path) as store:
            return [(one.type, str(one.data["headline"])) for one in await store.run(outbox.listing)]

    assert set(asyncio.run(told())) == {
        ("health.changed", "Feed a is dead: HTTP 500"), ("health.changed", "Sources are well again"),
    }  # fmt: skip
