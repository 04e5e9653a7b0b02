"""Puts the house together: from a config to steps that can run, and one walk through all of them."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from watcher import __version__
from watcher.config import Config, EmailConfig, FeedConfig
from watcher.edges.alert_text import counted
from watcher.edges.config_file import addressed, read_secret
from watcher.edges.machine import daemon_lock, local_zone, now
from watcher.edges.mail import Mailer
from watcher.edges.web import Web
from watcher.edges.webhook import Webhook
from watcher.edges.workers import Workers
from watcher.errors import ParseError
from watcher.flow.deliver import Chances, Channel, Deliver
from watcher.flow.gather import Access, Gather, GatherPlan
from watcher.flow.health import Health
from watcher.flow.judge import Judge
from watcher.flow.likeness import open_likeness
from watcher.flow.read import Read, ReadPlan
from watcher.flow.tally import Tally
from watcher.flow.words import learn_words, renew_words
from watcher.novelty.weights import shipped
from watcher.policy import spate
from watcher.policy.alerting import EMAIL, WEBHOOK_PREFIX
from watcher.policy.cadence import Pace
from watcher.policy.relevance import Rules
from watcher.records import Page, Storyline, Unchanged, WebRequest
from watcher.store import clock, entries, feeds, knowledge, outbox, retention
from watcher.store.feeds import FeedName
from watcher.store.thread import Store
from watcher.storylines.load import chosen

log = logging.getLogger(__name__)

USER_AGENT = f"Mozilla/5.0 (compatible; watcher/{__version__})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A config that was found usable: its storyline loaded and its secrets read."""

    config: Config
    storyline: Storyline
    access: Mapping[str, Access] = field(repr=False)
    mail_password: str = field(repr=False)
    webhook_secrets: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """The steps, ready to run, and what they have done so far."""

    plan: Plan
    store: Store
    gather: Gather
    read: Read
    judge: Judge
    deliver: Deliver
    health: Health
    tally: Tally

    async def walk(self, *, everything: bool = False) -> Tally:
        """Take one walk: of what is due, or of everything. Returns all that was counted."""
        await self.store.run(clock.pull_back, now())
        await self.gather.everything(planned=everything)
        await self.read.everything(planned=everything)
        while await self.judge.step(patient=False):
            pass
        await self.send(patient=False)
        self.tally.alerts.waiting = (await self.store.run(outbox.tally)).waiting
        return self.tally

    async def send(self, *, patient: bool = True) -> int:
        """Deliver what is due. Returns how many alerts a channel took or refused for good."""
        done = await self.deliver.step(patient=patient)
        self.tally.alerts.sent += done.sent
        self.tally.alerts.failed += done.failed
        return done.sent + done.failed


def prepare(config: Config, folder: Path | None = None, environ: Mapping[str, str] = os.environ) -> Plan:
    """Load everything a config names. `folder` is what a storyline's folder is relative to, the config's by default.

    Raises `ConfigError` or `StorylineError`; nothing is opened or written.
    """
    shipped()  # read here, where nothing runs beside it yet: it takes a quarter of a second on a slow machine
    given = environ.get("CREDENTIALS_DIRECTORY")
    credentials = Path(given) if given else None
    email = config.alerts.email
    return Plan(
        config=addressed(config, credentials),
        storyline=chosen(config.storyline, folder or config.folder),
        access={feed.url: _access(feed, credentials) for feed in config.feeds},
        mail_password=read_secret(email.password_file, credentials) if email and email.password_file else "",
        webhook_secrets={
            webhook.name: read_secret(webhook.secret_file, credentials) if webhook.secret_file else ""
            for webhook in config.alerts.webhooks
        },
    )


@asynccontextmanager
async def opened(plan: Plan, *, inspected: bool = False) -> AsyncIterator[Watcher]:
    """Open state, web and workers and build the steps on them. The caller holds the lock on the state.

    `inspected` has the whole state read for damage first. Raises the `StateError`s.
    """
    config = plan.config
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(Store(config.state.dir, inspected=inspected))
        await asyncio.to_thread(learn_words, config.language.dictionary, config.state.dir)
        await renew_words(store)
        storyline_id = await store.run(knowledge.enrol, plan.storyline, now())
        await store.run(feeds.sync, _feed_names(config), now())
        web = await stack.enter_async_context(web_for(config))
        workers = await stack.enter_async_context(Workers())
        tally = Tally()
        rules = Rules(plan.storyline)
        yield Watcher(
            plan=plan,
            store=store,
            gather=Gather(
                store,
                web,
                workers,
                plan=_gather_plan(plan),
                rules=rules,
                storyline_id=storyline_id,
                clock=now,
                tally=tally,
            ),
            read=Read(store, web, workers, plan=_read_plan(config), gazetteer=rules.gazetteer, clock=now, tally=tally),
            judge=Judge(
                store,
                folder=config.state.dir,
                storyline=plan.storyline,
                storyline_id=storyline_id,
                alerts=config.alerts,
                clock=now,
                tally=tally,
                likeness=await asyncio.to_thread(open_likeness, config),
            ),
            deliver=Deliver(store, channels_for(plan, web), config.alerts, _chances()),
            health=Health(store, storyline_id=storyline_id, alerts=config.alerts, clock=now),
            tally=tally,
        )


