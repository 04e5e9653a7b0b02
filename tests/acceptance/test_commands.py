"""Commands as a person and a script use them: text, JSON and exit codes, on a state with three developments.

Those that read start as a person starts them, once each; all others are forks of a warm process.
"""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crash.warm import Quick

from acceptance import press, shapes
from acceptance.origin import RSS, Origin
from acceptance.program import Program, write_config

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
TOLD = [press.SEIZED.at(NOW - 3 * HOUR), press.RESIGNED.at(NOW - 2 * HOUR), press.VERDICT.at(NOW - HOUR)]


@pytest.fixture(scope="module")
def read_only(site: Origin, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """Give a state with three developments, which no test may change."""
    home = f"http://{site.address}"
    for report in TOLD:
        site.put(report.path, press.page(report))
    feeds = {"wire": site.put("/wire", press.rss(TOLD, home), RSS)}
    program = write_config(tmp_path_factory.mktemp("commands"), feeds=feeds, allow=[site.address])
    program.walk()
    return Quick(program.folder)


@pytest.fixture
def program(read_only: Program, tmp_path: Path) -> Program:
    """Give a copy of that state to decide in."""
    shutil.copytree(read_only.folder, tmp_path / "own")
    return Quick(tmp_path / "own")


def names(program: Program) -> dict[str, str]:
    """Give the id of each waiting development by its headline."""
    return {one["headline"]: one["id"] for one in program.ask("flags")["developments"]}


def test_flags_come_newest_first_and_show_agrees(read_only: Program) -> None:
    """`flags --json` has the contract's shape, newest first, and `show --json` gives the same objects."""
    flagged = read_only.ask("flags")
    shapes.fits(flagged, {"developments": [shapes.DEVELOPMENT]})
    assert [one["headline"] for one in flagged["developments"]] == [one.title for one in reversed(TOLD)]
    first = flagged["developments"][0]
    assert read_only.ask("show", first["id"]) == first
    assert read_only.ask("show", first["id"].lower()) == first


def test_show_marks_sentences(read_only: Program) -> None:
    """`show` marks what is new with `+` and what is known with `=` and its event, and names source and reason."""
    out = read_only.run("show", names(read_only)[press.VERDICT.title]).out
    lines = out.splitlines()
    assert any(line.startswith("+") and "A jury in Oakland" in line for line in lines)
    assert any(line.startswith("=") and "In February 2025" in line for line in lines)
    assert "[2025-02-10-bid-for-openai]" in " ".join(out.split())
    assert "why:" in out
    assert press.VERDICT.path in out


def test_exit_code_tells_whether_something_waits(program: Program) -> None:
    """`flags --exit-code` gives 10 when something waits and 0 when nothing does; without it both are 0."""
    assert program.run("flags", "--exit-code").code == 10
    assert program.run("flags", "--exit-code", "--json").code == 10
    assert program.run("flags").code == 0
    assert program.run("review", "--plain", stdin="d\n\n" * 3).code == 0
    assert program.run("flags", "--exit-code").code == 0
    assert program.ask("flags") == {"developments": []}


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["show", "D999"], 1), (["show", "nonsense"], 1), (["accept", "D999"], 1), (["events", "show", "no-such"], 1),
        (["feeds", "check", "no such feed"], 1), (["explain", "/no/such/file"], 1), (["alerts", "retry", "999"], 1),
        (["undo"], 1), (["show"], 2), (["flags", "--no-such-option"], 2), (["no-such-command"], 2),
        (["explain", "-", "--published", "yesterday"], 2), (["alerts", "retry"], 2),
    ],
    ids=lambda told: " ".join(told) if isinstance(told, list) else str(told),
)  # fmt: skip
def test_failures_have_their_exit_code(read_only: Program, args: list[str], code: int) -> None:
    """What cannot be done ends with 1, what was asked wrongly with 2; the reason is on stderr, nothing on stdout."""
    answer = read_only.run(*args)
    assert answer.code == code, answer
    assert answer.out == ""
    assert answer.err.strip()
    assert "Traceback" not in answer.err


READS = [
    ["flags"], ["flags", "--all"], ["show", "D1"], ["events", "list"], ["events", "show", "2025-02-10-bid-for-openai"],
    ["feeds", "list"], ["feeds", "check"], ["alerts", "list"], ["explain", "report.txt"],
]  # fmt: skip


@pytest.mark.parametrize("args", READS, ids=" ".join)
def test_json_is_one_document_and_nothing_else(read_only: Program, args: list[str]) -> None:
    """`--json` writes one JSON document to stdout, without control characters, and nothing to stderr."""
    (read_only.folder / "report.txt").write_text("Title\n\nElon Musk sued OpenAI in 2024.\n", encoding="utf-8")
    answer = Program(read_only.folder).run(*args, "--json")
    assert answer.code == 0, answer
    assert isinstance(answer.json, dict)
    assert "\x1b" not in answer.out
    assert answer.err == ""


