"""What `doctor` looks at, one area a function. Each gives remarks and never raises for what it is there to find."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Literal

from watcher.cli.messages import NO_CHANNEL
from watcher.cli.setting import Setting
from watcher.cli.sources import Source
from watcher.cli.spans import ago, span
from watcher.config import Config, EmailConfig
from watcher.edges import service
from watcher.edges.alert_text import counted
from watcher.edges.body import Body
from watcher.edges.config_file import addressed, exposed, read_secret
from watcher.edges.machine import disk_free, local_zone
from watcher.edges.workers import Workers
from watcher.errors import (
    ConfigError,
    ParseError,
    StateCorrupt,
    StateError,
    StateTooNew,
    StorylineError,
    WatcherError,
    WorkerFailed,
)
from watcher.policy.alerting import EMAIL, channels
from watcher.records import Event
from watcher.store import census, outbox, retention, schema, suspicions
from watcher.store.database import FILE, is_there

Level = Literal["ok", "warn", "fail"]

SAFE_SQLITE = (3, 51, 3)
_LITTLE_DISK, _LAST_DISK = 2**30, 100 * 2**20
_SILENT, _DEAD, _OVERDUE = timedelta(days=3), timedelta(days=1), timedelta(hours=1)
_LATELY = timedelta(days=7)
_ENOUGH_TRIED, _MUCH_FAILED = 10, 0.3
_NAMED = 10
_FIRST_SANE_YEAR = 2025
_LANGUAGES = {"de": "German", "en": "English"}
_PAGE_SAYS = "The old bridge across the river opened again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One line of a diagnosis. `fix` is what a person can do about a warning or a failure."""

    level: Level
    area: str
    text: str
    fix: str = ""


def ok(area: str, text: str) -> Remark:
    """Something is well."""
    return Remark(level="ok", area=area, text=text)


def warn(area: str, text: str, fix: str) -> Remark:
    """Something works and could work better."""
    return Remark(level="warn", area=area, text=text, fix=fix)


def fail(area: str, text: str, fix: str) -> Remark:
    """Something does not work."""
    return Remark(level="fail", area=area, text=text, fix=fix)


# -- config and storyline ----------------------------------------------------------------------------------------------


def look_at_config(setting: Setting, environ: Mapping[str, str]) -> Iterator[Remark]:
    """Whether the config is found and valid and its secrets can be read."""
    try:
        config = setting.config
    except WatcherError as error:
        fix = (
            "name a config with --config, or correct the line; every key is explained in the config.toml of the sources"
        )
        yield from (fail("config", problem, fix) for problem in str(error).splitlines())
        return
    problems = list(_secret_problems(config, environ))
    if not problems:
        yield ok("config", f"{setting.path.absolute()} is valid")
    if keys := exposed(setting.path, config):
        text = f"every user can read {setting.path.absolute()}, and it holds {', '.join(keys[:_NAMED])}"
        yield warn("config", text, f"chmod o-r {setting.path.absolute()}, or write a webhook's address to a url_file")
    for problem in problems:
        yield fail("config", problem, "put the secret there, with mode 0600 and the owner that runs watcher")


def _secret_problems(config: Config, environ: Mapping[str, str]) -> Iterator[str]:
    given = environ.get("CREDENTIALS_DIRECTORY")
    email = config.alerts.email
    files = [feed.password_file for feed in config.feeds if feed.enabled]
    files += [email.password_file if email else None, *(webhook.secret_file for webhook in config.alerts.webhooks)]
    credentials = Path(given) if given else None
    for file in dict.fromkeys(files):
        if file is not None:
            try:
                read_secret(file, credentials)
            except WatcherError as error:
                yield from str(error).splitlines()
    try:
        addressed(config, credentials)
    except WatcherError as error:
        yield from str(error).splitlines()