async def walk_once(config: Config, folder: Path | None = None, *, everything: bool = False) -> dict[str, Any]:
    """Take one walk, forget what is too old, and close everything. Returns the object of `once --json`.

    Raises `StateBusy` beside a daemon.
    """
    plan = prepare(config, folder)
    with daemon_lock(config.state.dir):
        async with opened(plan) as watcher:
            walked = await watcher.walk(everything=everything)
            await forget_old(watcher)
            return asdict(walked)


async def forget_old(watcher: Watcher) -> None:
    """Forget what `state.keep` no longer keeps: entries that led nowhere, and texts that nothing rests on."""
    kept = timedelta(seconds=watcher.plan.config.state.keep_s)
    gone = await watcher.store.run(entries.forget, now(), kept, spate.MOST_KEPT)
    texts = await watcher.store.run(retention.forget, now(), kept)
    if gone or texts:
        log.info("maintain: %s and %s forgotten", counted(gone, "old entry"), counted(texts, "old text"))


async def fetch_page(config: Config, url: str) -> tuple[Page, str]:
    """Fetch and extract one page, with the config's limits. Returns it with the address it was had at.

    Raises `FetchError`, `ParseError` or `WorkerFailed`.
    """
    request = WebRequest(url=url, max_bytes=config.fetch.max_page_bytes, timeout_s=config.fetch.timeout_s)
    async with web_for(config) as web, Workers() as workers:
        answer = await web.get(request)
        if isinstance(answer, Unchanged):
            raise ParseError(f"{url}: the server sent no page")
        return await workers.extract_page(answer.body, answer.content_type, answer.url, ""), answer.url


def web_for(config: Config) -> Web:
    """Make the web as a config limits it."""
    return Web(
        user_agent=USER_AGENT,
        concurrency=config.fetch.concurrency,
        per_host=config.fetch.per_host,
        allow=frozenset(config.fetch.allow_private),
    )


def _access(feed: FeedConfig, credentials: Path | None) -> Access:
    password = read_secret(feed.password_file, credentials) if feed.enabled and feed.password_file else ""
    return Access(headers=feed.headers, username=feed.username, password=password)


def _feed_names(config: Config) -> list[FeedName]:
    return [
        FeedName(name=feed.name, url=feed.url, lang=feed.lang, every_s=feed.every_s)
        for feed in config.feeds
        if feed.enabled
    ]


def _gather_plan(plan: Plan) -> GatherPlan:
    schedule, fetch = plan.config.schedule, plan.config.fetch
    return GatherPlan(
        pace=Pace(every_s=schedule.every_s, min_s=schedule.min_s, max_s=schedule.max_s),
        timeout_s=fetch.timeout_s,
        max_bytes=fetch.max_feed_bytes,
        concurrency=fetch.concurrency,
        per_host=fetch.per_host,
        own_pauses_s=tuple(feed.every_s for feed in plan.config.feeds if feed.every_s is not None),
        access=plan.access,
        inside=frozenset(fetch.allow_private),
    )


def _read_plan(config: Config) -> ReadPlan:
    # a quarter of the turns stays free, so that a feed never waits for a pile of slow articles
    turns = config.fetch.concurrency - max(1, config.fetch.concurrency // 4)
    return ReadPlan(
        recheck_s=config.schedule.recheck_s,
        timeout_s=config.fetch.timeout_s,
        max_bytes=config.fetch.max_page_bytes,
        concurrency=max(1, turns),
        per_host=config.fetch.per_host,
    )


def channels_for(plan: Plan, web: Web) -> dict[str, Channel]:
    """Make every channel that alerts can leave through, by name."""
    found: dict[str, Channel] = {}
    email: EmailConfig | None = plan.config.alerts.email
    if email is not None:
        found[EMAIL] = Mailer(email, plan.mail_password)
    for webhook in plan.config.alerts.webhooks:
        found[f"{WEBHOOK_PREFIX}{webhook.name}"] = Webhook(webhook, plan.webhook_secrets[webhook.name], web, now)
    return found


def _chances() -> Chances:
    return Chances(now=now, zone=local_zone(os.environ), monotonic_s=time.monotonic, dice=random.random)
