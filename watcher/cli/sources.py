"""`feeds`: the configured sources with their health; one asked on the spot, added to the config or taken out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from watcher.cli import feedlist
from watcher.cli.setting import Setting
from watcher.cli.spans import ago, ahead
from watcher.cli.terminal import paint, plain, say, say_error, say_json, wrapped
from watcher.config import FeedConfig
from watcher.edges import config_file
from watcher.edges.alert_text import counted
from watcher.edges.machine import now
from watcher.errors import NotFound, WatcherError
from watcher.store import feeds as remembered
from watcher.store.columns import stamp_or_none
from watcher.store.database import open_for_reading
from watcher.store.description import shown_time
from watcher.store.feeds import Feed

if TYPE_CHECKING:
    from watcher.cli.probing import Probe

_STYLES: dict[str, dict[str, Any]] = {
    "ok": {"fg": "green"},
    "moved": {"fg": "yellow"},
    "failing": {"fg": "red"},
    "refused": {"fg": "red"},
    "gone": {"fg": "red"},
    "new": {"dim": True},
    "disabled": {"dim": True},
}
_RELOAD = "A running daemon takes it after `systemctl reload watcher` (or SIGHUP)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed of the config beside what the state remembers of it; None before its first walk."""

    config: FeedConfig
    state: Feed | None

    @property
    def health(self) -> str:
        """One of `ok`, `moved`, `new`, `failing`, `refused`, `gone`, `disabled`."""
        if not self.config.enabled:
            return "disabled"
        if self.state is None or self.state.health == "new":
            return "new"
        return "moved" if self.state.health == "ok" and self.state.moved_to else self.state.health

    @property
    def next_poll(self) -> datetime | None:
        """When it is asked next; None for never."""
        return None if self.state is None or self.health in ("disabled", "gone") else self.state.due


