"""Fit the weights that tell a page's furniture from its report and write `watcher/language/furniture.json`.

    python -m benchmarks.fit_furniture [--stream FOLDER] [--write]

It learns from the sentences of the labelled streams (`noise` against all others) and from the lines under
`benchmarks/furniture`, and prints what comes out when one stream, or a sixth of those lines, is left out. `--stream`
adds one that is only measured. `--write` fits on all and writes the file. Needs the extra `fit`; set OMP_NUM_THREADS=1.
"""

from __future__ import annotations

import argparse
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import logistic
from benchmarks.streams import Stream, outside_stream, own_streams
from watcher.language import furniture
from watcher.language.furniture import likelihood_under, marks
from watcher.language.logistic import Model
from watcher.language.tables import LANGUAGES, parse
from watcher.language.words import fold, stem, tokenise

LISTS = Path(__file__).parent / "furniture"
DATA = Path(furniture.__file__).parent / "furniture.json"
FOLDS = 6
STRENGTH = 3.0
# A mark must stand in so many lines, of so many streams or kinds of lists: else it is a name, or chance.
LEAST_LINES, LEAST_SOURCES = 2, 2
LEAST_WEIGHT = 0.15
THRESHOLDS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One labelled line. `fold` is what it is left out with, `source` where its words count as seen once."""

    text: str
    lang: str
    furniture: bool
    fold: str
    source: str


def of_stream(stream: Stream) -> Iterator[Line]:
    for article in stream.articles:
        for label in article.labels:
            yield Line(
                text=label.text, lang=article.text.lang, furniture=label.label == "noise", fold=stream.name,
                source=stream.name,
            )  # fmt: skip


def of_lists() -> Iterator[Line]:
    for path in sorted(LISTS.glob("*.tsv")):
        what, lang = path.stem.split("_")
        for kind, text in parse(path.read_text(encoding="utf-8")):
            part = zlib.crc32(text.encode()) % FOLDS
            yield Line(
                text=text, lang=lang, furniture=what == "furniture", fold=f"{what} lines {part}",
                source=f"{what}/{kind}",
            )  # fmt: skip


def without_repeats(lines: Iterable[Line]) -> list[Line]:
    return list({(line.fold, line.lang, line.text): line for line in lines}.values())


def names_of(streams: Iterable[Stream]) -> frozenset[str]:
    """The words of the actors' names and of the outlets', folded and as stems: no weight is given to them."""
    told = []
    for stream in streams:
        for actor in stream.storyline.actors:
            told += [actor.name, *actor.aliases]
        told += [article.text.outlet for article in stream.articles]
    words = {fold(word) for name in told for word in tokenise(name) if word[:1].isupper()}
    return frozenset(words | {stem(word, lang) for word in words for lang in LANGUAGES})


def fitted(lines: Sequence[Line], names: frozenset[str]) -> Model:
    """Fit one logistic model a language."""
    bias, weights = {}, {}
    for lang in LANGUAGES:
        bias[lang], weights[lang] = _fitted([line for line in lines if line.lang == lang], lang, names)
    return Model(bias=bias, weights=weights)


def _fitted(lines: Sequence[Line], lang: str, names: frozenset[str]) -> tuple[float, dict[str, float]]:
    found = [marks(line.text, lang) for line in lines]
    listed = frozenset(_listed(lines, found, names))
    rows = [dict.fromkeys(sorted(told & listed), 1.0) for told in found]
    return logistic.fitted(rows, [line.furniture for line in lines], STRENGTH, LEAST_WEIGHT)


def _listed(lines: Sequence[Line], found: Sequence[frozenset[str]], names: frozenset[str]) -> Iterator[str]:
    counts: Counter[str] = Counter()
    sources: dict[str, set[str]] = defaultdict(set)
    for line, told in zip(lines, found, strict=True):
        counts.update(told)
        for mark in told:
            sources[mark].add(line.source)
    return (
        mark
        for mark, count in counts.items()
        if count >= LEAST_LINES
        and len(sources[mark]) >= LEAST_SOURCES
        and (mark.startswith("s:") or names.isdisjoint(mark[2:].split()))
    )


def left_out(lines: Sequence[Line], names: frozenset[str]) -> list[tuple[Line, float]]:
    """Give every line the likelihood under a model that saw nothing of its fold."""
    told = []
    for name in sorted({_group(line) for line in lines}):
        model = fitted([line for line in lines if _group(line) != name], names)
        told += [(x, likelihood_under(model, x.text, x.lang)) for x in lines if _group(x) == name]
    return told


def _group(line: Line) -> str:
    """Both kinds of written lines are left out together, a sixth at a time."""
    return line.fold.split()[-1]


def show(title: str, told: Sequence[tuple[Line, float]]) -> None:
    right = [value for line, value in told if line.furniture]
    wrong = [value for line, value in told if not line.furniture]
    print(f"{title}: {len(right)} lines of furniture, {len(wrong)} of reports")
    for least in THRESHOLDS:
        hits, false = sum(value >= least for value in right), sum(value >= least for value in wrong)
        print(
            f"  from {least:.2f}: precision {hits / max(1, hits + false):.3f}, recall {hits / max(1, len(right)):.3f}, "
            f"of report lines {false} = {false / max(1, len(wrong)):.4f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stream", type=Path, action="append", default=[])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--errors", action="store_true", help="print the lines that come out wrong at .9")
    asked = parser.parse_args()
    streams = own_streams()
    names = names_of(streams)
    lines = without_repeats([*(line for stream in streams for line in of_stream(stream)), *of_lists()])
    told = left_out(lines, names)
    for lang in LANGUAGES:
        show(f"streams {lang}", [x for x in told if x[0].lang == lang and " lines " not in x[0].fold])
        show(f"lists {lang}", [x for x in told if x[0].lang == lang and " lines " in x[0].fold])
    if asked.errors:
        for line, value in sorted(told, key=lambda one: -one[1]):
            if (value >= THRESHOLDS[3]) != line.furniture:
                print(f"{value:.2f} {line.furniture:d} {line.fold} {line.lang}: {line.text}")
    model = fitted(lines, names)
    for folder in asked.stream:
        outside = without_repeats(of_stream(outside_stream(folder)))
        show(folder.name, [(x, likelihood_under(model, x.text, x.lang)) for x in outside])
    if asked.write:
        DATA.write_text(model.written(), encoding="utf-8")
        print(f"{DATA.name}: {DATA.stat().st_size} bytes")


if __name__ == "__main__":
    main()
