"""`events`: the base of known events, listed, shown, added to, imported and exported."""

from __future__ import annotations

from pathlib import Path

import click

from watcher.cli import desk
from watcher.cli.setting import Setting
from watcher.cli.terminal import paint, plain, say, say_json, say_line, wrapped
from watcher.edges.alert_text import counted
from watcher.edges.machine import now
from watcher.errors import WatcherError
from watcher.flow import learn
from watcher.records import Event
from watcher.store import events as base
from watcher.storylines.events import read_events, write_event


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="The list as one JSON document.")
@click.pass_context
def events(ctx: click.Context, as_json: bool) -> None:
    """List the known events, look at one, add, remove, import (JSONL) or export them."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_events, as_json=as_json)


@events.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def list_events(setting: Setting, as_json: bool = False) -> None:
    """All known events in the order they happened."""
    known = _known(setting)
    if as_json:
        say_json({"events": [_document(event) for event in known]})
        return
    for event in known:
        say(f"{event.date:<10}  {paint(plain(event.title), bold=True)}")
        say(paint(f"            {event.id}  {event.kind}", dim=True))
    say(f"\n{counted(len(known), 'event')}. Next: watcher events show ID")


@events.command("show")
@click.argument("event_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def show_event(setting: Setting, event_id: str, as_json: bool) -> None:
    """One event with its figures, disputed values and wordings."""
    with desk.reading(setting) as d:
        event = base.get(d.db, d.storyline_id, d.event(event_id))
    if as_json:
        say_json(_document(event))
        return
    say(paint(plain(event.title), bold=True))
    say(f"{event.id}  {event.date} ({event.date_precision.value})  {event.kind}")
    say(wrapped(event.summary, "  "))
    if event.actors:
        say(wrapped(", ".join(event.actors), "  ", "  actors: "))
    for figure in event.figures:
        say(f"  figure: {figure.value:,.10g} {figure.unit}{' (disputed)' * figure.disputed}")
    for other in event.disputed:
        say(wrapped(other, "    ", "  disputed: "))
    for wording in event.wordings:
        say(wrapped(wording.text, "      ", f"  {wording.lang}  "))


@events.command("add")
@click.option("--title", required=True)
@click.option("--date", required=True, help="2025-02-10, 2025-02 or 2025.")
@click.option("--summary", default="", help="One sentence; the title when not given.")
@click.option("--kind", default="other", show_default=True)
@click.option("--actor", "actors", multiple=True, help="May be given several times.")
@click.pass_obj
def add_event(setting: Setting, title: str, date: str, summary: str, kind: str, actors: tuple[str, ...]) -> None:
    """Add one known event by hand."""
    with desk.deciding(setting) as d:
        event = learn.write_event(
            d.db, d.storyline_id, title=title, date=date, summary=summary or title, kind=kind, actors=actors, now=now()
        )
    say(f"added {event.id}")


@events.command("remove")
@click.argument("event_id", metavar="ID")
@click.pass_obj
def remove_event(setting: Setting, event_id: str) -> None:
    """Take an event out of the base again that was added or imported."""
    with desk.deciding(setting) as d:
        event = learn.remove_event(d.db, setting.storyline, d.storyline_id, d.event(event_id))
    say(f"removed {event.id}")


@events.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_events(setting: Setting, file: Path) -> None:
    """Add the events of a JSONL file; those whose id the base has already stay as they are."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WatcherError(f"{file}: cannot be read: {error}") from error
    told = read_events(text, str(file))
    with desk.deciding(setting) as d:
        added = learn.teach(d.db, d.storyline_id, told, now=now())
    say(f"{len(added)} of {counted(len(told), 'event')} added; the others were known by their id.")


@events.command("export")
@click.pass_obj
def export_events(setting: Setting) -> None:
    """Write the base as JSONL."""
    for event in _known(setting):
        say_line(write_event(event))


def _known(setting: Setting) -> list[Event]:
    with desk.reading(setting) as d:
        return base.every(d.db, d.storyline_id)


def _document(event: Event) -> dict[str, object]:
    import json

    document: dict[str, object] = json.loads(write_event(event))
    return document
