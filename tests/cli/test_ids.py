"""What a person types for a development, an article or an event: its id, of an event as much as begins no other one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from watcher.cli.main import watcher
from watcher.errors import NotFound, WatcherError
from watcher.records import Event, Judgement, Precision, Relevance, Storyline
from watcher.store import articles, developments, events, knowledge
from watcher.store.database import open_state

NOW = datetime.now(UTC)
EVENTS = ("2025-02-10-bid-for-lab", "2025-02-10-bid-refused", "2025-03-01-trial")
MANY = tuple(f"2024-{month:02}-01-report" for month in range(1, 11))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Give a state with developments D1 to D23 but D3, and D31, ten events and two, and articles A1 and A10 to A12."""
    db = open_state(tmp_path / "state")
    row = knowledge.enrol(db, Storyline(name="any", title="Any", everything=True), NOW)
    judged = Judgement(article="A1", relevance=Relevance(relevant=True, reason=""), findings=(), flagged=True)
    for number in range(1, 32):
        developments.open_one(db, row, judged, headline=f"No. {number}", published=NOW, opened=NOW, alert=False)
    db.execute("DELETE FROM development WHERE id BETWEEN 24 AND 30 OR id = 3")
    known = [
        Event(id=one, date="2025", date_precision=Precision.YEAR, title=one, summary=one) for one in (*EVENTS, *MANY)
    ]
    events.add(db, row, known, origin="person", now=NOW)
    for number in range(1, 13):
        articles.create(db, url=f"https://p.example/{number}", url_key=f"p.example/{number}", seen=NOW, published=NOW)
    db.execute("DELETE FROM article WHERE id BETWEEN 2 AND 9")
    db.commit()
    db.close()
    path = tmp_path / "config.toml"
    path.write_text('[storyline]\nuse = "any"\n')
    return path


def run(config: Path, *words: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(watcher, ["--config", str(config), *words])


@pytest.mark.parametrize("typed", ["D31", "d31", "31"])
def test_a_development_is_its_number(config: Path, typed: str) -> None:
    """With the letter or without, in every command; the answer has its name."""
    assert run(config, "show", typed).output.startswith("D31 ")
    assert run(config, "later", typed).output.startswith("D31 comes back")
    assert run(config, "dismiss", typed).output == "D31 is dismissed.\n"
    assert run(config, "undo").exit_code == 0
    assert run(config, "merge", typed, "2025-03").output.startswith("D31 belongs to 2025-03-01-trial")
    assert run(config, "undo").exit_code == 0
    assert run(config, "accept", typed, "--title", "t").output.startswith("D31 is now the event")


@pytest.mark.parametrize("command", ["show", "dismiss", "later", "accept"])
def test_a_number_is_typed_whole(config: Path, command: str) -> None:
    """Who types D3 does not mean D31, although no other begins so: nothing is decided."""
    assert "there is no development 'D3'" in str(run(config, command, "D3").exception)
    assert isinstance(run(config, "undo").exception, WatcherError)  # nothing was decided


def test_events_are_found_by_their_beginning(config: Path) -> None:
    """In `events show`, and in `merge` in the review."""
    assert "2025-03-01-trial" in run(config, "events", "show", "2025-03").output
    answers = CliRunner().invoke(watcher, ["--config", str(config), "review", "--plain"], input="m\n2025-03\nq\n")
    assert "belongs to 2025-03-01-trial" in answers.output


def test_an_article_is_its_number(config: Path) -> None:
    """`diff` takes A1 and a1, and neither means A10."""
    assert "A1 was never read" in str(run(config, "diff", "a1").exception)


@pytest.mark.parametrize(
    ("words", "candidates"),
    [
        (("merge", "D1", "2025-02-10"), "2025-02-10-bid-for-lab, 2025-02-10-bid-refused"),
        (("events", "show", "2025-02"), "2025-02-10-bid-for-lab, 2025-02-10-bid-refused"),
        (("show", "D99"), "there is no development 'D99'"),
        (("show", "A1"), "there is no development 'A1': it is called D and a number, like D12"),
        (("events", "show", ""), "there is no event ''"),
        (("diff", "A99"), "there is no article 'A99'"),
    ],
)
def test_what_could_mean_several_is_refused_with_all_of_them(
    config: Path, words: tuple[str, ...], candidates: str
) -> None:
    """An ambiguous beginning is an unknown id that names those it could mean; nothing is decided."""
    result = run(config, *words)
    assert isinstance(result.exception, NotFound)
    assert candidates in str(result.exception)
    assert isinstance(run(config, "undo").exception, WatcherError)  # nothing was decided


def test_many_candidates_are_told_in_part(config: Path) -> None:
    """Of many events that begin so eight are named, with how many more there are."""
    told = str(run(config, "merge", "D1", "2024").exception)
    assert ", ".join(sorted(MANY)[:8]) + " and 2 more" in told
