"""Words that the program's own lexicon lacks, from a dictionary that the user has beside it."""

from __future__ import annotations

import logging
from pathlib import Path

from watcher.edges import dictionary
from watcher.errors import ParseError
from watcher.language import lexicon

log = logging.getLogger(__name__)


def learn_words(choice: Path | str, cache: Path | None) -> int:
    """Have this process know the words of the dictionary that `[language] dictionary` means; returns how many.

    Without one, or with one that cannot be used, it knows its own words alone, and the log says so in one line.
    """
    file = dictionary.locate(choice)
    lexicon.extend(None)
    if file is None:
        return 0
    try:
        book = dictionary.load(file, cache)
    except ParseError as error:
        log.warning("%s; going on with the words of the program", error)
        return 0
    lexicon.extend(book)
    log.info("dictionary %s: %d words beside those of the program", file, len(book))
    return len(book)
