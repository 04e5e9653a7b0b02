"""The invented articles as they stand in `data`, dated from the moment the demonstration begins."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources

_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
}


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
    """One invented article. It appears when the story has come to its `chapter`, counted from 1."""

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


def read_stream(began: datetime) -> tuple[Article, ...]:
    """Give all articles, oldest first. Their days of the week fit `began`, an aware time."""
    folder = resources.files(__package__) / "data"
    told = json.loads((folder / "outlets.json").read_text(encoding="utf-8"))["outlets"]
    outlets = {outlet["id"]: Outlet(**outlet) for outlet in told}
    texts = [file.read_text(encoding="utf-8") for file in (folder / "articles").iterdir() if file.name[-5:] == ".json"]
    found = [_article(json.loads(text), outlets, began) for text in texts]
    return tuple(sorted(found, key=lambda article: article.published))


def _article(told: dict[str, object], outlets: dict[str, Outlet], began: datetime) -> Article:
    minutes, chapter, paragraphs = told["minutes_ago"], told["chapter"], told["paragraphs"]
    assert isinstance(minutes, int)
    assert isinstance(chapter, int)
    assert isinstance(paragraphs, list)
    outlet = outlets[str(told["outlet"])]
    published = began.replace(microsecond=0) - timedelta(minutes=minutes)
    weekday = _WEEKDAYS[outlet.lang][published.weekday()]
    return Article(
        outlet=outlet,
        slug=str(told["slug"]),
        chapter=chapter,
        published=published,
        title=str(told["title"]),
        summary=str(told["summary"]),
        paragraphs=tuple(paragraph.replace("{weekday}", weekday) for paragraph in paragraphs),
    )
