"""Reports that say the same in two languages, in words that the lexicon does not know. Made up."""

from __future__ import annotations

from datetime import timedelta

from tests.novelty.told import NOON, read, told
from watcher.novelty.judge import judge
from watcher.novelty.memory import Memory
from watcher.records import Judgement, Reading

ENGLISH = (
    "Norden disembowelled a haddock and snubbed the connoisseurs of Suederlinie.",
    "Norden flunked the kerfuffle with Suederlinie over scuppers and gunwales.",
    "The Suederlinie boatswains hoodwinked Norden with a bogus tombola.",
    "Its bosun besmirched the regatta with mildewed tarpaulins.",
)
GERMAN = (
    "Norden weidete einen Schellfisch aus und brüskierte die Feinschmecker von Suederlinie.",
    "Norden vergeigte das Gezänk mit Suederlinie um Speigatten und Schandeckel.",
    "Die Schiffsmaate von Suederlinie foppten Norden mit einer getürkten Tombola.",
    "Dessen Maat besudelte die Regatta mit stockfleckigen Planen.",
)
CONTEXT = tuple(f"On pier {n} Norden and Suederlinie quarrelled about crate {n * 7} of the winter." for n in range(20))


def hear(memory: Memory) -> None:
    """Have the memory hear the English report, with some English context before it."""
    told(
        memory,
        read(memory, "piers", "Norden and Suederlinie quarrel on the piers", *CONTEXT, at=NOON - timedelta(days=40)),
    )
    told(memory, read(memory, "gala", "Norden miffs Suederlinie with haddock and kerfuffle", *ENGLISH))


def german(memory: Memory) -> Reading:
    """The German report, three hours later."""
    title = "Schellfisch und Gezänk: Norden vergrätzt Suederlinie"
    return read(memory, "bericht", title, *GERMAN, lang="de", at=NOON + timedelta(hours=3))


def told_twice(memory: Memory) -> Judgement:
    """What is said of the German report after the English one."""
    hear(memory)
    return judge(german(memory), memory)
