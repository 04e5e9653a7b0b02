"""A news site for the daemon to watch."""

from __future__ import annotations

from collections.abc import Iterator

import newssite
import pytest


@pytest.fixture
def site() -> Iterator[newssite.Site]:
    """Give a news site on loopback."""
    with newssite.running() as news:
        yield news
