"""Feed items of any format made entries: cleaned, bounded, each with an identity that survives the habits of feeds.

The identity of an item is, in this order:

1. the key of its link, when the link leads to an article. Guids change with every edit in many feeds; links do not.
   Where several items share a link (a live blog), the oldest has the link alone and the others the link and their guid.
2. its guid, when it has no such link. Items that share one guid are told apart by title and date.
3. a digest of title and date.

Items with the same link and title, or the same guid and title, are one.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from watcher.edges import links
from watcher.edges.clean import clean_text, clean_url, strip_markup
from watcher.edges.dates import plausible
from watcher.records import Entry

WEB_PAGE = "a web page where a feed was expected"
MAX_TITLE = 500
MAX_SUMMARY = 4000
MAX_NAME = 200
_MAX_IDENTITY = 500
_TITLE_FROM_SUMMARY = 120
_OUTLET_MARKS = (" -", " –", " —", " |")
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """An item as a format gave it; texts may hold markup and anything else."""

    guid: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    lang: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """A cleaned item on its way to an identity."""

    place: int
    key: str
    guid: str
    entry: Entry


def settle(raws: Iterable[RawEntry]) -> tuple[Entry, ...]:
    """Give the entries of one feed body in its order, duplicates merged, identities distinct."""
    by_key: dict[str, list[_Item]] = defaultdict(list)
    by_guid: dict[str, list[_Item]] = defaultdict(list)
    placed: list[tuple[int, str, Entry]] = []
    for place, raw in enumerate(raws):
        entry = _cleaned(raw)
        if not (entry.title or entry.url):
            continue
        guid = clean_text(raw.guid, 1000)
        leads_somewhere = entry.url and not links.is_front_page(entry.url)
        item = _Item(place=place, key=links.key(entry.url) if leads_somewhere else "", guid=guid, entry=entry)
        if item.key:
            by_key[item.key].append(item)
        elif guid:
            by_guid[guid].append(item)
        else:
            placed.append((place, "text:" + _digest(entry), entry))
    for key, items in by_key.items():
        placed += _sharing_a_link(key, _merged(items))
    for guid, items in by_guid.items():
        placed += _sharing_a_guid(guid, _merged(items))
    return _distinct(sorted(placed, key=lambda row: row[0]))


def short_lang(code: str) -> str:
    """Give the language of a language tag: `de` of `de-AT`; '' for what is none."""
    primary = code.strip().lower().replace("_", "-").partition("-")[0]
    return primary if primary.isascii() and primary.isalpha() and 2 <= len(primary) <= 3 else ""


def _sharing_a_link(key: str, items: Sequence[_Item]) -> list[tuple[int, str, Entry]]:
    oldest = max(items, key=lambda item: (-(item.entry.published or _LATEST).timestamp(), item.place))
    guids = [item.guid for item in items]
    placed = []
    for item in items:
        tells_apart = item.guid and guids.count(item.guid) == 1 and links.key(item.guid) != key
        suffix = "" if item is oldest else "#" + (item.guid if tells_apart else _digest(item.entry))
        placed.append((item.place, key + suffix, item.entry))
    return placed


def _sharing_a_guid(guid: str, items: Sequence[_Item]) -> list[tuple[int, str, Entry]]:
    alone = len(items) == 1
    return [(i.place, f"guid:{guid}" + ("" if alone else f"#{_digest(i.entry)}"), i.entry) for i in items]


def _merged(items: Sequence[_Item]) -> list[_Item]:
    """Give items without those that repeat the title of an earlier one."""
    first: dict[str, _Item] = {}
    for item in items:
        first.setdefault(item.entry.title.casefold(), item)
    return list(first.values())


def _distinct(placed: Iterable[tuple[int, str, Entry]]) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    for _, told, entry in placed:
        identity = told
        if len(told) > _MAX_IDENTITY:
            identity = told[:200] + "#" + hashlib.blake2b(told.encode(), digest_size=10).hexdigest()
        entries.setdefault(identity, replace(entry, identity=identity))
    return tuple(entries.values())


def _digest(entry: Entry) -> str:
    told = f"{entry.title.casefold()}\n{entry.published.isoformat() if entry.published else ''}"
    return hashlib.blake2b(told.encode(), digest_size=10).hexdigest()


def _cleaned(raw: RawEntry) -> Entry:
    url = clean_url(raw.link) or ""
    url = links.resolve_bing(url) or links.resolve_google_news(url) or url
    source = clean_text(strip_markup(raw.source), MAX_NAME)
    title = clean_text(strip_markup(raw.title), MAX_TITLE)
    gathered = links.is_aggregator(raw.link)
    if source and gathered:
        title = _without_outlet(title, source)
    summary = clean_text(strip_markup(raw.summary), MAX_SUMMARY)
    # News searches repeat headline and outlet where a summary should be, and go on with other outlets' headlines.
    if title and summary.startswith(title) and (gathered or len(summary) <= len(title) + len(source) + 8):
        summary = ""
    published, updated = plausible(raw.published), plausible(raw.updated)
    return Entry(
        identity="",
        url=url,
        title=title or _start(summary),
        summary=summary,
        author=clean_text(strip_markup(raw.author), MAX_NAME),
        published=published or updated,
        updated=updated,
        lang=short_lang(raw.lang),
        source=source,
    )


def _without_outlet(title: str, source: str) -> str:
    """Take the outlet off the end of a headline, where a news search writes it behind a dash."""
    headline, end = title[: -len(source)].rstrip(), title[-len(source) :]
    if end.casefold() == source.casefold() and headline.endswith(_OUTLET_MARKS):
        return headline[:-1].rstrip() or title
    return title


def _start(summary: str) -> str:
    """Give the beginning of a summary as a title, cut between words."""
    if len(summary) <= _TITLE_FROM_SUMMARY:
        return summary
    return summary[:_TITLE_FROM_SUMMARY].rpartition(" ")[0] + " …"
