"""The demonstration's articles as they stand in `data`: real events of February 2025, told by invented outlets."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from importlib import resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Somebody who does not exist and publishes a feed: `format` is `rss`, `atom` or `json`."""

    id: str
    name: str
    lang: str
    format: str
    byline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article. It appears when the story has come to its `chapter`, counted from 1."""

    outlet: Outlet
    slug: str
    chapter: int
    published: datetime
    title: str
    summary: str
    paragraphs: tuple[str, ...]

    @property
    def path(self) -> str:
        """Where its page is served."""
        return f"/{self.outlet.id}/{self.slug}.html"


def read_stream() -> tuple[Article, ...]:
    """Give all articles, oldest first."""
    folder = resources.files(__package__) / "data"
    told = json.loads((folder / "outlets.json").read_text(encoding="utf-8"))["outlets"]
    outlets = {outlet["id"]: Outlet(**outlet) for outlet in told}
    texts = [file.read_text(encoding="utf-8") for file in (folder / "articles").iterdir() if file.name[-5:] == ".json"]
    return tuple(sorted((_article(text, outlets) for text in texts), key=lambda article: article.published))


def _article(text: str, outlets: dict[str, Outlet]) -> Article:
    told = json.loads(text)
    return Article(
        outlet=outlets[told["outlet"]],
        slug=told["slug"],
        chapter=told["chapter"],
        published=datetime.fromisoformat(told["published"]),
        title=told["title"],
        summary=told["summary"],
        paragraphs=tuple(told["paragraphs"]),
    )
