"""How a sentence is phrased says what kind it is, whoever it is about."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources
from itertools import product

import pytest

from tests.novelty.told import NOON
from watcher.language.names import Gazetteer
from watcher.language.statements import read
from watcher.language.words import fold
from watcher.novelty.phrasing import EVIDENCE, Phrasing, marks, shipped
from watcher.records import ArticleText, Statement

# What each sentence is likelier to be by its words than the other: nobody is named, nothing is known.
LIKELIER = [
    ("en", "Analysts expect the shares to stay under pressure.", "background", "fresh"),
    ("en", "The company declined to comment.", "background", "fresh"),
    ("en", "Critics have long argued that such deals harm consumers.", "background", "fresh"),
    ("en", "The court ruled on Tuesday that the sale must be halted.", "fresh", "background"),
    ("en", "She had left the board in the spring of last year.", "known", "fresh"),
    ("en", "The dispute began when the two founders fell out three years ago.", "known", "fresh"),
    ("en", "Sign up for our newsletter.", "noise", "fresh"),
    ("de", "Beobachter rechnen mit einem langen Verfahren.", "background", "fresh"),
    ("de", "Ein Sprecher wollte sich dazu nicht äußern.", "background", "fresh"),
    ("de", "Das Gericht entschied am Dienstag, dass der Verkauf gestoppt werden muss.", "fresh", "background"),
    ("de", "Bereits im März hatte die Behörde den Antrag abgelehnt.", "known", "fresh"),
    ("de", "Der Streit begann vor drei Jahren, als sich die beiden Gründer überwarfen.", "known", "fresh"),
    ("de", "Hier geht es zu unserem Newsletter.", "noise", "fresh"),
]


def statement(text: str, lang: str = "en", names: tuple[str, ...] = ()) -> Statement:
    """Understand one sentence as the second of an article about nobody."""
    article = ArticleText(title="", paragraphs=(text,), lang=lang, published=NOON, outlet="", url="https://q.example/")
    return replace(read(article, Gazetteer(())).statements[0], names=names)


@pytest.mark.parametrize(("lang", "text", "one", "other"), LIKELIER)
def test_the_words_alone_say_what_kind_it_is(lang: str, text: str, one: str, other: str) -> None:
    """A sentence that nobody wrote for the fit reads like what it is, in both languages."""
    told = shipped().evidence(statement(text, lang))
    assert told[f"reads_{one}"] > told[f"reads_{other}"]


def test_evidence_is_a_share_of_one() -> None:
    """Evidence is 0 for the unlikeliest and 1 for what is sure, whatever the sentence; there is one for each class."""
    bare = Phrasing(bias=(0.0,) * 4, weights={})
    for text, model in product(("?", "word", "Ruling " * 400, "\u0f00" * 9, "1,000 2,000"), (bare, shipped())):
        found = model.evidence(statement(text))
        assert tuple(found) == EVIDENCE
        assert all(0.0 <= value <= 1.0 for value in found.values())


def test_who_it_is_and_how_much_says_nothing() -> None:
    """Two sentences that differ in names and figures alone have the same words for the model."""
    one = statement("Karla Brandt paid 12.5 million euros in March.", names=("Karla Brandt",))
    other = statement("Ole Maas paid 7 million euros in March.", names=("Ole Maas",))
    assert marks(one) == marks(other)
    assert not any("brandt" in mark or "12" in mark for mark in marks(one))


def test_a_name_hides_no_other_word() -> None:
    """The words of a name count as the name where they stand alone, as genitive or before a hyphen; others stay."""
    text = "The Markets met Mark’s lawyers and a Mark-Anwalt; The Times reported."
    one = statement(text, names=("Karl Mark", "The Times"))
    words = {mark[4:] for mark in marks(one) if mark.startswith("enw:")}
    assert {"the", "markets"} <= words
    assert not {"mark", "mark-anwalt", "times"} & words


def test_weights_know_nobody() -> None:
    """No mark of the shipped weights names a person of the bundled storyline; Cook and Son are words besides."""
    words = {word for mark in shipped().weights for word in mark.partition(":")[2].split()}
    assert words.isdisjoint({"musk", "altman", "brockman", "sutskever", "zuckerberg", "nadella", "toberoff", "trump"})


def test_a_file_comes_back_as_it_was_written() -> None:
    """The data file says the same when it is read and written again."""
    model = Phrasing(
        bias=(0.1, 0.0, -0.1, 0.0), weights={"enw:said": (0.5, -0.25, 0.0, -0.25), "c:sue": (1.0, 0.0, 0.0, -1.0)}
    )
    assert replace(Phrasing.parse(model.written()), version="") == model
    assert shipped().written() == resources.files("watcher.novelty").joinpath("phrasing.json").read_text("utf-8")


@pytest.mark.parametrize(("lang", "text", "klass", "_"), LIKELIER)
def test_words_that_speak_for_a_class_stand_in_the_sentence(lang: str, text: str, klass: str, _: str) -> None:
    """What is told as the reason are whole words of the sentence, at most two pieces, and no piece holds the other."""
    told = shipped().telling(statement(text, lang), klass)
    assert 1 <= len(told) <= 2
    for piece in told:
        assert set(re.findall(r"\w+", piece)) <= {fold(word) for word in re.findall(r"\w+", text)}
    assert len(told) < 2 or (told[0] not in told[1] and told[1] not in told[0])
