"""A config file is read as its description says, and every mistake in it is told at once."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.config import Config, EmailConfig, FeedConfig, WebhookConfig, parse
from watcher.config.lines import line_of, locate
from watcher.errors import ConfigError

DATA = Path(__file__).parent / "data"


def test_empty_file_gives_the_defaults() -> None:
    """Nothing has to be written; what is left out has the described default, and every channel is off."""
    config = parse("", "/etc/watcher/config.toml")
    described = parse((DATA / "contract.toml").read_text(), "/etc/watcher/config.toml")
    assert config.state.dir == Path("/etc/watcher/state")
    assert (config.storyline, config.state, config.schedule, config.fetch) == (
        described.storyline,
        described.state,
        described.schedule,
        described.fetch,
    )
    assert config.feeds == config.alerts.webhooks == ()
    assert config.alerts.email is None


def test_every_described_key_is_read() -> None:
    """Durations become seconds, sizes bytes, and files are found from the folder of the config file."""
    config = parse((DATA / "contract.toml").read_text(), "/home/desk/config.toml")
    assert config.folder == Path("/home/desk")
    assert (config.schedule.every_s, config.schedule.min_s, config.schedule.max_s) == (900, 300, 21600)
    assert config.schedule.recheck_s == (3600, 21600, 86400, 259200)
    assert (config.fetch.timeout_s, config.fetch.max_feed_bytes, config.fetch.max_page_bytes) == (30, 10 << 20, 5 << 20)
    assert config.feeds == (
        FeedConfig(
            name="n-tv",
            url="https://feeds.example/rss",
            every_s=600,
            lang="de",
            headers=(("X-Key", "1"),),
            username="reader",
            password_file=Path("/home/desk/n-tv.password"),
            enabled=False,
        ),
    )
    assert config.alerts.email == EmailConfig(
        host="127.0.0.1",
        port=25,
        security="starttls",
        sender="watcher@example.org",
        to=("desk@example.org",),
        username="watcher",
        password_file=Path("/etc/watcher/mail.password"),
    )
    assert config.alerts.webhooks == (WebhookConfig(name="desk", url="https://hooks.example/1"),)
    assert (config.alerts.since, config.alerts.quiet_hours, config.alerts.digest) == (None, None, None)


@pytest.mark.parametrize("file", sorted((DATA / "wrong").glob("*.toml")), ids=lambda file: file.stem)
def test_every_mistake_is_told_with_its_place(file: Path) -> None:
    """The lines beginning with `#!` are all problems of a file, each with its line and key."""
    text = file.read_text(encoding="utf-8")
    expected = [f"{file}:{line[2:].strip()}" for line in text.splitlines() if line.startswith("#!")]
    with pytest.raises(ConfigError) as caught:
        parse(text, str(file))
    assert list(caught.value.problems) == expected


def test_secrets_are_not_repeated() -> None:
    """A password that stands where it must not is not written into a message."""
    text = '[[feed]]\nname = "a"\nurl = "https://me:hunter2@feeds.example/"\npassword = "hunter2"\n'
    with pytest.raises(ConfigError) as caught:
        parse(text, "config.toml")
    assert "hunter2" not in str(caught.value)


def test_messages_cannot_disturb_a_terminal() -> None:
    """Control characters of the file are not shown."""
    with pytest.raises(ConfigError) as caught:
        parse('[alerts]\ndigest = "\\u001b]0;x\\u0007"\n"a\\u001b[2J" = 1\n', "config.toml")
    assert str(caught.value).replace("\n", "").isprintable()


@pytest.mark.parametrize(
    ("written", "pauses"),
    [
        ('every = "1s"', (1, 1, 21600)),
        ('every = "12h"', (300, 43200, 43200)),
        ('min = "1h"', (3600, 3600, 21600)),
        ('max = "1m"', (60, 60, 60)),
        ('min = "8h"', (28800, 28800, 28800)),
        ('every = "1s"\nmin = "1s"\nmax = "1s"', (1, 1, 1)),
        ('every = "1h 30m"', (300, 5400, 21600)),
    ],
)
def test_unwritten_pauses_give_way(written: str, pauses: tuple[float, float, float]) -> None:
    """Defaults of min, every and max never contradict the one that was written."""
    schedule = parse(f"[schedule]\n{written}\n", "config.toml").schedule
    assert (schedule.min_s, schedule.every_s, schedule.max_s) == pauses


@pytest.mark.parametrize(
    ("written", "since"),
    [
        ("'start'", None),
        ("'2026-01-31'", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T12:00:00", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31T12:00:00+02:00", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("'2026-01-31T12:00:00Z'", datetime(2026, 1, 31, 12, tzinfo=UTC)),
    ],
)
def test_since_is_the_start_or_a_date(written: str, since: datetime | None) -> None:
    """Dates may be written as strings or as TOML dates."""
    assert parse(f"alerts.since = {written}", "config.toml").alerts.since == since


@pytest.mark.parametrize("written", ["'18:00'", "18:00:00", "18:00:30"])
def test_digest_is_a_time_of_day(written: str) -> None:
    """A TOML time will do as well as a string."""
    assert parse(f"alerts.digest = {written}", "config.toml").alerts.digest == time(18)


def test_quiet_hours_may_pass_midnight() -> None:
    """The two ends are kept as written."""
    found = parse('alerts.quiet_hours = "22:00-7:00"', "config.toml").alerts.quiet_hours
    assert found == (time(22), time(7))


def test_mail_without_addressee_is_off() -> None:
    """An empty `to` switches the channel off."""
    assert parse("[alerts.email]\nto = []\n", "config.toml").alerts.email is None


def test_windows_line_ends_are_line_ends() -> None:
    """A file from another system tells the same lines."""
    with pytest.raises(ConfigError, match=r"^config\.toml:2: state\.dirr: "):
        parse('[state]\r\ndirr = "x"\r\n', "config.toml")


@given(st.text(st.sampled_from("[]{}=,.\"'#ab1\\ \n\r\t\x00é"), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever stands in the file, the answer is a config or a list of problems."""
    try:
        found: Config | tuple[str, ...] = parse(text, "config.toml")
    except ConfigError as error:
        found = error.problems
    assert found


