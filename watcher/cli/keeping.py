"""`backup` and `restore`: the state as one file, and back. A copy holds no secret: secrets are files of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from watcher.cli.setting import Setting
from watcher.cli.terminal import plain, say, say_json
from watcher.edges.machine import daemon_lock, now
from watcher.errors import StateError
from watcher.store.database import FILE
from watcher.store.keeping import Copy, back_up, bring_back, verify

_TOLD = (("feed", "feeds"), ("entry", "entries"), ("article", "articles"), ("development", "developments"),
         ("decision", "decisions"), ("event", "events"), ("alert", "alerts"))  # fmt: skip


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def backup(setting: Setting, file: Path, as_json: bool) -> None:
    """Copy the state into FILE, which must not exist. A daemon may run; the copy is read whole and checked."""
    copy = back_up(setting.state_dir, file)
    if as_json:
        say_json(_document(copy, file))
    else:
        say(f"{plain(str(file))}: {_counted(copy)}. It is whole.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--verify", "verified", is_flag=True, help="Afterwards compare what was brought back with the copy.")
@click.option("--dry-run", is_flag=True, help="Only read the copy and say what it holds.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def restore(setting: Setting, file: Path, verified: bool, dry_run: bool, as_json: bool) -> None:
    """Make the copy in FILE the state. What was the state before stays beside it under another name.

    A damaged copy is refused before anything is touched. Not while a daemon runs.
    """
    kept: Path | None = None
    copy = verify(file)
    if not dry_run:
        with daemon_lock(setting.state_dir):
            kept = bring_back(setting.state_dir, file, now())
            if verified and verify(setting.state_dir / FILE) != copy:
                raise StateError(f"state {setting.state_dir}: does not hold what {file} holds")
    if as_json:
        say_json(_document(copy, file) | {"restored": not dry_run, "kept": str(kept) if kept else None})
        return
    say(f"{plain(str(file))}: {_counted(copy)}. It is whole.")
    if not dry_run:
        say(f"It is the state in {plain(str(setting.state_dir))} now{', compared with the copy' if verified else ''}.")
    if kept is not None:
        say(f"The state before is kept as {plain(str(kept))}.")


def _counted(copy: Copy) -> str:
    return ", ".join(f"{copy.rows.get(table, 0)} {word}" for table, word in _TOLD)


def _document(copy: Copy, file: Path) -> dict[str, Any]:
    return {"file": str(file), "schema": copy.schema, "rows": dict(copy.rows), "whole": True}
