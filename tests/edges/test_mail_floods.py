"""A mail server that talks without end takes no memory and little time."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from watcher.config import EmailConfig
from watcher.edges.alert_text import Message
from watcher.edges.mail import Mailer
from watcher.errors import DeliveryError, DeliveryRefused

MESSAGE = Message(
    key="a" * 32, thread="a" * 32, type="test", created=datetime(2026, 1, 31, 12, tzinfo=UTC), data={"headline": "x"}
)  # fmt: skip


def flood(connection: socket.socket, line: bytes) -> None:
    """Say a line again and again until nobody listens."""
    try:
        while True:
            connection.sendall(line * 500)
    except OSError:
        return


def flood_the_greeting(connection: socket.socket) -> None:
    """Greet without end."""
    flood(connection, b"220-welcome to this house\r\n")


def flood_the_features(connection: socket.socket) -> None:
    """Greet well, then name features without end."""
    connection.sendall(b"220 hello\r\n")
    connection.recv(1000)
    flood(connection, b"250-FEATURE of many words\r\n")


def flood_a_line(connection: socket.socket) -> None:
    """Never end the line."""
    flood(connection, b"2" * 100)


@contextmanager
def server(talk: Callable[[socket.socket], None]) -> Iterator[EmailConfig]:
    """Run a mail server that talks in its own way; give the config that reaches it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                talk(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        port = listener.getsockname()[1]
        yield EmailConfig(host="127.0.0.1", port=port, security="none", sender="a@example.org", to=("b@example.org",))
        thread.join(10)
        assert not thread.is_alive()


@pytest.mark.parametrize("talk", [flood_the_greeting, flood_the_features, flood_a_line])
def test_a_reply_without_end_is_left(talk: Callable[[socket.socket], None]) -> None:
    """However a server floods, the attempt ends within a second with less than a mebibyte, and is worth another."""
    with server(talk) as email:
        mailer, began = Mailer(email, "", tls=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)), time.monotonic()
        tracemalloc.start()
        try:
            with pytest.raises(DeliveryError) as caught:
                asyncio.run(mailer.send(MESSAGE))
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert not isinstance(caught.value, DeliveryRefused)
    assert time.monotonic() - began < 2
    assert most < 2**20
