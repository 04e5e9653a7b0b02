"""What one walk did, counted: the object of `once --json`."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Feeds:
    """`polled` counts every answer and failure; `unchanged` and `failed` are among them."""

    polled: int = 0
    unchanged: int = 0
    failed: int = 0


@dataclass(slots=True, kw_only=True)
class Entries:
    """`seen` counts the entries of changed feeds; `new` those we did not have, `relevant` those worth reading."""

    seen: int = 0
    new: int = 0
    relevant: int = 0


@dataclass(slots=True, kw_only=True)
class Articles:
    """`read` counts texts read for the first time, `edited` new texts of known articles, `failed` failed attempts."""

    read: int = 0
    failed: int = 0
    edited: int = 0


@dataclass(slots=True, kw_only=True)
class Developments:
    """`opened` ones, and `grown`: those that another article added a fresh fact to."""

    opened: int = 0
    grown: int = 0


@dataclass(slots=True, kw_only=True)
class Alerts:
    """What the channels took, what waits for them and what they never will take."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0


@dataclass(slots=True, kw_only=True)
class Tally:
    """All counts of a walk. The steps add to it as they go."""

    feeds: Feeds = field(default_factory=Feeds)
    entries: Entries = field(default_factory=Entries)
    articles: Articles = field(default_factory=Articles)
    developments: Developments = field(default_factory=Developments)
    alerts: Alerts = field(default_factory=Alerts)
