"""`run` and `once`: the daemon in the foreground, and one walk of everything that is due."""

from __future__ import annotations

import click

from watcher.cli.setting import Setting
from watcher.cli.terminal import say, say_json
from watcher.edges.machine import daemon_lock


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

    from watcher.wiring import walk_once

    counts = asyncio.run(walk_once(setting.config, setting.path.parent, everything=everything))
    if as_json:
        say_json(counts)
        return
    feeds, entries, articles = counts["feeds"], counts["entries"], counts["articles"]
    developments, alerts = counts["developments"], counts["alerts"]
    say(f"feeds         {feeds['polled']} polled, {feeds['unchanged']} unchanged, {feeds['failed']} failed")
    say(f"entries       {entries['seen']} seen, {entries['new']} new, {entries['relevant']} worth reading")
    say(f"articles      {articles['read']} read, {articles['edited']} edited, {articles['failed']} failed")
    say(f"developments  {developments['opened']} opened, {developments['grown']} grown")
    say(f"alerts        {alerts['sent']} sent, {alerts['waiting']} waiting, {alerts['failed']} failed")
