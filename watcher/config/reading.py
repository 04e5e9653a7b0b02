"""Text of `config.toml` -> `Config`, or every mistake in it at once."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from watcher.config import values
from watcher.config.lines import Place, line_of, locate
from watcher.config.records import (
    AlertsConfig,
    Config,
    EmailConfig,
    FeedConfig,
    ScheduleConfig,
    Table,
    Value,
    WebhookConfig,
)
from watcher.config.values import BadValueError, Reader
from watcher.errors import ConfigError

Record = TypeVar("Record")

_POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_NESTED = re.compile(r"(?:[\[{][^\[\]{}]*+)+")
_DIGITS = re.compile(r"[\d_]+")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def parse(text: str, where: str) -> Config:
    """Read the text of a config file. `where` is its path: it stands in messages, and paths are relative to its folder.

    Raises `ConfigError` with one line `FILE:LINE: KEY: what is wrong` for each mistake.
    """
    text = text.replace("\r\n", "\n")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError((_tell_syntax(str(error), text, where),)) from error
    except (RecursionError, ValueError) as error:
        raise ConfigError((_tell_excess(error, text, where),)) from error
    reading = _Reading(folder=Path(where).parent)
    config = reading.record(Config, document, ())
    if reading.problems or config is None:
        lines = locate(text)
        told = sorted((line_of(lines, place), _dotted(place), what) for place, what in reading.problems)
        raise ConfigError(tuple(f"{where}:{line}: {key}: {what}" for line, key, what in dict.fromkeys(told)))
    chosen = f"{where}:{line_of(locate(text), ('storyline', 'use'))}"
    return replace(config, folder=reading.folder, storyline=replace(config.storyline, where=chosen))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One walk through a document, collecting what is wrong."""

    folder: Path
    problems: list[tuple[Place, str]] = field(default_factory=list)

    def record(self, kind: type[Record], document: dict[str, object], place: Place) -> Record | None:
        """Read one table as `kind`; None when a mistake in it leaves nothing to go on with."""
        sources = {source.key: item for item, source in _sources(kind)}
        for key in document.keys() - sources.keys():
            self.problems.append(((*place, key), _tell_unknown(key, sources)))
        before = len(self.problems)
        found = {item.name: self.one(item, key, document, place) for key, item in sources.items()}
        if len(self.problems) > before:
            return None
        record = kind(**found)
        check = _CHECKS.get(kind)
        if check is not None:
            record, problems = check(record, document)
            self.problems.extend(((*place, *at), what) for at, what in problems)
        return record

    def one(self, item: Field[Any], key: str, document: dict[str, object], place: Place) -> object:
        """Read one key of a table, or its default."""
        source = item.metadata["source"]
        if isinstance(source, Table):
            return self.table(item, source, document, (*place, key))
        if key in document:
            return self.value(source, document[key], (*place, key))
        if item.default is MISSING:
            self.problems.append(((*place, key), "missing; every such table needs one"))
        return self.settled(item.default)

    def value(self, source: Value, found: object, place: Place) -> object:
        """Read the value of one key; None after a mistake."""
        before = len(self.problems)
        if source.each is not None:
            if not isinstance(found, list):
                self.problems.append((place, f"must be a list in [brackets], not {values.quote(found)}"))
                return None
            found = tuple(self.attempt(source.each, item, (*place, at)) for at, item in enumerate(found))
        return self.settled(self.attempt(source.read, found, place)) if len(self.problems) == before else None

    def attempt(self, read: Reader, found: object, place: Place) -> object:
        """Call a reader; None after a mistake."""
        try:
            return read(found)
        except BadValueError as error:
            self.problems.append((place, str(error)))
            return None

    def table(self, item: Field[Any], source: Table, document: dict[str, object], place: Place) -> object:
        """Read the table or the list of tables of one key."""
        content = document.get(source.key)
        header = _dotted(place)
        if source.many:
            if content is not None and not isinstance(content, list):
                self.problems.append((place, f"must be a list of tables; write [[{header}]] above each"))
                return ()
            self.problems.extend(_find_twins(source, content or [], place))
            return tuple(self.element(source, entry, (*place, at)) for at, entry in enumerate(content or ()))
        if content is not None and not isinstance(content, dict):
            self.problems.append((place, f"must be a table; write [{header}] above its keys"))
            return None
        if content is None and item.default is None:
            return None
        return self.record(source.record, content or {}, place)

    def element(self, source: Table, entry: object, place: Place) -> object:
        """Read one table of a list."""
        if isinstance(entry, dict):
            return self.record(source.record, entry, place)
        self.problems.append((place, f"must be a table; write [[{_dotted(place)}]] above its keys"))
        return None

    def settled(self, found: object) -> object:
        """Join a path to the folder of the config file."""
        return self.folder / found if isinstance(found, Path) else found


# -- what only several keys together can tell --------------------------------------------------------------------------

Problems = Iterable[tuple[Place, str]]


