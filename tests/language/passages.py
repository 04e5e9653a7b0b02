"""Reading the passages of sentences_{de,en}.txt and counting sentence ends found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph and the sentences it holds. `held_out` passages were written after the rules."""

    text: str
    sentences: tuple[str, ...]
    held_out: bool


def read_passages(lang: str) -> list[Passage]:
    """All passages of one language."""
    found = []
    held_out = False
    for block in (DATA / f"sentences_{lang}.txt").read_text(encoding="utf-8").split("\n\n"):
        held_out = held_out or "# part: written after" in block
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if not lines:
            continue
        text = lines[0] + "".join(line[1:] if line.startswith("+") else f" {line}" for line in lines[1:])
        sentences = tuple(line.removeprefix("+") for line in lines)
        found.append(Passage(text=text, sentences=sentences, held_out=held_out))
    return found


def boundaries(sentences: tuple[str, ...]) -> set[int]:
    """Ends of all sentences but the last, counted in non-space characters."""
    ends, at = set(), 0
    for sentence in sentences:
        at += len("".join(sentence.split()))
        ends.add(at)
    return ends - {at}


def f1(pairs: list[tuple[set[int], set[int]]]) -> float:
    """F1 of found against expected boundaries over all passages."""
    hit = sum(len(found & wanted) for found, wanted in pairs)
    total = sum(len(found) + len(wanted) for found, wanted in pairs)
    return 2 * hit / total if total else 1.0
