"""One daemon with its default limits watches every hostile server at once, and one honest feed beside them."""

from __future__ import annotations

import base64
import ipaddress
import json
import signal
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from acceptance.receivers import Sink, free_port, sink
from aiosmtpd.controller import Controller
from click.testing import CliRunner

from hostile import catalogue
from hostile.catalogue import Case, fed, item, paged, rss
from hostile.machine import Watched, settle
from hostile.server import Stage, stage
from hostile.traps import page
from watcher.cli.main import watcher

SECRET = "whsec_" + base64.b64encode(b"planted-secret-of-the-webhook").decode()
PASSWORD = "planted-password-of-the-feed"
PATIENCE_S = 240.0
pytestmark = pytest.mark.timeout(300)
SELECTED = [case.name for case in catalogue.excerpt(1, 2)]
CASES = [
    case.name if case.name in SELECTED else pytest.param(case.name, marks=pytest.mark.slow)
    for case in catalogue.every(1, 2)
]
INVISIBLE = frozenset(range(0xFE00, 0xFE10)) | frozenset(range(0xE0000, 0xE01F0)) | {0x034F, 0x3164, 0x115F, 0x1160}
Recorder = Callable[[str, object], None]
HONEST = (
    "The lighthouse at Cape Sorrow was sold to a retired teacher for 412,000 dollars on Friday.",
    "She told the county clerk that she would open a small museum of foghorns there in the spring.",
)
DIALECTS = ("standard", "slack", "discord", "ntfy")