def sources(setting: Setting) -> list[Source]:
    """Give every feed of the config, in its order. Raises `StateError`."""
    db = open_for_reading(setting.state_dir)
    try:
        by_url = {feed.url: feed for feed in remembered.every(db)}
    finally:
        db.close()
    return [Source(config=feed, state=by_url.get(feed.url)) for feed in setting.config.feeds]


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="The list as one JSON document.")
@click.pass_context
def feeds(ctx: click.Context, as_json: bool) -> None:
    """List the feeds with their health, ask them on the spot, add or remove one."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_feeds, as_json=as_json)


@feeds.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_feeds(setting: Setting, as_json: bool = False) -> None:
    """Every configured feed: how it is, what it brings, when it is asked next."""
    found = sources(setting)
    if as_json:
        say_json({"feeds": [_document(source) for source in found]})
    elif found:
        _say_table(found, now())
    else:
        say("No feeds are configured. Next: watcher feeds add URL")


@feeds.command("check")
@click.argument("names", metavar="[NAME|URL ...]", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def check_feeds(setting: Setting, names: tuple[str, ...], as_json: bool) -> int:
    """Ask feeds now, those of the config or any address, and tell what they bring; the state stays as it is.

    Exits with 1 when one of them failed.
    """
    import asyncio

    from watcher.cli.probing import probe_feeds
    from watcher.wiring import prepare

    configured = setting.config.feeds
    wanted = [_wanted(configured, name) for name in names] or [feed for feed in configured if feed.enabled]
    plan = prepare(setting.config, setting.path.parent)
    probes = asyncio.run(probe_feeds(setting.config, wanted, plan.access))
    if as_json:
        say_json({"feeds": [_probe_document(probe) for probe in probes]})
    elif probes:
        _say_probes(probes, now())
    else:
        say("No feeds are configured. Next: watcher feeds add URL")
    return 0 if all(probe.is_good for probe in probes) else 1


@feeds.command("add")
@click.argument("url")
@click.option("--name", default="", help="What to call it; its host when not given.")
@click.option("--lang", default="", help="Language of its pages where they do not say it: de, en.")
@click.option("--every", default="", help="Its own usual pause, like 10m.")
@click.option("--unasked", is_flag=True, help="Add it without asking it first.")
@click.pass_obj
def add_feed(setting: Setting, url: str, name: str, lang: str, every: str, unasked: bool) -> None:
    """Add a feed to the config file. It is asked first: a web page is refused, with the feeds that it names."""
    name = name.strip() or (urlsplit(url).hostname or url).removeprefix("www.")
    for feed in setting.config.feeds:
        if feed.url == url.strip():
            raise WatcherError(f"not added: {setting.path} has this feed already; its name is {feed.name!r}")
        if feed.name.casefold() == name.casefold():
            raise WatcherError(f"not added: {setting.path} has a feed {feed.name!r} already; give another --name")
    keys = {"name": name, "url": url.strip(), "lang": lang, "every": every}
    text = feedlist.with_feed(config_file.read_text(setting.path), {key: value for key, value in keys.items() if value})
    added = config_file.checked(setting.path, text).feeds[-1]
    doubt = "" if unasked else _doubt(setting, added)
    config_file.replace(setting.path, text)
    say(f"{plain(name)} is added to {setting.path}. {_RELOAD}")
    if doubt:
        say_error(f"it could not be read now: {doubt}")
    say(f"See what it brings: watcher feeds check {_quoted(name)}")


def _doubt(setting: Setting, feed: FeedConfig) -> str:
    """Ask a feed that is to be added. Gives why it could not be read; '' where it could. Raises `UsageError` for a web
    page.
    """
    import asyncio

    from watcher.cli.probing import probe_feeds

    (probe,) = asyncio.run(probe_feeds(setting.config, [feed], {}))
    if probe.is_page:
        raise click.UsageError(plain(f"not added: {probe.problem}"))
    return plain(probe.problem)


@feeds.command("remove")
@click.argument("name", metavar="NAME|URL")
@click.pass_obj
def remove_feed(setting: Setting, name: str) -> None:
    """Take a feed out of the config file. What it brought stays."""
    feed = find(setting.config.feeds, name)
    text = feedlist.without_feed(config_file.read_text(setting.path), setting.config.feeds.index(feed))
    config_file.replace(setting.path, text)
    say(f"{plain(feed.name)} ({plain(feed.url)}) is taken out of {setting.path}. {_RELOAD}")


def find(configured: tuple[FeedConfig, ...], name: str) -> FeedConfig:
    """Give the feed of that name or address. Raises `NotFound`."""
    for feed in configured:
        if name in (feed.name, feed.url) or name.casefold() == feed.name.casefold():
            return feed
    raise NotFound(f"there is no feed {name!r} in the config: watcher feeds list shows them")


def _wanted(configured: tuple[FeedConfig, ...], name: str) -> FeedConfig:
    """Give the feed of that name, or one that is not configured for an address. Raises `NotFound`."""
    if "://" in name and all(feed.url != name for feed in configured):
        return FeedConfig(name=urlsplit(name).hostname or name, url=name)
    return find(configured, name)


def _say_probes(probes: list[Probe], at: datetime) -> None:
    widest = min(30, max(len(plain(probe.name)) for probe in probes))
    for probe in probes:
        health = paint(f"{probe.health:<8}", **_STYLES[probe.health])
        told = f"{counted(probe.entries, 'entry')}" if probe.is_good else plain(probe.problem)
        say(f"{plain(probe.name)[:widest]:<{widest}}  {health}  {told}")
        if probe.newest is not None:
            when = probe.newest.published or probe.newest.updated
            age = ago(when, at) if when else "undated"
            say(wrapped(f"{age}: {probe.newest.title or probe.newest.url}", "      ", "      newest "))
        for line in _probe_remarks(probe):
            say(wrapped(line, "      "))
    failed = sum(not probe.is_good for probe in probes)
    say(f"\n{len(probes)} asked, {failed} failed. The state is as it was.")


def _probe_remarks(probe: Probe) -> list[str]:
    told = []
    if probe.moved_to:
        told.append(f"moved to {probe.moved_to}: put this address into the config")
    if probe.note:
        told.append(f"note: {probe.note}")
    if probe.truncated:
        told.append("the feed has more entries than are read at once")
    if probe.is_good and not probe.entries:
        told.append("it is a feed, but an empty one")
    elif probe.is_good and not probe.dated:
        told.append("its entries have no dates: an article counts as published when its page says so, or is first seen")
    return told


def _probe_document(probe: Probe) -> dict[str, Any]:
    newest = probe.newest
    when = (newest.published or newest.updated) if newest else None
    return {
        "name": probe.name,
        "url": probe.url,
        "ok": probe.is_good,
        "health": probe.health,
        "problem": probe.problem,
        "title": probe.title,
        "entries": probe.entries,
        "newest": newest and {"title": newest.title, "url": newest.url, "published": _time(when)},
        "note": probe.note,
        "truncated": probe.truncated,
        "moved_to": probe.moved_to,
    }


def _say_table(found: list[Source], at: datetime) -> None:
    widest = min(30, max(len(plain(source.config.name)) for source in found))
    say(paint(f"{'feed':<{widest}}  {'health':<8}  {'a day':>6}  {'last new':<12}  next poll", dim=True))
    for source in found:
        name, state = plain(source.config.name)[:widest], source.state
        rate = "" if state is None or state.brings_per_day is None else f"{state.brings_per_day:.1f}"
        health = paint(f"{source.health:<8}", **_STYLES[source.health])
        new = ago(state.new, at) if state is not None else "never"
        following = "at once" if source.health == "new" else ahead(source.next_poll, at)
        say(f"{name:<{widest}}  {health}  {rate:>6}  {new:<12}  {following}")
        for line in _remarks(source, at):
            say(wrapped(line, "      "))
    counts = {health: sum(source.health == health for source in found) for health in _STYLES}
    say("\n" + ", ".join(f"{count} {health}" for health, count in counts.items() if count))


def _remarks(source: Source, at: datetime) -> list[str]:
    """What a person should know of a feed that is not simply well."""
    state, health = source.state, source.health
    if state is None or health in ("disabled", "new"):
        return []
    told = []
    if health in ("failing", "refused", "gone"):
        first = f"never good, first asked {ago(state.first_polled, at)}"
        good = f"last good {ago(state.ok, at)}" if state.ok else first
        told.append(f"{state.problem or 'no reason was kept'} ({state.fails} in a row, {good})")
    if health == "gone":
        told.append(f"not asked any more: watcher feeds remove {_quoted(source.config.name)}")
    if state.moved_to:
        told.append(f"moved to {state.moved_to}: put this address into the config")
    if state.note and health in ("ok", "moved"):
        told.append(f"note: {state.note}")
    return told


def _document(source: Source) -> dict[str, Any]:
    state = source.state
    return {
        "name": source.config.name,
        "url": source.config.url,
        "health": source.health,
        "problem": state.problem if state else "",
        "note": state.note if state else "",
        "failures": state.fails if state else 0,
        "moved_to": state.moved_to if state else None,
        "brings_per_day": None if state is None or state.brings_per_day is None else round(state.brings_per_day, 2),
        "last_polled": _time(state.polled if state else None),
        "last_ok": _time(state.ok if state else None),
        "last_new": _time(state.new if state else None),
        "next_poll": _time(source.next_poll),
    }


def _time(moment: datetime | None) -> str | None:
    return shown_time(stamp_or_none(moment))


def _quoted(name: str) -> str:
    return name if name.isalnum() else f'"{name}"'
