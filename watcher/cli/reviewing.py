"""`flags` and `show`: what waits for review, and one development in full."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from watcher.cli import desk
from watcher.cli.setting import Setting
from watcher.cli.terminal import SIGNS, mark, paint, plain, say, say_json, wrapped
from watcher.edges.alert_text import counted, edit_lines
from watcher.edges.machine import now
from watcher.store import developments
from watcher.store.description import describe

EXIT_WAITING = 10


@click.command()
@click.option("--all", "everything", is_flag=True, help="Of every status, decided ones included.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--exit-code", is_flag=True, help="Exit 10 when something waits.")
@click.pass_obj
def flags(setting: Setting, everything: bool, as_json: bool, exit_code: bool) -> int:
    """Developments waiting for review, newest first."""
    with desk.reading(setting) as open_desk:
        waiting = developments.waiting(open_desk.db, open_desk.storyline_id, now())
        chosen = developments.every(open_desk.db, open_desk.storyline_id) if everything else waiting
        shown = [describe(open_desk.db, one.id) for one in chosen]
    if as_json:
        say_json({"developments": shown})
    else:
        say_list(shown)
    return EXIT_WAITING if exit_code and waiting else 0


@click.command()
@click.argument("name", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def show(setting: Setting, name: str, as_json: bool) -> None:
    """One development: its sentences, who tells it, why it was flagged, what it is near to."""
    with desk.reading(setting) as open_desk:
        shown = describe(open_desk.db, open_desk.development(name))
    if as_json:
        say_json(shown)
    else:
        say_development(shown)


def say_list(shown: list[dict[str, Any]]) -> None:
    """One paragraph a development: mark, id, when, headline; then what is fresh and who tells it."""
    if not shown:
        say("Nothing waits for review.")
        return
    for one in shown:
        status = "" if one["status"] == "open" else f"  [{one['status']}]"
        head = f"{mark(SIGNS[one['verdict']])} {paint(one['id'], bold=True)}  {_when(one['published'])}{status}"
        say(f"{head}  {_sureness(one)}  {_outlets(one)}")
        say(wrapped(one["headline"], "    "))
    say()
    say(f"{len(shown)} in all. Next: watcher show {shown[0]['id']}, or watcher review")


def say_development(one: Mapping[str, Any]) -> None:
    """Everything about one development, for reading."""
    status = one["status"] if one["event"] is None else f"{one['status']} as {one['event']}"
    say(f"{paint(one['id'], bold=True)}  {one['verdict'].upper()}  {_sureness(one)}  {status}")
    say(wrapped(one["headline"], "  "))
    say(f"  first published {_when(one['published'])}, flagged {_when(one['opened'])}")
    say()
    _say_statements(one["statements"])
    say(paint("sources", bold=True) + f"  {_outlets(one)}")
    for source in one["sources"]:
        copy = "  copy" if source["origin"] == "copy" else ""
        part = "  only title and summary" if source.get("partial") else ""
        told = f"{source['lang']}  {plain(source['outlet'])}  v{source['version']}{copy}{part}"
        say(f"  {_when(source['published'])}  {told}")
        say(f"      {plain(source['url'])}")
        _say_versions(source)
    _say_edits(one)
    if one["nearest"]:
        say()
        say(paint("nearest known", bold=True))
        for near in one["nearest"]:
            say(f"  {near['score']:.2f}  {plain(near['event'])}")
    say()
    say(f"accept {one['id']} | merge {one['id']} EVENT | dismiss {one['id']} | later {one['id']}")


def _say_versions(source: Mapping[str, Any]) -> None:
    """How an article changed since it was first read, and whether it still stands."""
    kept = source["versions"]
    if source["state"] == "gone":
        why = plain(source["gone_because"] or "")
        say(paint(f"      taken down {_when(source['gone'])} ({why}); the last text we have is v{len(kept)}", fg="red"))
    if len(kept) < 2:
        return
    for version in kept:
        say(f"      v{version['number']}  {_when(version['fetched'])}  {plain(version['title'])}")
    say(paint(f"      watcher diff {source['article']}", dim=True))


def _say_edits(one: Mapping[str, Any]) -> None:
    """What was changed after publication, quoted, and which source took back what the development rests on."""
    lines = edit_lines(one)
    if lines:
        say()
        say(paint("edited after publication", bold=True))
    for line in lines:
        say(wrapped(line.strip(), "      ", "      " if line.startswith(" ") else "  "))


def _say_statements(statements: list[dict[str, Any]]) -> None:
    fresh = [s for s in statements if s["verdict"] in ("new", "changed")]
    for statement in fresh:
        change = f"({statement['was']} -> {statement['now']}) " if statement["was"] else ""
        say(mark(SIGNS[statement["verdict"]]) + wrapped(change + statement["text"], "    ", "   "))
        say(paint(wrapped(f"why: {statement['reason']}", "      "), dim=True))
    rest = [s for s in statements if s["verdict"] not in ("new", "changed", "noise")]
    if rest:
        say()
    for statement in rest:
        event = f"  [{statement['event']}]" if statement["event"] else ""
        say(mark(SIGNS[statement["verdict"]]) + paint(wrapped(statement["text"] + event, "    ", "   "), dim=True))
    say()


def _sureness(one: Mapping[str, Any]) -> str:
    return f"{round(100 * one['confidence'])} % sure"


def _outlets(one: Mapping[str, Any]) -> str:
    count, origins = len(one["sources"]), one["origins"]
    return f"{counted(count, 'article')}, {origins} independent"


def _when(iso: str) -> str:
    """A time as the reader's clock shows it."""
    return f"{datetime.fromisoformat(iso).astimezone():%Y-%m-%d %H:%M}"
