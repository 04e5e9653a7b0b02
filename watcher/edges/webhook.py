"""Alerts as HTTP POSTs: Standard Webhooks, and the dialects of Slack, Discord and ntfy.

Texts by others never ping anybody and never become markup: every dialect has its own escaping, and mentions are off.
Every format carries the Standard Webhooks headers, so that any receiver can tell a repeat by `webhook-id`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from email.header import Header
from typing import Any, Protocol

from watcher.config import WebhookConfig
from watcher.edges.alert_text import Message, Source, Told, lines, more_lines, tell
from watcher.edges.clean import header_text
from watcher.errors import ConfigError, DeliveryError, DeliveryRefused, FetchError

_TIMEOUT_S = 30.0
_SLACK_BLOCK = 2900
_SLACK_HEADER = 150
_DISCORD = 2000
_NTFY_BYTES = 4000
_TITLE = 200
# The request itself is wrong, or the receiver asks to be left alone (410): no repeat will change the answer.
# Everything else (a wrong address, a missing right) somebody may put right within days.
_FINAL = frozenset({400, 410, 413, 415, 422})
_PING = re.compile(r"@(?=\w)")
_DISCORD_MARKUP = re.compile(r"([\\*_~`|<>#\[\]()\-+:.])")


class Answer(Protocol):
    """What a receiver said."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def retry_after_s(self) -> float | None:
        """Its wish, when it sent one."""