@pytest.mark.parametrize("group", ["events", "feeds", "alerts"])
def test_group_alone_lists(read_only: Program, group: str) -> None:
    """A group without a subcommand is its list, as text and as JSON."""
    # ages of seconds may differ between the two
    alone, listed = (re.sub(r"\d+ (s|min)\b|now", "", read_only.run(*args).out) for args in ([group], [group, "list"]))
    assert alone.split() == listed.split()
    assert read_only.ask(group) == read_only.ask(group, "list")
    assert set(read_only.ask(group)) == {group}


def test_pipes_and_no_color_get_plain_text(read_only: Program) -> None:
    """In a pipe, with NO_COLOR or forced terminals, no escape byte is written; times and words stay."""
    for env in ({}, {"NO_COLOR": "1"}, {"TERM": "dumb"}):
        answer = Quick(read_only.folder, env).run("flags")
        assert answer.code == 0
        assert "\x1b" not in answer.out
        assert press.VERDICT.title in answer.out


def test_accepting_makes_it_known(program: Program) -> None:
    """A development that is accepted becomes an event of the base, and the same report is known from then on, with
    that event; taking the decision back restores both.
    """
    page = program.folder / "other.html"
    other = press.Report(
        "other", "OpenAI must pay Musk 1.2 billion dollars, jurors decide",
        ("OpenAI was ordered by a jury in Oakland to pay Elon Musk 1.2 billion dollars in damages.",),
        published=NOW + HOUR,
    )  # fmt: skip
    page.write_text(press.page(other), encoding="utf-8")
    before = program.ask("explain", str(page))
    told = program.run("accept", names(program)[press.VERDICT.title], "--title", "Jury sides with Musk", "--note", "x")
    assert told.code == 0, told
    events = {one["title"]: one for one in program.ask("events", "list")["events"]}
    event = events["Jury sides with Musk"]
    shapes.fits(event, shapes.EVENT)
    assert {"value": 1.2e9, "unit": "USD"}.items() <= event["figures"][0].items()
    after = program.ask("explain", str(page))
    assert [told["event"] for told in after["statements"]] == [event["id"]]
    assert [told["verdict"] for told in after["statements"]] == ["known"]
    assert f"why: retells {event['id']}" in " ".join(program.run("explain", str(page)).out.split())
    assert before["statements"][0]["event"] != event["id"]
    assert press.VERDICT.title not in names(program)
    assert {one["status"] for one in program.ask("flags", "--all")["developments"]} == {"open", "accepted"}
    assert program.run("undo").code == 0
    assert press.VERDICT.title in names(program)
    assert event["id"] not in {one["id"] for one in program.ask("events", "list")["events"]}


def test_an_article_that_was_read_is_explained_as_if_it_came_anew(read_only: Program, site: Origin) -> None:
    """`explain URL` of an article that opened a development does not lay it beside its own words."""
    told = read_only.ask("explain", f"http://{site.address}{press.VERDICT.path}")
    assert "new" in {one["verdict"] for one in told["statements"]}
    assert told["confidence"] >= 0.5


def test_decisions_and_undo(program: Program) -> None:
    """`merge`, `dismiss` and `later` take a development off the list, each is kept, and `undo` takes back the last."""
    ids = names(program)
    jury, lawyer, seized = (ids[report.title] for report in (press.VERDICT, press.RESIGNED, press.SEIZED))
    assert program.run("merge", jury, "2025-02-10-bid-for-openai").code == 0
    assert program.run("dismiss", lawyer, "--reason", "gossip").code == 0
    assert program.run("later", seized, "--until", "2099-01-01").code == 0
    assert program.ask("flags") == {"developments": []}
    status = {one["id"]: one["status"] for one in program.ask("flags", "--all")["developments"]}
    assert status == {jury: "merged", lawyer: "dismissed", seized: "later"}
    wordings = program.ask("events", "show", "2025-02-10-bid-for-openai")["wordings"]
    assert any("A jury in Oakland" in wording["text"] for wording in wordings)
    for expected in ({seized}, {seized, lawyer}, {seized, lawyer, jury}):
        assert program.run("undo").code == 0
        assert set(names(program).values()) == expected
    assert program.ask("events", "show", "2025-02-10-bid-for-openai")["wordings"] != wordings
    assert program.run("undo").code == 1


def test_decided_twice_is_refused(program: Program) -> None:
    """What is decided cannot be decided again; the message says how to take it back."""
    assert program.run("dismiss", "D1").code == 0
    again = program.run("accept", "D1")
    assert again.code == 1
    assert "undo" in again.err


def test_decision_with_a_bad_date_changes_nothing(program: Program) -> None:
    """A date that is none is refused, and the development waits as before."""
    assert program.run("accept", "D1", "--date", "2025-02-31").code == 1
    assert program.run("accept", "D1", "--date", "soon").code == 1
    assert len(program.ask("flags")["developments"]) == 3