@dataclass
class Letters:
    """Mail as it came over the wire."""

    raw: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a message."""
        self.raw.append(envelope.content)
        return "250 OK"


@dataclass
class Night:
    """What one run left: the servers, the program, what its channels got, and how long it took to settle."""

    stage: Stage
    program: Watched
    cases: dict[str, Case]
    letters: Letters
    sink: Sink
    took_s: float = 0.0
    ended_s: float = 0.0
    health: dict[str, dict[str, Any]] = field(default_factory=dict)


@contextmanager
def post_office() -> Iterator[tuple[Letters, int]]:
    """Run a mail server."""
    letters, port = Letters(), free_port()
    controller = Controller(letters, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield letters, port
    finally:
        controller.stop()


@pytest.fixture(scope="module")
def night(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """Let the daemon meet the catalogue once: all of it with `--slow`."""
    select = catalogue.every if request.config.getoption("--slow") else catalogue.excerpt
    with stage() as here, sink() as hook, post_office() as (letters, mail_port):
        cases = {case.name: case for case in select(here.port, here.canary)}
        for case in cases.values():
            here.answers[case.name, "/feed"] = case.feed
            for path, answer in case.pages.items():
                here.answers[case.name, path] = answer
        home = f"http://honest.hostile.test:{here.port}"
        here.answers["honest", "/feed"] = fed(rss(item("Lighthouse at Cape Sorrow sold to a teacher", f"{home}/page")))
        here.answers["honest", "/page"] = paged(page("Lighthouse at Cape Sorrow sold to a teacher", *HONEST, tail=()))
        program = _program(tmp_path_factory.mktemp("night"), here, cases, hook, mail_port)
        found = Night(here, program, cases, letters, hook)
        names = dict(json.loads((catalogue.HERE / "names.json").read_text("utf-8")))
        names |= {case.host: [["127.0.0.1"]] for case in cases.values()} | {"honest.hostile.test": [["127.0.0.1"]]}
        (program.folder / "names.json").write_text(json.dumps(names), "utf-8")
        with program.watched(program.folder / "names.json") as process:
            found.took_s = settle(lambda: process.poll() is not None or _is_settled(program, len(cases)), PATIENCE_S)
            assert process.poll() is None, program.log[-3000:]
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            found.ended_s = time.monotonic() - began
        found.health = {one["name"]: one for one in json.loads(_said(program, "feeds", "list", "--json"))["feeds"]}
        yield found


def _program(folder: Path, here: Stage, cases: dict[str, Case], hook: Sink, mail_port: int) -> Watched:
    allow = [f"{case.host}:{here.port}" for case in cases.values()]
    allow += [f"honest.hostile.test:{here.port}", hook.address, f"127.0.0.1:{mail_port}"]
    lines = [
        '[storyline]', 'use = "any"', "[schedule]", 'every = "1h"', 'min = "1s"', "recheck = []", "[fetch]",
        'timeout = "4s"', f"allow_private = {json.dumps(allow)}", "[alerts]", "min_confidence = 0.0",
        "since = 2020-01-01", "[alerts.email]", 'host = "127.0.0.1"', f"port = {mail_port}", 'security = "none"',
        'from = "watcher@example.org"', 'to = ["desk@example.org"]',
    ]  # fmt: skip
    for dialect in DIALECTS:
        lines += ["[[alerts.webhook]]", f'name = "{dialect}"', f'url = "{hook.url}?{dialect}"', f'format = "{dialect}"']
        lines += ['secret_file = "hook-secret"']
    lines += ["[[feed]]", 'name = "honest"', f'url = "http://honest.hostile.test:{here.port}/feed"', 'every = "1s"']
    lines += ['username = "reader"', 'password_file = "feed-password"']
    for case in cases.values():
        lines += ["[[feed]]", f"name = {json.dumps(case.name)}", f'url = "http://{case.host}:{here.port}/feed"']
    for name, secret in (("hook-secret", SECRET), ("feed-password", PASSWORD)):
        (folder / name).touch(mode=0o600)
        (folder / name).write_text(secret, "ascii")
    (folder / "config.toml").write_text("\n".join(lines), "utf-8")
    return Watched(folder)


def _is_settled(program: Watched, count: int) -> bool:
    """Whether every feed was asked, every article tried, every version judged and every alert told."""
    polled = program.ask_state("SELECT count(*) FROM feed WHERE polled_at IS NOT NULL")
    left = program.ask_state(
        "SELECT (SELECT count(*) FROM article WHERE state = 'waiting' AND fails = 0)"
        " + (SELECT count(*) FROM unjudged) + (SELECT count(*) FROM alert WHERE state = 'waiting')"
    )
    return polled == count + 1 and left == 0


def _said(program: Watched, *args: str) -> str:
    """Give what a command prints."""
    done = CliRunner().invoke(watcher, ["--config", str(program.config), *args], catch_exceptions=False)
    return done.stdout


def unseemly(text: str, *, lines: bool = True, unpinged: bool = False) -> str:
    """Give the characters of a text that a terminal would obey or hide; line ends pass where lines are expected."""
    if unpinged:
        text = text.replace("@\u200b", "@")  # put there by us, so that nobody is called
    wrong = {
        c for c in set(text.replace("\r\n", "\n"))
        if (unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or ord(c) in INVISIBLE)
        and not (lines and c == "\n")
    }  # fmt: skip
    return "".join(sorted(wrong)).encode("unicode_escape").decode("ascii")


@pytest.mark.parametrize("name", CASES)
def test_case_ends_as_it_should(night: Night, name: str) -> None:
    """Each server's feed was asked, ended in a state that says what it was, and brought what it honestly had."""
    case, found = night.cases[name], night.health[name]
    assert found["health"] in case.health, found
    assert found["health"] == "ok" or found["problem"], "a trouble without a word"
    if case.entries is not None:
        count = night.program.ask_state(
            f"SELECT count(*) FROM entry JOIN feed ON feed.id = feed_id WHERE feed.name = '{name}'"
        )
        assert count == case.entries


def test_everything_was_seen_through(night: Night, record_property: Recorder) -> None:
    """Within the time every feed was asked, every article tried, every version judged, every alert told; the daemon
    ended when told, and nothing nobody foresaw was logged.
    """
    record_property("seconds to settle, to end", (night.took_s, night.ended_s))
    assert night.took_s < PATIENCE_S
    assert night.ended_s < 10
    assert "Traceback" not in night.program.log


def test_nothing_inside_was_asked(night: Night) -> None:
    """No connection went anywhere but to the servers the config names and to public addresses; the canary is silent."""
    ours = {night.stage.port, int(night.sink.address.rpartition(":")[2])}
    inside = [
        (host, port) for host, port in night.program.dialled
        if not (host == "127.0.0.1" and port in ours)
        and not (ipaddress.ip_address(host).is_global and port in (80, 443) and host.startswith("93.184."))
    ]  # fmt: skip
    assert inside == []
    assert night.stage.heard == []
    assert "CANARY" not in night.program.log


