"""`doctor` as a person runs it: before the first walk, on a broken config, on a damaged state, beside a daemon."""

from __future__ import annotations

import json
import os
import socket
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from acceptance.program import Answer
from crash.warm import ready

from tests.edges.tiny_model import write_model
from watcher.cli import checkups, extras
from watcher.config import parse
from watcher.edges import service
from watcher.edges.machine import daemon_lock
from watcher.store import articles, feeds
from watcher.store.database import open_state
from watcher.store.feeds import FeedName, Polled

NOW = datetime.now(UTC)
CONFIG = """
[[feed]]
name = "Alpha"
url = "https://alpha.example/rss"
lang = "de"

[[feed]]
name = "Beta"
url = "https://beta.example/rss"
"""


def doctor(config: Path, *words: str) -> Answer:
    """Run `watcher doctor`."""
    return ready().answer("--config", str(config), "doctor", *words, cwd=Path.cwd(), env=dict(os.environ))


def checks(config: Path, code: int) -> list[dict[str, Any]]:
    """Run `watcher doctor --json`, which must exit with `code`, and give what it said."""
    done = doctor(config, "--json")
    assert done.code == code, done.out + done.err
    told: list[dict[str, Any]] = json.loads(done.out)["checks"]
    return told


def told(found: list[dict[str, Any]], area: str, level: str) -> str:
    """Join what was said about an area at a level."""
    return "\n".join(f"{one['text']} -> {one['fix']}" for one in found if (one["area"], one["level"]) == (area, level))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Give a config with two feeds that nobody watched yet."""
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    return path


def test_before_the_first_walk(config: Path) -> None:
    """Nothing fails before the first walk: what is missing is a warning, and every warning names its fix."""
    found = checks(config, 0)
    assert {one["area"] for one in found} == {
        "config", "state", "storyline", "language", "feeds", "extraction", "alerts", "clock", "service",
    }  # fmt: skip
    assert "no database yet" in told(found, "state", "warn")
    assert "watcher once" in told(found, "state", "warn")
    assert "2 feeds: 2 new" in told(found, "feeds", "ok")
    assert "told in both languages" in told(found, "storyline", "ok")
    assert "a worker process read a small page" in told(found, "extraction", "ok")
    assert all(one["fix"] for one in found if one["level"] != "ok")
    assert not (config.parent / "state").exists()


def test_lines_for_people(config: Path) -> None:
    """Without --json every check is a line of level, area and text, a warning is followed by its fix."""
    done = doctor(config)
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0].split()[:2] == ["ok", "config"]
    assert any(line.strip().startswith("fix: watcher once") for line in lines)
    assert lines[-1].startswith("0 failed, ")


def test_every_mistake_of_a_broken_config_is_told(config: Path) -> None:
    """A config that cannot be used gives one failure for each mistake in it, and exit code 78."""
    config.write_text('[statee]\ndir = "x"\n[fetch]\ntimeout = 3\n')
    found = checks(config, 78)
    assert "config.toml:1: statee: unknown key" in told(found, "config", "fail")
    assert "config.toml:4: fetch.timeout" in told(found, "config", "fail")
    assert told(found, "extraction", "ok")
    assert "no such config file" in told(checks(config.parent / "none.toml", 78), "config", "fail")


def test_a_secret_that_others_can_read_is_a_config_failure(config: Path) -> None:
    """A secret file with an open mode is told, with everything else looked at nevertheless; exit code 78."""
    config.write_text(CONFIG + '[[alerts.webhook]]\nname = "d"\nurl = "https://d.example/"\nsecret_file = "key"\n')
    (config.parent / "key").write_text("whsec_eHh4\n")
    (config.parent / "key").chmod(0o644)
    found = checks(config, 78)
    assert "can be read by others" in told(found, "config", "fail")
    assert told(found, "feeds", "ok")


def test_a_damaged_state_is_told_and_left_alone(config: Path) -> None:
    """A database with garbage in it fails, with what to do; the file stays as it was."""
    state = config.parent / "state"
    open_state(state).close()
    body = bytearray((state / "watcher.db").read_bytes())
    body[4096:12288] = b"x" * 8192
    (state / "watcher.db").write_bytes(body)
    found = checks(config, 1)
    assert "damaged" in told(found, "state", "fail")
    assert told(found, "storyline", "ok")
    assert (state / "watcher.db").read_bytes() == bytes(body)


def test_open_modes_are_told(config: Path) -> None:
    """A state that others can read is a warning with the command that closes it."""
    state = config.parent / "state"
    open_state(state).close()
    state.chmod(0o755)
    (state / "watcher.db").chmod(0o644)
    warned = told(checks(config, 0), "state", "warn")
    assert f"chmod 700 {state}" in warned
    assert f"chmod 600 {state / 'watcher.db'}" in warned


def test_dead_feeds_silent_languages_and_lost_pages(config: Path) -> None:
    """A feed without an answer for days, a language without news, and pages that are not had are warnings."""
    long_ago = NOW - timedelta(days=9)
    with closing(open_state(config.parent / "state")) as db:
        feeds.sync(db, [FeedName(name=name, url=f"https://{name}.example/rss") for name in ("alpha", "beta")], long_ago)
        alpha, beta = feeds.every(db)
        feeds.save_poll(db, alpha.id, Polled(at=long_ago, due=NOW, health="ok", brought=True))
        feeds.save_poll(db, alpha.id, Polled(at=NOW, due=NOW, health="failing", problem="HTTP 500", fails=40))
        feeds.save_poll(db, beta.id, Polled(at=NOW, due=NOW, brought=True))
        for number in range(12):
            url = f"https://beta.example/{number}"
            made = articles.create(db, url=url, url_key=url, seen=NOW, published=NOW)
            articles.save_attempt(db, made, articles.Attempt(state="failed", due=None, fails=4, problem="HTTP 403"))
    found = checks(config, 0)
    assert "2 feeds: 1 failing, 1 ok" in told(found, "feeds", "warn")
    assert 'Alpha gave nothing since 9 d: HTTP 500 -> correct its url, or: watcher feeds remove "Alpha"' in told(
        found, "feeds", "warn"
    )
    assert "no feed in German brought anything new for 9 d" in told(found, "feeds", "warn")
    assert "12 pages in 7 days: 0 read, 0 in part, 12 not" in told(found, "extraction", "warn")


def test_a_clock_that_was_set_back_fails(config: Path) -> None:
    """When the last poll lies ahead of the clock, the clock is wrong."""
    with closing(open_state(config.parent / "state")) as db:
        feeds.sync(db, [FeedName(name="beta", url="https://beta.example/rss")], NOW)
        ahead = NOW + timedelta(days=2)
        feeds.save_poll(db, feeds.every(db)[0].id, Polled(at=ahead, due=ahead))
    failed = told(checks(config, 1), "clock", "fail")
    assert "ahead of what the clock says now" in failed
    assert "set-ntp" in failed


def test_the_mail_host_is_connected_to_and_nothing_is_sent(config: Path) -> None:
    """A mail host that answers is well, one that does not is a failure; not a byte is sent."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        config.write_text(
            CONFIG
            + f'[alerts.email]\nport = {port}\nsecurity = "none"\nfrom = "a@example.org"\nto = ["b@example.org"]\n'
        )
        assert f"127.0.0.1:{port} answers" in told(checks(config, 0), "alerts", "ok")
        connection, _ = server.accept()
        with connection:
            assert connection.recv(10) == b""
    assert f"127.0.0.1:{port} does not answer" in told(checks(config, 1), "alerts", "fail")


