"""What surrounds a daemon that is killed: an origin that keeps publishing, and a mail server and a webhook receiver
that note everything they take and lose some of their acknowledgements.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from acceptance.receivers import free_port
from aiosmtpd.controller import Controller

_PLACES = ("Aldmoor", "Bexhill", "Corran", "Dunmere", "Elswick", "Farnley", "Greystoke", "Hollin", "Ivelet", "Jarrow")
_THINGS = ("bridge", "harbour", "theatre", "quarry", "orchard", "tramway", "library", "foundry", "chapel", "reservoir")


# What happened: a headline and two sentences, told with a place, a thing, and a number.
_KINDS = (
    ("{place} {thing} number {n} sold for {n} million euros",
     "The council of {place} sold its {thing} on lot {n} for {n} million euros.",
     "Alderman Q{n} Vane said that {m} people had worked at the {thing} there."),
    ("Fire destroys {m} looms in {place}",
     "A fire destroyed {m} looms of a weaving mill in {place} during the night.",
     "Nobody was hurt, fire chief Rana K{n} Osei told reporters beside the ruined {thing}."),
    ("Appeal judges free smuggler of {n} rare parrots",
     "Appeal judges in {place} set a smuggler free who had hidden {n} rare parrots in a lorry.",
     "The prosecutor, Ida T{n} Brandt, wants to ask a higher court."),
    ("Ferry with {m} passengers runs aground off {place}",
     "A ferry carrying {m} passengers ran aground on a sandbank off {place} in thick fog.",
     "Coastguard captain Olek W{n} Dudek blamed a broken radar for it."),
)  # fmt: skip


@dataclass(frozen=True)
class Story:
    """One story of the origin; every number makes another one."""

    number: int
    published: datetime

    @property
    def title(self) -> str:
        """Its headline."""
        return self._told[0]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What its page says."""
        return self._told[1:]

    @property
    def _told(self) -> tuple[str, ...]:
        n = self.number
        place, thing = _PLACES[n % 10], _THINGS[n // 10 % 10]
        return tuple(text.format(place=place, thing=thing, n=n + 11, m=n * 3 + 7) for text in _KINDS[n % len(_KINDS)])


@dataclass
class Taken:
    """What a receiver took, by key, and whether its acknowledgements arrive: `loses` is the share that do not."""

    keys: list[str] = field(default_factory=list)
    loses: float = 0.0
    busy: float = 0.0
    subjects: dict[str, set[str]] = field(default_factory=dict)
    dice: random.Random = field(default_factory=lambda: random.Random(7))

    def take(self, key: str, subject: str) -> None:
        """Note a message."""
        self.keys.append(key)
        self.subjects.setdefault(key, set()).add(subject)


@dataclass
class World:
    """The running servers."""

    port: int = 0
    mail_port: int = 0
    stories: list[Story] = field(default_factory=list)
    served: set[int] = field(default_factory=set)
    polls: list[float] = field(default_factory=list)
    mail: Taken = field(default_factory=Taken)
    hook: Taken = field(default_factory=Taken)
    mail_is_down: bool = False
    holds: int = 10_000  # as many stories stand in the feed
    title: str = "Wire"

    @property
    def host(self) -> str:
        """Where origin and webhook are."""
        return f"127.0.0.1:{self.port}"

    @property
    def taken(self) -> int:
        """How many messages were taken, repeats included."""
        return len(self.mail.keys) + len(self.hook.keys)

    def publish(self, count: int) -> None:
        """Put more stories into the feed."""
        now = datetime.now(UTC).replace(microsecond=0)
        self.stories += [Story(len(self.stories) + n, now + timedelta(seconds=1)) for n in range(count)]

    def feed(self) -> bytes:
        """Write the feed of the latest stories."""
        items = "".join(
            f"<item><title>{one.title}</title><link>http://{self.host}/story/{one.number}</link>"
            f"<pubDate>{format_datetime(one.published)}</pubDate></item>"
            for one in self.stories[-self.holds :]
        )
        return f"<rss version='2.0'><channel><title>{self.title}</title>{items}</channel></rss>".encode()

    def page(self, number: int) -> bytes:
        """Write the page of a story."""
        one = self.stories[number]
        text = "".join(f"<p>{paragraph}</p>" for paragraph in one.paragraphs)
        return f"<!doctype html><html lang=en><title>{one.title}</title><article>{text}</article></html>".encode()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a mail; sometimes lose the answer, sometimes ask to come again."""
        if self.mail_is_down or self.mail.dice.random() < self.mail.busy:
            return "451 later"
        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.mail.take(letter["Message-ID"].strip("<>").partition("@")[0], letter["Subject"])
        if self.mail.dice.random() < self.mail.loses:
            server.transport.abort()
        return "250 taken"


def _handler(world: World) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def log_message(self, *args: Any) -> None:
            """Keep quiet."""

        def do_GET(self) -> None:
            """Serve the feed or a story."""
            if self.path == "/feed":
                count, body = len(world.stories), world.feed()
                world.polls.append(time.monotonic())
                if self._answer(200, body, "application/rss+xml"):
                    world.served |= set(range(count))
            else:
                self._answer(200, world.page(int(self.path.rpartition("/")[2])), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            """Take an alert; sometimes lose the answer, sometimes ask to come again."""
            self.rfile.read(int(self.headers["Content-Length"]))
            if world.hook.dice.random() < world.hook.busy:
                self._answer(503, b"", "text/plain")
                return
            world.hook.take(self.headers["webhook-id"], "")
            if world.hook.dice.random() < world.hook.loses:
                with suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            self._answer(200, b"", "text/plain")

        def _answer(self, status: int, body: bytes, kind: str) -> bool:
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True
                return False
            return True

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet: who asked was killed."""


@contextmanager
def world() -> Iterator[World]:
    """Run everything for the length of a block."""
    here = World(mail_port=free_port())
    server = _Server(("127.0.0.1", 0), _handler(here))
    here.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    post = Controller(here, hostname="127.0.0.1", port=here.mail_port)
    post.start()
    try:
        yield here
    finally:
        post.stop()
        server.shutdown()
        server.server_close()
        thread.join()
