"""The body of an answer: a short one is held in memory, a longer one lies in a file without a name.

A few dozen servers that each send as much as they may would otherwise fill the daemon while they wait for a worker.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from tempfile import SpooledTemporaryFile

_HELD = 256 * 1024
_PIECE = 64 * 1024


class Body:
    """Bytes that are added in order and then read in pieces, as often as needed. What lies on disk goes with it.

    `add` raises OSError when the disk does not take it.
    """

    def __init__(self, content: bytes = b"") -> None:
        # What is in memory already may stay there. It lives as long as the body.
        self._file = SpooledTemporaryFile(max_size=max(_HELD, len(content)))  # noqa: SIM115
        self._digest = hashlib.sha256()
        self.size = 0
        self.add(content)

    def __del__(self) -> None:
        with suppress(OSError):  # what the disk did not take goes with the rest
            self._file.close()

    @property
    def sha256(self) -> str:
        """The digest of all of it, in hex."""
        return self._digest.hexdigest()

    def add(self, more: bytes) -> None:
        """Add bytes at the end."""
        self._file.seek(self.size)
        self._file.write(more)
        self._file.flush()
        self._digest.update(more)
        self.size += len(more)

    def pieces(self) -> Iterator[bytes]:
        """Read all of it from the beginning, a little at a time."""
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield piece
