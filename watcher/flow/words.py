"""The words that sentences are known by: the program's own, and those of a dictionary that the user has beside it."""

from __future__ import annotations

import logging
from pathlib import Path

from watcher import __version__
from watcher.edges import dictionary
from watcher.errors import ParseError
from watcher.language import lexicon, statements
from watcher.store import terms
from watcher.store.thread import Store

log = logging.getLogger(__name__)

AT_ONCE = 1_000
"""So many sentences are renewed in one transaction."""


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


async def renew_words(store: Store) -> None:
    """Have every kept sentence known by the words that this process knows, when it is not known by them yet.

    Sentences of two editions of the lexicon, or with and without a dictionary, share too few words. Interrupted, it
    goes on at the next start.
    """
    edition = f"{__version__} {lexicon.edition()}"
    after = await store.run(terms.waiting, edition)
    if after is not None and not await store.run(terms.is_empty):
        log.info("sentences kept so far are understood again, with the words of this version; once")
    while after is not None:
        await store.run(terms.renew, edition, after, AT_ONCE, statements.understood_again)
        after = await store.run(terms.waiting, edition)
