"""A dictionary file in the format of Ding is read within bounds, kept, and read again when it changes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from watcher.edges import dictionary
from watcher.errors import ParseError
from watcher.language.words import stem

# Made up for these tests.
LINES = """\
# Version :: a comment is no word
Dackel {m}; Teckel {m} [zool.] | Dackel {pl} (mehrere) :: sausage dog; dachshund /dog/ | sausage dogs
Teckel {m} :: dachshund
etw. verdackeln {vt} [ugs.] | verdackelt :: to bungle sth. [coll.]; to botch sb./sth. | bungled
Muffe {f} :: sleeve; socket; box
am Ende des Tages :: at the end of the day
no words on one side ::
:: nothing
just text without the mark
a | b | c :: one
"""


def made(folder: Path, text: str | bytes = LINES) -> Path:
    """Write a dictionary file."""
    file = folder / "de-en"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def test_words_and_their_best_translations(tmp_path: Path) -> None:
    """Remarks and filling are left out, places in the lines decide, and phrases of three words are left."""
    book = dictionary.load(made(tmp_path), None)
    words = {"dackel": "sausage dog", "teckel": "dachshund", "verdackeln": "bungle", "muffe": "sleeve", "ende": ""}
    assert {word: book.find(stem(word, "de")) for word in words} == words


def test_a_word_everything_is_called_links_little(tmp_path: Path) -> None:
    """Of many German words with one best English word, only those it stands beside most are taken."""
    crowded = "".join(f"Wort{chr(97 + i) * 3} :: thing; item{chr(97 + i)}\n" for i in range(9))
    heavy = "Ding {n} :: thing\nDing {n} [ugs.] :: thing\nSache {f} :: thing\nSache {f} [jur.] :: thing\n"
    heavy += "Objekt {n} :: thing\nObjekt {n} :: thing\n"
    assert len(dictionary.load(made(tmp_path, heavy + crowded), None)) == 3


def test_what_was_made_is_kept(tmp_path: Path) -> None:
    """The second time nothing is made anew; a changed file is, and so is what lies damaged in the folder."""
    cache = tmp_path / "state"
    cache.mkdir()
    first = dictionary.load(made(tmp_path), cache)
    kept = cache / dictionary.CACHE
    began = kept.stat().st_mtime_ns
    assert dictionary.load(tmp_path / "de-en", cache).text == first.text
    assert kept.stat().st_mtime_ns == began
    kept.write_bytes(kept.read_bytes()[:-5])
    assert dictionary.load(tmp_path / "de-en", cache).text == first.text
    changed = dictionary.load(made(tmp_path, "Mops {m} :: pug\n"), cache)
    assert (changed.find("mops"), len(changed)) == ("pug", 1)
    assert [path.name for path in cache.iterdir()] == [dictionary.CACHE]


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """Without a place to keep it, the dictionary is made each time."""
    assert dictionary.load(made(tmp_path), tmp_path / "nowhere").find("dackel") == "sausage dog"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    "text", [b"", b"no mark at all\n" * 50, b"\xff\xfe\x00" * 1000, b"a" * 300_000, b" :: \n" * 100, b"; | ; :: ;|;\n"]
)
def test_what_is_no_dictionary_is_refused(tmp_path: Path, text: bytes) -> None:
    """A file without words, whatever it holds, is said to be none, by a look and by reading."""
    file = made(tmp_path, text)
    with pytest.raises(ParseError, match="holds no line"):
        dictionary.load(file, None)
    with pytest.raises(ParseError, match="holds no line"):
        dictionary.probe(file)


@pytest.mark.parametrize("name", ["missing", "."])
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    """A missing file and a folder are refused with their name."""
    with pytest.raises(ParseError, match="dictionary"):
        dictionary.load(tmp_path / name, None)


def test_choices(tmp_path: Path) -> None:
    """Off is nothing, a path is that path, auto is what is installed, if anything."""
    assert dictionary.locate("off") is None
    assert dictionary.locate(tmp_path / "mine") == tmp_path / "mine"
    assert dictionary.locate("auto") in (None, dictionary.INSTALLED)


def test_long_lines_and_many_words_stay_within_bounds(tmp_path: Path) -> None:
    """A large file, one line of it endless, takes little memory and gives its words."""
    file = tmp_path / "de-en"
    with file.open("w", encoding="utf-8") as sink:
        sink.write("; ".join(f"wort{'a' * 9}" for _ in range(200_000)) + " :: " + "word; " * 200_000 + "\n")
        for number in range(60_000):
            name = "".join(chr(97 + int(digit)) for digit in str(number))
            sink.write(f"Kram{name} {{m}}; Zeug{name} {{n}} [ugs.] :: stuff{name}; clutter{name}\n")
    # not the resource module: it counts what the process was before it was this program
    script = (
        "import sys; from pathlib import Path; from watcher.edges import dictionary\n"
        "print(len(dictionary.load(Path(sys.argv[1]), None)))\n"
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)], capture_output=True, text=True, timeout=100, check=True
    )
    words, kibibytes = map(int, done.stdout.split())
    assert 100_000 < words <= 120_000, "a few share a stem"
    assert kibibytes < 120 * 1024


def test_installed_dictionary() -> None:
    """Where Debian's package is installed, it gives more than a hundred thousand words."""
    if not dictionary.INSTALLED.exists():
        pytest.skip(f"{dictionary.INSTALLED} is not installed")
    assert len(dictionary.load(dictionary.INSTALLED, None)) > 100_000
