"""The sentence encoder of the config, opened for the judge."""

from __future__ import annotations

import logging

from watcher.config import Config
from watcher.edges import encoder
from watcher.errors import ParseError
from watcher.novelty.semantics import Likeness

log = logging.getLogger(__name__)


def open_likeness(config: Config) -> Likeness | None:
    """Open the encoder that `[semantic]` names. None when it names none, or one that cannot be used: the log says why
    in one line, and all goes on without it.
    """
    if not config.semantic.model:
        return None
    try:
        opened = encoder.Encoder(encoder.locate(config.semantic.model, config.folder, config.state.dir))
    except ParseError as error:
        log.warning("%s; going on without it", error)
        return None
    log.info("encoder %s: vectors of %d numbers", config.semantic.model, opened.dimensions)
    return Likeness(opened, config.semantic.alike)
