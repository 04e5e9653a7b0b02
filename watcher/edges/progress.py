"""A line that shows what is under way, at the foot of a terminal; the log runs above it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

_CLEAR = "\r\x1b[K"
_BAR = 20


class Progress:
    """Wraps a terminal's stream: what is written to it appears above the line. On anything else it only passes on."""

    def __init__(self, stream: TextIO, environ: Mapping[str, str]) -> None:
        self._stream = stream
        self.shown = stream.isatty() and environ.get("TERM", "dumb") != "dumb"
        self._line = ""

    def write(self, text: str) -> int:
        """Write above the line."""
        self._stream.write(f"{_CLEAR}{text}{self._line}" if self._line else text)
        return len(text)

    def flush(self) -> None:
        """Pass on what was written."""
        self._stream.flush()

    def fileno(self) -> int:
        """Tell the number of the stream underneath."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Whether the stream underneath is a terminal."""
        return self._stream.isatty()

    def show(self, done: int, total: int, what: str, columns: int) -> None:
        """Draw the line: a bar for `done` of `total`, and words beside it, cut to the terminal's width."""
        if not self.shown:
            return
        full = _BAR * done // total if total else _BAR
        line = f"[{'#' * full}{'.' * (_BAR - full)}] {what}"[: max(columns - 1, 1)]
        if line != self._line:
            self._line = line
            self._stream.write(f"{_CLEAR}{line}")
            self._stream.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._line:
            self._line = ""
            self._stream.write(_CLEAR)
            self._stream.flush()
