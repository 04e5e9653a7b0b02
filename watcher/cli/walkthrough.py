"""`review`: walks through what waits, one key an answer."""

from __future__ import annotations

import sys

import click

from watcher.cli import desk
from watcher.cli.deciding import told_dating
from watcher.cli.desk import Desk
from watcher.cli.reviewing import say_development
from watcher.cli.setting import Setting
from watcher.cli.terminal import paint, plain, say
from watcher.edges.machine import now
from watcher.errors import StateError, WatcherError
from watcher.flow import learn
from watcher.store import developments
from watcher.store.description import describe

KEYS = "[a]ccept  [m]erge  [d]ismiss  [l]ater  [s]kip  [u]ndo  [q]uit"
_WORDS = ("accept", "merge", "dismiss", "later", "skip", "undo", "quit")


@click.command()
@click.option("--plain", "plainly", is_flag=True, help="Plain prompts: one line of input an answer.")
@click.pass_obj
def review(setting: Setting, plainly: bool) -> None:
    """Walk through what waits for review, newest first; every answer can be taken back."""
    if not sys.stdin.isatty() and not plainly:
        raise WatcherError("review asks questions and this is no terminal: use --plain, or watcher flags and accept")
    with desk.deciding(setting) as open_desk:
        waiting = [one.name for one in developments.waiting(open_desk.db, open_desk.storyline_id, now())]
        decided = _walk(open_desk, waiting, plainly)
    left = len(waiting) - decided
    say(f"\n{decided} decided, {left} left." if waiting else "Nothing waits for review.")


def _walk(open_desk: Desk, waiting: list[str], plainly: bool) -> int:
    """Show each development until its answer moves on. Returns how many were decided."""
    decided: list[str] = []
    at, shown = 0, -1
    while at < len(waiting):
        name = waiting[at]
        if at != shown:  # an answer that came to nothing is asked for again, under what was shown
            say("\n" + paint(f"── {at + 1} of {len(waiting)} " + "─" * 40, dim=True))
            say_development(describe(open_desk.db, name))
            shown = at
        key = _ask(plainly)
        if key == "q":
            break
        if key == "s":
            at += 1
        elif key == "u":
            at = _take_back(open_desk, waiting, decided, at)
        elif _decide(open_desk, name, key):
            decided.append(name)
            at += 1
    return len(decided)


def _ask(plainly: bool) -> str:
    """The first letter of an answer there is; asked for again until it is one. The end of the input quits."""
    while True:
        typed = _typed(plainly)
        if typed and any(word.startswith(typed) for word in _WORDS):
            return typed[0]
        say(f"{plain(typed) or 'Enter'} is no answer here: {KEYS}")


def _typed(plainly: bool) -> str:
    """A key, or with `plainly` a line, in lower case."""
    click.echo(f"\n{KEYS} > ", nl=False)
    if plainly:
        line = sys.stdin.readline()
        return line.strip().lower() if line else "q"
    try:
        key = click.getchar()
    except (EOFError, KeyboardInterrupt):
        key = "q"
    say(plain(key))
    return "q" if key in {"\x03", "\x04"} else key.lower()


def _decide(open_desk: Desk, name: str, key: str) -> bool:
    """Do what a key says. False when it could not be done: the reason is told."""
    actions = {"a": _accept, "m": _merge, "d": _dismiss, "l": _later}
    try:
        say(paint(actions[key](open_desk, name), fg="green"))
    except StateError:
        raise  # no answer can be kept any more
    except WatcherError as error:
        say(plain(str(error)))
        return False
    return True


def _take_back(open_desk: Desk, waiting: list[str], decided: list[str], at: int) -> int:
    """Undo the last decision of this walk and go back to its development."""
    if not decided:
        say("Nothing was decided in this walk yet; `watcher undo` takes back earlier decisions.")
        return at
    learn.undo(open_desk.db, open_desk.storyline_id, now=now())
    name = decided.pop()
    say(f"{name} is as it was before.")
    return waiting.index(name)


def _line(question: str) -> str:
    """One line of free text. The end of the input is no answer: nothing is decided then."""
    click.echo(question, nl=False)
    line = sys.stdin.readline()
    if not line:
        raise click.Abort
    return line.strip()


def _accept(open_desk: Desk, name: str) -> str:
    title = _line("title (enter keeps the headline): ")
    guessed = told_dating(open_desk, name)
    event = learn.accept(open_desk.db, open_desk.storyline_id, name, now=now(), title=title)
    dated = f"; {event.date} is {guessed}" if guessed else ""
    return f"{name} is now the event {event.id}{dated}"


def _merge(open_desk: Desk, name: str) -> str:
    event = _line("id of the event it belongs to: ")
    known = learn.merge(open_desk.db, open_desk.storyline_id, name, open_desk.event(event), now=now())
    return f"{name} belongs to {known.id}"


def _dismiss(open_desk: Desk, name: str) -> str:
    reason = _line("reason (enter for none): ")
    learn.dismiss(open_desk.db, open_desk.storyline_id, name, now=now(), reason=reason)
    return f"{name} is dismissed"


def _later(open_desk: Desk, name: str) -> str:
    back = learn.later(open_desk.db, open_desk.storyline_id, name, now=now())
    return f"{name} comes back {back.astimezone():%Y-%m-%d %H:%M}"
