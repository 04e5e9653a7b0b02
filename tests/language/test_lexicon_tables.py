"""The concept lexicon is data: its tables keep the format and the promises that the code reading them relies on."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from importlib import resources
from importlib.resources.abc import Traversable
from typing import NamedTuple

import pytest


class Row(NamedTuple):
    """One line of a table: where it stands, its concept, and the forms of both languages."""

    where: str
    concept: str
    english: tuple[str, ...]
    german: tuple[str, ...]


LEAST_CONCEPTS = {
    "adjectives_adverbs": 400,
    "business": 400,
    "conduct": 300,
    "disaster": 280,
    "general_nouns": 820,
    "general_verbs": 460,
    "law": 360,
    "numbers_measure": 170,
    "places": 380,
    "politics": 390,
    "roles": 230,
    "sport_culture": 375,
    "technology": 375,
}
LEAST_FORMS = {"english": 8_300, "german": 12_200}
MOST_CONCEPTS_OF_A_FORM = 3
MOST_PHRASES = 0.15


def tables() -> list[Traversable]:
    """The table files, by name."""
    folder = resources.files("watcher.language") / "tables" / "lexicon"
    return sorted((file for file in folder.iterdir() if file.name.endswith(".tsv")), key=lambda file: file.name)


def rows_of(table: Traversable) -> list[Row]:
    """The concept lines of one table; comment lines are left out."""
    rows = []
    for number, line in enumerate(table.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.startswith("#"):
            concept, english, german = line.split("\t")
            rows.append(Row(f"{table.name}:{number}", concept, tuple(english.split(",")), tuple(german.split(","))))
    return rows


ROWS = [row for table in tables() for row in rows_of(table)]


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_first_line_tells_making_and_licence(table: Traversable) -> None:
    """Every table opens with a comment that says how it was made and under which licence."""
    first = table.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("#")
    assert "written by hand" in first
    assert "licence" in first


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_every_line_has_three_filled_columns(table: Traversable) -> None:
    """A line is concept, English forms, German forms, with a tab between them and nothing empty."""
    for number, line in enumerate(table.read_text(encoding="utf-8").splitlines()[1:], start=2):
        columns = line.split("\t")
        assert len(columns) == 3, f"{table.name}:{number}: {line}"
        assert all(columns), f"{table.name}:{number}: {line}"


def test_concepts_are_unique_slugs() -> None:
    """A concept is a lower-case slug and stands in one line of one table only."""
    counts = Counter(row.concept for row in ROWS)
    assert [concept for concept, times in counts.items() if times > 1] == []
    assert [row.where for row in ROWS if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", row.concept)] == []


def test_forms_have_no_stray_white_space_or_marks() -> None:
    """A form is words of letters, digits, hyphens, apostrophes, full stops or slashes with single spaces between."""
    word = r"[^\W_][^\W_'’./-]*(?:['’./-]+[^\W_]+)*\.?"
    shape = re.compile(rf"{word}(?: {word})*")
    bad = [(row.where, form) for row in ROWS for form in row.english + row.german if not shape.fullmatch(form)]
    assert bad == []


def test_english_forms_are_lower_case() -> None:
    """English is looked up in lower case, names of places included."""
    assert [(row.where, form) for row in ROWS for form in row.english if form != form.lower()] == []


def test_no_form_repeats_within_a_concept() -> None:
    """One concept lists a form of one language once."""
    repeated = [row.where for row in ROWS for forms in (row.english, row.german) if len(set(forms)) < len(forms)]
    assert repeated == []


@pytest.mark.parametrize("language", ["english", "german"])
def test_a_form_belongs_to_few_concepts(language: str) -> None:
    """An ambiguous form names at most three concepts, whatever its capitals."""
    concepts: defaultdict[str, set[str]] = defaultdict(set)
    for row in ROWS:
        for form in getattr(row, language):
            concepts[form.lower()].add(row.concept)
    assert {form: names for form, names in concepts.items() if len(names) > MOST_CONCEPTS_OF_A_FORM} == {}


def test_tables_are_as_large_as_told() -> None:
    """No table loses its concepts unnoticed."""
    counts = {table.name.removesuffix(".tsv"): len(rows_of(table)) for table in tables()}
    assert {name: counts.get(name, 0) for name, least in LEAST_CONCEPTS.items() if counts.get(name, 0) < least} == {}


@pytest.mark.parametrize("language", ["english", "german"])
def test_distinct_forms_are_as_many_as_told(language: str) -> None:
    """Both languages keep their distinct forms."""
    assert len({form for row in ROWS for form in getattr(row, language)}) >= LEAST_FORMS[language]


def test_most_forms_are_single_words() -> None:
    """Phrases are the exception: a word-by-word reader finds the great majority of forms."""
    forms = [form for row in ROWS for form in row.english + row.german]
    assert sum(" " in form for form in forms) / len(forms) < MOST_PHRASES


APART = [
    ("file_court", "dismiss_case", "withdraw_case", "amend"),
    ("bid_offer", "acquire", "reject"),
    ("hire", "fire_job", "resign"),
    ("acquit", "convict"),
    ("increase", "decrease"),
    ("confirm", "deny", "announce"),
    ("injured", "dead"),
    ("testify", "plea"),
    ("lawsuit", "settlement"),
    ("nonprofit", "for_profit"),
    ("plaintiff", "defendant"),
]


@pytest.mark.parametrize("concepts", APART, ids="-".join)
def test_happenings_that_news_keeps_apart_share_no_form(concepts: tuple[str, ...]) -> None:
    """Contrary happenings never meet in a form of either language."""
    rows = {row.concept: row for row in ROWS}
    assert [concept for concept in concepts if concept not in rows] == []
    for language in ("english", "german"):
        counts = Counter(form.lower() for concept in concepts for form in getattr(rows[concept], language))
        assert [form for form, times in counts.items() if times > 1] == []


MEET = [
    ("sued", "verklagt"),
    ("lawsuit", "Klage"),
    ("lawsuit", "eingeklagt"),
    ("injunction", "einstweilige Verfügung"),
    ("class action", "Sammelklage"),
    ("trade secret", "Geschäftsgeheimnis"),
    ("sold", "verkauft"),
    ("bought", "gekauft"),
    ("bid", "Gebot"),
    ("offer", "Angebot"),
    ("bid", "Angebot"),
    ("rejected", "abgelehnt"),
    ("resignation", "Rücktritt"),
    ("step down", "zurückgetreten"),
    ("attorney general", "Generalstaatsanwalt"),
    ("nonprofit", "gemeinnützig"),
    ("munich", "München"),
    ("federal court of justice", "Bundesgerichtshof"),
    ("supreme court", "Oberster Gerichtshof"),
    ("artificial intelligence", "KI"),
    ("chief executive", "Vorstandschef"),
    ("billion", "Milliarden"),
    ("trillion", "Billion"),
]


@pytest.mark.parametrize(("english", "german"), MEET, ids=[f"{en}-{de}" for en, de in MEET])
def test_forms_of_one_happening_meet(english: str, german: str) -> None:
    """Reports of one happening in both languages share a concept."""
    assert [row.concept for row in ROWS if english in row.english and german in row.german]
