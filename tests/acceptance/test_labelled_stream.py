"""The labelled stream as real feeds and pages: the whole walk finds what the decision layer alone finds."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from acceptance import shapes
from acceptance.program import Program, write_config
from acceptance.receivers import free_port

STEPS = 6
POINTS = 0.02


@pytest.fixture(scope="module")
def gold(shared: Path) -> Path:
    """Give the folder of the labelled stream; skip where it is not."""
    folder = shared / "gold"
    if not (folder / "stream.jsonl").is_file():
        pytest.skip(f"no labelled stream at {folder}")
    return folder


@pytest.fixture(scope="module")
def server(shared: Path, gold: Path) -> Iterator[str]:
    """Serve the stream, with nothing published yet; give the address."""
    port = free_port()
    argv = [sys.executable, str(shared / "tools" / "goldserver.py"), str(gold / "stream.jsonl"), "--port", str(port)]
    process = subprocess.Popen([*argv, "--until", "2000-01-01T00:00:00Z"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        assert "serving" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def _get(url: str, *, post: bool = False) -> str:
    with urllib.request.urlopen(urllib.request.Request(url, data=b"" if post else None), timeout=10) as answer:
        return str(answer.read().decode())


def _storyline(folder: Path, base: Path) -> None:
    """Make a storyline of the bundled actors and rules with another base."""
    bundled = resources.files("watcher.storylines") / "musk_altman"
    folder.mkdir()
    for name in ("actors.toml", "storyline.toml"):
        (folder / name).write_text((bundled / name).read_text(encoding="utf-8"), encoding="utf-8")
    shutil.copy(base, folder / "events.jsonl")


@pytest.fixture(scope="module")
def program(server: str, gold: Path, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Give a program that watches every outlet of the stream, knowing what was known when it begins."""
    folder = tmp_path_factory.mktemp("stream")
    _storyline(folder / "story", gold / "base.jsonl")
    told = _get(f"{server}/__config")
    return write_config(
        folder, feeds={}, allow=[server.removeprefix("http://")], head='[storyline]\nuse = "story"',
        tail=f"[alerts]\nsince = 2000-01-01\n{told}",
    )  # fmt: skip


@pytest.fixture(scope="module")
def replayed(program: Program, gold: Path) -> list[dict[str, Any]]:
    """Give what `replay` says of the same articles."""
    out = program.folder / "replay.jsonl"
    for _ in range(2):
        before = out.read_bytes() if out.exists() else None
        answer = program.run(
            "replay", "--base", str(gold / "base.jsonl"), "--stream", str(gold / "stream.jsonl"), "--out", str(out),
            "--storyline", "story",
        )  # fmt: skip
        assert answer.code == 0, answer
    assert out.read_bytes() == before, "the same input gave other bytes"
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


@pytest.mark.slow
def test_replay_answers_every_article_in_order(replayed: list[dict[str, Any]], gold: Path) -> None:
    """`replay` writes one line an article, in stream order, of the contract's shape, the same bytes every time."""
    articles = [json.loads(line) for line in (gold / "stream.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in replayed] == [article["id"] for article in articles]
    for row in replayed:
        shapes.fits(row, shapes.REPLAYED)
        assert row["development"] or not row["flagged"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_whole_walk_is_no_worse_than_the_decision_layer(
    program: Program, replayed: list[dict[str, Any]], server: str, gold: Path, shared: Path
) -> None:
    """Walked in steps of time over feeds and pages, the program flags about what `replay` flags: alert precision and
    recall are at most two points lower, and one article in twenty is judged otherwise at most.
    """
    articles = [json.loads(line) for line in (gold / "stream.jsonl").read_text(encoding="utf-8").splitlines()]
    stops = [articles[(step + 1) * len(articles) // STEPS - 1]["published"] for step in range(STEPS)]
    seen = new = 0
    for stop in stops:
        _get(f"{server}/__clock?until={urllib.parse.quote(stop)}", post=True)
        counts = program.walk()
        assert counts["feeds"]["failed"] == 0
        assert counts["articles"]["failed"] == 0
        seen, new = seen + counts["entries"]["seen"], new + counts["entries"]["new"]
    assert new == len(articles), "every article is an entry once"
    again = program.walk()
    assert again["entries"] == {"seen": 0, "new": 0, "relevant": 0}
    assert again["developments"] == {"opened": 0, "grown": 0}
    flagged = _flagged(program)
    expected = {row["id"] for row in replayed if row["flagged"]}
    walked = [
        {"id": one["id"], "relevant": True, "flagged": one["id"] in flagged, "statements": []} for one in articles
    ]
    figures = [_scores(shared, gold, program.folder, rows) for rows in (walked, replayed)]
    print(f"walk {figures[0]}, replay {figures[1]}; walk alone {sorted(flagged - expected)}, "  # noqa: T201
          f"replay alone {sorted(expected - flagged)}")  # fmt: skip
    assert len(flagged ^ expected) <= len(articles) / 20
    for name in ("alert_precision", "alert_recall"):
        assert figures[1][name] - figures[0][name] <= POINTS, (flagged ^ expected, figures)


def _flagged(program: Program) -> set[str]:
    """Give the ids of the articles that told anything fresh."""
    fresh = [
        statement["url"] for one in program.ask("flags", "--all")["developments"] for statement in one["statements"]
        if statement["verdict"] in ("new", "changed")
    ]  # fmt: skip
    return {url.rsplit("/", 1)[1].removesuffix(".html") for url in fresh}


def _scores(shared: Path, gold: Path, folder: Path, rows: list[dict[str, Any]]) -> dict[str, float]:
    """Give alert precision and recall, as the measuring tool counts them."""
    path = folder / "scored.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(shared / "tools" / "score_replay.py"), str(gold / "stream.jsonl"), str(path), "--json"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    told = json.loads(done.stdout)
    return {name: told[name] for name in ("alert_precision", "alert_recall")}
