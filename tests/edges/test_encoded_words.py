"""Whatever a headline says, a header is ours: nothing in it is decoded, here or at the receiver."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from hypothesis import example, given, settings
from hypothesis import strategies as st

from watcher.config import EmailConfig, WebhookConfig
from watcher.edges.alert_text import Message
from watcher.edges.clean import clean_url
from watcher.edges.mail import Mailer, compose, on_wire
from watcher.edges.webhook import Webhook
from watcher.errors import DeliveryRefused

_OURS = [
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
    "X-Auto-Response-Suppress", "List-Id", "MIME-Version", "Content-Type",
]  # fmt: skip
FORGED = [
    "=?utf-8?q?Musk=0D=0ABcc:_x@evil=0D=0AContent-Type:_text/html=0D=0A=0D=0A<h1>click</h1>?=",
    "=?utf-8?q?=1B[31m=E2=80=AE?=",
    "=?utf-7?q?+2AA-?= OpenAI sells",
    "=?unicode_escape?q?=5Cud800?=",
    "=?utf-8?b?AAAA?==?utf-8?b?AAAA?=",
    "=?utf-8*en?q?=0A?= and é =?utf-8?q?=0A?=",
    "=\u200b?utf-8?q?=0A?=",
    "==?utf-8?q?=0A?= =?=?utf-8?q?=0A?=",
    "(=?utf-8?q?=0A?=)\"=?utf-8?q?=0A?=\"<=?utf-8?q?=0A?=>",
]  # fmt: skip
_PIECES = st.sampled_from(
    [*FORGED, "=?", "?=", "=", "?", "utf-8", "?q?", "?b?", "=0D=0A", "\r\n", "\r", "\n", " ", "\t", "é", "漢" * 30, ":",
     "x" * 90, "\U0001f600", "e\u0301", "\udc80", "\x00", "\x85", "\u2028", ",", ";", '"', "\\", "(", "<", "@"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=30).map("".join))


def message(headline: str, **more: Any) -> Message:
    """Make an update of a development."""
    data = {"id": "D1", "headline": headline, "verdict": "new", "statements": [{"verdict": "new", "text": headline}]}
    return Message(
        key="a" * 32, thread="b" * 32, type="development.updated", created=datetime(2026, 1, 31, 12, tzinfo=UTC),
        data=data | more,
    )  # fmt: skip


def written(told: Message) -> EmailMessage:
    """Give a mail as its reader's program understands it."""
    mail = compose(told, sender="watcher@example.org", to=("desk@example.org",))
    found = message_from_bytes(on_wire(mail), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.booleans())
@example(FORGED[0], False)
@example(FORGED[2], True)
def test_a_mail_has_our_headers_and_one_structure(headline: str, digest: bool) -> None:
    """For any text: exactly our headers, text and HTML, and a subject of one line that says what was told."""
    told = message(headline)
    if digest:
        told = Message(
            key=told.key, thread=told.thread, type="digest", created=told.created,
            data={"developments": [told.data, told.data], "headline": headline},
        )  # fmt: skip
    mail = written(told)
    assert list(mail.keys()) == _OURS
    assert not mail.defects
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    for name, value in mail.items():
        assert not value.defects, name  # type: ignore[attr-defined]
        assert not [one for one in value if ord(one) < 32 or 127 <= ord(one) < 160 or one in "\u2028\u2029\u202e"]
    assert "=?" not in mail["Subject"]


@pytest.mark.parametrize("headline", FORGED)
def test_a_subject_is_told_as_it_was_written(headline: str) -> None:
    """What looks like an encoded word is parted where it begins; nothing else of it is changed."""
    subject = written(message(headline))["Subject"]
    assert subject.startswith("Re: ")
    assert subject.replace("= ?", "=?") == f"Re: {headline.replace(chr(0x200B), '')}"


def test_a_mail_with_a_forged_header_is_not_sent() -> None:
    """Should a value ever carry more than itself, the mail is refused, with the reason, and not sent."""
    mail = compose(message("x"), sender="watcher@example.org", to=("desk@example.org",))
    mail["Comments"] = FORGED[0]
    with pytest.raises(DeliveryRefused, match="header"):
        on_wire(mail)


@dataclass
class Letters:
    """What a server took, as it came over the wire."""

    taken: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a message."""
        self.taken.append(envelope.content)
        return "250 OK"


def test_a_real_server_gets_no_forged_header() -> None:
    """Over SMTP, the worst of headlines arrive as text alone."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(letters := Letters(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        email = EmailConfig(port=port, security="none", sender="watcher@example.org", to=("desk@example.org",))
        for headline in FORGED:
            assert asyncio.run(Mailer(email, "").send(message(headline))) == ""
    finally:
        controller.stop(no_assert=True)
    assert len(letters.taken) == len(FORGED)
    for raw in letters.taken:
        head = raw.partition(b"\r\n\r\n")[0]
        assert b"\x1b" not in head
        assert [line.partition(b":")[0].decode() for line in head.split(b"\r\n") if line[:1] != b" "] == _OURS


@dataclass
class Answered:
    """A receiver that keeps headers, as it got them."""

    got: list[dict[str, str]] = field(default_factory=list)
    status: int = 200
    retry_after_s: float | None = None

    async def post(self, url: str, body: bytes, headers: Any, timeout_s: float) -> Answered:
        """Take a message."""
        self.got.append(dict(headers))
        return self


@settings(max_examples=100, deadline=None)
@given(TEXTS)
@example(FORGED[0])
def test_push_titles_hold_no_encoded_word_but_ours(headline: str) -> None:
    """A receiver decodes encoded words in every header: what it finds in ours is a line without any of its own."""
    receiver = Answered()
    hook = WebhookConfig(name="desk", url="https://ntfy.example/t", format="ntfy")
    asyncio.run(Webhook(hook, "", receiver, lambda: datetime.now(UTC)).send(message(headline)))
    title = receiver.got[0]["Title"]
    assert title.isascii()
    assert title.isprintable()
    told = "".join(
        part if isinstance(part, str) else part.decode(charset or "ascii") for part, charset in decode_header(title)
    )
    assert "=?" not in told
    assert told.isprintable()


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/a=?utf-8?q?=0D=0AX:_y?=",
        "https://news.example/a?b=?utf-8?q?=0D=0AX:_y?=",
        "https://news.example/a#b=?utf-8?q?=0D=0AX:_y?=",
        "https://news.example/=?utf-8?q?=0D=0AX:_y?=#=?utf-8?q?x?=",
    ],
)
def test_a_link_is_no_encoded_word(url: str) -> None:
    """An address that a push message leads to still leads there, and decodes to itself."""
    receiver = Answered()
    hook = WebhookConfig(name="desk", url="https://ntfy.example/t", format="ntfy")
    told = message("x", sources=[{"url": url, "outlet": "News"}])
    asyncio.run(Webhook(hook, "", receiver, lambda: datetime.now(UTC)).send(told))
    click, asked = receiver.got[0]["Click"], clean_url(url)
    assert "=?" not in click
    assert urlsplit(click).hostname == "news.example"
    assert click.replace("%3D?", "=?").replace("=%3F", "=?") == asked
