"""Alerts as they arrive: once, signed, under one key, at the right time, and never silently lost."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from crash.warm import Quick

from acceptance import press, shapes
from acceptance.origin import RSS, Origin
from acceptance.program import Program, until, write_config
from acceptance.receivers import SECRET, Mailbox, Sink

HOUR = timedelta(hours=1)
OLD = press.SEIZED.at(datetime.now(UTC) - 3 * HOUR)


def channels(box: Mailbox, sink: Sink, *, alerts: str = "", formats: tuple[str, ...] = ("standard",)) -> str:
    """Write `[alerts]` with a mailbox and a signed webhook for each format."""
    told = [
        "[alerts]", "min_confidence = 0.0", alerts,
        "[alerts.email]", 'host = "127.0.0.1"', f"port = {box.port}", 'security = "none"',
        'from = "watcher@news.example"', 'to = ["desk@news.example"]',
    ]  # fmt: skip
    for form in formats:
        told += ["[[alerts.webhook]]", f'name = "{form}"', f'url = "{sink.url}"', f'format = "{form}"']
        told += ['secret_file = "secret"'] if form == "standard" else []
    return "\n".join(told)


def publish(site: Origin, name: str, *reports: press.Report) -> str:
    """Let a feed bring these reports, each with its page. Returns the feed's address."""
    for report in reports:
        site.put(report.path, press.page(report))
    return site.put(f"/{name}", press.rss(reports, f"http://{site.address}"), RSS)


def make(folder: Path, site: Origin, feed: str, sink: Sink, tail: str) -> Program:
    """Make a program that watches one feed and alerts as `tail` says."""
    program = write_config(folder, feeds={"wire": feed}, allow=[site.address, sink.address], tail=tail)
    secret = folder / "secret"
    secret.touch(mode=0o600)
    secret.write_text(SECRET + "\n", encoding="ascii")
    return Quick(program.folder)


