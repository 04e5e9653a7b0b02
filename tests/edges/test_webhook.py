"""Webhook alerts arrive signed, in the receiver's dialect, and harmless."""

from __future__ import annotations

import asyncio
import base64
import email.header
import http.server
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from watcher.config import WebhookConfig
from watcher.edges.alert_text import Message
from watcher.edges.webhook import Webhook
from watcher.errors import ConfigError, DeliveryError, DeliveryRefused, Unreachable

SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four b").decode()
NASTY = (
    "Evil\r\nX-Injected: 1 <script>alert(1)</script> @everyone <!channel> <@U1> [free](http://evil.example) *_`\x1b[2J"
)
DATA: dict[str, Any] = {
    "id": "D12",
    "status": "open",
    "verdict": "changed",
    "confidence": 0.83,
    "headline": "Court moves the trial – " + NASTY,
    "published": "2026-01-31T12:00:00Z",
    "origins": 1,
    "sources": [
        {"url": "https://news.example/a?b=1&c=2", "outlet": "News|> <!here>", "lang": "en", "origin": "own"},
        {"url": "javascript:alert(1)", "outlet": "Wire", "lang": "de", "origin": "copy"},
    ],
    "statements": [
        {
            "text": "The trial begins in May. " + NASTY,
            "verdict": "changed",
            "was": "March",
            "now": "May",
            "reason": "date",
        },
        {"text": "A new judge was named.", "verdict": "new", "reason": "nobody said so"},
        {"text": "The two founded a firm.", "verdict": "known"},
    ],
}


def message(data: Mapping[str, Any] = DATA) -> Message:
    """Make an alert."""
    created = datetime(2026, 1, 31, 12, 5, tzinfo=UTC)
    return Message(key="k" * 32, thread="k" * 32, type="development.opened", created=created, data=data)


@dataclass
class Sink:
    """A receiver on loopback that keeps what it got and answers as told."""

    status: int = 200
    retry_after: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A real HTTP server."""
    state = Sink()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(state.status)
            if state.retry_after:
                self.send_header("Retry-After", state.retry_after)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Answer:
    """What a POST brought."""

    status: int
    retry_after_s: float | None = None


class PlainPoster:
    """The smallest client that will do."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], timeout_s: float) -> Answer:
        """Send with the standard library."""

        def send() -> Answer:
            from urllib.error import HTTPError

            try:
                with urlopen(Request(url, body, dict(headers)), timeout=timeout_s) as response:
                    return Answer(response.status)
            except HTTPError as error:
                with error:
                    wish = error.headers.get("Retry-After")
                    return Answer(error.code, float(wish) if wish else None)

        return await asyncio.to_thread(send)


def channel(sink: Sink, dialect: str = "standard", secret: str = SECRET) -> Webhook:
    """Make the channel to a sink."""
    config = WebhookConfig(name="desk", url=sink.url, secret_file=Path("s"), format=dialect)  # type: ignore[arg-type]
    return Webhook(config, secret, PlainPoster(), lambda: datetime.now(UTC))


def test_signature_is_the_standard_one(sink: Sink) -> None:
    """The reference library verifies what arrives, and reads the described body."""
    asyncio.run(channel(sink).send(message()))
    headers, body = sink.got[0]
    assert headers["webhook-id"] == "k" * 32
    assert headers["content-type"] == "application/json"
    found = Verifier(SECRET).verify(body, headers)
    assert found == {"type": "development.opened", "timestamp": "2026-01-31T12:05:00Z", "data": DATA}


