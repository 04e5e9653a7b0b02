"""`diff`: two versions of one article side by side or word by word, on a terminal, in a pipe or as a page."""

from __future__ import annotations

import sqlite3
import textwrap
from collections import deque
from collections.abc import Container, Iterator
from html import escape
from pathlib import Path
from typing import Any

import click

from watcher.cli import desk
from watcher.cli.setting import Setting
from watcher.cli.terminal import is_plain, paint, plain, say, say_json, width, wrapped
from watcher.edges import links
from watcher.edges.alert_text import counted
from watcher.errors import NotFound, WatcherError
from watcher.policy import overlooked, writing
from watcher.policy.difference import Difference, Edit, Kind
from watcher.policy.edits import changed_words, compare, is_replaced
from watcher.records import Reading
from watcher.store import articles, names, versions
from watcher.store.articles import Article
from watcher.store.versions import Version

_SIGNS = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.REWORDED: "~", Kind.TITLE: "~", Kind.MOVED: ">"}
_COLOURS = {"+": "green", "-": "red", "~": "yellow", ">": "blue"}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """:root{color-scheme:light dark;--same:#666;--old:#fdd;--new:#d5f5d5;--line:#ddd}
@media(prefers-color-scheme:dark){:root{--same:#999;--old:#6b2328;--new:#1d5030;--line:#444}}
body{font:16px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em;overflow-wrap:anywhere}h1{font-size:1.3em}
table{table-layout:fixed;width:100%;border-collapse:collapse}th{text-align:start;border-bottom:1px solid var(--line)}
del{background:var(--old)}ins{background:var(--new);text-decoration:none}.same{color:var(--same)}
td,th{vertical-align:top;width:50%;padding:.3em 1em .3em 0}
@media(max-width:40em){table,thead,tbody,tr,td,th{display:block}.both td:first-child,td:empty{display:none}
td,th{width:auto;padding:.1em 0}tr{padding:.4em 0}.shift td:first-child{margin-bottom:.4em}
.shift{border-inline-start:3px solid var(--line);padding-inline-start:.6em}}"""


@click.command()
@click.argument("article", metavar="ARTICLE")
@click.argument("numbers", metavar="[N M]", type=int, nargs=-1)
@click.option("--words", "by_words", is_flag=True, help="Word by word: [-old-] {+new+}, in colour on a terminal.")
@click.option("--html", "page", type=click.Path(path_type=Path, dir_okay=False), help="Write a page to this file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def diff(
    setting: Setting, article: str, numbers: tuple[int, ...], by_words: bool, page: Path | None, as_json: bool
) -> None:
    """Two versions of an article: the last two, or N and M. ARTICLE is A7, its address, or a part of it."""
    if len(numbers) not in (0, 2):
        raise click.UsageError("give two versions, N and M, or none for the last two")
    with desk.reading(setting) as open_desk:
        found = _article(open_desk.db, article)
        old, new = _versions(open_desk.db, found, numbers)
        before, after = versions.reading_of(open_desk.db, old.id), versions.reading_of(open_desk.db, new.id)
    difference = compare(before, after)
    if as_json:
        say_json(_document(found, old, new, difference))
    elif page is not None:
        _write(page, _page(found, (old, new), (before, after), difference))
    else:
        _say_head(found, old, new)
        _say_words(difference) if by_words else _say_sides(before, after, difference)


def _article(db: sqlite3.Connection, name: str) -> Article:
    """Find an article by its name or address, or by the only address that holds these letters. Raises `NotFound`."""
    if (meant := names.article(db, name)) is not None:
        found = articles.get(db, meant)
    elif "/" in name or "." in name:
        number = articles.find(db, links.key(name)) or articles.find(db, name)
        found = None if number is None else articles.get(db, number)
        found = found or _only_one(db, name)
    else:
        found = _only_one(db, name)
    if found is None:
        raise NotFound(
            f"there is no article {name!r}: give A and its number as `watcher show` tells it, or its address"
        )
    return found


def _only_one(db: sqlite3.Connection, part: str) -> Article | None:
    numbers = articles.with_address(db, part)
    if len(numbers) > 1:
        raise WatcherError(f"{len(numbers)} articles have {part!r} in their address: give more of it, or the number")
    return articles.get(db, numbers[0]) if numbers else None