@pytest.fixture(scope="module")
def alerted(site: Origin, mailbox: Mailbox, sink: Sink, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Walk over an old report, then over one published since, then once more."""
    feed = publish(site, "alerted", OLD)
    program = make(tmp_path_factory.mktemp("alerts"), site, feed, sink, channels(mailbox, sink))
    first = program.walk()
    before = (list(mailbox.letters), list(sink.calls))
    # Feeds tell whole seconds: what is published in the one in which the state began would be older than the state.
    time.sleep(1)
    told = press.VERDICT.at(datetime.now(UTC))
    publish(site, "alerted", told, OLD)
    second, third = program.walk(), program.walk()
    return {
        "program": program, "counts": (first, second, third), "before": before, "told": told,
        "letters": list(mailbox.letters), "calls": list(sink.calls),
        "outbox": program.ask("alerts", "list", "--all")["alerts"],
    }  # fmt: skip


def test_nothing_older_than_the_state_is_alerted(alerted: dict[str, Any]) -> None:
    """With `since = "start"`, what was published before the state was made is flagged and sends nothing."""
    first = alerted["counts"][0]
    assert first["developments"]["opened"] == 1
    assert first["alerts"] == {"sent": 0, "waiting": 0, "failed": 0}
    assert alerted["before"] == ([], [])
    flagged = {one["headline"]: one["alert"] for one in alerted["program"].ask("flags")["developments"]}
    assert flagged == {OLD.title: False, alerted["told"].title: True}


def test_each_channel_gets_one_message(alerted: dict[str, Any]) -> None:
    """A development published since is told once by mail and once by webhook, and walking again repeats nothing."""
    assert alerted["counts"][1]["alerts"] == {"sent": 2, "waiting": 0, "failed": 0}
    assert alerted["counts"][2]["alerts"] == {"sent": 0, "waiting": 0, "failed": 0}
    assert len(alerted["letters"]) == 1
    assert len(alerted["calls"]) == 1


def test_webhook_is_signed_and_shaped(alerted: dict[str, Any], sink: Sink) -> None:
    """The webhook's signature verifies, and its data is the object of `show --json`."""
    call = alerted["calls"][0]
    sink.verify(call)
    shapes.fits(call.told, {"type": {"development.opened"}, "timestamp": shapes.utc, "data": shapes.DEVELOPMENT})
    shown = alerted["program"].ask("show", call.told["data"]["id"])
    assert call.told["data"] == shown
    assert shown["headline"] == alerted["told"].title


def test_mail_is_readable_and_automatic(alerted: dict[str, Any]) -> None:
    """The mail has text and HTML, says that a machine wrote it, and tells the new sentence and who reports it."""
    letter = alerted["letters"][0]
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["From"].addresses[0].addr_spec == "watcher@news.example"
    assert letter["To"] == "desk@news.example"
    assert alerted["told"].title in letter["Subject"]
    plain, rich = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for body in (plain, rich):
        assert "1.2 billion dollars in damages" in " ".join(body.split())
    assert alerted["told"].path in plain


def test_message_carries_its_stable_key(alerted: dict[str, Any]) -> None:
    """The outbox's key of an alert is the webhook's id, and the mail's Message-ID is made of it."""
    keys = {one["channel"]: one["key"] for one in alerted["outbox"]}
    assert keys["webhook:standard"] == alerted["calls"][0].key
    assert re.fullmatch(rf"<{keys['email']}@[^<>@\s]+>", alerted["letters"][0]["Message-ID"])


def test_repeat_after_failure_carries_the_same_key(site: Origin, tmp_path: Path, mailbox: Mailbox, sink: Sink) -> None:
    """What no channel takes waits, with the reason; a refusal for good is listed as failed; a retry sends each once,
    under the key of the first attempt.
    """
    feed = publish(site, "failing", press.VERDICT.at(datetime.now(UTC)))
    program = make(tmp_path, site, feed, sink, channels(mailbox, sink, alerts="since = 2020-01-01"))
    taken, called = len(mailbox.letters), len(sink.calls)
    mailbox.answer, sink.status = "451 4.3.0 come again", 410
    try:
        counts = program.walk()["alerts"]
    finally:
        mailbox.answer, sink.status = "250 OK", 200
    assert counts == {"sent": 0, "waiting": 1, "failed": 1}
    listed = {one["channel"]: one for one in program.ask("alerts", "list")["alerts"]}
    assert (listed["email"]["state"], listed["webhook:standard"]["state"]) == ("waiting", "failed")
    assert "come again" in listed["email"]["problem"]
    assert "410" in listed["webhook:standard"]["problem"]
    assert "1 waiting, 1 failed" in program.run("alerts", "list").out
    assert program.run("alerts", "retry", "--all").code == 0
    assert program.ask("once")["alerts"] == {"sent": 2, "waiting": 0, "failed": 0}
    assert len(mailbox.letters) == taken + 1
    assert len({call.key for call in sink.calls[called:]}) == 1
    assert len(sink.calls) == called + 2
    assert program.ask("alerts", "list")["alerts"] == []


@pytest.mark.slow
def test_quiet_hours_hold_back_and_lose_nothing(site: Origin, tmp_path: Path, mailbox: Mailbox, sink: Sink) -> None:
    """In quiet hours alerts wait; afterwards they are sent."""
    now = datetime.now(UTC)
    hours = f'quiet_hours = "{now - HOUR:%H:%M}-{now + HOUR:%H:%M}"'
    feed = publish(site, "quiet", press.VERDICT.at(now))
    program = make(tmp_path, site, feed, sink, channels(mailbox, sink, alerts=f"since = 2020-01-01\n{hours}"))
    taken, called = len(mailbox.letters), len(sink.calls)
    assert program.walk()["alerts"] == {"sent": 0, "waiting": 2, "failed": 0}
    assert (len(mailbox.letters), len(sink.calls)) == (taken, called)
    assert {one["state"] for one in program.ask("alerts", "list")["alerts"]} == {"waiting"}
    program.config.write_text(program.config.read_text(encoding="utf-8").replace(hours, ""), encoding="utf-8")
    assert program.ask("once")["alerts"] == {"sent": 2, "waiting": 0, "failed": 0}
    assert (len(mailbox.letters), len(sink.calls)) == (taken + 1, called + 1)


@pytest.mark.slow
def test_words_of_others_take_no_effect(site: Origin, tmp_path: Path, mailbox: Mailbox, sink: Sink) -> None:
    """Markup, mentions, header lines and escape codes of an article arrive as text in every channel and terminal."""
    nasty = "<script>alert(1)</script> @everyone <!channel> \x1b[31m\u202e *Elon Musk* sues Sam Altman for 7 million"
    hostile = replace(press.VERDICT.at(datetime.now(UTC)), slug="hostile", title=nasty)
    feed = publish(site, "hostile", hostile)
    told = site.replies["/hostile"].body.replace(b"\x1b", b"").replace(b"</title>", b"\r\nBcc: x@y.z</title>")
    site.put("/hostile", told, RSS)
    forms = ("standard", "slack", "discord", "ntfy")
    program = make(tmp_path, site, feed, sink, channels(mailbox, sink, alerts="since = 2020-01-01", formats=forms))
    called = len(sink.calls)
    assert program.walk()["alerts"] == {"sent": 5, "waiting": 0, "failed": 0}
    letter = mailbox.letters[-1]
    assert "Bcc" not in letter
    assert "<script" not in letter.get_body(("html",)).get_content().lower()
    calls = sink.calls[called:]
    discord = next(call.told for call in calls if call.told and "allowed_mentions" in call.told)
    assert discord["allowed_mentions"] == {"parse": []}
    assert "@everyone" not in discord["content"]
    slack = next(call.told for call in calls if call.told and "blocks" in call.told)
    assert {block["text"]["type"] for block in slack["blocks"] if "<!channel>" in str(block)} <= {"plain_text"}
    ntfy = next(call for call in calls if call.told is None)
    assert ntfy.headers["title"].isascii()
    for command in (["flags"], ["show", "D1"], ["alerts", "list", "--all"], []):
        out = program.run(*command).out
        assert "\x1b" not in out
        assert "\u202e" not in out


def test_alerts_test_sends_a_real_one(site: Origin, tmp_path: Path, mailbox: Mailbox, sink: Sink) -> None:
    """`alerts test` puts a message through every channel now, says what each answered, and fails when one refuses."""
    program = make(tmp_path, site, site.url("/none"), sink, channels(mailbox, sink))
    taken, called = len(mailbox.letters), len(sink.calls)
    told = program.ask("alerts", "test")
    shapes.fits(told, {"channels": [{"channel": str, "accepted": bool, "words": str}]})
    assert {one["channel"]: one["accepted"] for one in told["channels"]} == {"email": True, "webhook:standard": True}
    assert (len(mailbox.letters), len(sink.calls)) == (taken + 1, called + 1)
    sink.verify(sink.calls[-1])
    sink.status = 503
    try:
        refused = program.run("alerts", "test", "--channel", "standard")
    finally:
        sink.status = 200
    assert refused.code == 1
    assert "503" in refused.out


@pytest.mark.slow
def test_receiver_that_stays_silent_is_asked_again_by_the_daemon(
    site: Origin, tmp_path: Path, mailbox: Mailbox, sink: Sink
) -> None:
    """A webhook that fails at first gets the same message, with the same id, when it is back."""
    feed = publish(site, "silent", press.VERDICT.at(datetime.now(UTC)))
    program = make(tmp_path, site, feed, sink, channels(mailbox, sink, alerts="since = 2020-01-01"))
    called = len(sink.calls)
    sink.status = 503
    try:
        with program.daemon():
            until(lambda: len(sink.calls) > called, 30, "the first attempt")
            sink.status = 200
            until(lambda: len(sink.calls) > called + 1, 30, "the second attempt")
            until(lambda: program.ask("alerts", "list")["alerts"] == [], 10, "nothing waits")
    finally:
        sink.status = 200
    assert len({call.key for call in sink.calls[called:]}) == 1


@pytest.mark.slow
def test_digest_bundles_a_day_into_one_mail(site: Origin, tmp_path: Path, mailbox: Mailbox, sink: Sink) -> None:
    """With `digest` mail waits for its hour and comes as one; webhooks are told at once."""
    now = datetime.now(UTC)
    at = now + timedelta(seconds=75)
    reports = press.VERDICT.at(now), press.RESIGNED.at(now)
    feed = publish(site, "digest", *reports)
    tail = channels(mailbox, sink, alerts=f'since = 2020-01-01\ndigest = "{at:%H:%M}"')
    program = make(tmp_path, site, feed, sink, tail)
    taken = len(mailbox.letters)
    assert program.walk()["alerts"] == {"sent": 2, "waiting": 2, "failed": 0}
    with program.daemon():
        until(lambda: len(mailbox.letters) > taken, 110, "the digest")
    assert len(mailbox.letters) == taken + 1
    body = mailbox.letters[-1].get_body(("plain",)).get_content()
    assert "1.2 billion" in body
    assert "Abfindung" in body
