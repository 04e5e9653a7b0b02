"""What all tests share: those marked `slow` run only when asked for, and rooms where tests take long come first."""

from __future__ import annotations

import pytest
import trust

trust.read_once()
# so that at the end, when there is nothing left to begin, nobody waits long for the last one
_LONG = ("crash", "hostile", "acceptance", "daemon", "cli", "flow", "novelty")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--slow`."""
    parser.addoption("--slow", action="store_true", help="run the tests that take long as well")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put long rooms first; skip what is marked slow unless `--slow` is given."""
    items.sort(key=lambda item: _LONG.index(item.path.parent.name) if item.path.parent.name in _LONG else len(_LONG))
    if config.getoption("--slow"):
        return
    skip = pytest.mark.skip(reason="takes long: run with --slow")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(skip)
