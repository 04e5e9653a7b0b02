"""Alert mail reaches a real server, holds together as a thread, and carries no foreign header or markup."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from watcher.config import EmailConfig
from watcher.edges.alert_text import Message
from watcher.edges.mail import Mailer, compose
from watcher.errors import DeliveryError, DeliveryRefused

NASTY = "Evil\r\nBcc: thief@evil.example\r\n\r\n<script>alert(1)</script> \x1b[2J\u202e"
DATA: dict[str, Any] = {
    "id": "D12",
    "verdict": "new",
    "confidence": 0.83,
    "headline": "Gericht verschiebt Prozess – " + NASTY,
    "published": "2026-01-31T12:00:00Z",
    "sources": [
        {"url": 'https://news.example/a?b=1&c="><script>', "outlet": "<b>News</b>", "lang": "de", "origin": "own"},
        {"url": "javascript:alert(1)", "outlet": "Wire", "lang": "en", "origin": "copy"},
    ],
    "statements": [
        {
            "text": "The trial begins in May. " + NASTY,
            "verdict": "changed",
            "was": "März",
            "now": "Mai",
            "reason": "<date>",
        },
        {"text": "The two founded a firm.", "verdict": "known"},
    ],
}


def message(**changes: Any) -> Message:
    """Make an alert."""
    usual = Message(
        key="a" * 32,
        thread="a" * 32,
        type="development.opened",
        created=datetime(2026, 1, 31, 12, 5, tzinfo=UTC),
        data=DATA,
    )
    return replace(usual, **changes)


@dataclass
class Letters:
    """What a server took, and how it answers to each addressee or to a whole message."""

    taken: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    to_data: str = "250 OK"
    to_sender: str = "250 OK"

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        """Judge the sender."""
        envelope.mail_from = address
        return self.to_sender

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        """Judge an addressee."""
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Judge a message."""
        assert isinstance(envelope.content, bytes)
        if self.to_data.startswith("250"):
            found = message_from_bytes(envelope.content, policy=policy.default)
            self.taken.append((list(envelope.rcpt_tos), found))
        return self.to_data


