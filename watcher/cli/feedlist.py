"""The `[[feed]]` tables in the text of a config file. Everything else in the file stays as its owner wrote it."""

from __future__ import annotations

import tomllib
from typing import Any

import tomlkit

from watcher.config.lines import locate
from watcher.errors import WatcherError


def with_feed(text: str, keys: dict[str, str]) -> str:
    """Give the text with one more feed at its end, in the file's own line ends."""
    table = tomlkit.table()
    table.update(keys)
    feeds = tomlkit.aot()
    feeds.append(table)
    document = tomlkit.document()
    document.append("feed", feeds)
    end = "\r\n" if "\r\n" in text else "\n"
    body = text.rstrip()
    gap = end * 2 if body else ""
    return f"{body}{gap}{tomlkit.dumps(document).strip().replace(chr(10), end)}{end}"


def without_feed(text: str, index: int) -> str:
    """Give the text without the feed at `index` (counted from 0). Comments above and below it stay.

    Raises `WatcherError` when the feeds are written in a way that cannot be taken apart line by line.
    """
    wanted = tomllib.loads(text.replace("\r\n", "\n"))
    del wanted["feed"][index]
    if not wanted["feed"]:
        del wanted["feed"]
    places = locate(text)
    own = [line for place, line in places.items() if place[:2] == ("feed", index)]
    later = [line for line in places.values() if line > max(own)]
    lines = text.split("\n")
    # A value may end lines below its key: the shortest cut that leaves everything else as it was is the right one.
    for end in range(max(own), min([*later, len(lines) + 1])):
        kept = _cut(lines, min(own) - 1, end)
        if _document(kept) == wanted:
            return _cut(lines, min(own) - 1, _after_remarks(lines, end))
    raise WatcherError("the feeds of this file are not written as [[feed]] tables: edit it by hand")


def _after_remarks(lines: list[str], end: int) -> int:
    """Take along the comments that close a table: those right below it with a blank line, or nothing, after them."""
    after = end
    while after < len(lines) and lines[after].lstrip().startswith("#"):
        after += 1
    return after if after == len(lines) or not lines[after].strip() else end


def _cut(lines: list[str], start: int, end: int) -> str:
    """Leave lines out, with the blank ones below where others stand above."""
    if start == 0 or not lines[start - 1].strip():
        while end < len(lines) and not lines[end].strip():
            end += 1
    return "\n".join(lines[:start] + lines[end:])


def _document(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        return None
