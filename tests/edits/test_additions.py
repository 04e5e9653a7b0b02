"""What is added to an article after publication: facts are flagged, what was told already is not."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pairs import PUBLISHED

from watcher.flow import edited
from watcher.flow.edited import Earlier
from watcher.language import statements
from watcher.novelty.judge import judge
from watcher.novelty.memory import Memory
from watcher.records import ArticleText, Finding, Judgement, Reading, Statement
from watcher.storylines import load

RECALL, PRECISION = 0.65, 0.75
SCENES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data" / "additions.jsonl").read_text(encoding="utf-8").splitlines()
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What was told so far, and the first article, to which sentences are added."""

    memory: Memory
    lang: str
    title: str
    paragraphs: tuple[str, ...]
    judged: Judgement
    told: tuple[Statement, ...]

    def add(self, sentence: str) -> Finding:
        """Judge the article with one more sentence at its end; nothing of it is remembered."""
        before = _reading(self.memory, "A1", self.lang, self.title, self.paragraphs)
        after = _reading(self.memory, "A1", self.lang, self.title, (*self.paragraphs, sentence))
        earlier = Earlier(
            last=before, said=frozenset(one.text for one in before.statements), known=self.told, became=frozenset(),
            findings={finding.text: finding for finding in self.judged.findings},
        )  # fmt: skip
        past = edited.past_of(earlier, after)
        judgement = edited.only_new(judge(after, self.memory), past.told, "D1")
        return edited.with_additions(judgement, past, "D1").findings[-1]


def _reading(memory: Memory, name: str, lang: str, title: str, paragraphs: tuple[str, ...]) -> Reading:
    text = ArticleText(
        title=title, paragraphs=paragraphs, lang=lang, published=PUBLISHED, outlet=f"Outlet {name}",
        url=f"https://{name.lower()}.example/a",
    )  # fmt: skip
    return statements.read(text, memory.rules.gazetteer, name)


def _desk(scene: dict[str, Any]) -> Desk:
    memory = Memory(load(scene["storyline"], Path()))
    first: Judgement | None = None
    said: list[Statement] = []
    for number, told in enumerate(scene["articles"], 1):
        reading = _reading(memory, f"A{number}", scene["lang"], told["title"], tuple(told["paragraphs"]))
        judgement = judge(reading, memory)
        judgement = replace(judgement, development="D1") if judgement.opens else judgement
        memory.remember(reading, judgement)
        first = first or judgement
        said += [reading.title, *reading.statements]
    assert first is not None
    article = scene["articles"][0]
    return Desk(
        memory=memory,
        lang=scene["lang"],
        title=article["title"],
        paragraphs=tuple(article["paragraphs"]),
        judged=first,
        told=tuple(said),
    )


@pytest.mark.parametrize("use", ["choosing", "checking"])
def test_added_facts_are_flagged_and_what_was_told_is_not(use: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence at a time is added to an article; the scenes of `checking` were written after the rule."""
    fresh, old = [], []
    for scene in SCENES:
        if scene["use"] == use:
            desk = _desk(scene)
            fresh += [desk.add(sentence) for sentence in scene["fresh"]]
            old += [desk.add(sentence) for sentence in scene["old"]]
    right = sum(finding.verdict.is_fresh for finding in fresh)
    wrong = [finding.text for finding in old if finding.verdict.is_fresh]
    with capsys.disabled():
        sys.stdout.write(
            f"\nadded later ({use}): {right} of {len(fresh)} facts flagged, {len(wrong)} of {len(old)} others\n"
        )
    assert right >= RECALL * len(fresh)
    assert right >= PRECISION * (right + len(wrong)), wrong
