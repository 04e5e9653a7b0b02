"""`doctor`: checks everything watcher needs, from the config to the clock; every warning names its fix."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from watcher.cli import checkups, extras
from watcher.cli.checkups import Remark
from watcher.cli.setting import Setting
from watcher.cli.sources import sources
from watcher.cli.terminal import paint, say, say_json, wrapped
from watcher.cli.weighing import told_weights
from watcher.edges.alert_text import counted
from watcher.edges.machine import now
from watcher.errors import StateError
from watcher.flow import taste
from watcher.novelty.weights import shipped
from watcher.records import Event
from watcher.store import census, events, knowledge
from watcher.store.database import FILE, check, open_for_reading

EXIT_CONFIG = 78
_STYLES: dict[str, dict[str, Any]] = {"ok": {"fg": "green"}, "warn": {"fg": "yellow"}, "fail": {"fg": "red"}}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def doctor(setting: Setting, as_json: bool) -> int:
    """Check config, state, storyline, feeds, extraction, alerts, clock and service.

    Exits with 1 when something fails, with 78 when it is the config.
    """
    remarks: list[Remark] = []
    for remark in _diagnosis(setting):
        remarks.append(remark)
        if not as_json:
            _say(remark)
    failed = [remark for remark in remarks if remark.level == "fail"]
    warned = sum(remark.level == "warn" for remark in remarks)
    if as_json:
        say_json({"healthy": not failed, "checks": [asdict(remark) for remark in remarks]})
    else:
        say(f"\n{len(failed)} failed, {counted(warned, 'warning')}.")
    if any(remark.area == "config" for remark in failed):
        return EXIT_CONFIG
    return 1 if failed else 0


def _say(remark: Remark) -> None:
    level = paint(f"{remark.level:<4}", **_STYLES[remark.level])
    say(f"{level}  {remark.area:<10}  " + wrapped(remark.text, " " * 18, " " * 18).strip())
    if remark.fix:
        say(wrapped(remark.fix, " " * 23, " " * 18 + "fix: "))


def _diagnosis(setting: Setting) -> Iterator[Remark]:
    """Look at one area after another, each as soon as it is asked for. A config that cannot be used leaves few."""
    at = now()
    found = list(checkups.look_at_config(setting, os.environ))
    yield from found
    # A secret that cannot be read stops the daemon, but leaves everything else to look at.
    usable = not any(remark.level == "fail" for remark in found) or "config" in vars(setting)
    if usable:
        yield from _of_config(setting)
    else:
        yield from checkups.look_at_sqlite()
        yield from checkups.look_at_extraction()
        yield from checkups.look_at_clock(at, None, os.environ)


def _of_config(setting: Setting) -> Iterator[Remark]:
    at, folder = now(), setting.state_dir
    yield from checkups.look_at_state_folder(folder)
    yield from checkups.look_at_sqlite()
    try:
        db = _whole(folder)
    except StateError as error:
        yield checkups.told_state_error(error, folder)
        yield from checkups.look_at_storyline(setting, [])
        yield from extras.look_at_evidence(setting.config)
        yield from checkups.look_at_extraction()
        yield from checkups.look_at_channels(setting.config)
        yield from checkups.look_at_clock(at, None, os.environ)
    else:
        with closing(db):
            yield from _of_state(setting, db)
    yield from checkups.look_at_service(folder)


def _whole(folder: Path) -> sqlite3.Connection:
    """Open the state and read all of it. Raises the `StateError`s; an open state may be a damaged one."""
    db = open_for_reading(folder)
    try:
        check(db, folder)
    except BaseException:
        db.close()
        raise
    return db


def _of_state(setting: Setting, db: sqlite3.Connection) -> Iterator[Remark]:
    at, folder = now(), setting.state_dir
    if (folder / FILE).exists():
        yield from checkups.look_at_database(db, folder, at)
    yield from checkups.look_at_storyline(setting, _base(setting, db))
    yield from extras.look_at_evidence(setting.config)
    yield from _weights(setting, db)
    yield from checkups.look_at_feeds(sources(setting), at)
    yield from checkups.look_at_extraction()
    yield from checkups.look_at_articles(db, at)
    yield from checkups.look_at_broken_outlets(db)
    yield from checkups.look_at_channels(setting.config)
    yield from checkups.look_at_outbox(db, at)
    yield from checkups.look_at_clock(at, census.last_poll(db), os.environ)


def _weights(setting: Setting, db: sqlite3.Connection) -> Iterator[Remark]:
    """Which weights judge; a warning where learned ones do not count any more."""
    try:
        storyline_id = knowledge.find(db, setting.storyline_name)
        used = taste.in_use(db, storyline_id, shipped()) if storyline_id is not None else None
    except StateError as error:
        yield checkups.fail("judge", str(error), "watcher learn --revert")
        return
    if used is None:
        return
    if used.kept is None:
        yield checkups.ok("judge", "the shipped weights are in use")
    elif used.set_aside:
        yield checkups.warn("judge", told_weights(used), "watcher learn, then --keep or --revert")
    else:
        yield checkups.ok("judge", told_weights(used))


def _base(setting: Setting, db: sqlite3.Connection) -> list[Event]:
    storyline_id = knowledge.find(db, setting.storyline_name)
    return [] if storyline_id is None else events.every(db, storyline_id)