def test_without_secret_there_is_no_signature(sink: Sink) -> None:
    """The id and the time are there all the same."""
    asyncio.run(channel(sink, secret="").send(message()))
    headers, _ = sink.got[0]
    assert "webhook-signature" not in headers
    assert headers["webhook-id"] == "k" * 32
    assert abs(int(headers["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 60


@pytest.mark.parametrize("secret", ["whsec_not base64", "whsec_", "hunter2"])
def test_odd_secret_is_a_config_error(secret: str) -> None:
    """What is no key is told at the start, without showing it."""
    with pytest.raises(ConfigError) as caught:
        channel(Sink(), secret=secret)
    assert "not base64" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (503, DeliveryError),
        (429, DeliveryError),
        (404, DeliveryError),
        (401, DeliveryError),
        (302, DeliveryError),
        (410, DeliveryRefused),
        (400, DeliveryRefused),
        (422, DeliveryRefused),
    ],
)
def test_answers_are_understood(sink: Sink, status: int, kind: type[DeliveryError]) -> None:
    """A wrong address may be put right, a wrong message may not; the wish to wait is handed on."""
    sink.status, sink.retry_after = status, "7"
    with pytest.raises(DeliveryError, match=f"webhook desk: HTTP {status}") as caught:
        asyncio.run(channel(sink).send(message()))
    assert type(caught.value) is kind
    assert caught.value.retry_after_s == 7


def test_address_of_a_dead_receiver_is_not_told() -> None:
    """Chat addresses are keys, so no problem text repeats them."""

    class Dead:
        async def post(self, url: str, body: bytes, headers: Mapping[str, str], timeout_s: float) -> Answer:
            raise Unreachable(url, "no answer")

    config = WebhookConfig(name="desk", url="https://hooks.example/T0/secret")
    with pytest.raises(DeliveryError) as caught:
        asyncio.run(Webhook(config, "", Dead(), lambda: datetime.now(UTC)).send(message()))
    assert str(caught.value) == "webhook desk: no answer"


def test_slack_text_is_no_markup(sink: Sink) -> None:
    """Nobody is pinged, and the only link is the one we made."""
    asyncio.run(channel(sink, "slack").send(message()))
    found = json.loads(sink.got[0][1])
    text = json.dumps(found, ensure_ascii=False)
    assert "<!" not in text
    assert "<@" not in text
    assert "@everyone" not in text
    assert "\x1b" not in text
    kinds = [block["type"] for block in found["blocks"]]
    assert kinds == ["header", "section", "section", "context"]
    assert found["blocks"][1]["text"]["type"] == "plain_text"
    links = found["blocks"][2]["text"]["text"]
    assert links.splitlines() == [
        "2 outlets, 1 independent",
        "- <https://news.example/a?b=1&amp;c=2|News &gt; &lt;!here&gt;> (en)",
        "- Wire (de, copy)",
    ]


def test_discord_text_is_no_markup(sink: Sink) -> None:
    """Mentions are off, markdown is escaped, links are bare."""
    asyncio.run(channel(sink, "discord").send(message()))
    found = json.loads(sink.got[0][1])
    assert found["allowed_mentions"] == {"parse": []}
    assert "@everyone" not in found["content"]
    assert "[free](" not in found["content"]
    assert "<https://news.example/a?b=1&c=2>" in found["content"]
    assert "javascript" not in found["content"]
    assert r"\~ March \-\> May" in found["content"]


def test_ntfy_headers_hold_one_line(sink: Sink) -> None:
    """The headline is a header and stays one; the text says what is new."""
    asyncio.run(channel(sink, "ntfy").send(message()))
    headers, body = sink.got[0]
    assert "x-injected" not in headers
    title, charset = email.header.decode_header(headers["title"])[0]
    assert title.decode(charset or "ascii").startswith("Court moves the trial – Evil X-Injected: 1 <script>")
    assert headers["click"] == "https://news.example/a?b=1&c=2"
    assert "~ March -> May: The trial begins in May." in body.decode()
    assert "+ A new judge was named." in body.decode()
    assert "The two founded a firm." not in body.decode()
    assert "\x1b" not in body.decode()


def test_a_long_headline_is_cut_to_a_header(sink: Sink) -> None:
    """Where the cut falls on a space nothing is left of it: no header value ends in one."""
    long = message({**DATA, "headline": "word " * 60})
    asyncio.run(channel(sink, "ntfy").send(long))
    assert sink.got[0][0]["title"].endswith("word")


@pytest.mark.parametrize("dialect", ["slack", "discord", "ntfy"])
def test_messages_fit(sink: Sink, dialect: str) -> None:
    """However much there is to tell, a message keeps the receiver's limit."""
    statement = {"text": "<&>*" * 500, "verdict": "new", "reason": "x" * 500}
    source = {"url": "https://news.example/" + "a" * 900, "outlet": "<&>" * 99, "lang": "en"}
    data = {**DATA, "headline": "<&>@a" * 200, "statements": [statement] * 50, "sources": [source] * 50}
    asyncio.run(channel(sink, dialect).send(message(data)))
    body = sink.got[0][1]
    if dialect == "ntfy":
        assert len(body) <= 4096
        return
    found = json.loads(body)
    if dialect == "discord":
        assert 0 < len(found["content"]) <= 2000
        return
    for block, limit in zip(found["blocks"], (150, 3000, 3000), strict=False):
        assert 0 < len(block["text"]["text"]) <= limit


@pytest.mark.parametrize("dialect", ["standard", "slack", "discord", "ntfy"])
@pytest.mark.parametrize("data", [{}, {"headline": "Feed n-tv fails", "lines": ["HTTP 500 since noon"]}])
def test_notices_are_told_too(sink: Sink, dialect: str, data: dict[str, Any]) -> None:
    """Alerts that are no developments, and objects with gaps, are still delivered."""
    asyncio.run(channel(sink, dialect).send(message(data)))
    assert len(sink.got) == 1


@pytest.mark.parametrize("dialect", ["slack", "discord", "ntfy"])
def test_a_digest_tells_headlines_and_counts(sink: Sink, dialect: str) -> None:
    """A digest names its developments, says how many more there are and where to find them, all harmless."""
    one, other = {**DATA, "headline": "First <!here>"}, {**DATA, "id": "D13", "headline": "Second @everyone"}
    asyncio.run(channel(sink, dialect).send(message({"developments": [one, other], "more": 40})))
    headers, body = sink.got[0]
    text = body.decode() + headers.get("title", "")
    for told in ("42 developments", "D12", "First", "D13", "Second", "40 developments more", "watcher flags"):
        assert told in text.replace("\\", ""), told
    if dialect != "ntfy":
        assert "<!here>" not in text
        assert "@everyone" not in text