def test_a_running_daemon_is_named(config: Path) -> None:
    """While a process holds the lock on the state it is named, and afterwards no more."""
    state = config.parent / "state"
    with daemon_lock(state):
        assert f"a daemon runs on this state (process {os.getpid()})" in told(checks(config, 0), "service", "ok")
    assert service.daemon_of(state) is None


def test_old_sqlite_is_a_warning_and_new_sqlite_is_none() -> None:
    """Only versions before 3.51.3 are warned about."""
    assert [remark.level for remark in checkups.look_at_sqlite((3, 51, 2))] == ["warn"]
    assert [remark.level for remark in checkups.look_at_sqlite((3, 51, 3))] == ["ok"]


@pytest.mark.parametrize(
    ("choice", "level", "told"),
    [
        ("off", "ok", "none is asked for"),
        ("missing", "warn", "cannot be read"),
        ("config.toml", "warn", "holds no line of the form"),
        ("words", "ok", "is used for words that the program lacks"),
    ],
)
def test_a_dictionary_is_looked_at(tmp_path: Path, choice: str, level: str, told: str) -> None:
    """Whether a dictionary is used, and why not, with what to do about it."""
    (tmp_path / "words").write_text("Dackel {m} :: sausage dog\n", encoding="utf-8")
    config = tmp_path / "config.toml"
    config.write_text(f'[language]\ndictionary = "{choice}"\n{CONFIG}', encoding="utf-8")
    (remark,) = extras.look_at_dictionary(parse(config.read_text(encoding="utf-8"), str(config)))
    assert (remark.level, remark.area) == (level, "language")
    assert told in remark.text
    assert bool(remark.fix) == (level == "warn")


@pytest.mark.parametrize(("model", "level"), [("", None), ("missing", "warn"), ("tiny", "ok")])
def test_an_encoder_is_looked_at(tmp_path: Path, model: str, level: str | None) -> None:
    """An encoder that is named is opened: a warning says why it cannot be used; without one nothing is said."""
    if model == "tiny":
        write_model(tmp_path / "tiny", {"hund": "dog"})
    remarks = list(extras.look_at_encoder(parse(f'[semantic]\nmodel = "{model}"\n', str(tmp_path / "config.toml"))))
    assert [remark.level for remark in remarks] == ([level] if level else [])
    assert all(remark.fix for remark in remarks if remark.level == "warn")