def _check_schedule(schedule: ScheduleConfig, given: dict[str, object]) -> tuple[ScheduleConfig, Problems]:
    """Let a pause that was not written give way to the ones that were; written ones must not contradict each other."""
    low, usual, high = schedule.min_s, schedule.every_s, schedule.max_s
    if "min" not in given:
        low = min([low, *([usual] if "every" in given else []), *([high] if "max" in given else [])])
    if "max" not in given:
        high = max([high, low, *([usual] if "every" in given else [])])
    if "every" not in given:
        usual = min(max(usual, low), high)
    problems: list[tuple[Place, str]] = []
    if low > high:
        problems.append((("min",), "must not be longer than max"))
    elif not low <= usual <= high:
        problems.append((("every",), "must not be shorter than min or longer than max"))
    return replace(schedule, min_s=low, every_s=usual, max_s=high), problems


def _check_feed(feed: FeedConfig, _: dict[str, object]) -> tuple[FeedConfig, Problems]:
    return feed, _check_login(feed)


def _check_email(email: EmailConfig, _: dict[str, object]) -> tuple[EmailConfig, Problems]:
    problems = list(_check_login(email))
    if email.to and not email.sender:
        problems.append((("from",), 'missing; mail needs a sender, for example "watcher@example.org"'))
    if email.username and email.security == "none" and email.host not in _LOOPBACK:
        problems.append((("security",), 'must be "starttls" or "tls" when a password is sent'))
    return email, problems


def _check_webhook(webhook: WebhookConfig, _: dict[str, object]) -> tuple[WebhookConfig, Problems]:
    problems: list[tuple[Place, str]] = []
    if not webhook.url and webhook.url_file is None:
        problems.append((("url",), "missing; every such table needs one, or a url_file"))
    if webhook.url and webhook.url_file is not None:
        problems.append((("url_file",), "must not stand beside url"))
    return webhook, problems


def _check_login(login: FeedConfig | EmailConfig) -> Problems:
    if login.password_file is not None and not login.username:
        yield ("username",), "missing; a password_file needs one"


def _check_alerts(alerts: AlertsConfig, _: dict[str, object]) -> tuple[AlertsConfig, Problems]:
    """Switch mail without an addressee off."""
    if alerts.email is not None and not alerts.email.to:
        alerts = replace(alerts, email=None)
    return alerts, ()


def _find_twins(source: Table, entries: list[object], place: Place) -> Iterator[tuple[Place, str]]:
    for key in source.unique:
        seen: set[str] = set()
        for at, entry in enumerate(entries):
            value = entry.get(key) if isinstance(entry, dict) else None
            if not isinstance(value, str):
                continue
            identity = _same_address(value) if key == "url" else value.strip().casefold()
            if identity in seen:
                yield (*place, at, key), f"another {source.key} above has the same {key}"
            seen.add(identity)


def _same_address(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    return parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/", fragment="").geturl()


_CHECKS: dict[type[Any], Callable[[Any, dict[str, object]], tuple[Any, Problems]]] = {
    ScheduleConfig: _check_schedule,
    FeedConfig: _check_feed,
    EmailConfig: _check_email,
    WebhookConfig: _check_webhook,
    AlertsConfig: _check_alerts,
}


# -- telling -----------------------------------------------------------------------------------------------------------


def _sources(kind: type[Any]) -> Iterator[tuple[Field[Any], Value | Table]]:
    for item in fields(kind):
        if "source" in item.metadata:
            yield item, item.metadata["source"]


def _known_keys(kind: type[Any], place: tuple[str, ...] = ()) -> Iterator[str]:
    """All keys that can stand in a file, dotted."""
    for _, source in _sources(kind):
        yield ".".join((*place, source.key))
        if isinstance(source, Table):
            yield from _known_keys(source.record, (*place, source.key))


def _dotted(place: Place) -> str:
    return values.plain(".".join(part for part in place if isinstance(part, str)))


def _tell_unknown(key: str, known: Iterable[str]) -> str:
    """Name the nearest key: one of the same table, else one of any table, else all of the same table."""
    here = list(known)
    if near := difflib.get_close_matches(key, here, n=1):
        return f"unknown key; did you mean {values.quote(near[0])}?"
    everywhere = {dotted.rpartition(".")[2]: dotted for dotted in reversed(list(_known_keys(Config)))}
    if near := difflib.get_close_matches(key, everywhere, n=1, cutoff=0.75):
        return f"unknown key; did you mean {values.quote(everywhere[near[0]])}?"
    return f"unknown key; known here: {', '.join(here)}"


def _tell_excess(error: Exception, text: str, where: str) -> str:
    """Tell of what the parser gives up on without saying where: it stands in the line that has most of it."""
    deep = isinstance(error, RecursionError)
    most = _NESTED if deep else _DIGITS
    line, _ = max(enumerate(text.splitlines(), 1), key=lambda row: max(map(len, most.findall(row[1])), default=0))
    return f"{where}:{line}: syntax: " + (
        "lists or tables nested too deeply" if deep else "a number of too many digits"
    )


def _tell_syntax(message: str, text: str, where: str) -> str:
    position = _POSITION.search(message)
    line = int(position[1]) if position and position[1] else len(text.splitlines()) or 1
    return f"{where}:{line}: syntax: {values.plain(_POSITION.sub('', message))}"
