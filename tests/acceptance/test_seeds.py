"""Five real articles as pages: read without their furniture, and known in what the shipped base holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from acceptance import shapes, wrapping
from acceptance.program import Program, write_config

# Article -> when it may have been published, and words by which sentences are found that tell what the base holds.
SEEDS = {
    "000": ("2025-02-17T09:00:00+01:00", (
        r"97,4 Milliarden", r"9,74 Milliarden", r"einer Milliarde Dollar", r"Konkurrenz-Startup", r"2018 übernahm",
        r"Ende 2022 ChatGPT", r"500 Milliarden", r"300 Millionen", r"Amtseinführung", r"Mar-A-Lago", r"Bloomberg",
        r"Mehrheit an OpenAI", r"Raketenfabrik", r"Manhattan-Projekt", r"Position der Unsicherheit", r"^Und hat OpenAI",
        r"Schwindler", r"Diktatur der",
    )),
    "001": ("2025-01-24T12:00:00+01:00", (
        r"500 Milliarden", r"100\.000", r"Lügner", r"Leavitt", r"zu den Gründern", r"gemeinnützigen Charakter",
        r"namens xAI", r"zu verschlanken",
    )),
    "002": ("2025-02-12T10:00:00+01:00", (
        r"97,4 Milliarden", r"2015 mitgründete", r"9,74 Milliarden", r"44 Milliarden", r"mehrere Klagen",
        r"zunächst entlassen", r"Juni 2024", r"August 2024",
    )),
    "003": ("2025-10-05T10:00:00+02:00", (
        r"im Jahr 2015", r"aus dem Vorstand", r"Kleiner Finger", r"Juwel", r"der Unsicherheit", r"gründete Musk xAI",
        r"^Grok, der", r"Gründungsvereinbarung", r"97,4 Milliarden", r"App-Rankings", r"Geschäftsgeheimnis",
    )),
    "004": ("2025-11-04T09:00:00+01:00", (
        r"Anzahlung von 39\.000", r"innerhalb von 24 Stunden erfolgt", r"2018, als Musk", r"Gegengewicht zu Google",
        r"Ankündigung 2017", r"MKBHD", r"James-Bond-Autos nehmen", r"„unvergesslich“",
        r"Umstrukturierung abgeschlossen", r"OpenAI Foundation",
    )),
}  # fmt: skip
KNOWN_SHARE = 0.8


@pytest.fixture(scope="module")
def judged(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, Any]]:
    """Give each article's page text and what `explain` says of it, with the shipped base and no state."""
    folder = shared / "seeds"
    if not folder.is_dir():
        pytest.skip(f"no articles at {folder}")
    program: Program = write_config(tmp_path_factory.mktemp("seeds"), feeds={}, allow=[])
    found = {}
    for name, (published, _) in SEEDS.items():
        text = next(folder.glob(f"{name}_*.txt")).read_text(encoding="utf-8")
        page = program.folder / f"{name}.html"
        page.write_text(wrapping.wrap(text, published), encoding="utf-8")
        found[name] = (text, program.ask("explain", str(page), "--published", published))
    return found


@pytest.mark.parametrize("name", SEEDS)
def test_page_is_read_without_furniture(judged: dict[str, tuple[str, Any]], name: str) -> None:
    """Nothing of buttons, comments, cookies, FAQ boxes and post navigation is a statement; the text is all there."""
    text, told = judged[name]
    shapes.fits(told, shapes.EXPLAINED)
    assert told["relevant"] is True
    assert told["partial"] is False
    assert told["lang"] == "de"
    sentences = [statement["text"] for statement in told["statements"]]
    assert [(word, s) for s in sentences for word in wrapping.FURNITURE if word in s] == []
    long = [line.strip() for line in text.splitlines() if len(line) > 200 and not line.startswith((" ", "-", "•"))]
    read = " ".join(" ".join(sentences).split())
    missing = [line for line in long if " ".join(line.split()[:6]) not in read]
    assert missing == []


@pytest.mark.parametrize("name", SEEDS)
def test_what_the_base_holds_is_known(judged: dict[str, tuple[str, Any]], name: str) -> None:
    """Of the sentences that plainly tell events of the base, at least four in five are known, each with an event."""
    statements = judged[name][1]["statements"]
    found = {p: [s for s in statements if re.search(p, s["text"])] for p in SEEDS[name][1]}
    assert [pattern for pattern, hits in found.items() if not hits] == [], "the page lost sentences"
    chosen = {s["text"]: s for hits in found.values() for s in hits}
    known = [s for s in chosen.values() if s["verdict"] == "known" and s["event"]]
    print(f"{name}: {len(known)} of {len(chosen)} known")  # noqa: T201  shown with `pytest -rP`
    others = [(s["verdict"], s["event"], s["reason"], s["text"]) for s in chosen.values() if s not in known]
    assert len(known) >= KNOWN_SHARE * len(chosen), "\n".join(map(str, others))
