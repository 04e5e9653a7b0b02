"""A sentence encoder small enough to be made in a test: one direction a meaning, words of two languages share them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

SPECIAL = ("[PAD]", "[UNK]")
WIDTH = 64


def write_model(
    folder: Path,
    meanings: Mapping[str, str],
    *,
    words: Iterable[str] = (),
    types: bool = False,
    pooled: bool = False,
    inside: str = "",
) -> Path:
    """Write `model.onnx` and `tokenizer.json` into a new folder and return it.

    Every word of `words` has a direction of its own; a word of `meanings` has that of the word it means. `types` has
    the model ask for `token_type_ids`, `pooled` has it give `sentence_embedding`; `inside` is where the model lies.
    """
    np = pytest.importorskip("numpy", reason="numpy comes with the extra semantic")
    onnx = pytest.importorskip("onnx", reason="onnx makes the encoder that is tested")
    pytest.importorskip("onnxruntime", reason="onnxruntime comes with the extra semantic")
    pytest.importorskip("tokenizers", reason="tokenizers comes with the extra semantic")
    folder.mkdir(parents=True)
    (folder / inside).mkdir(exist_ok=True)
    known = [*SPECIAL, *dict.fromkeys(word.lower() for word in (*words, *meanings, *meanings.values()))]
    rows = np.random.default_rng(7).standard_normal((len(known), WIDTH)).astype(np.float32)
    for word, meant in meanings.items():
        rows[known.index(word.lower())] = rows[known.index(meant.lower())]
    (folder / "tokenizer.json").write_text(json.dumps(_tokenizer(known)), encoding="utf-8")
    onnx.save(_graph(onnx, rows, types=types, pooled=pooled), str(folder / inside / "model.onnx"))
    return folder


def _tokenizer(known: list[str]) -> dict[str, object]:
    return {
        "version": "1.0",
        "truncation": None,
        "padding": {
            "strategy": {"Fixed": 32}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0,
            "pad_type_id": 0, "pad_token": "[PAD]",
        },
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": {word: at for at, word in enumerate(known)}, "unk_token": "[UNK]"},
    }  # fmt: skip


def _graph(onnx, rows, *, types: bool, pooled: bool):
    from onnx import TensorProto, helper, numpy_helper

    def given(name: str) -> object:
        return helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])

    inputs = [given("input_ids"), given("attention_mask"), *([given("token_type_ids")] if types else [])]
    tables = [numpy_helper.from_array(rows, "rows")]
    nodes = [helper.make_node("Gather", ["rows", "input_ids"], ["looked_up"], axis=0)]
    last = "looked_up"
    if types:
        tables.append(numpy_helper.from_array(rows[:1] * 0, "kinds"))
        nodes.append(helper.make_node("Gather", ["kinds", "token_type_ids"], ["kind"], axis=0))
        nodes.append(helper.make_node("Add", ["looked_up", "kind"], ["typed"]))
        last = "typed"
    if pooled:
        nodes.append(helper.make_node("ReduceMean", [last], ["sentence_embedding"], axes=[1], keepdims=0))
        shape: list[object] = ["batch", WIDTH]
    else:
        nodes.append(helper.make_node("Identity", [last], ["last_hidden_state"]))
        shape = ["batch", "tokens", WIDTH]
    outputs = [helper.make_tensor_value_info(nodes[-1].output[0], TensorProto.FLOAT, shape)]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, initializer=tables)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model
