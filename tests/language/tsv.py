"""Reading the case tables of these tests: tab-separated columns, `#` starts a comment line."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parent / "data"


def cases(name: str) -> list[tuple[str, ...]]:
    """All rows of a table under data/."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line.strip() and not line.startswith("#")]
