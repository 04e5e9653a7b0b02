"""Lines that change on a page without the article being edited, and sentences that look like them."""

from __future__ import annotations

import pytest

from watcher.policy import overlooked, writing


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
