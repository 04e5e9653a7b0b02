"""`alerts` as a person runs it: a real outbox, a real mail server and a real receiver of webhooks on loopback."""

from __future__ import annotations

import base64
import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from acceptance.program import Answer
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, Envelope, Session
from crash.warm import ready

from watcher.records import Storyline
from watcher.store import knowledge, outbox
from watcher.store.database import open_state, transaction

NOW = datetime.now(UTC)


def watcher(config: Path, *words: str) -> Answer:
    """Run the program."""
    return ready().answer("--config", str(config), *words, cwd=Path.cwd(), env=dict(os.environ))


class Keeper(Sink):
    """A mail server that keeps what it takes, and refuses an addressee called `nobody`."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take an addressee or not."""
        if address.startswith("nobody"):
            return "550 5.1.1 there is nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a message."""
        assert isinstance(envelope.content, bytes)
        self.kept.append(envelope.content)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[Keeper, int]]:
    """Run a mail server; gives what it keeps and its port."""
    keeper = Keeper()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(keeper, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield keeper, port
    finally:
        controller.stop()


@contextmanager
def receiver(status: int = 204) -> Iterator[tuple[list[tuple[dict[str, str], bytes]], int]]:
    """Run a receiver of webhooks that answers with `status`; gives what arrived and its port."""
    arrived: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            arrived.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield arrived, server.server_port
        server.shutdown()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Give a config without channels."""
    path = tmp_path / "config.toml"
    path.write_text("")
    return path


def fill(config: Path) -> None:
    """Write an outbox with a waiting, a resting, a failed and a sent alert."""
    data = {"headline": "Ada\x1b[31m pays", "lines": ["one", "two"]}
    with closing(open_state(config.parent / "state")) as db:
        row = knowledge.enrol(db, Storyline(name="musk-altman", title="Musk"), NOW)
        with transaction(db, durable=True):
            for _ in range(4):
                outbox.put(
                    db, storyline_id=row, development_id=None, type="health.changed", data=data, channels=("email",),
                    now=NOW - timedelta(minutes=5),
                )  # fmt: skip
            outbox.mark_retry(db, 2, NOW + timedelta(hours=3), "mail server 127.0.0.1:25: 421 busy")
            outbox.mark_failed(db, 3, "mail server says 550 no such user")
            outbox.mark_sent(db, 4, NOW, "refused: b@example.org: 550 gone")


def test_an_empty_outbox_says_so(config: Path) -> None:
    """Before the first alert the list says that there is none, and that no channel is configured."""
    done = watcher(config, "alerts")
    assert done.code == 0
    assert "No alert was written yet." in done.out
    assert "No channel is configured" in done.out
    assert json.loads(watcher(config, "alerts", "list", "--json").out) == {"alerts": []}


def test_list_tells_what_waits_and_what_failed(config: Path) -> None:
    """Waiting and failed alerts are shown with reason, attempts and next try; sent ones only with --all."""
    fill(config)
    shown = watcher(config, "alerts").out
    assert "421 busy" in shown
    assert "next try in 2 h" in shown
    assert "550 no such user" in shown
    assert "2 waiting, 1 failed, 1 sent." in shown
    assert "\x1b" not in shown
    assert "gone" not in shown
    told = json.loads(watcher(config, "alerts", "list", "--all", "--json").out)["alerts"]
    assert [(one["id"], one["state"], one["attempts"]) for one in told] == [
        (4, "sent", 1), (3, "failed", 1), (2, "waiting", 1), (1, "waiting", 0),
    ]  # fmt: skip
    assert told[2]["problem"] == "mail server 127.0.0.1:25: 421 busy"
    assert told[2]["next_try"].endswith("Z")
    assert told[1]["next_try"] is None


def test_retry_makes_failed_alerts_due(config: Path) -> None:
    """A failed alert named by its number, or all that failed or rest, are due at once and keep their key."""
    fill(config)
    before = {one["id"]: one for one in json.loads(watcher(config, "alerts", "list", "--json").out)["alerts"]}
    assert watcher(config, "alerts", "retry", "3").out.splitlines() == [
        "1 alert is due now.", "2 more wait and will be sent without a retry.",
    ]  # fmt: skip
    after = {one["id"]: one for one in json.loads(watcher(config, "alerts", "list", "--json").out)["alerts"]}
    assert (after[3]["state"], after[3]["key"]) == ("waiting", before[3]["key"])
    assert after[2] == before[2]
    assert watcher(config, "alerts", "retry", "--all").out.startswith("1 alert is due now.\n")


@pytest.mark.parametrize(("words", "code"), [([], 2), (["--all", "3"], 2), (["4"], 1), (["99"], 1)])
def test_retry_of_nothing_is_an_error(config: Path, words: list[str], code: int) -> None:
    """Naming nothing, or both ways at once, is a usage error; an alert that was sent or never was is not found."""
    fill(config)
    assert watcher(config, "alerts", "retry", *words).code == code


def test_test_sends_through_every_channel(config: Path) -> None:
    """A test message goes out through mail and webhook at once, signed, and nothing of it is kept in a state."""
    (config.parent / "key").write_text("whsec_" + base64.b64encode(b"k" * 24).decode())
    (config.parent / "key").chmod(0o600)
    with mail_server() as (keeper, mail_port), receiver() as (arrived, hook_port):
        config.write_text(
            f'[fetch]\nallow_private = ["127.0.0.1:{hook_port}"]\n'
            f'[alerts.email]\nport = {mail_port}\nsecurity = "none"\n'
            'from = "w@example.org"\nto = ["desk@example.org"]\n'
            f'[[alerts.webhook]]\nname = "desk"\nurl = "http://127.0.0.1:{hook_port}/x"\nsecret_file = "key"\n'
        )
        done = watcher(config, "alerts", "test")
    assert done.code == 0, done.out + done.err
    assert done.out.splitlines() == ["accepted  email", "accepted  webhook:desk"]
    assert message_from_bytes(keeper.kept[0])["Subject"] == "Test message"
    headers, body = arrived[0]
    assert headers["webhook-signature"].startswith("v1,")
    assert json.loads(body)["type"] == "test"
    assert not (config.parent / "state").exists()


def test_test_tells_what_a_channel_said(config: Path) -> None:
    """A refusal is shown in the server's words, for the channel asked for alone, and gives exit code 1."""
    with mail_server() as (keeper, mail_port), receiver(status=403) as (arrived, hook_port):
        config.write_text(
            f'[fetch]\nallow_private = ["127.0.0.1:{hook_port}"]\n'
            f'[alerts.email]\nport = {mail_port}\nsecurity = "none"\n'
            'from = "w@example.org"\nto = ["nobody@example.org"]\n'
            f'[[alerts.webhook]]\nname = "desk"\nurl = "http://127.0.0.1:{hook_port}/x"\n'
        )
        both = watcher(config, "alerts", "test")
        one = watcher(config, "alerts", "test", "--channel", "desk")
        none = watcher(config, "alerts", "test", "--channel", "pager")
    assert (both.code, one.code, none.code) == (1, 1, 1)
    assert "550 5.1.1 there is nobody of that name" in both.out
    assert one.out == "refused   webhook:desk  webhook desk: HTTP 403\n"
    assert "configured: email, webhook:desk" in none.err
    assert len(arrived) == 2
    assert keeper.kept == []


def test_test_without_channels_says_that_all_are_off(config: Path) -> None:
    """With nothing configured there is nothing to test: it says so and exits with 1."""
    done = watcher(config, "alerts", "test")
    assert done.code == 1
    assert "No channel is configured" in done.out
