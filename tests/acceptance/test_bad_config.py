"""A config that cannot be used: every mistake at once, with its line, its key and what was probably meant."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from crash.warm import Quick

from acceptance.program import Program

BROKEN = """\
[storyline]
use = "musk-altman"

[schedul]
every = "15m"

[schedule]
every = "fifteen"
min = 5
recheck = ["1h", "soon"]

[fetch]
timout = "30s"
max_feed = "10 apples"
concurrency = 0

[[feed]]
name = "n-tv"
url = "ftp://news.example/rss"

[[feed]]
nam = "twice"
url = "https://news.example/rss"

[alerts]
quiet_hours = "25:00-07:00"
min_confidence = 1.5

[alerts.email]
security = "ssl"
to = ["not an address"]
from = "watcher@news.example"
"""
MISTAKES = [
    (4, "schedul", "schedule"), (8, "every", ""), (9, "min", ""), (10, "recheck", ""), (13, "timout", "timeout"),
    (14, "max_feed", ""), (15, "concurrency", ""), (19, "url", ""), (22, "nam", "name"), (26, "quiet_hours", ""),
    (27, "min_confidence", ""), (30, "security", "starttls"), (31, "to", ""),
]  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Give what the program says of the broken config, by lines."""
    program = Program(tmp_path_factory.mktemp("config"))
    program.config.write_text(BROKEN, encoding="utf-8")
    answer = program.run("once")
    assert answer.code == 78
    assert answer.out == ""
    assert not program.state.exists()
    return answer.err.splitlines()


@pytest.mark.parametrize(("line", "key", "nearest"), MISTAKES, ids=[f"{m[0]}-{m[1]}" for m in MISTAKES])
def test_each_mistake_is_named(told: list[str], line: int, key: str, nearest: str) -> None:
    """Every mistake has one line with file, line and key, and the nearest known name where a name is wrong."""
    found = [words for words in told if f"config.toml:{line}:" in words]
    assert len(found) == 1, told
    assert key in found[0]
    assert nearest in found[0]


@pytest.mark.parametrize("command", ["run", "once", "flags", "feeds", "doctor", ""])
def test_no_command_runs_on_it(tmp_path: Path, command: str) -> None:
    """Whatever is asked, an unknown key ends with 78 and is named; only `doctor` may tell it as a finding."""
    program = Quick(tmp_path)
    program.config.write_text('[state]\ndri = "x"\n', encoding="utf-8")
    answer = program.run(*command.split())
    assert answer.code == 78, answer
    assert "dri" in answer.err + answer.out
    assert "dir" in answer.err + answer.out
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[state\n", "1"), ("\xff\xfe", "UTF-8"), ('[storyline]\nuse = "no-such-story"\n', "no-such-story"),
        ('[[feed]]\nname = "a"\nurl = "https://a.example/"\npassword_file = "absent"\nusername = "u"\n', "absent"),
    ],
    ids=["syntax", "encoding", "storyline", "secret"],
)  # fmt: skip
def test_unusable_config_is_named(tmp_path: Path, text: str, word: str) -> None:
    """Broken syntax, another encoding, an unknown storyline and a missing secret are told as what they are."""
    program = Quick(tmp_path)
    program.config.write_bytes(text.encode("latin-1"))
    answer = program.run("once")
    assert answer.code in ((1, 78) if word == "no-such-story" else (78,)), answer
    assert word in answer.err
    assert "Traceback" not in answer.err


def test_secret_others_can_read_is_refused(tmp_path: Path) -> None:
    """A secret file that group or others can read is refused, with the command that mends it."""
    secret = tmp_path / "secret"
    secret.write_text("whsec_aGVsbG8=", encoding="ascii")
    secret.chmod(0o644)
    program = Quick(tmp_path)
    program.config.write_text(
        '[[alerts.webhook]]\nname = "a"\nurl = "https://a.example/"\nsecret_file = "secret"\n', encoding="utf-8"
    )
    answer = program.run("once")
    assert answer.code == 78
    assert "chmod 600" in answer.err


def test_missing_config_is_named(tmp_path: Path) -> None:
    """A config that is not there ends with 78 and names the place that was looked at."""
    answer = Quick(tmp_path).run("flags")
    assert answer.code == 78
    assert str(tmp_path / "config.toml") in answer.err


def test_config_is_found_in_its_places(tmp_path: Path) -> None:
    """`$WATCHER_CONFIG` names the config, else `./config.toml` is taken."""
    elsewhere, here = tmp_path / "elsewhere.toml", tmp_path / "config.toml"
    for path, key in ((elsewhere, "elsewheer"), (here, "heer")):
        path.write_text(f'[{key}]\na = "b"\n', encoding="utf-8")
    program = Program(tmp_path)
    argv = [part for part in program.argv("flags") if part not in ("--config", str(program.config))]
    for env, key in (({"WATCHER_CONFIG": str(elsewhere)}, "elsewheer"), ({}, "heer")):
        done = subprocess.run(
            argv, cwd=tmp_path, env={**program.environment(), **env}, capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip
        assert done.returncode == 78
        assert key in done.stderr


@pytest.mark.parametrize("words", [("once",), ("run",), ("flags",), ("accept", "D1"), ("doctor",), ("feeds", "check")])
@pytest.mark.parametrize(("used", "nearest"), [("musk_altman", "musk-altman"), ("own/mils", "own/mills")])
def test_a_storyline_that_is_nowhere_is_a_mistake_in_the_config(
    tmp_path: Path, words: tuple[str, ...], used: str, nearest: str
) -> None:
    """A name that is neither bundled nor a folder ends with 78, its line and the nearest name there is."""
    program = Quick(tmp_path)
    program.config.write_text(f'# mine\n[storyline]\nuse = "{used}"\n', encoding="utf-8")
    (tmp_path / "own" / "mills").mkdir(parents=True)
    (tmp_path / "own" / "mills" / "storyline.toml").touch()
    answer = program.run(*words)
    said = " ".join((answer.out + answer.err).split())
    assert answer.code == 78
    assert "config.toml:3: storyline.use: " in said
    assert f"did you mean '{nearest}'?" in said