def _versions(db: sqlite3.Connection, article: Article, numbers: tuple[int, ...]) -> tuple[Version, Version]:
    kept = versions.every(db, article.id)
    if not kept:
        raise NotFound(f"A{article.id} was never read: there is no version of it")
    if numbers:
        by_number = {version.number: version for version in kept}
        missing = [number for number in numbers if number not in by_number]
        if missing:
            known = ", ".join(str(version.number) for version in kept)
            raise NotFound(f"A{article.id} has no version {missing[0]}: it has {known}")
        return by_number[numbers[0]], by_number[numbers[1]]
    if len(kept) == 1:
        raise NotFound(f"A{article.id} was not edited: there is one version of it")
    return kept[-2], kept[-1]


# -- on a terminal or in a pipe ------------------------------------------------------------------------------------


def _say_head(article: Article, old: Version, new: Version) -> None:
    say(f"{paint(f'A{article.id}', bold=True)}  {plain(article.outlet)}  {plain(article.url)}")
    for version in (old, new):
        say(f"  version {version.number}  first seen {_when(version)}, last {version.seen.astimezone():%Y-%m-%d %H:%M}")
    if article.gone is not None:
        say(f"  taken down {article.gone.astimezone():%Y-%m-%d %H:%M} ({plain(article.problem)})")
    say()


def _when(version: Version) -> str:
    return f"{version.fetched.astimezone():%Y-%m-%d %H:%M}"


def _say_words(difference: Difference) -> None:
    """One entry an edit, with the changed words marked."""
    if not difference.noticed:
        say("A reader would notice no difference.")
    for edit in difference.noticed:
        sign = _SIGNS[edit.kind]
        say(_painted(sign, sign) + " " + _marked(edit))
    for note in difference.notes:
        say(wrapped(f"the outlet says: {note}", "  "))
    unseen = len(difference.edits) - len(difference.noticed)
    say(f"\n{counted(len(difference.noticed), 'difference')}, and {unseen} that no reader would notice.")


def _painted(text: str, sign: str) -> str:
    return paint(text, fg=_COLOURS[sign])


def _marked(edit: Edit) -> str:
    if edit.before is None or edit.after is None:
        told = edit.after or edit.before
        assert told is not None
        return _painted(plain(told.text), _SIGNS[edit.kind])
    words = []
    for piece in changed_words(edit.before.text, edit.after.text):
        if not is_replaced(piece):
            words.append(plain(piece[1]))
            continue
        words += [_painted(f"[-{plain(piece[0])}-]" if is_plain() else plain(piece[0]), "-")] * bool(piece[0])
        words += [_painted(f"{{+{plain(piece[1])}+}}" if is_plain() else plain(piece[1]), "+")] * bool(piece[1])
    return " ".join(words)


def _say_sides(before: Reading, after: Reading, difference: Difference) -> None:
    """Write both versions in two columns, what is equal on one height."""
    half = (width() - 3) // 2
    for sign, left, right in _rows(before, after, difference):
        columns = [_folded(left, half), _folded(right, half)]
        for line in range(max(len(columns[0]), len(columns[1]))):
            pair = [column[line] if line < len(column) else "" for column in columns]
            text = f"{pair[0]:<{half}} {sign if line == 0 else ' '} {pair[1]}".rstrip()
            say(_painted(text, sign) if sign in _COLOURS else text)
    for note in difference.notes:
        say(wrapped(f"the outlet says: {note}", ""))


def _folded(text: str, columns: int) -> list[str]:
    return textwrap.wrap(plain(text), columns) if text else []


def _rows(before: Reading, after: Reading, difference: Difference) -> list[tuple[str, str, str]]:
    """Give sign, left and right of every line: all of the later version, what only the earlier one has at its place."""
    lang = after.lang
    by_after = {edit.after.position: edit for edit in difference.edits if edit.after and edit.kind is not Kind.TITLE}
    paired = {edit.before.position for edit in by_after.values() if edit.before}
    stayed = {writing.plain(told.text, lang) for told in after.statements}
    earlier = {writing.plain(told.text, lang): told for told in before.statements}
    gone = deque(_gone(before, difference, paired, stayed))
    title = next((edit for edit in difference.edits if edit.kind is Kind.TITLE), None)
    rows = [("~" if title and not title.overlooked else " ", before.title.text, after.title.text)]
    until = _anchors(before, after, difference)
    for told, ends in zip(after.statements, until, strict=True):
        while gone and gone[0][0] < ends:
            rows.append((gone[0][1], gone.popleft()[2], ""))
        edit, same = by_after.get(told.position), earlier.get(writing.plain(told.text, lang))
        if edit is not None:
            sign = " " if edit.overlooked and edit.kind is not Kind.MOVED else _SIGNS[edit.kind]
            rows.append((sign, edit.before.text if edit.before else "", told.text))
        elif same is None and overlooked.furniture(told.text):
            rows.append((" ", "", told.text))
        else:
            rows.append((" ", (same or told).text, told.text))
    return rows + [(sign, text, "") for _, sign, text in gone]


