"""Event files: one event a line, in and out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.errors import StorylineError
from watcher.records import Event, Figure, Precision, Wording
from watcher.storylines import load, read_events, write_event

WHOLE = {"id": "2025-02-10-bid", "date": "2025-02-10", "date_precision": "day", "title": "A bid"}

# what a terminal obeys is refused
readable = st.characters(
    exclude_categories=["Cc", "Cs"], exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
some_text = st.text(readable, min_size=1).map(lambda text: text.strip()).filter(bool)
some_figure = st.builds(
    Figure,
    value=st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**12), 10**12).map(float),
    unit=some_text,
    disputed=st.booleans(),
)
some_date = st.dates().flatmap(
    lambda day: st.sampled_from(
        [
            (day.isoformat(), Precision.DAY),
            (day.isoformat()[:7], Precision.MONTH),
            (day.isoformat()[:4], Precision.YEAR),
        ]
    )
)
some_event = some_date.flatmap(
    lambda dated: st.builds(
        Event,
        id=some_text,
        date=st.just(dated[0]),
        date_precision=st.just(dated[1]),
        title=some_text,
        summary=st.just("") | some_text,
        actors=st.lists(some_text).map(tuple),
        figures=st.lists(some_figure).map(tuple),
        kind=some_text,
        wordings=st.lists(st.builds(Wording, lang=some_text, text=some_text)).map(tuple),
        disputed=st.lists(some_text).map(tuple),
    )
)


@given(event=some_event)
def test_an_event_written_and_read_again_is_the_same(event: Event) -> None:
    """Export and import lose nothing, whatever visible characters and figures an event holds."""
    line = write_event(event)
    assert "\n" not in line
    assert read_events(line + "\n", "x") == (event,)


def test_the_bundled_base_survives_export_and_import(tmp_path: Path) -> None:
    """The whole bundled base is the same after a round trip."""
    events = load("musk-altman", tmp_path).events
    assert read_events("".join(write_event(event) + "\n" for event in events), "x") == events


def test_an_event_needs_only_id_date_and_title() -> None:
    """All else may be missing; unknown keys and blank lines are passed over."""
    text = "\ufeff\n" + json.dumps({**WHOLE, "in_archive": True}) + "\r\n\n"
    (event,) = read_events(text, "x")
    assert event == Event(
        id="2025-02-10-bid", date="2025-02-10", date_precision=Precision.DAY, title="A bid", summary=""
    )


@pytest.mark.parametrize(
    ("date", "precision"), [("2025", Precision.YEAR), ("2025-02", Precision.MONTH), ("2025-02-10", Precision.DAY)]
)
def test_a_date_without_precision_is_as_precise_as_it_is_written(date: str, precision: Precision) -> None:
    """Files of other programs need not repeat what the date itself says."""
    (event,) = read_events(json.dumps({"id": "a", "date": date, "title": "t"}), "x")
    assert event.date_precision is precision


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"id": ""}, "id must be a non-empty text, not ''"),
        ({"id": 7}, "id must be a non-empty text, not 7"),
        ({"title": None}, "title is missing"),
        ({"date": None}, "date is missing"),
        ({"date": "2025-02"}, "date '2025-02' does not fit date_precision day (like '2025-02-10')"),
        ({"date": "2025-02-30"}, "date '2025-02-30' is not in the calendar"),
        ({"date": "2025-13", "date_precision": "month"}, "date '2025-13' is not in the calendar"),
        ({"date": "25", "date_precision": "year"}, "date '25' does not fit date_precision year (like '2025')"),
        ({"date_precision": "hour"}, "date_precision must be day, month or year, not 'hour'"),
        ({"date_precision": 1}, "date_precision must be a non-empty text, not 1"),
        ({"actors": "Musk"}, "actors must be a list of non-empty texts, not 'Musk'"),
        ({"actors": ["Musk", 1]}, "actors must be a list of non-empty texts"),
        ({"figures": {"value": 1}}, "figures must be a list of tables"),
        (
            {"figures": [{"value": 1, "unit": "EUR"}, {"value": "1 bn", "unit": "EUR"}]},
            "figures[2]: value must be a number",
        ),
        ({"figures": [{"value": True, "unit": "EUR"}]}, "figures[1]: value must be a number, not True"),
        ({"figures": [{"value": float("nan"), "unit": "EUR"}]}, "figures[1]: value must be a number, not nan"),
        ({"figures": [{"value": 10**400, "unit": "EUR"}]}, "figures[1]: value must be a number"),
        ({"figures": [{"value": 1}]}, "figures[1]: unit is missing"),
        ({"figures": [{"value": 1, "unit": "EUR", "disputed": "no"}]}, "disputed must be true or false, not 'no'"),
        ({"wordings": ["A sentence."]}, "wordings must be a list of tables"),
        ({"wordings": [{"text": "A sentence."}]}, "wordings[1]: lang is missing"),
        ({"disputed": [None]}, "disputed must be a list of non-empty texts"),
    ],
)
def test_a_wrong_field_is_told_with_file_line_and_place(change: dict[str, object], told: str) -> None:
    """The message says which file, line and field, and what is wrong with it."""
    text = json.dumps({**WHOLE, "id": "first"}) + "\n" + json.dumps({**WHOLE, **change})
    with pytest.raises(StorylineError) as caught:
        read_events(text, "base.jsonl")
    assert str(caught.value).startswith("base.jsonl:2: ")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": "a",}', "base.jsonl:1: not JSON: "),
        ("[1, 2]", "base.jsonl:1: an event must be an object, not [1, 2]"),
        ("null", "base.jsonl:1: an event must be an object, not None"),
        ("[" * 100_000, "base.jsonl:1: not JSON that can be read"),
        ('{"value": ' + "9" * 5000 + "}", "base.jsonl:1: not JSON that can be read"),
    ],
)
def test_a_line_that_is_no_event_is_told(line: str, told: str) -> None:
    """Broken and hostile lines are mistakes of the file, never a crash."""
    with pytest.raises(StorylineError) as caught:
        read_events(line, "base.jsonl")
    assert told in str(caught.value)


def test_an_id_used_twice_names_both_lines() -> None:
    """Two events must not share an id; the message leads to both."""
    text = "\n".join([json.dumps(WHOLE), json.dumps({**WHOLE, "id": "b"}), json.dumps(WHOLE)])
    with pytest.raises(StorylineError, match=r"x:3: id '2025-02-10-bid' is already used in line 1"):
        read_events(text, "x")


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    """Nobody has to import a file five times to find five mistakes."""
    text = "\n".join(["{", json.dumps({"id": "a"}), json.dumps({**WHOLE, "kind": 5, "date": "soon"})])
    with pytest.raises(StorylineError) as caught:
        read_events(text, "x")
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[0] for line in lines] == ["x:1", "x:2", "x:2", "x:3", "x:3"]
