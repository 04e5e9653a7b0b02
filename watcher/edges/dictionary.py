"""A German-English dictionary in the format of Ding, read where the user has it. Nothing of it comes with the program.

A line is `Klage {f}; Rechtsstreit {m} | Klagen {pl} :: lawsuit; suit | lawsuits`: groups that answer each other, and
in them words of one meaning, the usual ones first. A word has many lines, so each pair of words counts by its places
in all of them, and of each German word the best English one is taken, when it thinks of the German one as well.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from importlib import resources
from pathlib import Path

from watcher.errors import ParseError
from watcher.language.wordbook import Wordbook
from watcher.language.words import is_stopword, stem

log = logging.getLogger(__name__)

INSTALLED = Path("/usr/share/trans/de-en")
"""Where Debian's package trans-de-en puts it."""
CACHE = "dictionary.words"
LARGEST_BYTES = 200 * 2**20
_LONGEST_LINE = 100_000
_MOST_LINES, _PROBED_LINES = 2_000_000, 1_000
_MOST_FORMS = 40
_SHORTEST, _LONGEST = 4, 60
# An English word "thinks of" so many German ones: those it stands beside most.
_BACK = 3
# Raised when what is made of the same file changes.
_MAKING = 1
_REMARK = re.compile(r"\{[^}]*\}|\[[^\]]*\]|\([^)]*\)|<[^>]*>|/[^/]*/")


def locate(choice: Path | str) -> Path | None:
    """Find the file that `[language] dictionary` means: None for `off`, and for `auto` where none is installed.

    Whether a file that is named exists is not looked at.
    """
    if isinstance(choice, Path):
        return choice
    return INSTALLED if choice == "auto" and INSTALLED.is_file() else None


def user_cache(environ: Mapping[str, str]) -> Path | None:
    """Make the folder where a user's programs keep what they can make again; None when there can be none."""
    home = environ.get("XDG_CACHE_HOME") or (f"{environ['HOME']}/.cache" if environ.get("HOME") else "")
    folder = Path(home) / "watcher"
    try:
        if not folder.is_absolute():
            return None
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    return folder


def probe(path: Path) -> None:
    """Look at the beginning of a dictionary file. Raises `ParseError` when it cannot be read or holds no words."""
    _fingerprint(path)
    try:
        found = next(_pairs(path, _PROBED_LINES), None)
    except OSError as error:
        raise ParseError(f"dictionary {path}: cannot be read: {error.strerror}") from error
    if found is None:
        raise ParseError(_no_dictionary(path))


def load(path: Path, cache: Path | None) -> Wordbook:
    """Read a dictionary file, or what was made of it before and kept in the folder `cache`.

    Raises `ParseError` for what cannot be read or holds no words. That nothing can be kept is no error.
    """
    kept = cache / CACHE if cache is not None and cache.is_dir() else None
    mark = _fingerprint(path)
    if kept is not None and (text := _kept(kept, mark)) is not None:
        return Wordbook(text)
    book = _made(path)
    if not book.text:
        raise ParseError(_no_dictionary(path))
    if kept is not None:
        _keep(kept, mark, book.text)
    return book


def _no_dictionary(path: Path) -> str:
    return f"dictionary {path}: holds no line of the form german :: english"


def _fingerprint(path: Path) -> bytes:
    """Tell one state of one file from any other, in one line."""
    try:
        found = path.stat()
    except OSError as error:
        raise ParseError(f"dictionary {path}: cannot be read: {error.strerror}") from error
    if not path.is_file():
        raise ParseError(f"dictionary {path}: is no file")
    if found.st_size > LARGEST_BYTES:
        raise ParseError(f"dictionary {path}: is larger than {LARGEST_BYTES // 2**20} MiB")
    return f"{_MAKING} {found.st_size} {found.st_mtime_ns} {path.absolute()}".encode()


def _kept(file: Path, mark: bytes) -> bytes | None:
    """What was made of the same file before. A digest tells a whole text from half of one."""
    try:
        head, _, text = file.read_bytes().partition(b"\n")
    except OSError:
        return None
    return text if head == _head(mark, text) else None


def _head(mark: bytes, text: bytes) -> bytes:
    return hashlib.sha256(mark + b"\n" + text).hexdigest().encode()


def _keep(file: Path, mark: bytes, text: bytes) -> None:
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(_head(mark, text) + b"\n" + text)
        unfinished.replace(file)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        log.info("dictionary: %s cannot be written, it is made again next time: %s", file, error.strerror)


def _made(path: Path) -> Wordbook:
    """Weigh all pairs in a temporary database: on disk, because in memory they take a few hundred MiB."""
    try:
        with closing(sqlite3.connect("", isolation_level=None)) as db:
            db.executescript(_TABLES)
            db.execute("BEGIN")
            db.executemany("INSERT INTO pair VALUES (?, ?, ?)", _pairs(path))
            db.execute("INSERT INTO link SELECT de, en, sum(weight) FROM pair GROUP BY de, en")
            db.execute("CREATE INDEX back ON link (en, weight)")
            rows = db.execute(_BEST, {"back": _BACK})
            return Wordbook.of((stem(german, "de"), english) for german, english in rows)
    except (OSError, sqlite3.Error) as error:
        raise ParseError(f"dictionary {path}: cannot be read: {error}") from error


_TABLES = """
    PRAGMA cache_size = -8192;
    CREATE TABLE pair (de TEXT, en TEXT, weight REAL);
    CREATE TABLE link (de TEXT, en TEXT, weight REAL, PRIMARY KEY (de, en)) WITHOUT ROWID;
"""
_BEST = """
    SELECT de, en FROM (SELECT de, en, max(weight) AS weight FROM link GROUP BY de) AS best
    WHERE (SELECT count(*) FROM link AS other WHERE other.en = best.en AND other.weight > best.weight) < :back
    ORDER BY best.weight DESC, de
"""


def _pairs(path: Path, limit: int = _MOST_LINES) -> Iterator[tuple[str, str, float]]:
    """Give one German word, its English word or two, and how much the pair's place speaks for it. All are folded."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for _ in range(limit):
            line = lines.readline(_LONGEST_LINE)
            if not line:
                return
            german, divided, english = line.casefold().partition(" :: ")
            if divided and not line.startswith("#"):
                yield from _of_line(german, english)


def _of_line(german: str, english: str) -> Iterator[tuple[str, str, float]]:
    # A bar of one side answers a bar of the other; what has no answer is left.
    sides = zip(_REMARK.sub(" ", german).split(" | "), _REMARK.sub(" ", english).split(" | "), strict=False)
    for of_german, of_english in sides:
        ours = [(at, word) for at, word in enumerate(_forms(of_german)) if _counts(word)]
        for place, other in enumerate(_forms(of_english) if ours else ()):
            if other and other.count(" ") <= 1:
                for at, word in ours:
                    yield word, other, 1.0 / (1 + at) / (1 + place)


def _counts(german: str) -> bool:
    return _SHORTEST <= len(german) <= _LONGEST and " " not in german and not is_stopword(german, "de")


@cache
def _filling() -> frozenset[str]:
    """What stands beside a word to show how it is used."""
    text = resources.files(__package__).joinpath("dictionary_filling.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def _forms(group: str) -> list[str]:
    """The forms of a group without filling; '' for one with characters that no word has."""
    forms = [[word for word in form.split() if word not in _filling()] for form in group.split(";")[:_MOST_FORMS]]
    return [" ".join(words) if "".join(words).replace("-", "").isalpha() else "" for words in forms]
