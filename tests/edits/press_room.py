"""A small press on loopback whose pages change between walks, with the real judge."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import newssite
from click.testing import CliRunner, Result

from watcher import wiring
from watcher.cli.main import watcher
from watcher.config import Config
from watcher.edges.feeds import parse
from watcher.edges.pages import extract
from watcher.records import Body, Page, ParsedFeed

TITLE = "Harbour council sues shipyard over 40 million pound loan"
BODY = (
    "The harbour council of Westmouth sued the Bexley shipyard on Tuesday over a loan of 40 million pounds. "
    "The suit was filed at the county court.",
    "It says that the yard promised in 2019 to build two ferries and delivered none of them to the council.",
    "“We have waited long enough for our ferries,” said Margaret Hale, who leads the council. "
    "The yard will file its answer by the end of May.",
    "Bexley employs 1,200 people in the town. Its owner, Tom Renner, said the council had changed its plans.",
    "The first hearing is set for 12 June. A judge has not been named yet, a clerk of the court said.",
)


class Here:
    """The work of the worker processes, done here: a walk of a test then takes no time to start them."""

    async def __aenter__(self) -> Here:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def parse_feed(self, body: Body, content_type: str, url: str) -> ParsedFeed:
        """Parse a feed."""
        return await asyncio.to_thread(parse, b"".join(body.pieces()), content_type, url)

    async def extract_page(self, body: Body, content_type: str, url: str, feed_title: str) -> Page:
        """Extract a page."""
        return await asyncio.to_thread(extract, b"".join(body.pieces()), content_type, url, feed_title)


@dataclass
class Press:
    """A site, a config that watches all of it, and a look at the state."""

    site: newssite.Site
    config: Config
    db: sqlite3.Connection
    validators: bool = False
    pages: int = 0
    when: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1))

    def announce(self, *paths: str, titles: tuple[str, ...] = ()) -> None:
        """Have the feed lead to these pages."""
        names = titles or (TITLE,) * len(paths)
        self.site.feed("/feed", *(self.item(path, name) for path, name in zip(paths, names, strict=True)))

    def item(self, path: str, title: str, summary: str = "") -> str:
        """Write an item of the feed, published just now."""
        return self.site.item(path, title, summary, published=format_datetime(self.when))

    def put(self, path: str, title: str, paragraphs: tuple[str, ...], *, before: str = "", after: str = "") -> None:
        """Serve a page, with an ETag of its own where the site has validators."""
        self.pages += 1
        told = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        body = (
            f'<!doctype html><html lang="en"><head><title>{title}</title>'
            f'<meta property="article:published_time" content="{self.when.isoformat()}"></head>'
            f"<body><main><article><h1>{title}</h1>"
            f"{before}{told}{after}</article></main></body></html>"
        )
        headers = {"ETag": f'"{self.pages}"'} if self.validators else {}
        self.site.put(path, body, **headers)

    def walk(self) -> dict[str, Any]:
        """Walk over everything that is planned."""
        return asyncio.run(wiring.walk_once(self.config, everything=True))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Tell what the state says."""
        return [tuple(row) for row in self.db.execute(query)]

    def versions(self) -> int:
        """How many versions are kept."""
        return int(self.rows("SELECT count(*) FROM version")[0][0])

    def command(self, *args: str) -> str:
        """Run a command on the state; it must go well."""
        done = self._invoke(*args)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return str(done.output)

    def failing(self, *args: str) -> str:
        """Run a command that must fail. Gives what it says."""
        done = self._invoke(*args)
        assert done.exit_code != 0
        return f"{done.output}{done.exception}"

    def _invoke(self, *args: str) -> Result:
        file = self.config.folder / "config.toml"
        file.write_text('[storyline]\nuse = "any"\n[state]\ndir = "state"\n', encoding="utf-8")
        return CliRunner().invoke(watcher, ["--config", str(file), *args])

    def shown(self, name: str = "D1") -> dict[str, Any]:
        """Give the object of `show --json`."""
        found = json.loads(self.command("show", name, "--json"))
        assert isinstance(found, dict)
        return found
