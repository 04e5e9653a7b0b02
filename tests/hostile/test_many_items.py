"""A feed with tens of thousands of items beside an honest one."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from acceptance.receivers import sink

from hostile.catalogue import fed, rss
from hostile.machine import Watched, settle
from hostile.server import stage

PATIENCE_S = 60.0
OFTEN = 3


@pytest.mark.parametrize("count", [4_000, pytest.param(50_000, marks=pytest.mark.slow)])
def test_many_items_are_kept_in_time(
    tmp_path: Path, count: int, record_property: Callable[[str, object], None]
) -> None:
    """Fifty thousand items are kept within a minute and 400 MiB and make no storm of alerts, while an honest feed is
    asked all the time.
    """
    with stage() as here, sink() as hook:
        items = (
            f"<item><title>Musk sues OpenAI over Altman, part {n} of case {n % 977}</title><guid>{n}</guid></item>"
            for n in range(count)
        )
        here.answers["many", "/feed"] = fed(rss(*items))
        here.answers["honest", "/feed"] = fed(rss())
        names = ["many.hostile.test", "honest.hostile.test"]
        allow = [*(f"{name}:{here.port}" for name in names), hook.address]
        (tmp_path / "config.toml").write_text(
            f'[schedule]\nevery = "1h"\nmin = "1s"\n[fetch]\nallow_private = {json.dumps(allow)}\n'
            f'[alerts]\nmin_confidence = 0.0\n[[alerts.webhook]]\nname = "desk"\nurl = "{hook.url}"\n'
            f'[[feed]]\nname = "many"\nurl = "http://{names[0]}:{here.port}/feed"\n'
            f'[[feed]]\nname = "honest"\nurl = "http://{names[1]}:{here.port}/feed"\nevery = "1s"\n'
        )
        (tmp_path / "names.json").write_text(json.dumps({name: [["127.0.0.1"]] for name in names}))
        program = Watched(tmp_path)
        with program.watched(tmp_path / "names.json") as process:
            settle(lambda: here.hits["many", "/feed"] > 0, 20)
            began = time.monotonic()
            query = "SELECT count(*) FROM entry"
            settle(lambda: program.ask_state(query) == count or process.poll() is not None, PATIENCE_S)
            took_s = time.monotonic() - began
            settle(lambda: here.hits["honest", "/feed"] >= OFTEN, PATIENCE_S)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
        moments = here.moments["honest", "/feed"]
        longest = max(later - earlier for earlier, later in pairwise(moments))
        record_property("seconds, MiB of daemon and tree, longest pause of the honest feed",
                        (took_s, program.memory.daemon, program.memory.tree, longest))  # fmt: skip
        assert program.ask_state(query) == count
        assert took_s < PATIENCE_S
        assert program.memory.tree < 400
        assert program.memory.daemon < 200
        assert longest < 30
        assert len(hook.calls) < 20
