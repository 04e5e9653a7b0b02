"""One walk and the next: what is counted, what is asked again, what becomes one article."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from crash.warm import Quick

from acceptance import press, shapes
from acceptance.origin import ATOM, JSON, RSS, Origin
from acceptance.program import Program, write_config

NOW = datetime.now(UTC)
TOLD = [press.RECAP.at(NOW - timedelta(hours=9)), press.VERDICT.at(NOW - timedelta(hours=3)), press.FERRY.at(NOW)]
LATER = press.RESIGNED.at(NOW - timedelta(hours=1))


@pytest.fixture(scope="module")
def walked(site: Origin, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Walk three times over feeds of five formats: the first time, with nothing changed, with one new entry."""
    home = f"http://{site.address}"
    for report in [*TOLD, LATER]:
        site.put(report.path, press.page(report, canonical=home + report.path))
    marked = {report.slug: f"{report.path}?utm_source=rss&utm_medium=feed" for report in TOLD}
    for report in TOLD:
        site.put(marked[report.slug], press.page(report, canonical=home + report.path))
    tracked = {slug: home + path for slug, path in marked.items()}
    feeds = {
        "rss": site.put("/rss", press.rss(TOLD, home), RSS),
        "old": site.put("/old", press.rss(TOLD, home, version="0.91", links=tracked), "text/xml"),
        "atom": site.put("/atom", press.atom(TOLD, home), ATOM),
        "rdf": site.put("/rdf", press.rdf(TOLD, home), "application/rdf+xml"),
        "json": site.put("/json", press.json_feed(TOLD, home), JSON),
        "json 1.0": site.put("/json1", press.json_feed(TOLD, home, version="1.0"), "application/json"),
    }
    program = write_config(tmp_path_factory.mktemp("walk"), feeds=feeds, allow=[site.address])
    first = program.walk()
    asked = len(site.hits)
    second = program.walk()
    again = site.hits[asked:]
    site.put("/atom", press.atom([LATER, *TOLD], home), ATOM)
    third = program.walk()
    return {"program": Quick(program.folder), "first": first, "second": second, "again": again, "third": third}


def test_first_walk_counts_what_it_did(walked: dict[str, Any]) -> None:
    """The first walk polls every feed, sees every entry, and reads each relevant article once, whatever the format."""
    shapes.fits(walked["first"], shapes.WALK)
    assert walked["first"]["feeds"] == {"polled": 6, "unchanged": 0, "failed": 0}
    assert walked["first"]["entries"] == {"seen": 18, "new": 18, "relevant": 12}
    assert walked["first"]["articles"] == {"read": 2, "failed": 0, "edited": 0}
    assert walked["first"]["developments"]["opened"] >= 1
    assert walked["first"]["alerts"] == {"sent": 0, "waiting": 0, "failed": 0}


def test_second_walk_asks_with_validators_and_finds_nothing_changed(walked: dict[str, Any]) -> None:
    """An unchanged feed answers 304 to the validator it gave out, and nothing is read or counted as new."""
    assert walked["second"]["feeds"] == {"polled": 6, "unchanged": 6, "failed": 0}
    assert walked["second"]["entries"] == {"seen": 0, "new": 0, "relevant": 0}
    assert walked["second"]["articles"] == {"read": 0, "failed": 0, "edited": 0}
    assert [hit.status for hit in walked["again"]] == [304] * 6
    assert all("if-none-match" in hit.headers for hit in walked["again"])


def test_new_entry_alone_is_read(walked: dict[str, Any]) -> None:
    """When one feed brings one more entry, that article alone is read; the others are known."""
    assert walked["third"]["feeds"] == {"polled": 6, "unchanged": 5, "failed": 0}
    assert walked["third"]["entries"] == {"seen": 4, "new": 1, "relevant": 1}
    assert walked["third"]["articles"] == {"read": 1, "failed": 0, "edited": 0}


def test_another_happening_opens_its_own_development(walked: dict[str, Any]) -> None:
    """A report of something else, in the other language, is not taken for one that was told before."""
    assert walked["third"]["developments"]["opened"] == 1
    assert LATER.title in [one["headline"] for one in walked["program"].ask("flags")["developments"]]


def test_feeds_that_lead_to_one_page_make_one_article(walked: dict[str, Any], site: Origin) -> None:
    """Six feeds, one of them with tracking parameters, tell of one page: it is fetched once and is one source."""
    sources = [source for one in walked["program"].ask("flags")["developments"] for source in one["sources"]]
    told = [source["url"] for source in sources if press.VERDICT.path in source["url"]]
    # Told under the address of whichever feed answered first.
    assert [url.partition("?")[0] for url in told] == [site.url(press.VERDICT.path)]
    fetched = [hit for hit in site.hits if hit.path.startswith(press.VERDICT.path)]
    assert len(fetched) == 1, fetched


