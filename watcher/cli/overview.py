"""`watcher` alone: what waits for a person, and what is ill. Three quiet days are told apart: no input, nothing that
belongs, nothing fresh.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from watcher.cli import desk
from watcher.cli.setting import Setting
from watcher.cli.terminal import paint, plain, say
from watcher.cli.weighing import told_weights
from watcher.edges.alert_text import counted
from watcher.edges.machine import now
from watcher.errors import NotFound
from watcher.flow import taste
from watcher.novelty.weights import shipped
from watcher.store import census, developments, feeds, outbox, suspicions
from watcher.store.feeds import Feed

DAY = timedelta(days=1)


def show_overview(setting: Setting) -> None:
    """A few lines: the storyline, what waits, the last day, the sources, the alerts."""
    try:
        with desk.reading(setting) as d:
            _say(setting.storyline_name, d, now())
    except NotFound as error:
        say(str(error))


def _say(storyline: str, d: desk.Desk, at: datetime) -> None:
    waiting = developments.waiting(d.db, d.storyline_id, at)
    say(paint(storyline, bold=True) + f"  {at.astimezone():%Y-%m-%d %H:%M}")
    if waiting:
        say(f"{len(waiting)} waiting for review, newest: {waiting[0].name} {plain(waiting[0].headline)}")
    else:
        say("Nothing waits for review.")
    polled = feeds.every(d.db, enabled=True)
    say(_last_day(d, polled, at))
    _say_feeds(polled, at)
    for one in suspicions.broken(d.db)[:3]:
        say(f"Extraction is broken on {one.pages} of the pages of {plain(one.outlet or one.site)}: watcher doctor")
    _say_alerts(d.db)
    learned = told_weights(taste.in_use(d.db, d.storyline_id, shipped()))
    if learned:
        say(learned)
    if waiting:
        say("Next: watcher review, or watcher flags")


def _last_day(d: desk.Desk, polled: list[Feed], at: datetime) -> str:
    """What the last day brought, and if nothing, which kind of nothing."""
    day = census.count_intake(d.db, d.storyline_id, at - DAY)
    if not day.entries:
        return f"Last 24 hours: {_nothing(polled, at)}"
    if not day.relevant:
        return f"Last 24 hours: {counted(day.entries, 'entry')}, none of them on the storyline."
    fresh = f"{day.flagged} with something fresh" if day.flagged else "all of it known"
    told = f"{counted(day.entries, 'entry')}, {counted(day.relevant, 'article')} on the storyline"
    versions = f" in {counted(day.versions, 'version')}" if day.versions > day.relevant else ""
    return f"Last 24 hours: {told}{versions}, {fresh}."


def _nothing(polled: list[Feed], at: datetime) -> str:
    """Why no entry came: nobody asked, nobody answered, or nothing was published."""
    if not any(feed.polled is not None and at - feed.polled < DAY for feed in polled):
        return "no feed was asked; the daemon does not run."
    ill = [feed for feed in polled if _is_ill(feed)]
    if len(ill) == len(polled):
        return "no feed could be read; nobody knows what happened."
    return "nothing new in any feed" + (f" that could be read, {len(ill)} could not." if ill else ".")


def _is_ill(feed: Feed) -> bool:
    return feed.health not in {"ok", "new"}


def _say_feeds(polled: list[Feed], at: datetime) -> None:
    ill = [feed for feed in polled if _is_ill(feed)]
    say(f"Feeds: {len(polled) - len(ill)} of {len(polled)} well" + (", ill:" if ill else "."))
    for feed in ill[:5]:
        since = f" (last well {_ago(at - feed.ok)} ago)" if feed.ok else ""
        say(f"  {plain(feed.name)}: {plain(feed.problem)}{since}")
    if len(ill) > 5:
        say(f"  and {len(ill) - 5} more: watcher feeds")


def _ago(gone: timedelta) -> str:
    hours = max(0, int(gone.total_seconds() // 3600))
    return f"{hours // 24} days" if hours >= 48 else f"{hours} hours" if hours >= 2 else f"{hours * 60} minutes"


def _say_alerts(db: sqlite3.Connection) -> None:
    found = outbox.tally(db)
    if found.waiting or found.failed:
        say(f"Alerts: {found.waiting} waiting, {found.failed} failed (watcher alerts)")
