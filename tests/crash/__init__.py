"""The daemon killed at any moment, the disk that fails, the clock that jumps."""