def look_at_storyline(setting: Setting, base: list[Event]) -> Iterator[Remark]:
    """Whether the storyline loads, and how well its base is told. `base` is the state's; empty before a first walk."""
    try:
        storyline = setting.storyline
    except ConfigError as error:
        yield fail("config", str(error), "name a bundled storyline, or the folder of one, relative to the config")
        return
    except StorylineError as error:
        for line in str(error).splitlines():
            yield fail("storyline", line, "correct the files of the storyline, or use = a bundled one")
        return
    events = base or list(storyline.events)
    if storyline.everything:
        yield ok("storyline", f"{storyline.name}: every article counts; the base has {counted(len(events), 'event')}")
        return
    both = sum({wording.lang for wording in event.wordings} >= {"de", "en"} for event in events)
    text = f"{storyline.name}: {counted(len(events), 'known event')}, {both} told in both languages"
    if not events:
        yield warn("storyline", text, "everything will look new: watcher events import FILE, or watcher events add")
    elif both < len(events) / 2:
        yield warn(
            "storyline", text, "add wordings in German and English to events.jsonl: it helps to recognise reports"
        )
    else:
        yield ok("storyline", text)


# -- state -------------------------------------------------------------------------------------------------------------


def look_at_state_folder(folder: Path) -> Iterator[Remark]:
    """Whether the folder is there, private, and has room."""
    room = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not os.access(room, os.W_OK | os.X_OK):
        yield fail("state", f"{room} cannot be written to", f"chown or chmod {room} for the user that runs watcher")
    free = disk_free(room)
    told = f"{_size(free)} free on the disk of {room}"
    if free < _LAST_DISK:
        yield fail("state", told, "make room: nothing can be kept")
    elif free < _LITTLE_DISK:
        yield warn("state", told, "make room before the disk is full")
    else:
        yield ok("state", told)
    try:
        there = is_there(folder)
    except StateCorrupt:
        return  # what is left of one is told by whoever opens it
    if not there:
        fix = "watcher once, or watcher run, creates it"
        yield warn("state", f"{folder} has no database yet: nothing was watched", fix)
        return
    for path, mode in ((folder, 0o700), (folder / FILE, 0o600)):
        found = path.stat().st_mode & 0o777
        if found & 0o077:
            yield warn("state", f"{path} can be read by others (mode {found:04o})", f"chmod {mode:o} {path}")


def look_at_database(db: sqlite3.Connection, folder: Path, at: datetime) -> Iterator[Remark]:
    """What there is to say of a database that was found whole."""
    number = schema.number_of(db)
    parts = [folder / f"{FILE}{part}" for part in ("", "-wal")]
    size = sum(path.stat().st_size for path in parts if path.exists())
    yield ok("state", f"{folder / FILE} is whole: schema {number}, {_size(size)}")
    kept = retention.measure(db)
    oldest = f", the oldest seen {ago(kept.oldest, at)}" if kept.oldest else ""
    texts = f"{counted(kept.versions, 'text')} of {counted(kept.articles, 'article')}, {kept.edited} of them edited"
    yield ok("state", f"{texts}: {_size(kept.bytes)} kept{oldest}; state.keep bounds their age")
    each = f"the first, the last {retention.MOST_VERSIONS}, and those that developments rest on"
    yield ok("state", f"of an edited article these texts are kept: {each}")


def told_state_error(error: StateError, folder: Path) -> Remark:
    """Say what to do about a state that does not open."""
    if isinstance(error, StateTooNew):
        fix = "install the version of watcher that wrote it"
    elif isinstance(error, StateCorrupt):
        fix = f"stop watcher, move {folder / FILE}* away, restore a copy or let `watcher once` begin anew"
    else:
        fix = "watcher once brings it up to date; else look at owner and mode of the folder"
    return fail("state", str(error), fix)


