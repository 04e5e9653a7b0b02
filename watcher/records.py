"""What walks through the house: frozen records and the contract's vocabulary. No I/O, no logic beyond tiny properties.

Times are aware UTC `datetime`s. Durations carry their unit in the name (`_s`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class Verdict(StrEnum):
    """What a statement is to someone who knows the base and everything told so far."""

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"
    BACKGROUND = "background"
    NOISE = "noise"

    @property
    def is_fresh(self) -> bool:
        """Whether a person should look at it."""
        return self in (Verdict.NEW, Verdict.CHANGED)


class Status(StrEnum):
    """Where a development stands in review."""

    OPEN = "open"
    ACCEPTED = "accepted"
    MERGED = "merged"
    DISMISSED = "dismissed"
    LATER = "later"


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Part(StrEnum):
    """Which part of a month or year a date means: `early May`, `Ende 2022`, `the summer of 2024`."""

    WHOLE = "whole"
    EARLY = "early"
    MIDDLE = "middle"
    LATE = "late"
    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"


# -- understood text ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A figure with its unit: `USD`, `EUR` ... (ISO 4217), `%`, or the counted noun's term (`job`).

    `approx` tells "about", "nearly", "more than" and figures a writer rounded by saying so.
    """

    value: float
    unit: str
    approx: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date a text names, resolved against its publication. `day` is the first day of the stated span.

    A month is told by its first day and a year by its first of January, with `precision` saying so, and `part` which
    part of it is meant.
    """

    day: date
    precision: Precision
    part: Part = Part.WHOLE

    @property
    def iso(self) -> str:
        """`2025-02-10`, `2025-02` or `2025`, as precise as the text was."""
        return self.day.isoformat()[: {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence as written, with what was understood of it.

    `terms` are the content words in order, brought to a form that both languages share where the lexicon can
    (a concept), else a stem. `names` are canonical names of known actors, and other proper names as written.
    `begin` is where it begins behind a dateline, of which nothing is understood.
    `cues` name what kind of sentence it is (`question`, `future`, `report`, `boilerplate` ...): see `language.cues`.
    """

    position: int
    paragraph: int
    text: str
    lang: str
    terms: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()
    dates: tuple[DateMention, ...] = ()
    cues: tuple[str, ...] = ()
    begin: int = 0

    @property
    def body(self) -> str:
        """The sentence without the dateline before it."""
        return self.text[self.begin :]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """The readable text of one version of an article. Paragraph texts are cleaned, in reading order.

    `partial` is true when only the feed's own title and summary could be had.
    """

    title: str
    paragraphs: tuple[str, ...]
    lang: str
    published: datetime
    outlet: str
    url: str
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article as the judge sees it: understood title and statements."""

    article: str
    title: Statement
    statements: tuple[Statement, ...]
    lang: str
    published: datetime
    outlet: str
    url: str
    partial: bool = False


# -- what is known -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One sentence accepted as telling an event."""

    lang: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure that belongs to an event. `disputed` marks a value some sources tell and the base does not share."""

    value: float
    unit: str
    disputed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A dated known event of the base. `date` is `2025-02-10`, `2025-02` or `2025` by `date_precision`.

    `disputed` holds other values that some sources tell (slot, value, note), in words.
    """

    id: str
    date: str
    date_precision: Precision
    title: str
    summary: str
    actors: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    kind: str = "other"
    wordings: tuple[Wording, ...] = ()
    disputed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Someone or something a storyline is about, with every name the press gives it.

    `weak` names are too common to count alone ("X", "the judge"): they mean the actor only in a text that names it by
    a strong name as well.
    """

    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    side: str = ""
    weak: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Storyline:
    """What is watched. `everything` switches the relevance rule off (the storyline `any`).

    An article belongs when its text names, often enough, at least one actor of two different `sides`, or one of
    `matters`: words that only this story uses. See `policy.relevance`.
    """

    name: str
    title: str
    actors: tuple[Actor, ...] = ()
    sides: tuple[str, ...] = ()
    matters: tuple[str, ...] = ()
    namesakes: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    everything: bool = False


# -- judged ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Relevance:
    """Whether an article belongs to the storyline, and the words that said so."""

    relevant: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """A known event or development and how near it is, 0 to 1."""

    event: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The verdict on one statement. `event` is the event or development a known or changed statement refers to.

    `was` and `now` are set for `changed`. `score` is how sure we are that the statement is fresh, 0 to 1.
    """

    position: int
    text: str
    verdict: Verdict
    event: str | None = None
    was: str | None = None
    now: str | None = None
    score: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Everything the judge says of one article.

    `development` names the development the article opens or joins; `opens` tells which of the two;
    `flagged` is true when it opens one or adds a fresh fact to one. `copy_of` names the article whose text it repeats.
    """

    article: str
    relevance: Relevance
    findings: tuple[Finding, ...]
    flagged: bool = False
    development: str | None = None
    opens: bool = False
    confidence: float = 0.0
    nearest: tuple[Nearest, ...] = ()
    copy_of: str | None = None


# -- fetched -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave us to ask again cheaply."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebRequest:
    """One GET. `headers` and `username`/`password` are sent to the origin of `url` only."""

    url: str
    max_bytes: int
    timeout_s: float
    validators: Validators = Validators()
    headers: tuple[tuple[str, str], ...] = ()
    username: str = ""
    password: str = field(default="", repr=False)


class Body(Protocol):
    """The bytes of an answer, wherever they are kept (`edges.body.Body`)."""

    @property
    def size(self) -> int:
        """How many bytes there are."""

    @property
    def sha256(self) -> str:
        """The digest of all of them, in hex."""

    def pieces(self) -> Iterator[bytes]:
        """Read them in order, a little at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A complete answer with status 2xx. `url` is where the body came from, `moved_to` the target of permanent
    redirects.
    """

    url: str
    body: Body = field(repr=False)
    content_type: str
    validators: Validators = Validators()
    moved_to: str | None = None
    max_age_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """The server says nothing changed since the validators were given out."""

    url: str
    max_age_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed, its texts cleaned to plain text. `identity` is stable within the feed."""

    identity: str
    url: str
    title: str
    summary: str = ""
    author: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    lang: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed as read. `note` says what was wrong with it although entries could be had; `truncated` that entries were
    left.
    """

    title: str
    entries: tuple[Entry, ...]
    lang: str = ""
    note: str = ""
    truncated: bool = False
    ttl_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as extracted. `published` carries time of day and zone when the page gave them; `problem` is why the
    text is not the article's (`consent`, `paywall`, `empty`, `list`), or ''.
    """

    title: str
    paragraphs: tuple[str, ...]
    lang: str = ""
    published: datetime | None = None
    modified: datetime | None = None
    canonical_url: str = ""
    outlet: str = ""
    author: str = ""
    problem: str = ""
