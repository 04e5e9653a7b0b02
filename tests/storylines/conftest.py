"""A small storyline folder that every test may bend."""

from __future__ import annotations

from pathlib import Path

import pytest

STORYLINE = """
title = "Two mills"
sides = ["north", "south"]
matters = ["mill war"]
namesakes = ["Miller High Life"]
"""
ACTORS = """
[[actor]]
name = "Ada Miller"
kind = "person"
side = "north"
aliases.en = ["Miller", "the mill owner"]
aliases.de = ["Müllerin", "Miller"]
former = ["Ada Stone"]
weak = ["the owner", "Ada"]

[[actor]]
name = "Bridge Court"
kind = "court"
"""
EVENTS = """
{"id": "2020-flood", "date": "2020", "date_precision": "year", "title": "The flood", "actors": ["Ada Miller"]}
{"id": "2021-03-suit", "date": "2021-03", "title": "The suit", "figures": [{"value": 1.5, "unit": "EUR"}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound storyline folder named `mills`."""
    mills = tmp_path / "mills"
    mills.mkdir()
    (mills / "storyline.toml").write_text(STORYLINE, encoding="utf-8")
    (mills / "actors.toml").write_text(ACTORS, encoding="utf-8")
    (mills / "events.jsonl").write_text(EVENTS, encoding="utf-8")
    return mills
