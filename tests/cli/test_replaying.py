"""`replay` and `explain` on input that is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from watcher.cli.main import watcher
from watcher.errors import ParseError
from watcher.language import lexicon


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


def test_a_dictionary_that_cannot_be_used_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A dictionary that is named and not there costs one line in the log and nothing else."""
    config, text = tmp_path / "config.toml", "Norden buys Sueden\n\nNorden bought Sueden on Monday."
    config.write_text('[language]\ndictionary = "missing"\n[state]\ndir = "state"\n', encoding="utf-8")
    told = CliRunner().invoke(watcher, ["--config", str(config), "explain", "-"], input=text)
    assert told.exit_code == 0
    assert "Norden bought Sueden" in told.output
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert f"dictionary {tmp_path / 'missing'}: cannot be read" in caplog.text


def test_replay_knows_the_words_of_a_dictionary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--dictionary FILE` is read, kept in the user's cache, and the same input still gives the same bytes."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    book, base, stream = tmp_path / "de-en", tmp_path / "base.jsonl", tmp_path / "stream.jsonl"
    book.write_text("Dackel {m} :: sausage dog\n", encoding="utf-8")
    base.write_text("", encoding="utf-8")
    stream.write_text("", encoding="utf-8")
    words = ["replay", "--base", str(base), "--stream", str(stream), "--out", str(tmp_path / "out.jsonl")]
    try:
        told = CliRunner().invoke(watcher, [*words, "--dictionary", str(book)])
        assert told.exit_code == 0
        assert lexicon.terms("Dackel", "de") == lexicon.terms("sausage dog", "en")
        assert [file.name for file in (tmp_path / "cache" / "watcher").iterdir()] == ["dictionary.words"]
    finally:
        lexicon.extend(None)
