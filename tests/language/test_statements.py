"""Reading a whole article."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from tsv import cases

from watcher.language.names import Gazetteer
from watcher.language.statements import read, understand
from watcher.records import Actor, ArticleText, Precision, Reading

ACTORS = Gazetteer(
    [
        Actor(name="Elon Musk", kind="person", aliases=("Musk",)),
        Actor(name="OpenAI", kind="company"),
    ]
)
PUBLISHED = datetime(2025, 2, 12, 0, 30, tzinfo=timezone(timedelta(hours=1)))


def article(*paragraphs: str, title: str = "Musk bietet für OpenAI", lang: str = "de") -> ArticleText:
    """An article of these paragraphs."""
    url = "https://news.example/a"
    return ArticleText(title=title, paragraphs=paragraphs, lang=lang, published=PUBLISHED, outlet="News", url=url)


def reading_of(*paragraphs: str, title: str = "Musk bietet für OpenAI", lang: str = "de") -> Reading:
    """The reading of such an article."""
    return read(article(*paragraphs, title=title, lang=lang), ACTORS)


def test_an_article_becomes_statements() -> None:
    """Every sentence is a statement in order, with paragraph, amounts and dates of the article's own zone."""
    reading = reading_of("Musk bot gestern 97,4 Mrd. Dollar. OpenAI lehnte ab.", "Mehr zum Thema")
    assert [s.text for s in reading.statements] == [
        "Musk bot gestern 97,4 Mrd. Dollar.",
        "OpenAI lehnte ab.",
        "Mehr zum Thema",
    ]
    assert [(s.position, s.paragraph) for s in reading.statements] == [(0, 0), (1, 0), (2, 1)]
    first = reading.statements[0]
    assert first.names == ("Elon Musk",)
    assert [(a.value, a.unit) for a in first.amounts] == [(97.4e9, "USD")]
    assert [(d.day, d.precision) for d in first.dates] == [(date(2025, 2, 11), Precision.DAY)]
    assert reading.statements[2].cues == ("boilerplate", "fragment")
    assert reading.title.names == ("Elon Musk", "OpenAI")
    assert reading.article == "https://news.example/a"


def test_a_date_is_counted_from_that_of_a_sentence_before() -> None:
    """`Two years later` is told from the date of one of the two sentences before, never from the headline's."""
    told = "Zwei Jahre später stritten sie."
    near = reading_of("2015 gründeten sie die Firma.", "Sie wuchs.", told)
    assert [mention.iso for mention in near.statements[-1].dates] == ["2017"]
    far = reading_of("2015 gründeten sie die Firma.", "Sie wuchs. Sie wuchs weiter.", told)
    assert far.statements[-1].dates == ()
    assert reading_of(told, title="2015 gründeten sie die Firma").statements[0].dates == ()


def test_a_pronoun_takes_the_one_actor_before() -> None:
    """A sentence that begins with a pronoun inherits a single actor, and none where there were two."""
    reading = reading_of("Musk klagte. Er will Geld.", "Musk traf OpenAI. Er ging.")
    assert [s.names for s in reading.statements] == [("Elon Musk",), ("Elon Musk",), ("Elon Musk", "OpenAI"), ()]


def test_a_surname_is_the_person_named_before() -> None:
    """A surname in a later sentence is brought to the full name."""
    reading = reading_of("His lawyer Marc Toberoff spoke.", "Then Toberoff left.", lang="en")
    assert reading.statements[1].names == ("Marc Toberoff",)


WEAK = Gazetteer(
    [
        Actor(name="Elon Musk", kind="person", aliases=("Musk",), weak=("Elon", "the billionaire", "der Milliardär")),
        Actor(name="X Corp.", kind="company", aliases=("Twitter", "Onlinedienst X"), weak=("X",)),
        Actor(name="OpenAI", kind="company"),
    ]
)


@pytest.mark.parametrize(("lang", "paragraphs", "actors"), cases("weak_names.tsv"))
def test_weak_names_count_beside_strong_ones(lang: str, paragraphs: str, actors: str) -> None:
    """A name that means many things is the actor where the article names it strongly, before or after."""
    reading = read(article(*paragraphs.split(" | "), title="", lang=lang), WEAK)
    known = {"Elon Musk", "X Corp.", "OpenAI"}
    found = [", ".join(name for name in statement.names if name in known) or "-" for statement in reading.statements]
    assert " | ".join(found) == actors


def test_a_strong_title_is_enough_for_weak_names() -> None:
    """The title names the actor for the whole text; a sentence alone has only itself."""
    reading = read(article("Der Milliardär klagt.", title="Musk gegen OpenAI"), WEAK)
    assert reading.statements[0].names == ("Elon Musk",)
    assert understand("Der Milliardär klagt.", "de", PUBLISHED, WEAK).names == ()
    assert understand("Der Milliardär Musk klagt.", "de", PUBLISHED, WEAK).names == ("Elon Musk",)


def test_one_sentence_can_be_understood_alone() -> None:
    """A sentence outside an article is understood the same way."""
    statement = understand("Musk sued OpenAI in 2024.", "en", datetime(2025, 1, 1, tzinfo=UTC), ACTORS)
    assert statement.names == ("Elon Musk", "OpenAI")
    assert [d.iso for d in statement.dates] == ["2024"]


def test_an_empty_article_has_no_statements() -> None:
    """No paragraphs, no statements; an empty title is an empty statement."""
    reading = reading_of(title="")
    assert reading.statements == ()
    assert reading.title.names == ()


def test_a_long_hostile_paragraph_is_read_in_time() -> None:
    """A 200 KB sentence without an end is read in linear time."""
    for unit in ('"1.', "Aa ", "9 ", "„A1 ", "wird "):
        start = time.process_time()
        reading_of(unit * (200_000 // len(unit)))
        assert time.process_time() - start < 8
