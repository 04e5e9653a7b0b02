"""`replay` and `explain` on input that is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from watcher.cli.main import watcher
from watcher.errors import ParseError


def test_failed_replay_leaves_the_old_file(tmp_path: Path) -> None:
    """A stream that breaks off in the middle replaces nothing: the file of the last replay stays whole."""
    base, stream, out = tmp_path / "base.jsonl", tmp_path / "stream.jsonl", tmp_path / "out.jsonl"
    base.write_text("", encoding="utf-8")
    stream.write_text("this is no article\n", encoding="utf-8")
    out.write_text("kept\n", encoding="utf-8")
    told = CliRunner().invoke(
        watcher, ["replay", "--base", str(base), "--stream", str(stream), "--out", str(out), "--storyline", "any"]
    )
    assert isinstance(told.exception, ParseError)
    assert f"{stream}:1" in str(told.exception)
    assert out.read_text(encoding="utf-8") == "kept\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base.jsonl", "out.jsonl", "stream.jsonl"]


@pytest.mark.parametrize("text", ["", " \n\n"])
def test_nothing_is_not_explained(tmp_path: Path, text: str) -> None:
    """An empty text is said to be empty."""
    config = tmp_path / "config.toml"
    config.write_text('[state]\ndir = "state"\n', encoding="utf-8")
    told = CliRunner().invoke(watcher, ["--config", str(config), "explain", "-"], input=text)
    assert isinstance(told.exception, ParseError)