class Poster(Protocol):
    """The one HTTP client of the house, as far as it is needed here."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], timeout_s: float) -> Answer:
        """Send a body; raise `FetchError` when no answer was had."""


class Webhook:
    """One webhook channel. Raises `ConfigError` when `secret` is no Standard Webhooks secret."""

    def __init__(self, webhook: WebhookConfig, secret: str, web: Poster, clock: Callable[[], datetime]) -> None:
        self._webhook = webhook
        self._key = read_key(secret, webhook) if secret else b""
        self._web = web
        self._clock = clock

    async def send(self, message: Message) -> str:
        """Post a message. Returns ''; raises `DeliveryError`, or `DeliveryRefused` when no repeat will help."""
        body, headers = _WRITERS[self._webhook.format](message)
        sent_at = int(self._clock().timestamp())
        signed = headers | standard_headers(message.key, sent_at, body, self._key)
        name = f"webhook {self._webhook.name}"
        try:
            answer = await self._web.post(self._webhook.url, body, signed, _TIMEOUT_S)
        except FetchError as error:
            # Its message would begin with the address, and chat addresses are secrets.
            raise DeliveryError(f"{name}: {error.reason}") from error
        if 200 <= answer.status < 300:
            return ""
        kind = DeliveryRefused if answer.status in _FINAL else DeliveryError
        raise kind(f"{name}: HTTP {answer.status}", answer.retry_after_s)


def read_key(secret: str, webhook: WebhookConfig) -> bytes:
    """Read `whsec_...` as the key it encodes. Raises `ConfigError`."""
    try:
        key = base64.b64decode(secret.strip().removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError) as error:
        problem = f'{webhook.secret_file}: the secret of webhook {webhook.name} is not "whsec_" and base64'
        raise ConfigError((problem,)) from error
    if not key:
        raise ConfigError((f"{webhook.secret_file}: the secret of webhook {webhook.name} is empty",))
    return key


def standard_headers(key: str, sent_at: int, body: bytes, secret: bytes) -> dict[str, str]:
    """Make the Standard Webhooks headers; the signature only with a secret. `sent_at` counts seconds since 1970."""
    headers = {"webhook-id": key, "webhook-timestamp": str(sent_at)}
    if secret:
        digest = hmac.new(secret, f"{key}.{sent_at}.".encode() + body, hashlib.sha256).digest()
        headers["webhook-signature"] = f"v1,{base64.b64encode(digest).decode()}"
    return headers


# -- dialects ----------------------------------------------------------------------------------------------------------

_Written = tuple[bytes, dict[str, str]]


def _standard(message: Message) -> _Written:
    created = message.created.isoformat(timespec="seconds").replace("+00:00", "Z")
    return _json({"type": message.type, "timestamp": created, "data": dict(message.data)})


def _slack(message: Message) -> _Written:
    """Sentences go into plain text blocks, which know no markup; only the links are markup, of our own making."""
    told = tell(message.data)
    facts = [_slack_escape(line) for line in (told.standing, *_fact_lines(told)) if line]
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": _slack_plain(_slack_head(told.headline))},
        {"type": "section", "text": _slack_plain(_cut_lines(facts or ["-"], _SLACK_BLOCK))},
    ]
    if told.sources:
        links = [_slack_escape(told.outlets), *map(_slack_link, told.sources)]
        links.extend(more_lines(told.more_sources, "article"))
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": _cut_lines(links, _SLACK_BLOCK)}})
    if told.review:
        blocks.append({"type": "context", "elements": [_slack_plain(_slack_escape(told.review))]})
    text = _slack_escape(told.headline)
    return _json({"text": text, "blocks": blocks, "unfurl_links": False, "unfurl_media": False, "link_names": False})


def _slack_plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _slack_head(headline: str) -> str:
    """Cut before escaping, so that no escape is parted, and so far that the escaped text fits."""
    end = _SLACK_HEADER
    while len(_slack_escape(headline[:end])) > _SLACK_HEADER:
        end -= 1
    return _slack_escape(headline[:end])


def _slack_escape(text: str) -> str:
    return _unping(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _slack_link(source: Source) -> str:
    # An outlet's name must not end the link or start formatting: only what a name needs is left.
    name = _slack_escape(re.sub(r"[|*_~`]", " ", source.outlet))
    address = source.url.replace("|", "%7C").replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E")
    return f"- {f'<{address}|{name}>' if address else name}{_slack_escape(source.note)}"


def _discord(message: Message) -> _Written:
    told = tell(message.data)
    found = [f"**{_discord_escape(told.headline)}**", _discord_escape(told.standing)]
    found.extend(_discord_escape(line) for line in _fact_lines(told))
    found.append(_discord_escape(told.outlets))
    for source in told.sources:
        link = f" <{source.url.replace('>', '%3E')}>" if source.url else ""
        found.append(f"- {_discord_escape(source.outlet + source.note)}{link}")
    found.extend([f"`{told.review}`"] if re.fullmatch(r"[\w ]+", told.review) else [])
    content = _cut_lines([line for line in found if line], _DISCORD)
    # 4: links are not unfolded into pictures
    return _json({"content": content, "allowed_mentions": {"parse": []}, "flags": 4})


def _discord_escape(text: str) -> str:
    return _DISCORD_MARKUP.sub(r"\\\1", _unping(text))


def _ntfy(message: Message) -> _Written:
    told = tell(message.data)
    body = _cut_lines(lines(told)[1:], _NTFY_BYTES, size=lambda text: len(text.encode())).strip("\n") or told.headline
    headers = {"Content-Type": "text/plain; charset=utf-8", "Title": _header(told.headline), "Tags": "newspaper"}
    links = [source.url for source in told.sources if source.url]
    return body.encode(), headers | ({"Click": _header_address(links[0])} if links else {})


_WRITERS: dict[str, Callable[[Message], _Written]] = {
    "standard": _standard,
    "slack": _slack,
    "discord": _discord,
    "ntfy": _ntfy,
}


def _fact_lines(told: Told) -> list[str]:
    return [*(fact.line for fact in told.facts), *more_lines(told.more_facts, told.noun), *told.edits]


def _json(value: object) -> _Written:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return body, {"Content-Type": "application/json"}


def _unping(text: str) -> str:
    """Part `@everyone` with a character nobody sees, for receivers that look for names in any text."""
    return _PING.sub("@\u200b", text)


def _header(text: str) -> str:
    """Write a header value in ASCII, as an encoded word where needed. A space at an end is no legal value."""
    text = header_text(text, _TITLE)
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=10_000).encode(linesep="")


def _header_address(url: str) -> str:
    """Write an address that leads where it led and holds no encoded word: receivers decode those in any header."""
    path, mark, rest = url.partition("?")
    path = f"{path[:-1]}%3D" if mark and path.endswith("=") else path
    return f"{path}{mark}{rest.replace('=?', '=%3F')}"


def _cut_lines(found: Iterable[str], limit: int, size: Callable[[str], int] = len) -> str:
    """Keep the first lines that fit: a cut inside a line could part an escape or a link."""
    kept: list[str] = []
    room = limit - 4
    for line in found:
        room -= size(line) + 1
        if room < 0:
            kept.append("...")
            break
        kept.append(line)
    return "\n".join(kept)
