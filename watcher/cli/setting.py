"""What every command starts from: the config file, and what is read with its help only when needed."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

from watcher.config import Config
from watcher.edges import config_file
from watcher.records import Storyline


class Setting:
    """The config as found and read once. Raises `ConfigError` on first use when there is none to be used."""

    def __init__(self, explicit: Path | None) -> None:
        self._explicit = explicit

    @cached_property
    def path(self) -> Path:
        """The config file."""
        return config_file.find(self._explicit, os.environ)

    @cached_property
    def config(self) -> Config:
        """The config."""
        return config_file.load(self.path)

    @cached_property
    def state_dir(self) -> Path:
        """The state directory."""
        return self.config.state.dir

    @cached_property
    def storyline(self) -> Storyline:
        """The storyline as shipped or kept in its folder."""
        from watcher.storylines.load import chosen

        return chosen(self.config.storyline, self.path.parent)

    @property
    def storyline_name(self) -> str:
        """What the storyline is called in the state: a bundled name, or that of its folder."""
        from watcher.storylines.load import name_of

        return name_of(self.config.storyline.use, self.path.parent)
