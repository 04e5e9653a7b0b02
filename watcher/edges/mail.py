"""Alerts as mail: composed with the standard library, sent over SMTP in a thread.

What was written by others is text in a mail and never markup or a header of its own: headers take one cleaned line
that nobody decodes, the HTML part escapes everything, and only http(s) addresses become links.
"""

from __future__ import annotations

import asyncio
import base64
import re
import smtplib
import socket
import ssl
from collections.abc import Iterable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from io import BufferedReader

from watcher.config import EmailConfig
from watcher.edges.alert_text import Message, Told, counted, lines, more_lines, more_of, tell
from watcher.edges.clean import clean_text, header_text
from watcher.errors import DeliveryError, DeliveryRefused

_ANSWER_S = 30.0
_WHOLE_S = 120.0
_ALL = "watcher flags"
_SUBJECT = 160
# Folding a Message-ID at 78 columns would write it as an encoded word; the protocol allows 998.
_WIRE = SMTP.clone(max_line_length=500)
_LOGIN_WANTED = frozenset({530, 534, 535, 538})
# A reply is a line or some dozens of them (EHLO); a server may send them without end.
_REPLY_BYTES = 65_536
_FOLD = re.compile(rb"\r\n(?=[ \t])")
_CONTROL = re.compile(r"[^\x20-\x7e\xa0-\U0010ffff]|[\u2028\u2029]")


class Mailer:
    """The mail channel. `tls` replaces the usual certificate store."""

    def __init__(self, email: EmailConfig, password: str, *, tls: ssl.SSLContext | None = None) -> None:
        self._email = email
        self._password = password
        self._tls = tls or ssl.create_default_context()
        # Who already took a message that others asked to bring again. Lost in a crash, it costs a repeat, never a loss.
        self._taken: dict[str, set[str]] = {}

    async def send(self, message: Message) -> str:
        """Hand a message to the server for everyone who has not taken it yet.

        Returns a note on addressees that will never take it, or ''. Raises `DeliveryError` when it is worth another
        try, `DeliveryRefused` when it is not.
        """
        taken = self._taken.get(message.key, set())
        wanted = tuple(address for address in self._email.to if address not in taken)
        body = on_wire(compose(message, sender=self._email.sender, to=self._email.to))
        refused = await self._deliver(body, wanted)
        return self._settle(message.key, taken.union(wanted) - refused.keys(), refused)

    def _settle(self, key: str, taken: set[str], refused: dict[str, tuple[int, str]]) -> str:
        """Decide what partial refusals mean for the whole message."""
        told = "; ".join(f"{address}: {code} {text}" for address, (code, text) in refused.items())
        if any(code < 500 for code, _ in refused.values()):
            self._taken[key] = taken
            raise DeliveryError(f"mail server asks to try again: {told}")
        self._taken.pop(key, None)
        if refused and not taken:
            raise DeliveryRefused(f"mail server refuses every addressee: {told}")
        return f"refused: {told}" if refused else ""

    async def _deliver(self, body: bytes, to: tuple[str, ...]) -> dict[str, tuple[int, str]]:
        """Speak SMTP in a thread, bounded as a whole. Returns who was refused with code and reason."""
        smtp = self._client()
        work = asyncio.get_running_loop().run_in_executor(None, self._speak, smtp, body, to)
        done, _ = await asyncio.wait([work], timeout=_WHOLE_S)
        if not done:
            _cut(smtp)
        try:
            return await work
        except smtplib.SMTPRecipientsRefused as error:
            return _refusals(error.recipients)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise _told(error.smtp_code, _words(error.smtp_error)) from error
        except smtplib.SMTPResponseException as error:
            raise DeliveryError(self._problem(f"{error.smtp_code} {_words(error.smtp_error)}")) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise DeliveryError(self._problem(_words(str(error)) or type(error).__name__)) from error

    def _client(self) -> smtplib.SMTP:
        name = socket.gethostname()
        ours = name if name.isascii() and name else "localhost"
        if self._email.security == "tls":
            return _BriefTls(local_hostname=ours, timeout=_ANSWER_S, context=self._tls)
        return _Brief(local_hostname=ours, timeout=_ANSWER_S)

    def _speak(self, smtp: smtplib.SMTP, body: bytes, to: tuple[str, ...]) -> dict[str, tuple[int, str]]:
        email = self._email
        # Certificates are checked against this name; `connect` alone does not set it.
        smtp._host = email.host  # type: ignore[attr-defined]  # noqa: SLF001
        try:
            code, answer = smtp.connect(email.host, email.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, answer)
            if email.security == "starttls":
                smtp.starttls(context=self._tls)
            if email.username:
                _log_in(smtp, email.username, self._password)
            refused = smtp.sendmail(email.sender, list(to), body)
            _part(smtp)
        finally:
            smtp.close()
        return _refusals(refused)

    def _problem(self, what: str) -> str:
        return f"mail server {self._email.host}:{self._email.port}: {what}"


def compose(message: Message, *, sender: str, to: tuple[str, ...]) -> EmailMessage:
    """Write the mail of an alert: text and HTML, its key as Message-ID, all mails of a development in one thread."""
    domain = sender.rpartition("@")[2]
    developments = message.data.get("developments")
    told = [tell(data) for data in developments] if isinstance(developments, list) else [tell(message.data)]
    if more := more_of(message.data):
        told.append(Told(id="", headline=f"... and {counted(more, 'development')} more", standing="", review=_ALL))
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name="watcher", addr_spec=sender)
    mail["To"] = [Address(addr_spec=address) for address in to]
    mail["Subject"] = _subject(message, told)
    mail["Date"] = message.created
    mail["Message-ID"] = f"<{message.key}@{domain}>"
    if message.thread != message.key:
        mail["In-Reply-To"] = mail["References"] = f"<{message.thread}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["List-Id"] = f"watcher alerts <alerts.watcher.{domain}>"
    text = "\n\n\n".join("\n".join(lines(item)) for item in told)
    mail.set_content(text + "\n", cte="quoted-printable")
    mail.add_alternative(_page(told), subtype="html", cte="quoted-printable")
    return mail


