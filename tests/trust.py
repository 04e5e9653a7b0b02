"""The certificates of the machine, read once a process and not for every client: they are many, and no test asks the
world.
"""

from __future__ import annotations

import ssl
from functools import cache

import certifi


def read_once() -> None:
    """Let those who ask for the same certificates share what was read."""
    ssl.create_default_context = cache(ssl.create_default_context)
    ssl.create_default_context()
    ssl.create_default_context(cafile=certifi.where())
