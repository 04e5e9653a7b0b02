"""How much a line reads like a page's furniture: pitches, buttons, counters, boxes, and not like a report.

A logistic model over words, neighbouring words and the shape of the line; its weights (`furniture.json`, made by
`benchmarks/fit_furniture.py`) know no names of people or companies. Unlike a table of phrases it has an opinion on
wordings it never saw.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import pairwise

from watcher.language import cues, tables
from watcher.language.logistic import Model
from watcher.language.words import fold, stem_all, tokenise

# A longer text is no line beside an article.
_LONGEST = 400
_EARLY = 45
_LONG_WORD = 8
_PIECE = 6
_ADDRESS = re.compile(r"https?://\S+|\bwww\.\S+|\S+@\S+|(?<!\w)@\w+")
_FIGURE = re.compile(r"\d[\d.,:]*")
_QUOTED = re.compile(r"[„“”\"»«][^„“”\"»«]+[“”\"»«]?")
_END = re.compile(r"[.!?…][\"'”“»«’)\]\s]*$")
_LABEL = re.compile(rf"[^:.!?]{{2,{_EARLY}}}:\s")
_WRITING = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ORDER_DE = re.compile(r"[A-ZÄÖÜ][a-zäöüß]+(?:en|ern|eln) [Ss]ie\b")
_KINDS = (cues.PAST_HAPPENING, cues.QUOTE, cues.FUTURE, "reported")
_LENGTHS = (1, 2, 4, 6, 9, 13, 18, 25)
_FIGURES = 3


def likelihood(text: str, lang: str) -> float:
    """Tell how likely a line or sentence is furniture, from 0 to 1; 0 for long texts and languages without weights."""
    return likelihood_under(shipped(), text, lang)


def likelihood_under(model: Model, text: str, lang: str) -> float:
    """`likelihood` under given weights."""
    if lang not in model.weights or not text.strip() or len(text) > _LONGEST:
        return 0.0
    return model.probability(lang, dict.fromkeys(marks(text, lang), 1.0))


@cache
def shipped() -> Model:
    """The weights that come with the program."""
    return Model.parse(resources.files(__package__).joinpath("furniture.json").read_text(encoding="utf-8"))


def marks(text: str, lang: str) -> frozenset[str]:
    """Give what the model knows of a line: `w:` stems, `p:` neighbours (`^` and `$` are its ends), `c:` beginnings and
    `e:` ends of long words, `s:` the shape.
    """
    text = text.strip()
    told = _FIGURE.sub(" 0 ", _ADDRESS.sub(" 1 ", text))
    folded = [fold(token) for token in tokenise(told)]
    stems = stem_all(folded, lang)
    found = {f"w:{one}" for one in stems}
    found.update(f"p:{one} {other}" for one, other in pairwise(("^", *stems, "$")))
    for word in folded:
        if len(word) >= _LONG_WORD:
            found.add(f"c:{word[:_PIECE]}")
            found.add(f"e:{word[-_PIECE:]}")
    found.update(f"s:{one}" for one in _shape(text, folded, lang))
    return frozenset(found)


def _shape(text: str, folded: list[str], lang: str) -> Iterator[str]:
    words = _WRITING.findall(text)
    yield from (f"words>{length}" for length in _LENGTHS if len(words) > length)
    if not _END.search(text):
        yield "open"
    yield from (f"has{sign}" for sign in "!?:|©/()–•→" if sign in text)
    label = _LABEL.match(text)
    if label:
        yield "label"
        if len(words) > 1 and label.end() < len(text) and len(label.group().split()) == 1:
            yield "label of a word"
    if text.startswith("(") and text.rstrip(".").endswith(")"):
        yield "in brackets"
    yield from (f"figures>{n}" for n in range(_FIGURES) if len(_FIGURE.findall(text)) > n)
    if text[:1].isdigit():
        yield "figure first"
    if _ADDRESS.search(text):
        yield "address"
    yield from _speaking(text, lang)
    yield from (kind for kind in cues.find(text, lang) if kind in _KINDS)
    capitals = [word[0].isupper() for word in words[1:]]
    if lang == "en" and any(capitals):
        yield "title" if len(capitals) > 1 and sum(capitals) > 0.7 * len(capitals) else "a name"
    if folded and words and not words[0][0].isupper():
        yield "small first"


def _speaking(text: str, lang: str) -> Iterator[str]:
    """Tell whether a line speaks to the reader, outside quotation marks, or orders."""
    spoken = tables.words("reader_words.txt")
    words = _WRITING.findall(_QUOTED.sub(" ", text))
    if any(word in spoken for word in words[1:]):
        yield "to the reader"
    if words and words[0].casefold() in {word.casefold() for word in spoken} - {"sie"}:
        yield "reader first"
    if lang == "de" and _ORDER_DE.match(text):
        yield "order"
