"""What all tests share: those marked `slow` run only when asked for."""

from __future__ import annotations

import pytest
import trust

trust.read_once()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--slow`."""
    parser.addoption("--slow", action="store_true", help="run the tests that take long as well")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what is marked slow unless `--slow` is given."""
    if config.getoption("--slow"):
        return
    skip = pytest.mark.skip(reason="takes long: run with --slow")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(skip)
