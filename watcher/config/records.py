"""The configuration as the program sees it. Every field tells which key of the file it comes from and how it is read.

Times of day are local time of the machine; durations are seconds, sizes bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any, Literal

from watcher.config import values
from watcher.config.values import Reader

Security = Literal["starttls", "tls", "none"]
WebhookFormat = Literal["standard", "slack", "discord", "ntfy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A key that holds one value, or with `each` a list: `each` reads an element and `read` takes the tuple of them."""

    key: str
    read: Reader
    each: Reader | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A key that holds one table, or with `many` a list of tables, read as `record`.

    `unique` are the keys whose values no two tables of the list may share.
    """

    key: str
    record: type[Any]
    many: bool = False
    unique: tuple[str, ...] = ()


def _value(key: str, read: Reader) -> dict[str, Value]:
    return {"source": Value(key=key, read=read)}


def _list(key: str, each: Reader, read: Reader = values.each_once) -> dict[str, Value]:
    return {"source": Value(key=key, read=read, each=each)}


def _table(record: type[Any], key: str) -> dict[str, Table]:
    return {"source": Table(key=key, record=record)}


def _tables(record: type[Any], key: str, *unique: str) -> dict[str, Table]:
    return {"source": Table(key=key, record=record, many=True, unique=unique)}


@dataclass(frozen=True, slots=True, kw_only=True)
class StorylineConfig:
    """`[storyline]`: a bundled name, a folder (relative to the config file), or `any`."""

    use: str = field(default="musk-altman", metadata=_value("use", values.name))
    # `FILE:LINE` of the choice, for whoever finds that nothing is called so; no part of what was chosen.
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateConfig:
    """`[state]`: the folder of the database, and how long texts are kept in it."""

    dir: Path = field(default=Path("state"), metadata=_value("dir", values.path))
    keep_s: float = field(default=400 * 86400.0, metadata=_value("keep", values.retention))


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageConfig:
    """`[language]`: a German-English dictionary beside our own words: `off`, `auto` where installed, or a file."""

    dictionary: Path | str = field(default="off", metadata=_value("dictionary", values.dictionary))


@dataclass(frozen=True, slots=True, kw_only=True)
class SemanticConfig:
    """`[semantic]`: a sentence encoder, a folder (relative to the config) or a name that was fetched; '' is none.

    Sentences say the same that are at least `alike`: 0 is as alike as unrelated ones are, 1 is identical.
    """

    model: str = field(default="", metadata=_value("model", values.model))
    alike: float = field(default=0.6, metadata=_value("alike", values.share))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleConfig:
    """`[schedule]`: pauses between polls of one feed, and the ages at which a relevant article is read again."""

    every_s: float = field(default=900.0, metadata=_value("every", values.duration))
    min_s: float = field(default=300.0, metadata=_value("min", values.duration))
    max_s: float = field(default=21600.0, metadata=_value("max", values.duration))
    recheck_s: tuple[float, ...] = field(
        default=(3600.0, 21600.0, 86400.0, 259200.0), metadata=_list("recheck", values.duration, values.growing)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchConfig:
    """`[fetch]`: limits of every exchange. `allow_private` holds exact `host:port` pairs in lower case."""

    timeout_s: float = field(default=30.0, metadata=_value("timeout", values.duration))
    max_feed_bytes: int = field(default=10 * 2**20, metadata=_value("max_feed", values.size))
    max_page_bytes: int = field(default=5 * 2**20, metadata=_value("max_page", values.size))
    concurrency: int = field(default=32, metadata=_value("concurrency", values.whole(1, 1000)))
    per_host: int = field(default=2, metadata=_value("per_host", values.whole(1, 100)))
    allow_private: tuple[str, ...] = field(default=(), metadata=_list("allow_private", values.host_with_port))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedConfig:
    """One `[[feed]]`. `every_s` overrides the schedule's usual pause."""

    name: str = field(metadata=_value("name", values.name))
    url: str = field(metadata=_value("url", values.url))
    every_s: float | None = field(default=None, metadata=_value("every", values.duration))
    lang: str = field(default="", metadata=_value("lang", values.lang))
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False, metadata=_value("headers", values.headers))
    username: str = field(default="", metadata=_value("username", values.text))
    password_file: Path | None = field(default=None, metadata=_value("password_file", values.optional_path))
    enabled: bool = field(default=True, metadata=_value("enabled", values.switch))


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailConfig:
    """`[alerts.email]`. `sender` is the key `from`; there is always at least one address in `to`."""

    host: str = field(default="127.0.0.1", metadata=_value("host", values.host))
    port: int = field(default=25, metadata=_value("port", values.whole(1, 65535)))
    security: Security = field(
        default="starttls", metadata=_value("security", values.one_of("starttls", "tls", "none"))
    )
    sender: str = field(default="", metadata=_value("from", values.mail_address))
    to: tuple[str, ...] = field(default=(), metadata=_list("to", values.mail_address))
    username: str = field(default="", metadata=_value("username", values.text))
    password_file: Path | None = field(default=None, metadata=_value("password_file", values.optional_path))


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookConfig:
    """One `[[alerts.webhook]]`, with its address or the file of it. With `secret_file` its messages are signed."""

    name: str = field(metadata=_value("name", values.name))
    # Addresses of chat services are keys to them, so they stay out of logs.
    url: str = field(default="", repr=False, metadata=_value("url", values.url))
    url_file: Path | None = field(default=None, metadata=_value("url_file", values.optional_path))
    secret_file: Path | None = field(default=None, metadata=_value("secret_file", values.optional_path))
    format: WebhookFormat = field(
        default="standard", metadata=_value("format", values.one_of("standard", "slack", "discord", "ntfy"))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsConfig:
    """`[alerts]` and its channels. `since` None is the creation of the state, `email` None a channel that is off.

    Of what one feed brings, `burst` messages are sent one by one; what is beyond that within hours is told in one.
    """

    since: datetime | None = field(default=None, metadata=_value("since", values.since))
    min_confidence: float = field(default=0.5, metadata=_value("min_confidence", values.share))
    burst: int = field(default=600, metadata=_value("burst", values.whole(1, 1_000_000)))
    quiet_hours: tuple[time, time] | None = field(default=None, metadata=_value("quiet_hours", values.clock_span))
    digest: time | None = field(default=None, metadata=_value("digest", values.clock))
    email: EmailConfig | None = field(default=None, metadata=_table(EmailConfig, "email"))
    webhooks: tuple[WebhookConfig, ...] = field(default=(), metadata=_tables(WebhookConfig, "webhook", "name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All of `config.toml`. `folder` is where the file lies; paths in the records below are already joined to it."""

    folder: Path = Path()
    storyline: StorylineConfig = field(default=StorylineConfig(), metadata=_table(StorylineConfig, "storyline"))
    state: StateConfig = field(default=StateConfig(), metadata=_table(StateConfig, "state"))
    language: LanguageConfig = field(default=LanguageConfig(), metadata=_table(LanguageConfig, "language"))
    semantic: SemanticConfig = field(default=SemanticConfig(), metadata=_table(SemanticConfig, "semantic"))
    schedule: ScheduleConfig = field(default=ScheduleConfig(), metadata=_table(ScheduleConfig, "schedule"))
    fetch: FetchConfig = field(default=FetchConfig(), metadata=_table(FetchConfig, "fetch"))
    feeds: tuple[FeedConfig, ...] = field(default=(), metadata=_tables(FeedConfig, "feed", "name", "url"))
    alerts: AlertsConfig = field(default=AlertsConfig(), metadata=_table(AlertsConfig, "alerts"))
