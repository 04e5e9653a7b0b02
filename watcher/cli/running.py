"""`run` and `once`: the daemon in the foreground, and one walk of everything that is due."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

import click

from watcher.cli.setting import Setting
from watcher.cli.terminal import plain, say, say_json
from watcher.edges.machine import daemon_lock, now

if TYPE_CHECKING:
    from watcher.store.feeds import Feed


@click.command()
@click.pass_obj
def run(setting: Setting) -> None:
    """Watch until told to stop: in the foreground, ready for systemd."""
    # The lock comes before all that takes long to import: a second daemon gives up at once, however busy the machine.
    with daemon_lock(setting.state_dir) as lock:
        from watcher.daemon import run as run_daemon

        run_daemon(setting.path, lock)


@click.command()
@click.option("--all", "everything", is_flag=True, help="Of everything, due or not.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def once(setting: Setting, everything: bool, as_json: bool) -> None:
    """One walk of everything that is due, then exit."""
    with daemon_lock(setting.state_dir):
        pass  # beside a daemon this ends before the long imports; the walk takes the lock for itself
    import asyncio

    from watcher.store.columns import stamp_or_none
    from watcher.store.description import shown_time
    from watcher.wiring import walk_once

    counts = asyncio.run(walk_once(setting.config, setting.path.parent, everything=everything))
    following = _following(setting)
    if as_json:
        told = following and {"feed": following.name, "due": shown_time(stamp_or_none(following.due))}
        say_json({**counts, "next": told})
        return
    feeds, entries, articles = counts["feeds"], counts["entries"], counts["articles"]
    developments, alerts = counts["developments"], counts["alerts"]
    say(f"feeds         {feeds['polled']} polled, {feeds['unchanged']} unchanged, {feeds['failed']} failed")
    say(f"entries       {entries['seen']} seen, {entries['new']} new, {entries['relevant']} worth reading")
    say(f"articles      {articles['read']} read, {articles['edited']} edited, {articles['failed']} failed")
    say(f"developments  {developments['opened']} opened, {developments['grown']} grown")
    say(f"alerts        {alerts['sent']} sent, {alerts['waiting']} waiting, {alerts['failed']} failed")
    if not (feeds["polled"] or feeds["failed"] or any(articles.values()) or developments["opened"] or alerts["sent"]):
        say(f"\n{_nothing(following, now())}")


def _following(setting: Setting) -> Feed | None:
    from watcher.store.database import open_for_reading
    from watcher.store.feeds import next_up

    with closing(open_for_reading(setting.state_dir)) as db:
        return next_up(db)


def _nothing(following: Feed | None, at: datetime) -> str:
    """Why a walk had nothing to do, and when it will have."""
    if following is None:
        return "No feed is asked: watcher feeds tells why; watcher feeds add URL adds one."
    due = following.due.astimezone()
    clock = f"{due:%H:%M}" if due.date() == at.astimezone().date() else f"{due:%Y-%m-%d %H:%M}"
    return f"Nothing is due; the next feed, {plain(following.name)}, at {clock}. Next: watcher once --all"