def test_keys_are_found_in_odd_spellings() -> None:
    """Quoted and dotted keys, nested tables, strings over several lines and comments do not lead astray."""
    text = (DATA / "odd_spellings.toml").read_text(encoding="utf-8")
    lines = locate(text)
    assert lines["a b", "c"] == 1
    assert lines["t", 0, "k"] == 5
    assert lines["t", 0, "u.v", "w"] == 7
    assert (lines["t", 0, "u.v", "w", 0], lines["t", 0, "u.v", "w", 1]) == (8, 8)
    assert lines["t", 1, "k"] == 12
    assert line_of(lines, ("t", 1, "missing", 3)) == 11
    assert line_of(lines, ("nowhere",)) == 1


def test_reading_is_quick() -> None:
    """The room loads without the heavy libraries, so that a command starts at once."""
    heavy = "{'pydantic', 'tomlkit', 'httpx', 'lxml', 'asyncio', 'email'}"
    script = f"import sys, watcher.config; sys.exit(str(sorted({heavy} & set(sys.modules))))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=30)
    assert done.stderr.strip() == "[]"


def test_optional_evidence() -> None:
    """A dictionary is a word or a file beside the config; an encoder is a folder or a name, and off by default."""
    plain = parse("", "/etc/watcher/config.toml")
    assert (plain.language.dictionary, plain.semantic.model) == ("off", "")
    text = '[language]\ndictionary = "words/de-en"\n[semantic]\nmodel = "lab/model"\nalike = 1\n'
    told = parse(text, "/etc/watcher/config.toml")
    assert told.language.dictionary == Path("/etc/watcher/words/de-en")
    assert (told.semantic.model, told.semantic.alike) == ("lab/model", 1.0)
    assert parse('language.dictionary = "auto"', "config.toml").language.dictionary == "auto"
