"""What `doctor` says of the evidence that is optional: a dictionary, a sentence encoder."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.cli.checkups import Remark, ok, warn
from watcher.config import Config
from watcher.edges import dictionary, encoder
from watcher.errors import ParseError


def look_at_evidence(config: Config) -> Iterator[Remark]:
    """Everything optional that the judge may go by."""
    yield from look_at_dictionary(config)
    yield from look_at_encoder(config)


def look_at_dictionary(config: Config) -> Iterator[Remark]:
    """Whether a dictionary is used beside the program's own words, and whether it can be."""
    choice = config.language.dictionary
    file = dictionary.locate(choice)
    if file is None:
        why = "none is asked for" if choice == "off" else "none is installed (Debian: trans-de-en)"
        yield ok("language", f"the program's own German-English words alone: of a dictionary {why}")
        return
    try:
        dictionary.probe(file)
    except ParseError as error:
        fix = 'name a file with lines "german :: english" in [language] dictionary, or set it to "auto" or "off"'
        yield warn("language", f"{error}; the program's own words are used alone", fix)
    else:
        yield ok("language", f"the dictionary {file} is used for words that the program lacks")


def look_at_encoder(config: Config) -> Iterator[Remark]:
    """Whether the sentence encoder that is named can be used; nothing when none is."""
    if not config.semantic.model:
        return
    try:
        opened = encoder.Encoder(encoder.locate(config.semantic.model, config.folder, config.state.dir))
    except ParseError as error:
        fix = 'correct [semantic] model, or set it to ""; pip install "watcher[semantic]" brings the libraries'
        yield warn("language", f"{error}; everything works without it", fix)
    else:
        yield ok("language", f"the encoder {config.semantic.model} is used: vectors of {opened.dimensions} numbers")