def test_the_honest_feed_was_asked_on_time(night: Night, record_property: Recorder) -> None:
    """Beside all this a feed that is due every second was asked without a long pause, and its report was told."""
    moments = night.stage.moments["honest", "/feed"]
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    record_property(
        "polls, longest pause and median in seconds", (len(moments), max(gaps), sorted(gaps)[len(gaps) // 2])
    )
    assert max(gaps) < 30
    assert sorted(gaps)[len(gaps) // 2] < 5
    assert any(b"Lighthouse at Cape Sorrow sold to a teacher" in raw for raw in night.letters.raw)


def test_limits_hold(night: Night, record_property: Recorder, pytestconfig: pytest.Config) -> None:
    """The daemon stays below 200 MiB and with its workers below 400; no turn of its loop computes for 250 ms.

    On a machine where everything else runs too a turn costs more, so the bound is wider unless tests run `--slow`.
    """
    held = json.loads((night.program.folder / "held").read_text())
    memory = night.program.memory
    record_property("MiB of daemon and tree, longest turn of the loop", (memory.daemon, memory.tree, held))
    assert memory.daemon < 200
    assert memory.tree < 400
    assert held["cpu"] < (0.25 if pytestconfig.getoption("--slow") else 0.5), json.dumps(held["stacks"], indent=1)


def test_nothing_is_obeyed_on_a_terminal(night: Night) -> None:
    """What commands print of hostile texts holds no character that a terminal would obey or hide."""
    told = json.loads(_said(night.program, "flags", "--all", "--json"))["developments"]
    assert len(told) > 10
    for args in (["flags", "--all"], ["feeds", "list"], ["alerts", "list", "--all"], []):
        assert unseemly(_said(night.program, *args)) == "", args
    for one in told:
        assert unseemly(_said(night.program, "show", one["id"])) == "", one["id"]
        assert unseemly(json.dumps(one, ensure_ascii=False)) == "", one["id"]


def test_the_log_is_ours_alone(night: Night) -> None:
    """No line of the log was forged, and none holds a character a terminal would obey."""
    assert unseemly(night.program.log) == ""
    for line in night.program.log.splitlines():
        assert line[:2] == "20", line


def test_mail_is_text_alone(night: Night) -> None:
    """Headers of a mail are those we wrote, its parts hold neither controls nor markup by others."""
    assert night.letters.raw
    for raw in night.letters.raw:
        letter = message_from_bytes(raw, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        assert "Bcc" not in letter
        assert not [name for name in letter if name.lower() in ("x-evil", "webhook-id", "set-cookie")]
        assert unseemly(str(make_header(decode_header(letter["Subject"]))), lines=False) == ""
        for part in letter.walk():
            if part.get_content_maintype() == "text":
                text = part.get_content()
                assert unseemly(text) == "", letter["Subject"]
                assert "<script" not in text.lower() or part.get_content_subtype() == "plain"


def test_webhooks_are_text_alone(night: Night) -> None:
    """What each chat gets holds no control or hidden character, and calls nobody."""
    kinds = {call.headers.get("content-type", "") for call in night.sink.calls}
    assert len(kinds) == 2
    for call in night.sink.calls:
        body = call.body.decode("utf-8")
        told = json.dumps(call.told, ensure_ascii=False) if call.told else body
        assert unseemly(told, unpinged=True) == ""
        assert all(unseemly(value, lines=False) == "" for value in call.headers.values())
        if call.told and "blocks" in call.told:
            assert "<!channel>" not in body
        if call.told and "content" in call.told:
            assert call.told["allowed_mentions"] == {"parse": []}


def test_no_secret_is_told(night: Night) -> None:
    """Planted secrets stand in no log, no output, no message and not in the state."""
    program = night.program
    state = b"".join(path.read_bytes() for path in program.state.iterdir())
    told = [program.log.encode(), state, *night.letters.raw, *(call.body for call in night.sink.calls)]
    told += [_said(program, *args).encode() for args in (["feeds", "list", "--json"], ["flags", "--all", "--json"])]
    basic = base64.b64encode(f"reader:{PASSWORD}".encode())
    for secret in (SECRET.encode(), b"planted-secret", PASSWORD.encode(), basic):
        assert not any(secret in text for text in told)
