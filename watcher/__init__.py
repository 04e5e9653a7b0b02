"""watcher: tells news from old news on one storyline."""

__version__ = "0.1.0"
