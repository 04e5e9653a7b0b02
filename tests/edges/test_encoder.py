"""A sentence encoder is opened from a folder, gives plain vectors, and fails with one line."""

from __future__ import annotations

import logging
import math
import subprocess
import sys
import threading
from array import array
from pathlib import Path

import pytest

from tests.edges.tiny_model import WIDTH, write_model
from watcher.edges import encoder
from watcher.edges.encoder import Encoder
from watcher.errors import ParseError

MEANINGS = {"hund": "dog", "beisst": "bites", "mann": "man", "schiff": "ship"}


def cosine(one: array[float], other: array[float]) -> float:
    """How alike two vectors of length 1 are."""
    return sum(a * b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("types", [False, True], ids=["plain", "types"])
@pytest.mark.parametrize("inside", ["", "onnx"], ids=["beside", "inside"])
def test_same_meaning_is_near(tmp_path: Path, types: bool, inside: str) -> None:
    """Vectors have length 1, and are near where the words mean the same, whatever language and batch they are in."""
    opened = Encoder(write_model(tmp_path / "m", MEANINGS, types=types, inside=inside))
    texts = ["Dog bites man", "Hund beisst Mann", "ship", "dog " * 500, ""]
    vectors = opened.encode(texts)
    assert {type(vector) for vector in vectors} == {array}
    assert opened.dimensions == len(vectors[0]) == WIDTH
    assert [math.hypot(*vector) for vector in vectors[:4]] == pytest.approx([1.0] * 4, abs=1e-5)
    assert cosine(vectors[0], vectors[1]) == pytest.approx(1.0, abs=1e-5)
    assert abs(cosine(vectors[0], vectors[2])) < 0.5
    alone = opened.encode(texts[2:3])[0]
    assert cosine(alone, vectors[2]) == pytest.approx(1.0, abs=1e-5), "what pads a batch has no meaning"


def test_a_model_that_pools_itself(tmp_path: Path) -> None:
    """A model with an output for whole sentences is taken at its word."""
    opened = Encoder(write_model(tmp_path / "m", MEANINGS, pooled=True))
    one, other = (opened.encode([text])[0] for text in ("dog bites man", "Hund beisst Mann"))
    assert cosine(one, other) == pytest.approx(1.0, abs=1e-5)


def test_no_threads_of_its_own(tmp_path: Path) -> None:
    """Encoding many sentences starts no thread: the machine has other work."""
    opened = Encoder(write_model(tmp_path / "m", MEANINGS))
    before = threads()
    assert len(opened.encode(["dog bites man"] * 100)) == 100
    assert threads() == before


def threads() -> int:
    """The threads of this process, those of libraries too."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else threading.active_count()


def broken(folder: Path, how: str) -> Path:
    """A folder with a model that cannot be used."""
    model = write_model(folder, MEANINGS)
    if how in ("model.onnx", "tokenizer.json"):
        (model / how).unlink()
    elif how == "empty":
        (model / "model.onnx").write_bytes(b"")
    elif how == "garbage":
        (model / "model.onnx").write_bytes(b"\x08\x07garbage" * 100)
    elif how == "tokens":
        (model / "tokenizer.json").write_text("{}", encoding="utf-8")
    return model


@pytest.mark.parametrize("how", ["model.onnx", "tokenizer.json", "empty", "garbage", "tokens"])
def test_what_cannot_be_loaded_is_told_in_one_line(tmp_path: Path, how: str) -> None:
    """Whatever is wrong with a model, the error is ours, names the folder, and is one line."""
    with pytest.raises(ParseError, match=r"^encoder .*m: [^\n]+$"):
        Encoder(broken(tmp_path / "m", how))


def test_a_failing_model_says_so_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A model that fails in the middle of the work gives nothing from then on, and the log has one line."""
    opened = Encoder(write_model(tmp_path / "m", MEANINGS))
    opened._session = None
    with caplog.at_level(logging.WARNING):
        assert not opened.encode(["dog"])
        assert not opened.encode(["man"])
    assert len(caplog.records) == 1
    assert "going on without it" in caplog.text


def test_where_a_model_lies(tmp_path: Path) -> None:
    """A folder beside the config wins over what was fetched by the same name; neither is an error."""
    state, folder = tmp_path / "state", tmp_path / "etc"
    with pytest.raises(ParseError, match="watcher semantic fetch"):
        encoder.locate("lab/model", folder, state)
    (state / "models" / "lab--model").mkdir(parents=True)
    assert encoder.locate("lab/model", folder, state) == state / "models" / "lab--model"
    (folder / "lab" / "model").mkdir(parents=True)
    assert encoder.locate("lab/model", folder, state) == folder / "lab" / "model"


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b/c", "/etc", "a b", "https://x.example/m"])
def test_names_that_are_none_are_not_fetched(tmp_path: Path, name: str) -> None:
    """What is no name of a model is refused before anything is asked for or made."""
    with pytest.raises(ParseError, match="is no name of a model"):
        encoder.fetch(name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_fetched_model_takes_its_place_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was fetched replaces the older one only when it is a model. The hub's library is played here."""
    hub = pytest.importorskip("huggingface_hub", reason="huggingface_hub comes with the extra semantic")
    given = write_model(tmp_path / "given", MEANINGS, inside="onnx")

    def whole(_name: str, *, local_dir: Path, allow_patterns: list[str]) -> None:
        assert {"onnx/model.onnx", "tokenizer.json"} <= set(allow_patterns)
        for file in ("onnx/model.onnx", "tokenizer.json"):
            (local_dir / file).parent.mkdir(exist_ok=True)
            (local_dir / file).write_bytes((given / file).read_bytes())

    def half(_name: str, *, local_dir: Path, allow_patterns: list[str]) -> None:
        (local_dir / "onnx").mkdir(exist_ok=True)

    def offline(_name: str, **_: object) -> None:
        raise ConnectionError("no route\nto the hub")

    monkeypatch.setattr(hub, "snapshot_download", whole)
    folder = encoder.fetch("lab/model", tmp_path / "state")
    assert Encoder(encoder.locate("lab/model", tmp_path, tmp_path / "state")).dimensions == WIDTH
    for wrong, said in ((half, "has no"), (offline, "cannot be fetched: no route$")):
        monkeypatch.setattr(hub, "snapshot_download", wrong)
        (tmp_path / "state" / "models" / ".lab--model.unfinished").mkdir(exist_ok=True)
        with pytest.raises(ParseError, match=said):
            encoder.fetch("lab/model", tmp_path / "state")
        assert (folder / "tokenizer.json").exists()


def test_without_the_extra_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that is not installed is named with what to install."""
    model = write_model(tmp_path / "m", MEANINGS)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ParseError, match=r"pip install 'watcher\[semantic\]'"):
        Encoder(model)


def test_nothing_heavy_is_imported_without_a_model() -> None:
    """The libraries of the extra are left alone until an encoder is opened."""
    heavy = "{'onnxruntime', 'tokenizers', 'huggingface_hub', 'numpy'}"
    rooms = "watcher.wiring, watcher.daemon, watcher.edges.encoder, watcher.flow.likeness, watcher.cli.extras"
    script = f"import sys, {rooms}; sys.exit(str(sorted({heavy} & set(sys.modules))))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr.strip() == "[]"