def test_events_go_out_and_come_in(program: Program, tmp_path: Path) -> None:
    """`events add` makes an event; `export` writes JSONL that `import` reads; a broken file is named with its line."""
    assert program.run("events", "add", "--title", "A test of strength", "--date", "2026-05").code == 0
    exported = program.run("events", "export")
    events = [json.loads(line) for line in exported.out.splitlines()]
    for event in events:
        shapes.fits(event, shapes.EVENT)
    assert "A test of strength" in {one["title"] for one in events}
    more = tmp_path / "more.jsonl"
    told = {"id": "2026-06-01-x", "date": "2026-06-01", "date_precision": "day", "title": "More", "summary": "More.",
            "actors": [], "figures": [], "kind": "other"}  # fmt: skip
    more.write_text(exported.out + json.dumps(told) + "\n", encoding="utf-8")
    assert program.run("events", "import", str(more)).code == 0
    assert len(program.ask("events", "list")["events"]) == len(events) + 1
    more.write_text(json.dumps(told) + "\n{broken\n", encoding="utf-8")
    refused = program.run("events", "import", str(more))
    assert refused.code == 1
    assert "more.jsonl:2" in refused.err


@pytest.mark.slow
def test_feeds_are_added_checked_and_removed(program: Program, site: Origin) -> None:
    """`feeds add` and `remove` change the config file and leave the rest of it as it was; `check` asks on the spot."""
    before = program.config.read_text(encoding="utf-8")
    url = site.put("/more", press.rss(TOLD[:1], site.url("")), RSS)
    assert program.run("feeds", "add", url, "--name", "More news", "--lang", "en").code == 0
    assert [one["name"] for one in program.ask("feeds", "list")["feeds"]] == ["wire", "More news"]
    assert program.run("feeds", "add", url).code == 1
    checked = program.ask("feeds", "check", "More news")["feeds"][0]
    assert (checked["ok"], checked["entries"]) == (True, 1)
    site.put("/more", "<html><body><p>No feed here.</p></body></html>")
    assert program.run("feeds", "check", "More news").code == 1
    assert program.run("feeds", "remove", "More news").code == 0
    assert program.config.read_text(encoding="utf-8").rstrip() == before.rstrip()


def test_review_walks_by_plain_prompts(program: Program) -> None:
    """`review --plain` shows what waits and takes one key a line; the end of the input leaves the rest alone."""
    answer = program.run("review", "--plain", stdin="d\nnothing new\nl\n")
    assert answer.code == 0, answer
    assert "1 of 3" in answer.out
    assert "2 decided, 1 left" in answer.out
    status = [one["status"] for one in program.ask("flags", "--all")["developments"]]
    assert sorted(status) == ["dismissed", "later", "open"]
    assert program.run("review", stdin="").code == 1


def test_review_asks_again_after_a_wrong_key(program: Program) -> None:
    """A key that is none, or an answer that came to nothing, is told and asked for again; nothing is shown twice."""
    answer = program.run("review", "--plain", stdin="x\ndelete\n\nm\nno-such\nu\ndismiss\n\nq\n")
    assert answer.code == 0, answer
    for typed in ("x", "delete", "Enter"):
        assert f"{typed} is no answer here: [a]ccept  [m]erge" in answer.out
    assert "there is no event 'no-such'" in answer.out
    assert answer.out.count("1 of 3") == answer.out.count("2 of 3") == 1
    assert "1 decided, 2 left" in answer.out


@pytest.mark.slow
def test_doctor_names_problems_and_fixes(read_only: Program) -> None:
    """`doctor` checks and says how each warning is put right; its JSON is one document."""
    answer = read_only.run("doctor")
    assert answer.code in (0, 1)
    assert "Traceback" not in answer.err
    assert answer.out.strip()
    told = read_only.run("doctor", "--json")
    assert isinstance(told.json, dict)


def test_commands_before_the_first_walk_say_what_to_do(site: Origin, tmp_path: Path) -> None:
    """Without a state nothing breaks: the program says to start it, `feeds` lists the config, `explain` works."""
    fresh = Quick(write_config(tmp_path, feeds={"wire": site.url("/wire")}, allow=[site.address]).folder)
    alone = fresh.run()
    assert alone.code == 0
    assert "watcher" in alone.out
    assert fresh.run("flags").code == 1
    explained = fresh.ask("explain", "-", stdin="In 2018 Musk left the board of OpenAI.\n")
    assert explained["statements"][0]["event"] == "2018-02-20-musk-leaves-board"
    listed = fresh.run("feeds", "list")
    assert listed.code == 0, listed
    assert "wire" in listed.out
    assert not fresh.state.exists()


def test_flags_are_quick(read_only: Program) -> None:
    """`watcher flags` uses less than half a second of processor time: it loads nothing it does not need."""
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    Program(read_only.folder).run("flags")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime) < 0.5


@pytest.mark.slow
def test_demo_shows_the_walk_and_leaves_nothing(tmp_path: Path) -> None:
    """`demo` needs no config, network or keys, shows flags and an alert within a minute, and leaves no file."""
    stage = tmp_path / "tmp"
    stage.mkdir()
    answer = Program(tmp_path, {"TMPDIR": str(stage)}).run("demo")
    assert answer.code == 0, answer
    for word in ("walk", "watcher flags", "alert"):
        assert word in answer.out
    assert "\x1b" not in answer.out
    assert list(stage.iterdir()) == []