def test_irrelevant_entry_is_not_fetched(walked: dict[str, Any], site: Origin) -> None:
    """A page whose entry names nobody of the storyline is never asked for."""
    assert not [hit for hit in site.hits if hit.path.startswith(press.FERRY.path)]


def test_flagged_article_shows_its_sentences_without_furniture(walked: dict[str, Any]) -> None:
    """What is flagged carries the article's own sentences as written and nothing of the page around them."""
    flagged = walked["program"].ask("flags")
    shapes.fits(flagged, {"developments": [shapes.DEVELOPMENT]})
    texts = [told["text"] for one in flagged["developments"] for told in one["statements"]]
    assert TOLD[1].paragraphs[0] in texts
    assert not [text for text in texts for word in press.FURNITURE if word in text]


def test_development_tells_new_from_known(walked: dict[str, Any]) -> None:
    """Of an article with news and a recap, the news is new and the recap is known, with the event it retells."""
    found = {one["headline"]: one for one in walked["program"].ask("flags")["developments"]}
    told = {s["text"]: s for s in found[press.VERDICT.title]["statements"]}
    assert told[TOLD[1].paragraphs[0]]["verdict"] == "new"
    assert told[TOLD[1].paragraphs[0]]["reason"]
    assert told[TOLD[1].paragraphs[2]]["verdict"] == "known"
    assert told[TOLD[1].paragraphs[2]]["event"] == "2025-02-10-bid-for-openai"


def test_recap_of_what_the_base_holds_is_not_flagged(walked: dict[str, Any]) -> None:
    """An article that only repeats the base opens nothing."""
    flagged = walked["program"].ask("flags", "--all")["developments"]
    assert press.RECAP.title not in [one["headline"] for one in flagged]


def test_state_is_private_and_one_file(walked: dict[str, Any]) -> None:
    """The state directory is made for its owner alone and holds the database the contract names."""
    program: Program = walked["program"]
    assert program.state.stat().st_mode & 0o777 == 0o700
    assert (program.state / "watcher.db").is_file()


def test_edited_article_becomes_a_version(site: Origin, tmp_path: Path) -> None:
    """A page that says more when it is read again is another version, and only its new sentence is fresh."""
    report = press.SEIZED.at(NOW - timedelta(hours=2))
    home = f"http://{site.address}"
    feeds = {"edits": site.put("/edits", press.rss([report], home), RSS)}
    site.put(report.path, press.page(report))
    program = Quick(write_config(tmp_path, feeds=feeds, allow=[site.address]).folder)
    text = program.config.read_text(encoding="utf-8")
    program.config.write_text(text.replace("recheck = []", 'recheck = ["1h"]'), encoding="utf-8")
    assert program.walk()["articles"] == {"read": 1, "failed": 0, "edited": 0}
    added = "The same judge fined Elon Musk 75 million dollars for contempt of court and sent marshals to his office."
    site.put(report.path, press.page(press.Report(**{**vars(report), "paragraphs": (*report.paragraphs, added)})))
    again = program.walk()
    assert again["articles"] == {"read": 0, "failed": 0, "edited": 1}
    assert again["developments"] == {"opened": 0, "grown": 1}
    one = program.ask("flags")["developments"][0]
    assert one["sources"][0]["version"] == 2
    assert [s["text"] for s in one["statements"] if s["verdict"] == "new"].count(added) == 1


def test_walk_with_nothing_due_says_when_the_next_feed_is(site: Origin, tmp_path: Path) -> None:
    """A walk that had nothing to do names the feed that is asked next and its time; JSON has both after every walk."""
    url = site.put("/slow", press.rss([press.FERRY.at(NOW)], f"http://{site.address}"), RSS)
    program = Quick(tmp_path)
    program.config.write_text(
        f'[fetch]\nallow_private = ["{site.address}"]\n[[feed]]\nname = "Slow"\nurl = "{url}"\nevery = "5h"\n'
    )
    first = program.ask("once")
    due = datetime.fromisoformat(first["next"]["due"])
    assert first["feeds"]["polled"] == 1
    assert first["next"]["feed"] == "Slow"
    assert due > NOW
    told = program.run("once").out
    assert "Nothing is due; the next feed, Slow, at " in told
    assert f"{due:%H:%M}" in told
    assert "Nothing is due" not in program.run("once", "--all").out
    program.config.write_text("")
    assert "No feed is asked" in program.run("once").out
    assert program.ask("once")["next"] is None
