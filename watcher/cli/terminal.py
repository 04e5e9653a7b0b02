"""Words on a terminal, in a pipe or as JSON. Text of articles is only ever a value here: no control character
passes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import textwrap
from typing import Any

import click

# Of each verdict.
SIGNS = {"new": "+", "changed": "~", "known": "=", "background": ".", "noise": "."}
_MARK_STYLES: dict[str, dict[str, Any]] = {
    "+": {"fg": "green", "bold": True},
    "~": {"fg": "yellow", "bold": True},
    "=": {"dim": True},
    ".": {"dim": True},
}
# Only inside its strings does a document hold anything but ASCII.
_HIDDEN = re.compile(r"[^\x20-\x7e\n]")


def plain(text: str) -> str:
    """The text in one line, without characters a terminal would obey or hide."""
    return "".join(c if c.isprintable() else " " for c in text)


def is_plain() -> bool:
    """Whether colours are unwanted: not a terminal, a dumb one, or NO_COLOR."""
    return not sys.stdout.isatty() or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"


def paint(text: str, **style: Any) -> str:
    """The text in a style where styles are wanted."""
    return text if is_plain() else click.style(text, **style)


def mark(sign: str) -> str:
    """One of the signs `+ ~ = .` in its colour."""
    return paint(sign, **_MARK_STYLES.get(sign, {}))


def width() -> int:
    """Columns to write in: the terminal's, at most 110 so that lines stay readable."""
    return min(110, max(40, shutil.get_terminal_size((100, 24)).columns))


def wrapped(text: str, indent: str, first: str | None = None) -> str:
    """The text folded to the width; following lines, and the first unless `first` is given, begin with `indent`."""
    lead = indent if first is None else first
    return textwrap.fill(
        plain(text), width(), initial_indent=lead, subsequent_indent=indent, break_long_words=False,
        break_on_hyphens=False,  # names, paths and commands stay whole
    )  # fmt: skip


def say(text: str = "") -> None:
    """One piece of output."""
    click.echo(text)


def say_error(text: str) -> None:
    """What went wrong, or a remark, beside the output."""
    for line in text.splitlines() or [""]:
        click.echo(f"watcher: {plain(line)}", err=True)


def say_json(document: Any) -> None:
    """One JSON document; what a terminal would obey or hide stands in it as an escape."""
    click.echo(_HIDDEN.sub(_escaped, json.dumps(document, ensure_ascii=False, indent=2)))


def say_line(document: str) -> None:
    """One JSON document that is a line already, as `say_json` would write it."""
    click.echo(_HIDDEN.sub(_escaped, document))


def _escaped(match: re.Match[str]) -> str:
    return match[0] if match[0].isprintable() else json.dumps(match[0])[1:-1]
