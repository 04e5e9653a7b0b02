"""`alerts`: the outbox listed, tried again, and every channel put to the test."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from watcher.cli import desk
from watcher.cli.setting import Setting
from watcher.cli.spans import ago, ahead
from watcher.cli.terminal import paint, plain, say, say_json, wrapped
from watcher.edges.alert_text import counted, tell
from watcher.edges.machine import now
from watcher.errors import NotFound
from watcher.policy.alerting import WEBHOOK_PREFIX
from watcher.policy.alerting import channels as channels_of
from watcher.store import outbox
from watcher.store.columns import stamp_or_none
from watcher.store.database import open_for_reading, transaction
from watcher.store.description import shown_time
from watcher.store.outbox import Alert

_STYLES: dict[str, dict[str, Any]] = {"failed": {"fg": "red"}, "waiting": {"fg": "yellow"}, "sent": {"fg": "green"}}
NO_CHANNEL = "No channel is configured: neither to in [alerts.email] nor a [[alerts.webhook]] is set."


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="The list as one JSON document.")
@click.pass_context
def alerts(ctx: click.Context, as_json: bool) -> None:
    """List the outbox, test the channels, try failed alerts again."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_alerts, as_json=as_json)


@alerts.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that were sent too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_alerts(setting: Setting, everything: bool = False, as_json: bool = False) -> None:
    """What waits to be sent and what failed, with the reason."""
    db = open_for_reading(setting.state_dir)
    try:
        told, counts = outbox.listing(db), outbox.tally(db)
    finally:
        db.close()
    shown = [one for one in told if everything or one.state in ("waiting", "failed")]
    if as_json:
        say_json({"alerts": [_document(one) for one in shown]})
        return
    for one in shown:
        _say_alert(one, now())
    if not shown:
        say("Nothing waits and nothing failed." if told else "No alert was written yet.")
    say(f"{counts.waiting} waiting, {counts.failed} failed, {counts.sent} sent.")
    if counts.failed:
        say("Next: watcher alerts test, then watcher alerts retry --all")
    if not channels_of(setting.config.alerts):
        say(NO_CHANNEL)


@alerts.command("test")
@click.option("--channel", "name", default="", metavar="NAME", help="Only this one: email, or a webhook's name.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def test_channels(setting: Setting, name: str, as_json: bool) -> int:
    """Send a test message through every configured channel now, and tell what each said.

    Exits with 1 when one did not take it, or when there is none.
    """
    from watcher.cli.probing import try_channels
    from watcher.wiring import prepare

    configured = channels_of(setting.config.alerts)
    wanted = [_channel(name, configured)] if name else list(configured)
    plan = prepare(setting.config, setting.path.parent)
    trials = asyncio.run(try_channels(plan, wanted))
    if as_json:
        say_json({"channels": [asdict(trial) for trial in trials]})
    elif not trials:
        say(NO_CHANNEL)
    else:
        for trial in trials:
            word = paint("accepted", fg="green") if trial.accepted else paint("refused ", fg="red")
            say(f"{word}  {plain(trial.channel)}  {plain(trial.words)}".rstrip())
    return 0 if trials and all(trial.accepted for trial in trials) else 1


def _channel(name: str, configured: tuple[str, ...]) -> str:
    """Give the channel a person means: its name in full, or a webhook's alone. Raises `NotFound`."""
    for channel in configured:
        if name in (channel, channel.removeprefix(WEBHOOK_PREFIX)):
            return channel
    raise NotFound(f"there is no channel {name!r}; configured: {', '.join(configured) or 'none'}")


@alerts.command("retry")
@click.argument("numbers", metavar="[ID ...]", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every one that failed or waits for its next try.")
@click.pass_obj
def retry(setting: Setting, numbers: tuple[int, ...], everything: bool) -> None:
    """Have alerts that failed, or wait for their next try, sent now: by the daemon, or by `watcher once`.

    What waits without having failed needs no retry: it goes out by itself.
    """
    if bool(numbers) == everything:
        raise click.UsageError("name the alerts (watcher alerts list shows their numbers), or say --all")
    with desk.deciding(setting) as d, transaction(d.db, durable=True):
        count = outbox.retry(d.db, now(), None if everything else numbers)
        waiting = outbox.tally(d.db).waiting - count
    say(f"{counted(count, 'alert')} {'is' if count == 1 else 'are'} due now.")
    if waiting:
        say(f"{waiting} more wait{'s' * (waiting == 1)} and will be sent without a retry.")


def _say_alert(one: Alert, at: datetime) -> None:
    state = paint(f"{one.state:<7}", **_STYLES.get(one.state, {"dim": True}))
    when = f"sent {ago(one.sent, at)}" if one.sent else f"written {ago(one.created, at)}"
    tries = f"{counted(one.attempts, 'attempt')}"
    following = f"  next try {ahead(one.due, at)}" if one.state == "waiting" else ""
    say(f"{one.id:>4}  {state}  {plain(one.channel)}  {one.type}  {when}, {tries}{following}")
    say(wrapped(headline(one), "      "))
    if one.problem:
        say(wrapped(one.problem, "      ", "      why: " if one.state != "sent" else "      note: "))


def headline(one: Alert) -> str:
    """What an alert is about, in a line."""
    bundled = one.data.get("developments")
    if isinstance(bundled, list):
        return "; ".join(tell(data).headline for data in bundled) or "an empty digest"
    told = tell(one.data)
    return f"{told.id}  {told.headline}" if told.id else told.headline


def _document(one: Alert) -> dict[str, Any]:
    return {
        "id": one.id,
        "key": one.key,
        "channel": one.channel,
        "type": one.type,
        "state": one.state,
        "headline": headline(one),
        "development": one.data.get("id"),
        "created": shown_time(stamp_or_none(one.created)),
        "attempts": one.attempts,
        "next_try": shown_time(stamp_or_none(one.due)) if one.state == "waiting" else None,
        "sent": shown_time(stamp_or_none(one.sent)),
        "problem": one.problem,
    }
