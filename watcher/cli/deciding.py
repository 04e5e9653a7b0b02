"""`accept`, `merge`, `dismiss`, `later`, `undo`: what a person says of a development."""

from __future__ import annotations

from datetime import datetime, time

import click

from watcher.cli import desk
from watcher.cli.setting import Setting
from watcher.cli.terminal import plain, say
from watcher.edges.alert_text import counted
from watcher.edges.machine import now
from watcher.flow import drafting, learn
from watcher.store import developments


@click.command()
@click.argument("name", metavar="ID")
@click.option("--title", default="", help="The event's title; the headline when not given.")
@click.option("--date", default="", help="2025-02-10, 2025-02 or 2025; taken from the text when not given.")
@click.option("--note", default="", help="Kept with the decision.")
@click.pass_obj
def accept(setting: Setting, name: str, title: str, date: str, note: str) -> None:
    """Make a development an event of the base: told again, it is known."""
    with desk.deciding(setting) as d:
        name = d.development(name)
        guessed = told_dating(d, name) if not date.strip() else ""
        event = learn.accept(d.db, d.storyline_id, name, now=now(), title=title, date=date, note=note)
    say(f"{name} is now the event {event.id} ({plain(event.title)}, {event.date}).")
    if guessed:
        say(f"{event.date} is {guessed}. Another: watcher undo, then watcher accept {name} --date DATE")


def told_dating(d: desk.Desk, name: str) -> str:
    """Say where the date of a development comes from that nobody dated; '' where it is an event already."""
    one = developments.get(d.db, d.storyline_id, name)
    if one.event is not None:
        return ""
    found = drafting.dating(d.db, one)
    if not found.named_by:
        return "the day of the first report, for no new sentence names one"
    return f"the day that {counted(found.named_by, 'new sentence')} {'names' if found.named_by == 1 else 'name'}"


@click.command()
@click.argument("name", metavar="ID")
@click.argument("event")
@click.option("--note", default="", help="Kept with the decision.")
@click.pass_obj
def merge(setting: Setting, name: str, event: str, note: str) -> None:
    """Say that a development belongs to an event of the base: its sentences become wordings of it."""
    with desk.deciding(setting) as d:
        name = d.development(name)
        known = learn.merge(d.db, d.storyline_id, name, d.event(event), now=now(), note=note)
    say(f"{name} belongs to {known.id} ({plain(known.title)}).")


@click.command()
@click.argument("name", metavar="ID")
@click.option("--reason", default="", help="Kept with the decision.")
@click.pass_obj
def dismiss(setting: Setting, name: str, reason: str) -> None:
    """Say that a development is no news: it will not be flagged again."""
    with desk.deciding(setting) as d:
        name = d.development(name)
        learn.dismiss(d.db, d.storyline_id, name, now=now(), reason=reason)
    say(f"{name} is dismissed.")


@click.command()
@click.argument("name", metavar="ID")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Local time; in a day when not given."
)
@click.pass_obj
def later(setting: Setting, name: str, until: datetime | None) -> None:
    """Put a development off."""
    back = None if until is None else _local(until)
    if back is not None and back <= now():
        raise click.BadParameter(f"{back:%Y-%m-%d %H:%M} is past", param_hint="--until")
    with desk.deciding(setting) as d:
        name = d.development(name)
        back = learn.later(d.db, d.storyline_id, name, now=now(), until=back)
    say(f"{name} comes back {back.astimezone():%Y-%m-%d %H:%M}.")


def _local(until: datetime) -> datetime:
    """A day alone means its morning; both are meant in the machine's zone."""
    at = datetime.combine(until.date(), time(6)) if until.time() == time() else until
    return at.astimezone()


@click.command()
@click.pass_obj
def undo(setting: Setting) -> None:
    """Take the last decision back."""
    with desk.deciding(setting) as d:
        decision = learn.undo(d.db, d.storyline_id, now=now())
    say(f"Taken back: {decision.kind} of D{decision.development_id}. It is as it was before.")
