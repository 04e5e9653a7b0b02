"""What is watched: storyline folders and event files, read at the door into records."""

from __future__ import annotations

from watcher.storylines.events import read_events, write_event
from watcher.storylines.load import load

__all__ = ["load", "read_events", "write_event"]
