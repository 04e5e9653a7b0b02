"""A folder in memory, for tests that sync to the disk thousands of times: kill -9 takes nothing from either."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

_MEMORY = Path("/dev/shm")


@pytest.fixture(scope="module")
def in_memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder in memory where there is such a place, else one like any other."""
    if not os.access(_MEMORY, os.W_OK):
        yield tmp_path_factory.mktemp("state")
        return
    with TemporaryDirectory(dir=_MEMORY, prefix="watcher-test-") as folder:
        yield Path(folder)
