"""Five hundred feeds at once: what the daemon and its workers hold, and how long it takes until all were asked."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from hostile.catalogue import fed, paged, rss
from hostile.machine import Watched, settle
from hostile.server import stage
from hostile.traps import page

ENTRIES = 30
WORDS = (
    "Mayor {0} told the council of town {1} on Tuesday that pier {0} would cost {1}.5 million euros more than planned.",
    "The council answered that it would not pay more than {0} million euros for a pier, whatever the ferries need.",
    "Nobody in the hall had seen a ferry of this kind, said the clerk of town {1}, clerk for {0} years.",
)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("count", [25, pytest.param(500, marks=pytest.mark.slow)])
def test_many_feeds_are_watched_in_little_memory(
    tmp_path: Path, count: int, record_property: Callable[[str, object], None]
) -> None:
    """Five hundred feeds of thirty entries, every tenth on the storyline with a page of its own: all are asked and
    read, the daemon stays below 200 MiB and with its workers below 400, and no turn of its loop takes long.
    """
    with stage() as here:
        names = [f"feed-{number}.hostile.test" for number in range(count)]
        for number in range(count):
            _serve(here.answers, number, here.port)
        (tmp_path / "names.json").write_text(json.dumps({name: [["127.0.0.1"]] for name in names}))
        feeds = "".join(f'[[feed]]\nname = "{name}"\nurl = "http://{name}:{here.port}/feed"\n' for name in names)
        (tmp_path / "config.toml").write_text(
            f'[schedule]\nevery = "30s"\nmin = "10s"\nrecheck = []\n[fetch]\n'
            f"allow_private = {json.dumps([f'{name}:{here.port}' for name in names])}\n{feeds}"
        )
        program = Watched(tmp_path)
        with program.watched(tmp_path / "names.json") as process:
            took_s = settle(lambda: process.poll() is not None or _is_done(program, count), 60 + count)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
        held = json.loads((tmp_path / "held").read_text())
        record_property(
            "seconds, MiB of daemon and tree, turn", str((took_s, program.memory, held["cpu"], held["stacks"]))
        )
        assert "Traceback" not in program.log
        assert program.ask_state("SELECT count(*) FROM feed WHERE health = 'ok'") == count
        assert program.ask_state("SELECT count(*) FROM entry") == count * ENTRIES
        assert program.ask_state("SELECT count(*) FROM version WHERE NOT partial") == count * ENTRIES // 10
        assert program.memory.daemon < 200
        assert program.memory.tree < 400
        assert held["cpu"] < 0.25, json.dumps(held["stacks"], indent=1)


def _serve(answers: dict[tuple[str, str], object], number: int, port: int) -> None:
    items = []
    for entry in range(ENTRIES):
        when = format_datetime(datetime.now(UTC) - timedelta(minutes=entry))
        told = [words.format(number, entry) for words in WORDS]
        title = f"Pier {number} of town {entry}"
        if entry % 10 == 0:
            title = f"Elon Musk and Sam Altman visit pier {number} of town {entry}"
            told[0] = f"Elon Musk and Sam Altman of OpenAI met at pier {number}. {told[0]}"
        link = f"http://feed-{number}.hostile.test:{port}/{entry}"
        items.append(f"<item><title>{title}</title><link>{link}</link><description>{' '.join(told)}</description>"
                     f"<pubDate>{when}</pubDate></item>")  # fmt: skip
        answers[f"feed-{number}", f"/{entry}"] = paged(page(title, *told, tail=()))
    answers[f"feed-{number}", "/feed"] = fed(rss(*items))


def _is_done(program: Watched, count: int) -> bool:
    polled = program.ask_state("SELECT count(*) FROM feed WHERE polled_at IS NOT NULL")
    left = program.ask_state(
        "SELECT (SELECT count(*) FROM article WHERE state = 'waiting') + (SELECT count(*) FROM unjudged)"
    )
    return polled == count and left == 0