def _anchors(before: Reading, after: Reading, difference: Difference) -> list[int]:
    """Give for each sentence of the later version the place in the earlier one before which what was removed stood."""
    lang = after.lang
    earlier: dict[str, int] = {}
    for told in before.statements:
        earlier.setdefault(writing.plain(told.text, lang), told.position)
    edits = {edit.after.position: edit for edit in difference.edits if edit.after and edit.kind is not Kind.TITLE}
    places, last = [], len(before.statements) + 1
    for told in reversed(after.statements):
        edit = edits.get(told.position)
        place = edit.before.position if edit and edit.before else earlier.get(writing.plain(told.text, lang))
        if place is not None and (edit is None or edit.kind is not Kind.MOVED):
            last = min(place, last)
        places.append(last)
    return places[::-1]


def _gone(
    before: Reading, difference: Difference, paired: Container[int], stayed: Container[str]
) -> Iterator[tuple[int, str, str]]:  # fmt: skip
    """Give position, sign and text of what only the earlier version has: removed statements, and furniture."""
    removed = {edit.before.position: edit for edit in difference.edits if edit.before and edit.kind is Kind.REMOVED}
    for told in before.statements:
        edit = removed.get(told.position)
        if edit is not None:
            yield told.position, " " if edit.overlooked else _SIGNS[edit.kind], told.text
            continue
        left_out = told.position not in paired and overlooked.furniture(told.text)
        if left_out and writing.plain(told.text, before.lang) not in stayed:
            yield told.position, " ", told.text


# -- as a page and as JSON -----------------------------------------------------------------------------------------


def _page(
    article: Article, kept: tuple[Version, Version], readings: tuple[Reading, Reading], difference: Difference
) -> str:
    heads = "".join(f"<th>version {version.number}, {escape(_when(version))}</th>" for version in kept)
    rows = "".join(_row(*row) for row in _rows(*readings, difference))
    notes = "".join(f"<p><b>The outlet says:</b> {_safe(note)}</p>" for note in difference.notes)
    gone = f"<p><b>Taken down</b> ({_safe(article.problem)})</p>" if article.gone else ""
    return (
        f'<!doctype html><html lang="{escape(readings[1].lang)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_safe(readings[1].title.text)}</title><style>{_STYLE}</style></head><body>"
        f'<h1 dir="auto">{_safe(readings[1].title.text)}</h1>'
        f"<p>{_safe(article.outlet)}: {_safe(article.url)}</p>{gone}{notes}"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></body></html>\n"
    )


def _safe(text: str) -> str:
    """Give a text of a page as text of ours: nothing in it is a tag, or turns the line around."""
    return escape(plain(text))


def _row(sign: str, left: str, right: str) -> str:
    if sign == " ":
        both = " both" if left and right else ""
        return f'<tr class="same{both}"><td dir="auto">{_safe(left)}</td><td dir="auto">{_safe(right)}</td></tr>'
    pieces = changed_words(left, right)
    sides = []
    for side, tag in ((0, "del"), (1, "ins")):
        told = [
            f"<{tag}>{_safe(piece[side])}</{tag}>" if is_replaced(piece) and piece[side] else _safe(piece[side])
            for piece in pieces
        ]
        sides.append(f'<td dir="auto">{" ".join(part for part in told if part)}</td>')
    return f'<tr class="shift">{"".join(sides)}</tr>'


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WatcherError(f"{path}: cannot be written: {error.strerror}") from error
    say(f"written to {path}")


def _document(article: Article, old: Version, new: Version, difference: Difference) -> dict[str, Any]:
    return {
        "article": f"A{article.id}",
        "url": article.url,
        "from": old.number,
        "to": new.number,
        "notes": list(difference.notes),
        "edits": [_edit(edit) for edit in difference.edits],
    }


def _edit(edit: Edit) -> dict[str, Any]:
    value = edit.value
    return {
        "kind": edit.kind.value,
        "before": edit.before.text if edit.before else None,
        "after": edit.after.text if edit.after else None,
        "was": value.was if value else None,
        "now": value.now if value else None,
        "weaker": edit.weakens,
        "overlooked": edit.overlooked or None,
    }
