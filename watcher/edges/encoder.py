"""A multilingual sentence encoder from a folder: `model.onnx` and `tokenizer.json`, run by onnxruntime on one thread.

The extra `semantic` brings the libraries; they are imported when an encoder is opened, and never leave this module.
Nothing is fetched but by `fetch`.
"""

from __future__ import annotations

import logging
import re
import shutil
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from watcher.errors import ParseError, WatcherError

log = logging.getLogger(__name__)

MODELS = "models"
"""The folder of the state that fetched models lie in."""
_MODEL_FILES = ("model.onnx", "onnx/model.onnx")
_TOKENIZER = "tokenizer.json"
_FETCHED = (*_MODEL_FILES, "model.onnx_data", "onnx/model.onnx_data", _TOKENIZER, "LICENSE*", "README.md")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?", re.ASCII)
_LARGEST_TOKENIZER_BYTES = 100 * 2**20
_LONGEST_TEXT, _MOST_TOKENS, _AT_ONCE = 2_000, 128, 8
_KNOWN_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_SENTENCE = "sentence_embedding"
_EXTRA = "the extra is not installed: pip install 'watcher[semantic]'"


def locate(model: str, folder: Path, state: Path) -> Path:
    """Find the folder of a model: a path, relative to `folder`, else what was fetched into the state by that name.

    Raises `ParseError` when there is none.
    """
    for place in (folder / model, _place(model, state) if _NAME.fullmatch(model) else None):
        if place is not None and place.is_dir():
            return place
    raise ParseError(f"encoder {model}: no such folder, and none of this name was fetched (watcher semantic fetch)")


def _place(name: str, state: Path) -> Path:
    return state / MODELS / name.replace("/", "--")


def fetch(name: str, state: Path) -> Path:
    """Fetch a model by its name on the hub into the state, in place of an older one. Returns its folder.

    Raises `ParseError`. This is the only door to a network here.
    """
    if not _NAME.fullmatch(name):
        raise ParseError(f"encoder {name}: is no name of a model, like organisation/model")
    target = _place(name, state)
    unfinished = target.with_name(f".{target.name}.unfinished")
    with _libraries(f"encoder {name}: cannot be fetched"):
        from huggingface_hub import snapshot_download

        unfinished.mkdir(mode=0o700, parents=True, exist_ok=True)
        snapshot_download(name, local_dir=unfinished, allow_patterns=list(_FETCHED))
        _files(unfinished, name)
        if target.exists():
            shutil.rmtree(target)
        unfinished.replace(target)
    return target


class Encoder:
    """An opened encoder. One that fails says so once in the log and gives nothing from then on."""

    def __init__(self, folder: Path) -> None:
        """Load the model and try it on a sentence. Raises `ParseError` for whatever stands in the way."""
        self._name = f"encoder {folder}"
        self._failed = False
        model, tokenizer = _files(folder, str(folder))
        with _libraries(f"{self._name}: cannot be loaded"):
            self._tokenizer = _open_tokenizer(tokenizer)
            self._session = _open_session(model)
            self._inputs = [one.name for one in self._session.get_inputs()]
            outputs = [one.name for one in self._session.get_outputs()]
            if odd := [name for name in self._inputs if name not in _KNOWN_INPUTS]:
                raise ParseError(f"{self._name}: asks for {', '.join(odd)}; only {', '.join(_KNOWN_INPUTS)} are known")
            self._output = _SENTENCE if _SENTENCE in outputs else outputs[0]
            self.dimensions = len(self._encode(["The first sentence."])[0])

    def encode(self, texts: Sequence[str]) -> Sequence[array[float]]:
        """Give one vector of length 1 a text; nothing when the model fails."""
        if self._failed:
            return ()
        try:
            with _libraries(f"{self._name}: failed"):
                return [
                    vector
                    for at in range(0, len(texts), _AT_ONCE)
                    for vector in self._encode(texts[at : at + _AT_ONCE])
                ]
        except ParseError as error:
            self._failed = True
            log.warning("%s; going on without it", error)
            return ()

    def _encode(self, texts: Sequence[str]) -> list[array[float]]:
        import numpy as np

        # One by one: a batch would start threads of its own.
        tokens = [self._tokenizer.encode(text[:_LONGEST_TEXT]).ids for text in texts]
        ids = np.zeros((len(texts), max(1, *map(len, tokens))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, found in enumerate(tokens):
            ids[row, : len(found)] = found
            mask[row, : len(found)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (told,) = self._session.run([self._output], {name: given[name] for name in self._inputs})
        vectors = np.asarray(told, dtype=np.float32)
        if vectors.ndim == 3:
            counted = mask[:, :, None].astype(np.float32)
            vectors = (vectors * counted).sum(axis=1) / np.maximum(counted.sum(axis=1), 1.0)
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise ParseError(f"{self._name}: what it gives is no vector a sentence")
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return [array("f", vector.tobytes()) for vector in vectors]


def _files(folder: Path, name: str) -> tuple[Path, Path]:
    """The two files of a model. Raises `ParseError` that names what is missing."""
    model = next((folder / file for file in _MODEL_FILES if (folder / file).is_file()), None)
    tokenizer = folder / _TOKENIZER
    if model is None:
        raise ParseError(f"encoder {name}: has no {' or '.join(_MODEL_FILES)}")
    if not tokenizer.is_file() or tokenizer.stat().st_size > _LARGEST_TOKENIZER_BYTES:
        raise ParseError(f"encoder {name}: has no {_TOKENIZER} that can be used")
    return model, tokenizer


def _open_tokenizer(file: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_MOST_TOKENS)
    return tokenizer


def _open_session(file: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Without an arena, memory is given back after a long batch.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


@contextmanager
def _libraries(doing: str) -> Iterator[None]:
    """Tell whatever the libraries raise as one line: they have no errors of their own, only `Exception`."""
    try:
        yield
    except WatcherError:
        raise
    except ImportError as error:
        raise ParseError(f"{doing}: {_EXTRA} ({error})") from error
    except Exception as error:
        lines = str(error).splitlines()
        raise ParseError(f"{doing}: {lines[0][:300] if lines else type(error).__name__}") from error
