"""The config file and the secret files it names, on disk."""

from __future__ import annotations

import codecs
import contextlib
import dataclasses
import errno
import os
import re
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from watcher.config import Config, parse, values
from watcher.config.values import BadValueError
from watcher.errors import ConfigError, WatcherError

LARGEST_CONFIG_BYTES = 4 * 2**20
LARGEST_SECRET_BYTES = 64 * 2**10
_OPEN_HEADERS = {"accept", "accept-charset", "accept-language", "cache-control", "from", "referer", "user-agent"}
_TELLING = re.compile(r"(?:^|&)[^=&]*(?:auth|key|pass|secret|sig|token)[^=&]*=", re.IGNORECASE)
_PASSING = {getattr(errno, name) for name in ("EIO", "ENOSPC", "EMFILE", "ENFILE", "ENOMEM", "ESTALE", "ETIMEDOUT")}


def find(explicit: Path | None, environ: Mapping[str, str]) -> Path:
    """Find the config file: the explicit one, else $WATCHER_CONFIG, else the first that exists of the usual places.

    Raises `ConfigError` that names every place looked at.
    """
    if explicit is not None or environ.get("WATCHER_CONFIG"):
        named = explicit or Path(environ["WATCHER_CONFIG"])
        if not named.is_file():
            raise ConfigError((f"{named}: no such config file",))
        return named
    home = environ.get("XDG_CONFIG_HOME") or str(Path(environ.get("HOME", "/")) / ".config")
    places = [Path("config.toml"), Path(home) / "watcher" / "config.toml", Path("/etc/watcher/config.toml")]
    for place in places:
        if place.is_file():
            return place
    raise ConfigError((f"no config file: looked for {', '.join(map(str, places))}; name one with --config",))


def load(path: Path) -> Config:
    """Read and parse a config file. Raises `ConfigError`, or another `WatcherError` when the disk fails."""
    try:
        with path.open("rb") as file:
            body = file.read(LARGEST_CONFIG_BYTES + 1)
    except OSError as error:
        raise _unreadable(f"{path}: cannot be read: {error.strerror}", error) from error
    if len(body) > LARGEST_CONFIG_BYTES:
        raise ConfigError((f"{path}: is larger than {LARGEST_CONFIG_BYTES // 2**20} MiB",))
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise ConfigError((f"{path}:{line}: syntax: is not UTF-8",)) from error
    return parse(text, str(path))


def read_text(path: Path) -> str:
    """Read the text of a config file with its line ends as they are. Raises `ConfigError`."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError((f"{path}: cannot be read: {error}",)) from error


def checked(path: Path, text: str) -> Config:
    """Give the config that a text would be in the place of the file. Raises `WatcherError` when it is none."""
    try:
        return parse(text, str(path))
    except ConfigError as error:
        raise WatcherError(f"{path} was left as it is, for it would not be valid:\n{error}") from error


def replace(path: Path, text: str) -> None:
    """Put the text in the place of the file, at once or not at all; mode and owner stay.

    Raises `WatcherError`, with the file as it was, when the text is no valid config or cannot be written.
    """
    checked(path, text)
    target = path.resolve()  # a link to the file stays a link
    try:
        mark = codecs.BOM_UTF8 if target.read_bytes().startswith(codecs.BOM_UTF8) else b""
        _swap(target, mark + text.encode())
    except OSError as error:
        raise WatcherError(f"{path}: cannot be written: {error.strerror or error}") from error


def _swap(target: Path, body: bytes) -> None:
    status = target.stat()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, status.st_mode & 0o7777)
            if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(descriptor, status.st_uid, status.st_gid)
            file.write(body)
            file.flush()
            os.fsync(descriptor)
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def read_secret(path: Path, credentials_dir: Path | None) -> str:
    """Read the secret a `..._file` key names; a service credential of the same base name in `credentials_dir` wins.

    Trailing line ends are not part of a secret. Raises `ConfigError` when the file cannot be read, is empty, or can be
    read by group or others, and another `WatcherError` when the disk fails. The rule does not hold for credentials: the
    service manager guards their folder.
    """
    credential = credentials_dir / path.name if credentials_dir is not None else None
    chosen = credential if credential is not None and credential.is_file() else path
    try:
        descriptor = os.open(chosen, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            body = file.read(LARGEST_SECRET_BYTES + 1) if stat.S_ISREG(status.st_mode) else b""
    except OSError as error:
        raise _unreadable(f"{chosen}: secret cannot be read: {error.strerror}", error) from error
    if not stat.S_ISREG(status.st_mode):
        raise ConfigError((f"{chosen}: secret is not a file",))
    if chosen is path and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigError((f"{path}: secret can be read by others: run chmod 600 {path}",))
    secret = _decode(chosen, body).rstrip("\r\n")
    if not secret:
        raise ConfigError((f"{chosen}: secret is empty",))
    return secret


def addressed(config: Config, credentials_dir: Path | None) -> Config:
    """Give a config whose webhooks have the addresses their files hold. Raises what `read_secret` raises."""
    webhooks = tuple(
        dataclasses.replace(webhook, url=_address(webhook.url_file, credentials_dir)) if webhook.url_file else webhook
        for webhook in config.alerts.webhooks
    )
    return dataclasses.replace(config, alerts=dataclasses.replace(config.alerts, webhooks=webhooks))


def _address(path: Path, credentials_dir: Path | None) -> str:
    try:
        return values.url(read_secret(path, credentials_dir))
    except BadValueError as error:
        raise ConfigError((f"{path}: what stands there {error}",)) from error


def exposed(path: Path, config: Config) -> tuple[str, ...]:
    """Name the keys of a config file that most likely hold secrets although every user may read the file."""
    if not path.stat().st_mode & stat.S_IROTH:
        return ()
    hooks = [f"alerts.webhook.url of {webhook.name}" for webhook in config.alerts.webhooks if webhook.url]
    urls = [f"feed.url of {feed.name}" for feed in config.feeds if _TELLING.search(urlsplit(feed.url).query)]
    headers = [
        f"feed.headers of {feed.name}"
        for feed in config.feeds
        if any(name.lower() not in _OPEN_HEADERS for name, _ in feed.headers)
    ]
    return (*hooks, *urls, *headers)


def _unreadable(told: str, error: OSError) -> WatcherError:
    """Tell a disk that fails from a file a person has to put right: a service is started again after the first only."""
    return WatcherError(told) if error.errno in _PASSING else ConfigError((told,))


def _decode(path: Path, body: bytes) -> str:
    if len(body) > LARGEST_SECRET_BYTES:
        raise ConfigError((f"{path}: secret is larger than {LARGEST_SECRET_BYTES // 1024} KiB",))
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise ConfigError((f"{path}: secret is not UTF-8",)) from error