def free_port() -> int:
    """Find a port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def server(letters: Letters, **options: Any) -> Iterator[EmailConfig]:
    """Run a mail server on loopback; give the config that reaches it."""
    controller = Controller(letters, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield EmailConfig(
            host="127.0.0.1",
            port=controller.port,
            security="none",
            sender="watcher@example.org",
            to=("desk@example.org", "night@example.org"),
        )
    finally:
        controller.stop(no_assert=True)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, signed by itself."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl program to make a certificate")
    folder = tmp_path_factory.mktemp("certificate")
    key, cert = folder / "key.pem", folder / "cert.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*make.split(), *names], check=True, capture_output=True, timeout=30)
    return cert, key


def serving(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    """Make the server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def trusting(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    """Make the client's side, trusting that one certificate."""
    return ssl.create_default_context(cafile=str(certificate[0]))


def test_mail_says_what_is_new() -> None:
    """Text and HTML carry the fresh sentences, the sources and the way to review."""
    mail = compose(message(), sender="watcher@example.org", to=("desk@example.org",))
    text, page = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert "D12, new, confidence 83%, published 2026-01-31 12:00 UTC" in text
    assert "~ März -> Mai: The trial begins in May." in text
    assert "2 outlets, 1 independent" in text
    assert "Review: watcher show D12" in text
    assert "<s>März</s> &rarr; <b>Mai</b>" in page
    for part in (text, page):
        assert "The two founded a firm." not in part


def test_foreign_text_is_text_only() -> None:
    """No header, no markup, no control character and no odd link comes from an article."""
    mail = compose(message(), sender="watcher@example.org", to=("desk@example.org",))
    raw = mail.as_bytes()
    found = message_from_bytes(raw, policy=policy.default)
    assert found["Bcc"] is None
    assert found["Subject"].startswith("Gericht verschiebt Prozess – Evil Bcc: thief@evil.example <script>")
    assert b"\x1b" not in raw
    page = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<script" not in page
    assert "<b>News" not in page
    assert "javascript:" not in page
    assert page.count("<a href=") == 1


def test_headers_let_machines_be(certificate: tuple[Path, Path]) -> None:
    """A repeat has the same Message-ID, an update answers the first mail, and no absence note comes back."""
    with server(letters := Letters()) as email:
        mailer = Mailer(email, "")
        update = message(key="b" * 32, type="development.updated")
        for one in (message(), message(), update):
            asyncio.run(mailer.send(one))
    first, repeat, second = (mail for _, mail in letters.taken)
    assert first["Message-ID"] == repeat["Message-ID"] == f"<{'a' * 32}@example.org>"
    assert first["In-Reply-To"] is None
    assert second["Message-ID"] == f"<{'b' * 32}@example.org>"
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert second["Subject"] == f"Re: {first['Subject']}"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Date"].datetime == message().created
    assert str(first["From"]) == "watcher <watcher@example.org>"
    assert str(first["To"]) == "desk@example.org, night@example.org"
    assert first["List-Id"] == "watcher alerts <alerts.watcher.example.org>"


def test_long_domains_are_not_folded() -> None:
    """A Message-ID stays one word on the wire, however long the domain is."""
    domain = ".".join(["a" * 40] * 4) + ".example"
    with server(letters := Letters()) as email:
        mailer = Mailer(replace(email, sender=f"watcher@{domain}"), "")
        asyncio.run(mailer.send(message(thread="c" * 32)))
    found = letters.taken[0][1]
    assert found["Message-ID"] == f"<{'a' * 32}@{domain}>"
    assert found["References"] == f"<{'c' * 32}@{domain}>"


def test_digest_tells_every_development() -> None:
    """One mail, each development in it, the subject naming them."""
    other = {**DATA, "id": "D13", "headline": "Second"}
    digest = message(type="digest", data={"developments": [DATA, other]})
    mail = compose(digest, sender="watcher@example.org", to=("desk@example.org",))
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert mail["Subject"].startswith("2 developments: Gericht")
    assert "watcher show D12" in text
    assert "watcher show D13" in text
    many = message(type="digest", data={"developments": [DATA, other], "more": 40})
    mail = compose(many, sender="watcher@example.org", to=("desk@example.org",))
    assert mail["Subject"].startswith("42 developments: Gericht")
    assert "... and 40 developments more" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_starttls_checks_the_certificate(certificate: tuple[Path, Path]) -> None:
    """A trusted certificate is used; one nobody vouches for ends the attempt before anything is said."""
    with server(letters := Letters(), tls_context=serving(certificate), require_starttls=True) as plain:
        email = replace(plain, security="starttls")
        asyncio.run(Mailer(email, "", tls=trusting(certificate)).send(message()))
        with pytest.raises(DeliveryError, match="certificate") as caught:
            asyncio.run(Mailer(email, "").send(message()))
    assert not isinstance(caught.value, DeliveryRefused)
    assert len(letters.taken) == 1


def test_tls_from_the_start(certificate: tuple[Path, Path]) -> None:
    """With `tls` the first byte is encrypted."""
    with server(letters := Letters(), ssl_context=serving(certificate)) as email:
        asyncio.run(Mailer(replace(email, security="tls"), "", tls=trusting(certificate)).send(message()))
    assert len(letters.taken) == 1


def test_missing_starttls_is_no_reason_to_speak_plainly() -> None:
    """A server that cannot encrypt gets nothing."""
    with server(letters := Letters()) as email, pytest.raises(DeliveryError, match="STARTTLS"):
        asyncio.run(Mailer(replace(email, security="starttls"), "").send(message()))
    assert not letters.taken


def test_login(certificate: tuple[Path, Path]) -> None:
    """The right password opens, a wrong one is a problem that may be put right, and is not repeated."""

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and data.login == b"me" and data.password in (b"right", "täl".encode())
        return AuthResult(success=known, handled=False)

    tls = trusting(certificate)
    with server(
        letters := Letters(), authenticator=check, auth_required=True, tls_context=serving(certificate)
    ) as plain:
        email = replace(plain, username="me", security="starttls")
        for password in ("right", "täl"):
            asyncio.run(Mailer(email, password, tls=tls).send(message()))
        for password in ("wrong", "wröng"):
            with pytest.raises(DeliveryError) as caught:
                asyncio.run(Mailer(email, password, tls=tls).send(message()))
            assert type(caught.value) is DeliveryError
            assert password not in str(caught.value)
    assert len(letters.taken) == 2


def test_one_addressee_refused_for_good() -> None:
    """The others have the mail; the note says who has not."""
    with server(letters := Letters(answers={"night@example.org": "550 no such user"})) as email:
        note = asyncio.run(Mailer(email, "").send(message()))
    assert note == "refused: night@example.org: 550 no such user"
    assert [to for to, _ in letters.taken] == [["desk@example.org"]]


def test_one_addressee_put_off() -> None:
    """Only who was put off gets the mail in the next attempt."""
    with server(letters := Letters(answers={"night@example.org": "451 try later"})) as email:
        mailer = Mailer(email, "")
        with pytest.raises(DeliveryError, match=r"night@example\.org: 451 try later"):
            asyncio.run(mailer.send(message()))
        letters.answers.clear()
        assert asyncio.run(mailer.send(message())) == ""
    assert [to for to, _ in letters.taken] == [["desk@example.org"], ["night@example.org"]]
    assert letters.taken[0][1]["Message-ID"] == letters.taken[1][1]["Message-ID"]


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"answers": {"desk@example.org": "550 no", "night@example.org": "550 no"}}, DeliveryRefused),
        ({"answers": {"desk@example.org": "450 later", "night@example.org": "450 later"}}, DeliveryError),
        ({"to_data": "554 looks like spam"}, DeliveryRefused),
        ({"to_data": "452 disk full"}, DeliveryError),
        ({"to_sender": "553 not allowed"}, DeliveryRefused),
        ({"to_sender": "421 busy"}, DeliveryError),
        ({"to_sender": "530 log in first"}, DeliveryError),
    ],
)
def test_codes_tell_for_good_from_for_now(answers: dict[str, Any], kind: type[DeliveryError]) -> None:
    """5xx is for good, 4xx and everything a person can put right is for now."""
    with server(Letters(**answers)) as email, pytest.raises(DeliveryError) as caught:
        asyncio.run(Mailer(email, "").send(message()))
    assert type(caught.value) is kind


def test_dead_and_silent_servers_are_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server, one that hangs up, and one that drips bytes without end are all problems for now."""
    email = EmailConfig(port=free_port(), security="none", sender="a@example.org", to=("b@example.org",))
    with pytest.raises(DeliveryError, match="refused"):
        asyncio.run(Mailer(email, "").send(message()))
    monkeypatch.setattr("watcher.edges.mail._WHOLE_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        stop = threading.Event()

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                while not stop.wait(0.05):
                    try:
                        connection.sendall(b"2")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(DeliveryError):
            asyncio.run(Mailer(replace(email, port=port), "").send(message()))
        stop.set()
        thread.join()
