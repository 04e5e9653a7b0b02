"""Where alerts arrive: a mail server, and a webhook sink that checks signatures with the reference library."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from standardwebhooks.webhooks import Webhook

SECRET = "whsec_" + base64.b64encode(b"a key that only the tests have").decode()


@dataclass
class Mailbox:
    """Mail as it arrived. `answer` is what the server says to each message."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    answer: str = "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a message, or answer as told."""
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            letter = message_from_bytes(content, policy=policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        return self.answer


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Run a mail server for the length of a block."""
    box = Mailbox(port=free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass(frozen=True)
class Call:
    """One webhook call: headers in lower case, the body as sent, and what it says."""

    headers: dict[str, str]
    body: bytes
    told: Any

    @property
    def key(self) -> str:
        """The message's stable key."""
        return self.headers["webhook-id"]


@dataclass
class Sink:
    """Calls as they arrived. `status` answers them; `before_answer` may do something, and drop the answer by True."""

    url: str = ""
    address: str = ""
    calls: list[Call] = field(default_factory=list)
    status: int = 200
    before_answer: Callable[[Call], bool] | None = None

    def verify(self, call: Call) -> None:
        """Check the signature as a receiver would; raises when it is not ours."""
        Webhook(SECRET).verify(call.body, call.headers)


def _handler(sink: Sink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def log_message(self, *args: Any) -> None:
            """Keep quiet."""

        def do_POST(self) -> None:
            """Keep the call, then answer."""
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            told = json.loads(body) if body.startswith(b"{") else None
            call = Call({n.lower(): v for n, v in self.headers.items()}, body, told)
            sink.calls.append(call)
            if sink.before_answer is not None and sink.before_answer(call):
                self.close_connection = True
                return
            try:
                self.send_response(sink.status)
                self.send_header("Content-Length", "0")
                self.end_headers()
            except OSError:
                self.close_connection = True

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True


@contextmanager
def sink() -> Iterator[Sink]:
    """Run a webhook receiver for the length of a block."""
    here = Sink()
    server = _Server(("127.0.0.1", 0), _handler(here))
    here.address = f"127.0.0.1:{server.server_port}"
    here.url = f"http://{here.address}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
