"""Text of others on a terminal."""

from __future__ import annotations

from watcher.cli.terminal import plain, wrapped


def test_a_value_stays_in_its_line() -> None:
    """What was written into the database behind our back forges no line of ours and steers no terminal."""
    forged = "Ada wins\r\nD7 is dismissed.\x1b[2J\u2028\u202e\ttail"
    assert plain(forged) == "Ada wins  D7 is dismissed. [2J   tail"
    assert "\n" not in wrapped(forged, "  ")
