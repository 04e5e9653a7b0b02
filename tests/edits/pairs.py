"""Labelled pairs of versions, read from data, and what the rules say of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from watcher.language import statements
from watcher.language.names import Gazetteer
from watcher.policy.difference import Difference
from watcher.policy.doubt import Opinion, weigh
from watcher.policy.edits import compare
from watcher.records import ArticleText, Reading

DATA = Path(__file__).parent.parent / "data" / "versions"
PUBLISHED = datetime(2026, 3, 3, 9, tzinfo=UTC)
_NOBODY = Gazetteer(())


@dataclass(frozen=True, kw_only=True)
class Pair:
    """An article at two times, understood when it is asked for. `expect` are kinds of edits that must be among those
    found.
    """

    id: str
    kind: str
    edit: bool
    row: dict[str, Any]
    expect: frozenset[str]

    @cached_property
    def before(self) -> Reading:
        """The first text."""
        return self._understood("before")

    @cached_property
    def after(self) -> Reading:
        """The text it became."""
        return self._understood("after")

    def _understood(self, side: str) -> Reading:
        told = self.row[side]
        return understood(told["title"], tuple(told["paragraphs"]), self.row["lang"], self.row["outlet"])


def read_pairs(name: str) -> list[Pair]:
    """Read the pairs of `<name>.jsonl`."""
    lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [_pair(json.loads(line)) for line in lines]


def understood(title: str, paragraphs: tuple[str, ...], lang: str, outlet: str = "Outlet") -> Reading:
    """Understand a text as the walk does."""
    text = ArticleText(
        title=title, paragraphs=paragraphs, lang=lang, published=PUBLISHED, outlet=outlet, url="https://a.example/a"
    )
    return statements.read(text, _NOBODY)


def told(pair: Pair) -> tuple[Difference, Opinion]:
    """Say what differs between the two, and what that is."""
    difference = compare(pair.before, pair.after)
    return difference, weigh(pair.before, pair.after, difference)


def _pair(row: dict[str, Any]) -> Pair:
    return Pair(id=row["id"], kind=row["kind"], edit=row["edit"], row=row, expect=frozenset(row.get("expect", ())))
