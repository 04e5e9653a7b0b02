"""Lines that change on a page without the article being edited, and sentences that look like them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from watcher.language import statements
from watcher.language.names import Gazetteer
from watcher.policy import overlooked, writing
from watcher.records import ArticleText


@pytest.mark.parametrize(
    "line",
    [
        "View comments (203)",
        "All 17 comments",
        "Alle Kommentare anzeigen (38)",
        "Diesen Artikel lesen gerade 1.274 Personen.",
        "Per WhatsApp teilen",
        "Link kopieren",
        "Share this article on Facebook",
        "Der Morgen in der Stadt: Abonnieren Sie unseren Newsletter und erhalten Sie jeden Tag die Nachrichten.",
        "By signing up you agree to our terms of use and privacy policy.",
        "Mit Ihrer Anmeldung akzeptieren Sie unsere Nutzungsbedingungen.",
        "Listen to the latest episode of our podcast, wherever you get your podcasts.",
        "An dieser Stelle finden Sie einen externen Inhalt von YouTube, der den Artikel ergänzt.",
        "An dieser Stelle würden wir Ihnen gern einen Inhalt von TikTok zeigen.",
        "May 2, 2025 | Updated May 3, 2025 8:15 a.m.",
        "Published 3 May 2024, 10:00 BST; updated 4 May 2024",
        "Veröffentlicht am 3. Mai 2024 um 10.00 Uhr | Zuletzt aktualisiert: 4. Mai 2024",
        "By Joan Ferris, health correspondent",
        "Von Edda Brinkmann, Redakteurin",
        "Shares 2.6K Likes 310",
        "14.2K views",
        "3 min read · 420 views",
        "You need to be logged in to vote on comments.",
        "Dieser Artikel wurde 3.214 Mal aufgerufen.",
        "Zum Kommentieren müssen Sie angemeldet sein.",
        "Snow lies on the square (Ed Vale/The Valley Post)",
        "Courtesy of Holm Architects",
        "Ihr Browser unterstützt kein HTML5-Video.",
        "To play this clip you need to enable JavaScript in your browser.",
        "This video is not available in your region.",
        "Background | How the ferry line began",
        "Hintergrund: Wem gehört das Wehr?",
        "0:00 / 2:31",
    ],
)
def test_a_line_beside_the_text_is_overlooked(line: str) -> None:
    """Counters, buttons, offers and what is shown from elsewhere."""
    assert overlooked.furniture(line)


@pytest.mark.parametrize(
    "sentence",
    [
        "All 17 comments were deleted by the office of the minister.",
        "Die Kommentare löschte die Partei am Abend.",
        "Diesen Artikel haben 40 Juristen unterzeichnet.",
        "Police shared the pictures on Facebook.",
        "Der Verband rät: Melden Sie sich frühzeitig an.",
        "By signing up to the treaty, the government agreed to terms it had rejected.",
        "Listen to the tape, the judge told the jury.",
        "An dieser Stelle stürzte der Bus um.",
        "An dieser Stelle stand bis 1944 die Synagoge.",
        "Dabei können personenbezogene Daten übermittelt werden, warnte die Behörde.",
        "The list was posted on Monday at 3",
        "The map was updated on 3 May 2024.",
        "Stand 3. Mai: 200 Tote",
        "By Joan Ferris, who resigned",
        "Shares 4% lower",
        "Shares rose by 1.3K.",
        "Your browser history was read by the police.",
        "You must register to vote, the clerk said.",
        "Dieser Artikel wurde gelöscht.",
        "Die Firma gehört zur Holm-Gruppe.",
        "The Valley Post belongs to a family from Ulm.",
        "The jury read the letter · the judge did not",
        "The video is not the only proof.",
        "Analysis: The bank lost 4 million dollars in May.",
        "Kommentar: Der Minister tritt zurück.",
        "Explainer of the treaty signed.",
    ],
)
def test_a_sentence_of_the_text_is_not(sentence: str) -> None:
    """The words of such lines alone make none."""
    assert not overlooked.furniture(sentence)


def test_what_goes_with_an_article_is_no_note_that_it_was_changed() -> None:
    """Something shown beside it completes it; the outlet says of itself that it completed it."""
    assert overlooked.note("Ein Inhalt von YouTube, der den Artikel ergänzt.") == ""
    assert overlooked.note("Wir haben den Artikel um Zahlen ergänzt.") == "update"


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("He said that the plan failed.", "He said the plan failed.", True),
        ("Experts believe that Orvik paid.", "Experts believe Orvik paid.", True),
        ("He did not say that.", "He did not say.", False),
        ("He said that plan failed.", "He said plan failed.", False),
    ],
)
def test_that_may_be_left_out_before_what_was_said(before: str, after: str, same: bool) -> None:
    """Not where it points at something."""
    assert (writing.plain(before, "en") == writing.plain(after, "en")) is same


@pytest.mark.parametrize(
    ("caption", "bare"),
    [
        ("The pier stood since 1902 Image: Harbour Trust", "The pier stood since 1902"),
        ("The pier stood since 1902 Image source, Harbour Trust", "The pier stood since 1902"),
        ("Das Werk am Abend (Foto: Jan Berg/dpa)", "Das Werk am Abend"),
        ("Das Werk am Abend. Foto: dpa", "Das Werk am Abend"),
        ("The minister said: Picture a town without a school.", "The minister said: Picture a town without a school."),
        ("Die Zeitung Bild: ein Bericht über den Prozess", "Die Zeitung Bild: ein Bericht über den Prozess"),
    ],
)
def test_who_took_a_picture_stands_behind_its_caption(caption: str, bare: str) -> None:
    """The caption alone is left; a sentence is left as it is."""
    assert overlooked.without_credit(caption) == bare


@pytest.mark.parametrize(
    ("paragraph", "boxed"),
    [
        ("Am Wehr klappert es. © Edda Brinkmann/Archiv", True),
        ("Am Wehr klappert es. Symbolfoto: Edda Brinkmann", True),
        ("The weir at dusk. Credit: Joan Ferris/File", True),
        ("Am Wehr starb ein Mann. © dpa-infocom", False),
        ("The weir broke. Credit: the council had none left.", False),
    ],
)
def test_a_caption_stands_before_who_took_the_picture(paragraph: str, boxed: bool) -> None:
    """A name behind the sign of a right; the mark of an agency closes a report too."""
    text = ArticleText(
        title="A weir", paragraphs=(paragraph, "So it was.", "It rains."), lang="de" if "Am " in paragraph else "en",
        published=datetime(2026, 3, 3, tzinfo=UTC), outlet="Daily Chronicle", url="https://a.example/a",
    )  # fmt: skip
    assert bool(overlooked.boxed(statements.read(text, Gazetteer(())))) == boxed


@pytest.mark.parametrize(
    ("paragraphs", "boxed"),
    [
        (("By Joan Ferris", "A mill burnt down.", "Joan Ferris covers courts and crime for the paper."), True),
        (("A mill burnt down.", "Joan Ferris reports on courts for the Chronicle."), True),
        (("Von Edda Brinkmann", "Eine Mühle brannte.", "Edda Brinkmann schreibt seit 2019 über Gerichte."), True),
        (("By Tom Hale", "A mill burnt down.", "Joan Ferris works for the owner of the mill."), False),
        (("By Joan Ferris", "Joan Ferris covers courts for the paper.", "A mill burnt.", "It was old.", "So."), False),
        (("A mill burnt down.", "Joan Ferris writes about mills for a museum."), False),
        (("Von der Agentur", "Eine Mühle brannte.", "Nele Tamm kam 2012 in die Redaktion und mag Ruinen."), True),
        (("A mill burnt down.", "Joan Ferris joined the Chronicle in 2012 and likes ruins."), True),
        (("A mill burnt down.", "Joan Ferris told the Chronicle that it was old."), False),
        (("A mill burnt down.", "Nora Pell, a journalist, was detained on Monday."), False),
        (("Nora Pell owns a mill.", "It burnt down.", "Nora Pell, once a journalist, sold it."), False),
    ],
)
def test_the_author_is_introduced_at_the_end(paragraphs: tuple[str, ...], boxed: bool) -> None:
    """Somebody who signed the article or writes for the outlet; of another person it is part of the report."""
    text = ArticleText(
        title="A mill", paragraphs=paragraphs, lang="de" if "Mühle" in paragraphs[1] else "en",
        published=datetime(2026, 3, 3, tzinfo=UTC), outlet="Daily Chronicle", url="https://a.example/a",
    )  # fmt: skip
    reading = statements.read(text, Gazetteer(()))
    assert bool(overlooked.boxed(reading)) == boxed
