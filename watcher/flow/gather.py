"""Gather: ask the feeds that are due, keep what they bring, and choose what is worth reading."""

from __future__ import annotations

import hashlib
import logging
import math
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from watcher.edges import links
from watcher.edges.address import host_with_port
from watcher.edges.alert_text import counted
from watcher.flow.flight import Flight
from watcher.flow.poll import Ask, Brought, Failed, FeedParser, Getter, Same, poll
from watcher.flow.tally import Tally
from watcher.policy import cadence, spate
from watcher.policy.cadence import Pace
from watcher.policy.masthead import Masthead, look
from watcher.policy.relevance import Rules, worth_reading
from watcher.records import Entry, Relevance, Validators, WebRequest
from watcher.store import articles, entries, feeds, mastheads, spates
from watcher.store.database import transaction
from watcher.store.entries import Known
from watcher.store.feeds import Feed, Polled
from watcher.store.thread import Store

log = logging.getLogger(__name__)

_CHUNK = 200
_LOOK_AT = 5000
_MOVED_BACK_AFTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What the config says about asking one feed."""

    headers: tuple[tuple[str, str], ...] = ()
    username: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherPlan:
    """What the config says about gathering. `access` is by the feed's configured URL; `inside` holds the exceptions to
    the address guard, exact `host:port` pairs.
    """

    pace: Pace
    timeout_s: float
    max_bytes: int
    concurrency: int
    per_host: int
    own_pauses_s: tuple[float, ...] = ()
    access: Mapping[str, Access] = field(default_factory=dict)
    inside: frozenset[str] = frozenset()

    def request_for(self, feed: Feed, now: datetime) -> WebRequest:
        """Say how a feed is asked now. What the config trusts its own address with goes to no other origin, whatever
        strangers answered there: neither credentials nor the way inside.
        """
        url = feed.asked if self.lets_in(feed.url) or not self.lets_in(feed.asked) else feed.url
        at_home = links.origin(url) == links.origin(feed.url)
        access = self.access.get(feed.url, Access()) if at_home else Access()
        # once a day without validators: a server may answer "unchanged" for ever
        fresh_day = feed.polled is None or feed.polled.date() != now.date()
        return WebRequest(
            url=url,
            max_bytes=self.max_bytes,
            timeout_s=self.timeout_s,
            validators=Validators() if fresh_day else feed.validators,
            headers=access.headers,
            username=access.username,
            password=access.password,
        )

    def lets_in(self, url: str) -> bool:
        """Whether an address is one of the exceptions."""
        return host_with_port(url) in self.inside

    def without_way_in(self, entry: Entry) -> Entry:
        """Give an entry without its link when that leads to an exception, for a feed that is not served at one."""
        return replace(entry, url="") if self.lets_in(entry.url) or self.lets_in(target_of(entry)) else entry

    def of(self, feed: Feed) -> Pace:
        """Give the pace of one feed: its own pause may lie outside the bounds of the others."""
        every_s = feed.every_s or self.pace.every_s
        return Pace(every_s=every_s, min_s=min(self.pace.min_s, every_s), max_s=max(self.pace.max_s, every_s))

    def absurd(self, now: datetime) -> datetime:
        """From when on a feed's due time cannot be ours."""
        longest = max([self.pace.max_s, *self.own_pauses_s])
        return cadence.absurd_poll(replace(self.pace, max_s=longest), now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """An entry that is new or was edited, what was known of it, and whether it is worth reading.

    `rests_s` is how long its article waits before it is read; None: it is not read.
    """

    entry: Entry
    digest: str
    known: Known | None
    relevance: Relevance
    rests_s: float | None = 0.0

    @property
    def is_wanted(self) -> bool:
        """Whether it is new and worth reading."""
        return self.known is None and self.relevance.relevant


class Gather:
    """The step. `step` starts what is due and comes back at once; the tasks save what they bring."""

    def __init__(
        self, store: Store, web: Getter, workers: FeedParser, *, plan: GatherPlan, rules: Rules, storyline_id: int,
        clock: Callable[[], datetime], tally: Tally,
    ) -> None:  # fmt: skip
        self._store = store
        self._web = web
        self._workers = workers
        self._plan = plan
        self._rules = rules
        self._storyline_id = storyline_id
        self._clock = clock
        self._tally = tally
        self.flight: Flight[Feed] = Flight(
            self._guarded,
            host_of=lambda feed: urlsplit(feed.asked).netloc,
            limit=plan.concurrency,
            per_host=plan.per_host,
            proven=_is_proven,
        )

    async def step(self, *, for_s: float = 0.0) -> int:
        """Start polls of feeds that are due, as many as find room within `for_s` seconds. Returns how many."""
        if self.flight.is_full:
            return 0
        return await self.flight.launch_for(for_s, await self._due())

    async def everything(self, *, planned: bool) -> None:
        """Poll the feeds that are due now, each once, and wait for them; with `planned` every feed of the config."""
        await self.flight.launch_all(await self._store.run(feeds.every, enabled=True) if planned else await self._due())

    async def _due(self) -> list[Feed]:
        """Give the feeds that are due, those that answered well last time before the others."""
        now = self._clock()
        found = await self._store.run(feeds.due, now, self._plan.absurd(now), _LOOK_AT)
        return sorted(found, key=_is_proven, reverse=True)

    async def _guarded(self, feed: Feed) -> None:
        """Poll and save; whatever goes wrong stays with this feed."""
        try:
            await self._poll(feed)
        except Exception as error:  # noqa: BLE001  one feed's trouble, a full disk or a bug, must not stop the others
            self.flight.setbacks.add(feed.id, f"feed {feed.name}", error, log)
            self._tally.feeds.failed += 1
        else:
            self.flight.setbacks.clear(feed.id)

    async def _poll(self, feed: Feed) -> None:
        request = self._plan.request_for(feed, self._clock())
        reply = await poll(Ask(request=request, body_hash=feed.body_hash), self._web, self._workers)
        self._tally.feeds.polled += 1
        match reply:
            case Failed():
                self._tally.feeds.failed += 1
                await self._save_failure(feed, reply)
            case Same():
                self._tally.feeds.unchanged += 1
                await self._save_same(feed, reply)
            case Brought():
                await self._save_brought(feed, reply)

    async def _save_failure(self, feed: Feed, failed: Failed) -> None:
        now, fails = self._clock(), feed.fails + 1
        pause_s = cadence.failed_poll_s(
            self._plan.of(feed), fails, wish_s=failed.retry_after_s, spread=spread_of(feed.url)
        )
        lost = feed.moved_to is not None and fails >= _MOVED_BACK_AFTER
        polled = Polled(
            at=now,
            due=now + timedelta(seconds=pause_s),
            health=failed.health,
            problem=failed.problem,
            note=feed.note,
            fails=fails,
            # where it moved to does not answer any more: ask again where the config says
            moved_to=None if lost else feed.moved_to,
            validators=Validators() if lost else feed.validators,
            body_hash=feed.body_hash,
            brings_per_day=feed.brings_per_day,
        )
        if feed.problem != failed.problem:
            log.warning("feed %s: %s: %s", feed.name, failed.health, failed.problem)
        await self._store.run(_save_poll, feed.id, polled)

    async def _save_same(self, feed: Feed, same: Same) -> None:
        polled = self._polled(
            feed, brought=0, wish_s=same.max_age_s, moved_to=same.moved_to, note=feed.note,
            validators=same.validators or feed.validators, body_hash=feed.body_hash,
        )  # fmt: skip
        await self._store.run(_save_poll, feed.id, polled)

    async def _save_brought(self, feed: Feed, brought: Brought) -> None:
        """Save the entries in small transactions, the last of which says that the feed has been read."""
        found = brought.feed.entries
        if not (self._plan.lets_in(feed.url) and self._plan.lets_in(brought.moved_to or feed.asked)):
            found = tuple(self._plan.without_way_in(entry) for entry in found)
        self._tally.entries.seen += len(found)
        chosen: list[_Choice] = []
        for start in range(0, len(found), _CHUNK):
            chunk = [replace(entry, lang=entry.lang or brought.feed.lang) for entry in found[start : start + _CHUNK]]
            chosen += await self._store.run(_choose, feed.id, chunk, self._rules)
        fresh = sum(choice.known is None for choice in chosen)
        wanted = sum(choice.is_wanted for choice in chosen)
        note, now = brought.feed.note, self._clock()
        if spate.is_spate(wanted):
            chosen = await self._store.run(_in_portions, feed.id, chosen, now)
            note = f"{wanted} entries worth reading came at once: they are read in portions and told in one message"
            log.warning("feed %s: %s", feed.name, note)
        masthead = await self._store.run(_look_at_masthead, feed, brought.feed.title, fresh, len(found) - fresh, now)
        note = masthead.doubt or note
        for start in range(0, len(chosen), _CHUNK):
            some = chosen[start : start + _CHUNK]
            await self._store.run(_save_chosen, self._storyline_id, feed, some, now)
            self._tally.entries.new += sum(choice.known is None for choice in some)
            self._tally.entries.relevant += sum(choice.is_wanted for choice in some)
        if fresh > spate.PORTION:
            await self._store.run(_trim, feed.id)
        wish_s = max(brought.max_age_s or 0.0, brought.feed.ttl_s or 0.0)
        polled = self._polled(
            feed, brought=fresh, wish_s=wish_s, moved_to=brought.moved_to, note=note,
            validators=brought.validators, body_hash=brought.body_hash,
        )  # fmt: skip
        await self._store.run(_save_poll, feed.id, polled, durable=True)
        if fresh:
            log.info("feed %s: %d new of %s", feed.name, fresh, counted(len(found), "entry"))

    def _polled(
        self, feed: Feed, *, brought: int, wish_s: float | None, moved_to: str | None, note: str,
        validators: Validators, body_hash: str,
    ) -> Polled:  # fmt: skip
        """Tell what a poll that went well leaves. The entries of the very first one say nothing about its pace."""
        now, pace = self._clock(), self._plan.of(feed)
        rate = feed.brings_per_day or cadence.usual_rate(pace)
        if feed.ok is not None and feed.polled is not None:
            rate = cadence.smoothed_rate(rate, brought, (now - feed.polled).total_seconds())
        pause_s = cadence.next_poll_s(pace, rate, wish_s=wish_s, spread=spread_of(feed.url))
        if feed.fails:
            log.info("feed %s: answers again", feed.name)
        if moved_to and moved_to != feed.moved_to:
            log.info("feed %s: moved to %s", feed.name, moved_to)
        return Polled(
            at=now,
            due=now + timedelta(seconds=pause_s),
            note=note,
            moved_to=moved_to or feed.moved_to,
            validators=validators,
            body_hash=body_hash,
            brought=brought > 0,
            brings_per_day=rate,
        )


def _is_proven(feed: Feed) -> bool:
    return feed.ok is not None and feed.fails == 0


def spread_of(name: str) -> float:
    """Give a share between 0 and 1 that is the same for one name for ever."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") / 2**32


def target_of(entry: Entry) -> str:
    """Give the address of the article an entry leads to, or '' when it leads to none of its own."""
    url = links.resolve_google_news(entry.url) or links.resolve_bing(entry.url) or entry.url
    return "" if links.is_front_page(url) else url


def _save_poll(db: sqlite3.Connection, feed_id: int, polled: Polled, *, durable: bool = False) -> None:
    with transaction(db, durable=durable):
        feeds.save_poll(db, feed_id, polled)


def _look_at_masthead(
    db: sqlite3.Connection, feed: Feed, title: str, fresh: int, known: int, now: datetime
) -> Masthead:  # fmt: skip
    """Compare what a feed calls itself with what it was; keep what is found, and tell a doubt when it is new."""
    before = mastheads.get(db, feed.id)
    found = look(before, title, fresh=fresh, known=known, now=now)
    if found != before:
        with transaction(db):
            mastheads.put(db, feed.id, found)
        if found.doubt and not (before and before.doubt):
            log.warning("feed %s: %s", feed.name, found.doubt)
    return found


def _choose(db: sqlite3.Connection, feed_id: int, found: Sequence[Entry], rules: Rules) -> list[_Choice]:
    """Find the entries that are new or were edited, and look at their words."""
    known = entries.known(db, feed_id, [entry.identity for entry in found])
    chosen: dict[str, _Choice] = {}
    for entry in found:
        digest, before = entries.digest(entry), known.get(entry.identity)
        if before is None or before.digest != digest:
            relevance = worth_reading(entry.title, entry.summary, rules)
            chosen.setdefault(entry.identity, _Choice(entry=entry, digest=digest, known=before, relevance=relevance))
    return list(chosen.values())


def _in_portions(
    db: sqlite3.Connection, feed_id: int, chosen: Sequence[_Choice], seen: datetime
) -> list[_Choice]:  # fmt: skip
    """Say of each entry of a spate when it is read, the newest first, and note that it is one."""
    queued = spates.queued(db, feed_id)
    with transaction(db):
        spates.note(db, feed_id, seen)
    wanted = [place for place, choice in enumerate(chosen) if choice.is_wanted]
    # those without a date may be of any time: they stand behind the dated ones, in the feed's order
    wanted.sort(key=lambda place: _age_s(chosen[place].entry, seen))
    rests = {place: spate.rests_s(order, queued) for order, place in enumerate(wanted)}
    return [replace(choice, rests_s=rests.get(place, 0.0)) for place, choice in enumerate(chosen)]


def _age_s(entry: Entry, seen: datetime) -> float:
    dated = entry.published or entry.updated
    return math.inf if dated is None else (seen - dated).total_seconds()


def _trim(db: sqlite3.Connection, feed_id: int) -> None:
    with transaction(db):
        entries.trim(db, feed_id, spate.MOST_KEPT)


def _save_chosen(
    db: sqlite3.Connection, storyline_id: int, feed: Feed, chosen: Sequence[_Choice], now: datetime
) -> None:
    with transaction(db, durable=True):
        for choice in chosen:
            article_id = _article_for(db, storyline_id, feed, choice, now)
            entries.save(db, feed.id, choice.entry, digest=choice.digest, article_id=article_id, seen=now)


def _article_for(db: sqlite3.Connection, storyline_id: int, feed: Feed, choice: _Choice, now: datetime) -> int | None:
    """Find or make the article an entry leads to. An edited entry has its article read again."""
    entry, before = choice.entry, choice.known
    same_link = before is not None and links.key(before.url) == links.key(entry.url)
    if before is not None and before.article_id is not None and same_link:
        articles.wake(db, before.article_id, now)
        return before.article_id
    if not choice.relevance.relevant or choice.rests_s is None:
        return None
    place = quote(entry.identity, safe="")
    # the address is told to everybody, so it has no query: in one of a feed there may be a password
    url = target_of(entry) or f"{links.without_query(feed.url)}#{place}"
    url_key = links.key(url) if target_of(entry) else f"{feed.url}#{place}"
    found = articles.find(db, url_key)
    if found is None:
        found = articles.create(
            db, url=url, url_key=url_key, seen=now, published=entry.published or entry.updated, lang=entry.lang,
            due=now + timedelta(seconds=choice.rests_s),
        )  # fmt: skip
    articles.want(db, storyline_id, found, choice.relevance.reason)
    return found