def look_at_sqlite(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> Iterator[Remark]:
    """Whether SQLite is of a version in which two processes may checkpoint."""
    told = f"SQLite {'.'.join(map(str, version))}"
    if version >= SAFE_SQLITE:
        yield ok("state", told)
        return
    safe = ".".join(map(str, SAFE_SQLITE))
    yield warn(
        "state",
        f"{told}: before {safe} two processes that checkpoint at once can damage a database, so only the daemon does",
        f"let no other program write to {FILE}, or take a Python with SQLite {safe}",
    )


def _size(count: float) -> str:
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"


# -- feeds and extraction ----------------------------------------------------------------------------------------------


def look_at_feeds(found: list[Source], at: datetime) -> Iterator[Remark]:
    """How the feeds are, which are dead for more than a day, and which language is silent."""
    active = [source for source in found if source.health != "disabled"]
    if not active:
        yield warn("feeds", "no feed is configured: nothing will be watched", "watcher feeds add URL")
        return
    kinds = dict.fromkeys(source.health for source in active)
    counts = ", ".join(f"{sum(source.health == kind for source in active)} {kind}" for kind in kinds)
    ill = [source for source in active if source.health in ("failing", "refused", "gone")]
    text = f"{counted(len(active), 'feed')}: {counts}"
    if len(ill) == len(active):
        inside = any(source.health == "refused" for source in active)
        where = (
            "one inside your network needs its host:port in fetch.allow_private" if inside else "is the network there?"
        )
        yield fail("feeds", text, f"watcher feeds check shows why; {where}")
    elif ill:
        yield warn("feeds", text, "watcher feeds list shows the reasons")
    else:
        yield ok("feeds", text)
    dead = [source for source in ill if _died(source) and at - _died(source) > _DEAD]
    for source in dead[:_NAMED]:
        reason = source.state.problem if source.state else ""
        text = f"{source.config.name} gave nothing since {span(at - _died(source))}: {reason}"
        yield warn("feeds", text, f'correct its url, or: watcher feeds remove "{source.config.name}"')
    if len(dead) > _NAMED:
        yield warn("feeds", f"{len(dead) - _NAMED} more gave nothing for over a day", "watcher feeds list")
    yield from _silent_languages(active, at)


def _died(source: Source) -> datetime:
    """When a feed was good last; the first poll where it never was."""
    state = source.state
    assert state is not None, "a feed without a past is not ill"
    return state.ok or state.first_polled or state.due


def _silent_languages(active: list[Source], at: datetime) -> Iterator[Remark]:
    for lang, name in _LANGUAGES.items():
        states = [s.state for s in active if s.config.lang.startswith(lang) and s.state and s.state.first_polled]
        heard = max((state.new or state.first_polled for state in states if state.first_polled), default=None)
        if heard is not None and at - heard > _SILENT:
            text = f"no feed in {name} brought anything new for {span(at - heard)}"
            yield warn("feeds", text, "watcher feeds check; is the daemon running?")


def look_at_extraction() -> Iterator[Remark]:
    """Whether a worker process reads a page."""
    began = time.monotonic()
    try:
        page = asyncio.run(_extracted())
    except (WorkerFailed, ParseError, OSError) as error:
        yield fail(
            "extraction", f"the worker did not read a small page: {error}", "reinstall watcher; is memory short?"
        )
        return
    if not any(paragraph.startswith(_PAGE_SAYS) for paragraph in page):
        yield fail("extraction", "the worker read a small page wrongly", "reinstall watcher with its dependencies")
    else:
        yield ok("extraction", f"a worker process read a small page in {time.monotonic() - began:.1f} s")


async def _extracted() -> tuple[str, ...]:
    page = (resources.files(__package__) / "probe.html").read_bytes()
    async with Workers(count=1) as workers:
        return (await workers.extract_page(Body(page), "text/html; charset=utf-8", "", "")).paragraphs


def look_at_articles(db: sqlite3.Connection, at: datetime) -> Iterator[Remark]:
    """How many pages of the last days gave their text."""
    found = census.count_articles(db, at - _LATELY)
    if not found.tried:
        return
    text = f"{counted(found.tried, 'page')} in 7 days: {found.whole} read, {found.partial} in part, {found.failed} not"
    if found.tried >= _ENOUGH_TRIED and found.partial + found.failed > _MUCH_FAILED * found.tried:
        fix = "some outlets show a wall: leave their feeds out, or give them headers or a password; watcher explain URL"
        yield warn("extraction", text, fix)
    else:
        yield ok("extraction", text)


def look_at_broken_outlets(db: sqlite3.Connection) -> Iterator[Remark]:
    """Which outlets' pages are read wrongly since a while: what they gave was not taken for edits."""
    for one in suspicions.broken(db)[:_NAMED]:
        pages = f"{counted(one.pages, 'page')} of {one.outlet or one.site}"
        text = f"extraction is broken on {pages} since {one.since:%Y-%m-%d}: {one.reason}; the old texts are kept"
        yield warn("extraction", text, f"the outlet may have a new layout: watcher explain {one.example}")


# -- alerts ------------------------------------------------------------------------------------------------------------


def look_at_channels(config: Config) -> Iterator[Remark]:
    """Which channels there are. The mail host is connected to; nothing is sent."""
    names = channels(config.alerts)
    if not names:
        yield warn("alerts", NO_CHANNEL, "set one in the config; until then look with watcher flags")
        return
    yield ok("alerts", f"channels: {', '.join(names)}; watcher alerts test sends a message through each")
    if EMAIL in names and config.alerts.email is not None:
        yield _mail_host(config.alerts.email)


def _mail_host(email: EmailConfig) -> Remark:
    where = f"{email.host}:{email.port}"
    silence = service.silence_of(email.host, email.port)
    if silence:
        return fail(
            "alerts", f"the mail host {where} does not answer: {silence}", "correct host and port in [alerts.email]"
        )
    return ok("alerts", f"the mail host {where} answers")


def look_at_outbox(db: sqlite3.Connection, at: datetime) -> Iterator[Remark]:
    """What waits and what failed."""
    counts = outbox.tally(db)
    if counts.failed:
        text = f"{counted(counts.failed, 'alert')} failed for good"
        yield warn("alerts", text, "watcher alerts list tells why; then watcher alerts retry --all")
    late = [one for one in outbox.listing(db, "waiting") if at - one.due > _OVERDUE]
    if late:
        oldest = ago(min(one.due for one in late), at)
        yield warn(
            "alerts",
            f"{counted(len(late), 'alert')} overdue, the oldest was due {oldest}",
            "start the daemon, or watcher once",
        )
    if not counts.failed and not late:
        yield ok("alerts", f"{counts.waiting} waiting, {counts.sent} sent, none failed")


# -- clock and service -------------------------------------------------------------------------------------------------


def look_at_clock(at: datetime, last_poll: datetime | None, environ: Mapping[str, str]) -> Iterator[Remark]:
    """Whether the clock can be believed. `last_poll` is by the clock of that time."""
    fix = "set the clock: timedatectl set-ntp true"
    zone = local_zone(environ)
    if at.year < _FIRST_SANE_YEAR:
        yield fail("clock", f"the clock says {at:%Y-%m-%d}", fix)
    elif last_poll is not None and last_poll - at > timedelta(minutes=5):
        yield fail("clock", f"the last poll was {span(last_poll - at)} ahead of what the clock says now", fix)
    else:
        yield ok("clock", f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}; quiet hours and digests are meant in this zone")


def look_at_service(folder: Path) -> Iterator[Remark]:
    """Whether a daemon runs on this state, and whether systemd knows the unit."""
    owner = service.daemon_of(folder)
    if owner is not None:
        yield ok("service", f"a daemon runs on this state (process {owner})")
    else:
        yield warn("service", "no daemon runs on this state", "systemctl start watcher, or watcher run")
    yield from _unit()


def _unit() -> Iterator[Remark]:
    if not service.has_manager():
        yield ok("service", "no systemd here: let watcher run, or watcher once from cron, be started by other means")
        return
    told = service.unit("watcher.service")
    if not told:
        yield ok("service", "systemd does not run here")
    elif told.get("LoadState") != "loaded":
        fix = "copy systemd/watcher.service to /etc/systemd/system/, then systemctl enable --now watcher"
        yield warn("service", "systemd knows no watcher.service", fix)
    elif told.get("UnitFileState") not in ("enabled", "enabled-runtime"):
        yield warn("service", "watcher.service does not start with the machine", "systemctl enable --now watcher")
    else:
        yield ok("service", f"watcher.service is {told.get('ActiveState', '?')} and enabled")
