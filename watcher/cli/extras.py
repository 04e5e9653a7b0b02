"""What `doctor` says of the evidence that is optional: a dictionary, a sentence encoder."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.cli.checkups import Remark, ok, warn
from watcher.config import Config
from watcher.edges import dictionary
from watcher.errors import ParseError


def look_at_dictionary(config: Config) -> Iterator[Remark]:
    """Whether a dictionary is used beside the program's own words, and whether it can be."""
    choice = config.language.dictionary
    file = dictionary.locate(choice)
    if file is None:
        why = "off" if choice == "off" else "none is installed (Debian: trans-de-en)"
        yield ok("language", f"the program's own German-English words alone; a dictionary: {why}")
        return
    try:
        dictionary.probe(file)
    except ParseError as error:
        fix = 'name a file with lines "german :: english" in [language] dictionary, or set it to "auto" or "off"'
        yield warn("language", f"{error}; the program's own words are used alone", fix)
    else:
        yield ok("language", f"the dictionary {file} is used for words that the program lacks")
