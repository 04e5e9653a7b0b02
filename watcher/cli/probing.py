"""The outside asked on the spot, past the state: feeds as they are now, channels with a test message."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from watcher.config import Config, FeedConfig
from watcher.edges.alert_text import Message
from watcher.edges.entries import WEB_PAGE
from watcher.edges.machine import now
from watcher.edges.workers import Workers
from watcher.errors import DeliveryError
from watcher.flow.deliver import Channel
from watcher.flow.gather import Access
from watcher.flow.poll import Ask, Brought, Failed, poll
from watcher.records import Entry, WebRequest
from watcher.wiring import Plan, channels_for, web_for

TEST_LINES = (
    "This is a test message of watcher: the channel works.",
    "Alerts will look like this, with the sentences that are new and who tells them.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What one feed said when it was asked. `health` is `ok`, `moved`, `failing`, `refused` or `gone`."""

    name: str
    url: str
    health: str
    problem: str = ""
    title: str = ""
    entries: int = 0
    dated: int = 0
    newest: Entry | None = None
    note: str = ""
    truncated: bool = False
    moved_to: str | None = None

    @property
    def is_page(self) -> bool:
        """Whether a web page was had where the feed should be; `problem` names the feeds it tells of."""
        return WEB_PAGE in self.problem

    @property
    def is_good(self) -> bool:
        """Whether entries can be had."""
        return self.health in ("ok", "moved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How one channel took a test message. `words` are the server's, or ours on the way to it."""

    channel: str
    accepted: bool
    words: str = field(default="")


async def probe_feeds(config: Config, wanted: Sequence[FeedConfig], keys: Mapping[str, Access]) -> list[Probe]:
    """Ask feeds, all at once within the limits of the config, and read what they answer. Writes nothing.

    `keys` are what feeds of some addresses want to be asked with.
    """

    async def probe(feed: FeedConfig) -> Probe:
        access = keys.get(feed.url, Access())
        request = WebRequest(
            url=feed.url,
            max_bytes=config.fetch.max_feed_bytes,
            timeout_s=config.fetch.timeout_s,
            headers=access.headers,
            username=access.username,
            password=access.password,
        )
        async with turns:
            return _told(feed, await poll(Ask(request=request), web, workers))

    turns = asyncio.Semaphore(config.fetch.concurrency)
    async with web_for(config) as web, Workers() as workers:
        return list(await asyncio.gather(*map(probe, wanted)))


def _told(feed: FeedConfig, answer: object) -> Probe:
    if isinstance(answer, Failed):
        return Probe(name=feed.name, url=feed.url, health=answer.health, problem=answer.problem)
    if not isinstance(answer, Brought):
        return Probe(name=feed.name, url=feed.url, health="failing", problem="the server sent no feed")
    found = answer.feed
    dated = [(entry.published or entry.updated, entry) for entry in found.entries]
    newest = max(((when, entry) for when, entry in dated if when), key=lambda pair: pair[0], default=None)
    return Probe(
        name=feed.name,
        url=feed.url,
        health="moved" if answer.moved_to else "ok",
        title=found.title,
        entries=len(found.entries),
        dated=sum(when is not None for when, _ in dated),
        newest=newest[1] if newest else next(iter(found.entries), None),
        note=found.note,
        truncated=found.truncated,
        moved_to=answer.moved_to,
    )


async def try_channels(plan: Plan, wanted: Sequence[str]) -> list[Trial]:
    """Send a test message through each of these channels, now and once. Nothing is kept of it."""
    at = now()
    async with web_for(plan.config) as web:
        found = channels_for(plan, web)
        return list(await asyncio.gather(*(_try(name, found[name], at) for name in wanted)))


async def _try(name: str, channel: Channel, at: datetime) -> Trial:
    key = secrets.token_hex(16)
    data = {"headline": "Test message", "lines": list(TEST_LINES)}
    try:
        note = await channel.send(Message(key=key, thread=key, type="test", created=at, data=data))
    except DeliveryError as error:
        return Trial(channel=name, accepted=False, words=str(error))
    return Trial(channel=name, accepted=True, words=note)
