"""Servers for each module of tests: a news site, a mailbox, a webhook sink."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from acceptance import origin as origins
from acceptance import receivers

SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture(scope="module")
def site() -> Iterator[origins.Origin]:
    """Give a news site on loopback."""
    with origins.origin() as here:
        yield here


@pytest.fixture(scope="module")
def mailbox() -> Iterator[receivers.Mailbox]:
    """Give a mail server."""
    with receivers.mailbox() as box:
        yield box


@pytest.fixture(scope="module")
def sink() -> Iterator[receivers.Sink]:
    """Give a webhook receiver."""
    with receivers.sink() as here:
        yield here


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of measuring material beside the checkout; skip where it is not."""
    if not SHARED.is_dir():
        pytest.skip(f"no measuring material at {SHARED}")
    return SHARED
