"""The quality gate: floors for the figures of the shipped weights, pinned with the fingerprint of the data.

    python -m benchmarks.gate            print the figures beside their floors
    python -m benchmarks.gate --update   pin anew: floors one point under what is reached; refuses to lower one
    python -m benchmarks.gate --update --lower   lowers too

`accepted_*` are figures of a base that grows by what the stream tells. All are of data the weights were fitted on: they
tell a fall, not how good the judge is. That is what `benchmarks.fit --leave-out` tells.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

from benchmarks.score import replayed
from benchmarks.streams import HERE, outside_stream, read_stream
from watcher.novelty.weights import shipped

FILE = Path(__file__).parent / "gate.json"
FLOORS: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
MARGIN = 0.01
# Streams about the bundled storyline that lie beside the repository; they are looked at where they are.
OUTSIDE = {"feud-2025": HERE.parents[2] / "shared" / "gold"}


def folder_of(name: str) -> Path:
    """Where a pinned stream lies. It need not be there when it is one from outside."""
    return OUTSIDE.get(name, HERE / name)


def figures(name: str) -> dict[str, float]:
    """The figures of one stream with the shipped weights, and those of a base that grows by what it tells."""
    stream = outside_stream(OUTSIDE[name]) if name in OUTSIDE else read_stream(HERE / name)
    grown = replayed(stream, shipped(), accepted=True).figures() if stream.events else {}
    return {**replayed(stream, shipped()).figures(), **{f"accepted_{key}": value for key, value in grown.items()}}


def _pinned(folder: Path, reached: dict[str, float]) -> dict[str, Any]:
    return {
        "sha256": hashlib.sha256((folder / "stream.jsonl").read_bytes()).hexdigest(),
        "floors": {name: round(value - MARGIN, 3) for name, value in reached.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--lower", action="store_true")
    args = parser.parse_args()
    fallen = []
    for name, pinned in FLOORS["streams"].items():
        if not folder_of(name).exists():
            print(f"{name:14} is not here")
            continue
        reached = figures(name)
        print(f"{name:14}", " ".join(f"{key} {value:.3f}" for key, value in reached.items()))
        fallen += [f"{name} {key}" for key, floor in pinned["floors"].items() if reached[key] < floor]
        FLOORS["streams"][name] = _pinned(folder_of(name), reached)
    if fallen:
        print("under the floor:", ", ".join(fallen))
    if args.update and (args.lower or not fallen):
        FILE.write_text(json.dumps(FLOORS, indent=1) + "\n", encoding="utf-8")
    elif fallen:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
