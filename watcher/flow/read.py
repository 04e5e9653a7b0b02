"""Read: fetch the articles that are due, understand them, and keep every distinct text as a version."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from watcher.edges import links
from watcher.flow import compose, edition
from watcher.flow.edition import Told
from watcher.flow.flight import Flight
from watcher.flow.gather import spread_of
from watcher.flow.poll import Getter
from watcher.flow.tally import Tally
from watcher.flow.visit import Extractor, Found, Missed, Unaltered, Visit, visit
from watcher.language import statements
from watcher.language.names import Gazetteer
from watcher.policy import cadence
from watcher.records import ArticleText, Reading, Validators, WebRequest
from watcher.store import articles, entries, suspicions, versions
from watcher.store.articles import Article, Attempt
from watcher.store.columns import article_name
from watcher.store.database import transaction
from watcher.store.entries import Lead
from watcher.store.thread import Store

log = logging.getLogger(__name__)

_LOOK_AT = 2000
_ALL = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPlan:
    """What the config says about reading. `recheck_s` are the ages at which an article is read again."""

    recheck_s: tuple[float, ...]
    timeout_s: float
    max_bytes: int
    concurrency: int
    per_host: int


class Read:
    """The step. `step` starts what is due and comes back at once; the tasks save what they read."""

    def __init__(
        self, store: Store, web: Getter, workers: Extractor, *, plan: ReadPlan, gazetteer: Gazetteer,
        clock: Callable[[], datetime], tally: Tally,
    ) -> None:  # fmt: skip
        self._store = store
        self._web = web
        self._workers = workers
        self._plan = plan
        self._gazetteer = gazetteer
        self._clock = clock
        self._tally = tally
        self.flight: Flight[Article] = Flight(
            self._guarded,
            host_of=lambda article: urlsplit(article.url).netloc,
            limit=plan.concurrency,
            per_host=plan.per_host,
        )

    async def step(self, *, for_s: float = 0.0) -> int:
        """Start reading articles that are due, as many as find room within `for_s` seconds. Returns how many."""
        if self.flight.is_full:
            return 0
        return await self.flight.launch_for(for_s, await self._due(_LOOK_AT))

    async def everything(self, *, planned: bool) -> None:
        """Read what is due, each article once; with `planned` first all that would be read at some later time."""
        done: set[int] = set()
        waiting = await self._store.run(articles.planned, _ALL) if planned else await self._due(_ALL)
        while waiting:
            done |= {article.id for article in waiting}
            await self.flight.launch_all(waiting)
            waiting = [article for article in await self._due(_ALL) if article.id not in done]

    async def _due(self, limit: int) -> list[Article]:
        now = self._clock()
        return await self._store.run(articles.due, now, cadence.absurd_read(self._plan.recheck_s, now), limit)

    async def _guarded(self, article: Article) -> None:
        """Read and save; whatever goes wrong stays with this article."""
        try:
            await self._read(article)
        except Exception as error:  # noqa: BLE001  one article's trouble must not stop the others
            self.flight.setbacks.add(article.id, f"article {article.url}", error, log)
            self._tally.articles.failed += 1
        else:
            self.flight.setbacks.clear(article.id)

    async def _read(self, article: Article) -> None:
        leads = await self._store.run(entries.leads, article.id)
        if not _has_page(article, leads):
            await self._keep_partial(article, leads, Attempt(state="read", due=None), problem="no page")
            return
        request = WebRequest(
            url=article.url,
            max_bytes=self._plan.max_bytes,
            timeout_s=self._plan.timeout_s,
            validators=article.validators,
        )
        title = next((lead.entry.title for lead in leads if lead.entry.title), "")
        match await visit(Visit(request=request, title=title), self._web, self._workers):
            case Unaltered():
                attempt = await self._after(article, state="read")
                await self._store.run(_save_unaltered, article.id, attempt, self._clock())
            case Missed() as missed:
                await self._keep_miss(article, leads, missed)
            case Found(url=url) if article.state != "waiting" and links.is_front_page(url):
                await self._keep_miss(
                    article, leads, Missed(problem="leads to the front page", lasting=True, away=True)
                )
            case Found(problem="") as found:
                await self._keep_full(article, leads, found)
            case Found() as found:
                attempt = await self._after(article, state="read", problem=found.problem)
                await self._keep_partial(article, leads, attempt, problem=found.problem)

    async def _keep_full(self, article: Article, leads: Sequence[Lead], found: Found) -> None:
        canonical = found.page.canonical_url
        usable = canonical and links.same_site(canonical, found.url) and not links.is_front_page(canonical)
        text = await asyncio.to_thread(compose.full_text, article, leads, found.page, found.url, self._clock())
        told = Told(
            text=text,
            reading=await self._understood(text, article.id),
            problem="",
            keys=(links.key(found.url),),
            canonical_key=links.key(canonical) if usable else "",
        )
        await self._keep(article, told, await self._after(article, state="read", validators=found.validators))

    async def _keep_partial(self, article: Article, leads: Sequence[Lead], attempt: Attempt, *, problem: str) -> None:
        text = await asyncio.to_thread(compose.partial_text, article, leads, self._clock())
        told = Told(text=text, reading=await self._understood(text, article.id), problem=problem)
        await self._keep(article, told, attempt)

    async def _keep_miss(self, article: Article, leads: Sequence[Lead], missed: Missed) -> None:
        """Plan another try, or settle for what the feed said. An article read before stays as it was read."""
        self._tally.articles.failed += 1
        fails = article.fails + 1
        if article.state != "waiting":
            await self._keep_loss(article, missed, fails)
            return
        pause_s = cadence.failed_read_s(fails, wish_s=missed.retry_after_s, spread=spread_of(article.url))
        if missed.lasting or pause_s is None:
            log.info("article %s: %s; only what the feed said is judged", article.url, missed.problem)
            state = "gone" if missed.gone else "failed"
            attempt = await self._after(article, state=state, problem=missed.problem, fails=fails)
            await self._keep_partial(article, leads, attempt, problem=missed.problem)
            return
        due = self._clock() + timedelta(seconds=pause_s)
        attempt = Attempt(state="waiting", due=due, fails=fails, problem=missed.problem)
        await self._store.run(_save_attempt, article.id, attempt)

    async def _keep_loss(self, article: Article, missed: Missed, fails: int) -> None:
        """Leave an article we have read as it was read. One that is away is taken down: it is looked for once more,
        and later as planned, but for those that are said to be gone for good.
        """
        away = missed.gone or missed.away
        attempt = await self._after(
            article, state="gone" if away else article.state, problem=missed.problem, fails=fails,
            validators=article.validators,
        )  # fmt: skip
        if missed.gone:
            attempt = replace(attempt, due=None)
        elif away and fails == 1:
            again = cadence.soon_again(attempt.due, self._plan.recheck_s, self._clock())
            attempt = replace(attempt, due=again)
        if away and article.state != "gone":
            log.info("article %s: taken down (%s)", article.url, missed.problem)
        await self._store.run(_save_loss, article.id, attempt, self._clock(), away=away)

    async def _keep(self, article: Article, told: Told, attempt: Attempt) -> None:
        again = cadence.soon_again(attempt.due, self._plan.recheck_s, self._clock())
        stood = await self._store.run(edition.standing, article.id, partial=told.text.partial)
        # the store has other work than to lay long texts side by side
        compared = await asyncio.to_thread(edition.lay_beside, stood, told.reading)
        kept = await self._store.run(edition.keep, article, told, attempt, again, self._clock(), compared)
        if kept.doubt:
            log.warning("article %s: not taken for an edit: %s", article.url, kept.doubt)
        if kept.number == 1:
            self._tally.articles.read += 1
        elif kept.number is not None:
            self._tally.articles.edited += 1
            log.info("article %s: version %d", article.url, kept.number)

    async def _understood(self, text: ArticleText, article_id: int) -> Reading:
        return await asyncio.to_thread(statements.read, text, self._gazetteer, article_name(article_id))

    async def _after(
        self, article: Article, *, state: str, problem: str = "", fails: int = 0,
        validators: Validators | None = None,
    ) -> Attempt:  # fmt: skip
        """Say what an attempt leaves, and when the article is read again."""
        due = cadence.next_recheck(
            article.first_seen, self._plan.recheck_s, self._clock(), quiet=article.changed is None,
            watched=await self._store.run(articles.tells_undecided, article.id),
        )  # fmt: skip
        return Attempt(
            state=state,
            due=due,
            fails=fails,
            problem=problem,
            rechecks=article.rechecks + (article.state != "waiting"),
            validators=article.validators if validators is None else validators,
        )


def _has_page(article: Article, leads: Sequence[Lead]) -> bool:
    """Whether the article has a page of its own: entries without a link tell all they have in the feed."""
    feeds = {address for lead in leads for address in (lead.feed_url, links.without_query(lead.feed_url))}
    return article.url.startswith(("http://", "https://")) and not any(
        article.url.startswith(f"{address}#") for address in feeds
    )


def _save_attempt(db: sqlite3.Connection, article_id: int, attempt: Attempt) -> None:
    with transaction(db):
        articles.save_attempt(db, article_id, attempt)


def _save_unaltered(db: sqlite3.Connection, article_id: int, attempt: Attempt, now: datetime) -> None:
    """The server says that the page is as it was: what stood there last stands there still."""
    with transaction(db):
        articles.save_attempt(db, article_id, attempt)
        articles.mark_gone(db, article_id, None)
        for version in versions.standing(db, article_id)[:1]:
            versions.see(db, version.id, now)


def _save_loss(db: sqlite3.Connection, article_id: int, attempt: Attempt, now: datetime, *, away: bool) -> None:
    with transaction(db):
        articles.save_attempt(db, article_id, attempt)
        if away:
            articles.mark_gone(db, article_id, now)
            suspicions.clear(db, article_id)
