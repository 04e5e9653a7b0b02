"""Many servers that each send nearly as much as they may, all at once."""

from __future__ import annotations

import gzip
import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from hostile.catalogue import RSS, item, rss
from hostile.machine import Watched, settle
from hostile.server import reply, stage

COUNT = 24
WORDS = 1_950_000


@pytest.mark.timeout(300)
def test_large_bodies_do_not_add_up(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """Two dozen feeds, each a single item of almost ten MiB that came in a few KiB: all are read, one after the other,
    and the daemon stays below 200 MiB and with its workers below 400.
    """
    with stage() as here:
        names = [f"feed-{number}.hostile.test" for number in range(COUNT)]
        packed = gzip.compress(rss(item("Piers", text="word " * WORDS)).encode())
        for number in range(COUNT):
            here.answers[f"feed-{number}", "/feed"] = reply(packed, Content_Type=RSS, Content_Encoding="gzip")
        feeds = "".join(f'[[feed]]\nname = "{name}"\nurl = "http://{name}:{here.port}/feed"\n' for name in names)
        allow = json.dumps([f"{name}:{here.port}" for name in names])
        (tmp_path / "config.toml").write_text(f'[schedule]\nevery = "1h"\n[fetch]\nallow_private = {allow}\n{feeds}')
        (tmp_path / "names.json").write_text(json.dumps({name: [["127.0.0.1"]] for name in names}))
        program = Watched(tmp_path)
        with program.watched(tmp_path / "names.json") as process:
            polled = "SELECT count(*) FROM feed WHERE polled_at IS NOT NULL"
            took_s = settle(lambda: process.poll() is not None or program.ask_state(polled) == COUNT, 200)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
        record_property("seconds, MiB of daemon and tree", (took_s, program.memory.daemon, program.memory.tree))
        assert program.ask_state("SELECT count(*) FROM feed WHERE health = 'ok'") == COUNT
        assert program.memory.daemon < 200
        assert program.memory.tree < 400