def on_wire(mail: EmailMessage) -> bytes:
    """Write a mail as it is sent. Raises `DeliveryRefused` when a header carries more than itself.

    The mail package decodes, folds and encodes what it is given; this looks at what came of it.
    """
    body = mail.as_bytes(policy=_WIRE)
    head = _FOLD.sub(b"", body.partition(b"\r\n\r\n")[0]).decode("latin-1")
    names = [line.partition(":")[0] for line in head.split("\r\n")]
    odd = [name for name, value in mail.items() if _CONTROL.search(str(value))]
    if odd or names != mail.keys() or _CONTROL.search(head.replace("\r\n", "")):
        raise DeliveryRefused(
            f"a header of this mail would hold another: {', '.join(odd) or 'found when it was written'}"
        )
    return body


def _subject(message: Message, told: list[Told]) -> str:
    if message.type == "digest":
        headlines = "; ".join(item.headline for item in told)
        return header_text(f"{tell(message.data).headline}: {headlines}", _SUBJECT)
    # Readers that group by subject see through "Re:" alone.
    return header_text(f"{'Re: ' * (message.thread != message.key)}{told[0].headline if told else ''}", _SUBJECT)


def _page(told: list[Told]) -> str:
    articles = "<hr>".join("".join(_html(item)) for item in told)
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"></head>'
        f'<body style="font-family:sans-serif;max-width:42em">{articles}</body></html>\n'
    )


def _html(told: Told) -> Iterable[str]:
    yield f"<h2>{escape(told.headline)}</h2>"
    yield f"<p>{escape(told.standing)}</p>" if told.standing else ""
    yield "<ul>"
    for fact in told.facts:
        change = f"<s>{escape(fact.was)}</s> &rarr; <b>{escape(fact.now)}</b>: " if fact.was or fact.now else ""
        reason = f"<br><small>why: {escape(fact.reason)}</small>" if fact.reason else ""
        yield f"<li><b>{escape(fact.mark)}</b> {change}{escape(fact.text)}{reason}</li>"
    yield "".join(f"<li>{escape(line)}</li>" for line in more_lines(told.more_facts, told.noun))
    yield "</ul>"
    if told.edits:
        yield f"<p>{'<br>'.join(escape(line.strip()) for line in told.edits)}</p>"
    if told.sources:
        yield f"<p>{escape(told.outlets)}</p><ul>"
        for source in told.sources:
            name = escape(source.outlet)
            link = f'<a href="{escape(source.url)}" rel="noreferrer">{name}</a>' if source.url else name
            yield f"<li>{link}{escape(source.note)}</li>"
        yield "".join(f"<li>{escape(line)}</li>" for line in more_lines(told.more_sources, "article"))
        yield "</ul>"
    yield f"<p>Review: <code>{escape(told.review)}</code></p>" if told.review else ""


class _Replies:
    """What a server says, read by the line; a reply without end is an `OSError`, as a broken connection is."""

    def __init__(self, file: BufferedReader) -> None:
        self._file = file
        self.left = _REPLY_BYTES

    def readline(self, limit: int) -> bytes:
        """Read a line of at most `limit` bytes."""
        line = self._file.readline(limit)
        self.left -= len(line)
        if self.left < 0:
            raise OSError("its reply has no end")
        return line

    def close(self) -> None:
        """Close what is read from."""
        self._file.close()


class _Brief(smtplib.SMTP):
    """A client that listens to no reply without end."""

    def getreply(self) -> tuple[int, bytes]:
        """Read one reply. Raises `SMTPServerDisconnected` when it is too long, too."""
        if self.file is None:
            assert self.sock is not None, "there is a connection before there is a reply"
            self.file = _Replies(self.sock.makefile("rb"))
        self.file.left = _REPLY_BYTES
        return super().getreply()


class _BriefTls(_Brief, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


def _told(code: int, text: str) -> DeliveryError:
    """A wrong password can be put right, a message the server dislikes cannot."""
    what = f"mail server says {code} {text}"
    return DeliveryRefused(what) if code >= 500 and code not in _LOGIN_WANTED else DeliveryError(what)


def _refusals(refused: dict[str, tuple[int, bytes]]) -> dict[str, tuple[int, str]]:
    return {address: (code, _words(text)) for address, (code, text) in refused.items()}


def _words(text: bytes | str) -> str:
    return clean_text(text if isinstance(text, str) else text.decode("utf-8", "replace"), 300)


def _log_in(smtp: smtplib.SMTP, username: str, password: str) -> None:
    if (username + password).isascii():
        smtp.login(username, password)
        return
    # `login` knows ASCII alone; PLAIN is defined for UTF-8.
    smtp.ehlo_or_helo_if_needed()
    code, answer = smtp.docmd("AUTH", "PLAIN " + base64.b64encode(f"\0{username}\0{password}".encode()).decode())
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _part(smtp: smtplib.SMTP) -> None:
    """Say goodbye; the message is taken whatever the answer is."""
    try:
        smtp.quit()
    except (smtplib.SMTPException, OSError):
        smtp.close()


def _cut(smtp: smtplib.SMTP) -> None:
    """End a conversation that takes too long, so that its thread ends too."""
    if smtp.sock is not None:
        try:
            smtp.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            smtp.close()
