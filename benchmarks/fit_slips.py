"""Fit the weights that tell a slip set right from another statement, and write `watcher/policy/corrections.json`.

    python -m benchmarks.fit_slips [--write] [--errors]

It learns from pairs of sentences (`benchmarks/slips`, `tests/data/versions/small.tsv`): those in which a slip was set
right (`none`) and those in which one small thing was changed (`real`), as far as the rules explain them not already. It
prints what comes out when a sixth of them in turn is left out, and with `--errors` the real changes that would be lost.
`--write` fits on all and writes the file. Needs the extra `fit`.
"""

from __future__ import annotations

import argparse
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.logistic import fitted
from watcher.language import statements
from watcher.language.logistic import Marks, Model
from watcher.language.names import Gazetteer
from watcher.language.tables import LANGUAGES, parse
from watcher.policy import corrections
from watcher.policy.edits import scene_of
from watcher.policy.leftover import Leftover
from watcher.policy.slips import unexplained
from watcher.records import ArticleText, Reading

PAIRS = Path(__file__).parent / "slips"
SMALL = Path(__file__).parent.parent / "tests" / "data" / "versions" / "small.tsv"
DATA = Path(corrections.__file__).parent / "corrections.json"
FOLDS = 6
STRENGTH = 3.0
LEAST_PAIRS = 2
LEAST_WEIGHT = 0.05
THRESHOLDS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.9)
PUBLISHED = datetime(2026, 3, 3, 9, tzinfo=UTC)
_NOBODY = Gazetteer(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A sentence at two times, whether only slips were set right, and what of it no rule explains. `fold` is what it
    is left out with.
    """

    fold: int
    before: str
    after: str
    lang: str
    slip: bool
    left: Leftover


def read_pairs() -> Iterator[Pair]:
    """Read all pairs; what the rules explain, or know to be another figure, is nothing to learn from."""
    for lang, kind, before, after in _written():
        left = _left(before, after, lang)
        if left is not None:
            part = zlib.crc32(after.encode()) % FOLDS
            yield Pair(fold=part, before=before, after=after, lang=lang, slip=kind == "none", left=left)


def _written() -> Iterator[tuple[str, ...]]:
    """Give language, `none` or `real`, and both wordings; files are named by language and number (`en_2.tsv`)."""
    for path in sorted(PAIRS.glob("*.tsv")):
        for row in parse(path.read_text(encoding="utf-8")):
            yield path.stem.split("_")[0], *row
    yield from parse(SMALL.read_text(encoding="utf-8"))


def _left(before: str, after: str, lang: str) -> Leftover | None:
    old, new = _read(before, lang), _read(after, lang)
    if len(old.statements) != 1 or len(new.statements) != 1:
        return None
    (earlier,), (later,) = old.statements, new.statements
    left = unexplained(earlier, later, scene_of(new))
    return left if left and corrections.may_be_slip(left) else None


def _read(text: str, lang: str) -> Reading:
    told = ArticleText(title="", paragraphs=(text,), lang=lang, published=PUBLISHED, outlet="", url="")
    return statements.read(told, _NOBODY)


def _fitted(pairs: Sequence[Pair]) -> Model:
    """Fit one logistic model a language. Every word that differs counts as one case."""
    bias, weights = {}, {}
    for lang in LANGUAGES:
        own = [pair for pair in pairs if pair.lang == lang]
        cases = [(marks, pair.slip) for pair in own for marks in corrections.described(pair.left)]
        counts = Counter(mark for marks, _ in cases for mark in marks)
        rows: list[Marks] = [{m: v for m, v in marks.items() if counts[m] >= LEAST_PAIRS} for marks, _ in cases]
        bias[lang], weights[lang] = fitted(rows, [slip for _, slip in cases], STRENGTH, LEAST_WEIGHT)
    return Model(bias=bias, weights=weights)


def show(lang: str, told: Sequence[tuple[Pair, float]]) -> None:
    slips = [value for pair, value in told if pair.slip]
    real = [value for pair, value in told if not pair.slip]
    print(f"{lang}: {len(slips)} slips that no rule explains, {len(real)} real changes that may be one")
    for least in THRESHOLDS:
        saved, lost = sum(value >= least for value in slips), sum(value >= least for value in real)
        print(f"  from {least:.2f}: {saved} slips told ({saved / len(slips):.2f}), {lost} real changes lost")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--errors", action="store_true", help="print the real changes that would be lost")
    asked = parser.parse_args()
    pairs = list(read_pairs())
    told = []
    for fold in range(FOLDS):
        model = _fitted([pair for pair in pairs if pair.fold != fold])
        told += [(pair, corrections.likelihood(pair.left, model)) for pair in pairs if pair.fold == fold]
    for lang in LANGUAGES:
        show(lang, [one for one in told if one[0].lang == lang])
    if asked.errors:
        for pair, value in sorted(told, key=lambda one: -one[1]):
            if not pair.slip and value >= corrections.SURE:
                print(f"{value:.2f} {pair.before} | {pair.after}")
    if asked.write:
        DATA.write_text(_fitted(pairs).written(), encoding="utf-8")
        print(f"{DATA.name}: {DATA.stat().st_size} bytes")


if __name__ == "__main__":
    main()
