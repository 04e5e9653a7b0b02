"""The program with its default config in a network of its own: one where nothing answers, one where all names lie."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hostile.namespace import ANSWERS, PUBLIC

HERE = Path(__file__).parent
DEFAULT = HERE.parents[1] / "config.toml"
UNSHARE = ["unshare", "--map-root-user", "--net", "--mount"]
pytestmark = pytest.mark.timeout(300)


@cache
def _obstacle() -> str:
    """Say why there can be no network of our own here, or ''."""
    try:
        done = subprocess.run(
            [*UNSHARE, "sh", "-c", "ip link set lo up && mount --bind /etc/hosts /etc/hosts"],
            capture_output=True, check=False, text=True, timeout=30,
        )  # fmt: skip
    except OSError as error:
        return str(error)
    return "" if done.returncode == 0 else done.stderr.strip() or "refused"


def _live(folder: Path, mode: str, *commands: list[str]) -> dict[str, Any]:
    """Run commands in a network of their own with the default config and one webhook."""
    if _obstacle():
        pytest.skip(f"no network of our own can be had here: {_obstacle()}")
    hook = '\n[[alerts.webhook]]\nname = "desk"\nurl = "http://hooks.house.test/in"\n'
    (folder / "config.toml").write_text(DEFAULT.read_text("utf-8") + hook, "utf-8")
    paths = os.pathsep.join([str(HERE.parents[1]), str(HERE.parent)])
    done = subprocess.run(
        [*UNSHARE, sys.executable, str(HERE / "namespace.py"), mode, str(folder), json.dumps(commands)],
        capture_output=True, check=False, text=True, timeout=280, env=os.environ | {"PYTHONPATH": paths},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    for command, one in zip(commands, found["done"], strict=True):
        assert "Traceback" not in one["log"] + one["said"], command
        assert "CANARY" not in one["log"] + one["said"], command
    return found


def test_without_a_network_all_is_told_and_nothing_breaks(tmp_path: Path) -> None:
    """With no name service every feed is told as failing, once; a walk ends soon and well, the daemon lives until it is
    told to end; what the state says of the day is that nothing could be seen.
    """
    once, run, overview, feeds = _live(
        tmp_path, "silent", ["once", "--json"], ["run"], [], ["feeds", "list", "--json"]
    )["done"]
    counts = json.loads(once["said"])["feeds"]
    assert counts["polled"] == counts["failed"] > 30
    assert (once["exit"], run["exit"], overview["exit"]) == (0, 0, 0)
    assert once["took_s"] < 30
    assert run["took_s"] < 10
    health = {one["health"] for one in json.loads(feeds["said"])["feeds"]}
    assert health == {"failing", "disabled"}
    assert "no feed could be read" in overview["said"]
    assert f"Feeds: 0 of {counts['polled']} well" in overview["said"]


def test_a_mute_name_service_holds_up_nothing(tmp_path: Path) -> None:
    """Where questions for names are never answered, a walk still ends soon, and the daemon ends when it is told to."""
    once, run = _live(tmp_path, "mute", ["once", "--json"], ["run"])["done"]
    counts = json.loads(once["said"])["feeds"]
    assert counts["polled"] == counts["failed"] > 30
    assert "was not resolved in time" in once["log"]
    assert (once["exit"], run["exit"]) == (0, 0)
    assert once["took_s"] < 50
    assert run["took_s"] < 15


def test_names_that_lead_inside_are_asked_for_nothing(tmp_path: Path) -> None:
    """Every feed's name, and that of the webhook, lead to addresses inside, alone, beside a public one or the second
    time; listeners stand there. A walk, the daemon, a check, an explanation and a test alert ask none of them.
    """
    found = _live(
        tmp_path, "lying", ["once", "--json"], ["alerts", "test"], ["feeds", "check", "http://b.house.test/"],
        ["explain", "http://c.house.test:8080/x"], ["explain", "http://c.house.test/x"], ["run"],
    )  # fmt: skip
    assert [one for one in found["heard"] if not one.startswith(PUBLIC)] == []
    names = {question.split()[0] for question in found["asked"]}
    assert len(names) > len(ANSWERS), "not every answer was given"
    once, alert, check, port, explained, run = found["done"]
    counts = json.loads(once["said"])["feeds"]
    assert counts["polled"] == counts["failed"] > 30
    assert once["took_s"] < 30
    assert "is not a public address" in once["log"]
    assert [one["exit"] for one in (once, alert, check, port, explained, run)] == [0, 1, 1, 1, 1, 0]
    assert "port 8080 is not a web port" in port["log"]
