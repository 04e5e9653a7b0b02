"""Rows give back what was written: statements, versions, judgements, the described development."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.errors import NotFound
from watcher.records import (
    Amount,
    ArticleText,
    DateMention,
    Entry,
    Event,
    Figure,
    Finding,
    Judgement,
    Nearest,
    Part,
    Precision,
    Reading,
    Relevance,
    Statement,
    Status,
    Storyline,
    Verdict,
    Wording,
)
from watcher.store import articles, census, columns, developments, entries, events, feeds, knowledge, versions
from watcher.store.description import describe
from watcher.store.feeds import FeedName


def text_at(
    published: datetime, *sentences: str, title: str = "A title", url: str = "https://a.example/1"
) -> ArticleText:
    """Give an article of one paragraph a sentence."""
    return ArticleText(title=title, paragraphs=sentences, lang="en", published=published, outlet="A", url=url)


def reading_for(text: ArticleText, article_id: int) -> Reading:
    """Tell what a very simple reader understands."""
    told = tuple(
        Statement(position=number, paragraph=number, text=paragraph, lang="en", terms=tuple(paragraph.lower().split()))
        for number, paragraph in enumerate(text.paragraphs)
    )
    title = Statement(position=0, paragraph=0, text=text.title, lang="en")
    return Reading(
        article=f"A{article_id}",
        title=title,
        statements=told,
        lang="en",
        published=text.published,
        outlet="A",
        url=text.url,
    )


def save(db: sqlite3.Connection, text: ArticleText, storyline_id: int, now: datetime, key: str) -> tuple[int, int]:
    """Give an article with its first version. Returns both ids."""
    article_id = articles.create(db, url=text.url, url_key=key, seen=now, published=text.published)
    articles.want(db, storyline_id, article_id, "because")
    versions.add(
        db, article_id, text=text, reading=reading_for(text, article_id), digest=f"{text}", problem="", fetched=now
    )
    version = versions.newest(db, article_id)
    assert version is not None
    return article_id, version.id


def judgement_of(
    article_id: int, *verdicts: Verdict, development: str | None, opens: bool = False, copy: str | None = None
) -> Judgement:
    """Give a judgement with one finding a verdict."""
    return Judgement(
        article=f"A{article_id}",
        relevance=Relevance(relevant=True, reason="both sides"),
        findings=tuple(
            Finding(
                position=number,
                text="",
                verdict=verdict,
                score=0.5,
                reason="why",
                event="e" if verdict == "known" else None,
            )
            for number, verdict in enumerate(verdicts)
        ),
        flagged=any(v.is_fresh for v in verdicts),
        development=development,
        opens=opens,
        confidence=0.8,
        nearest=(Nearest(event="e", score=0.25),),
        copy_of=copy,
    )


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(
    terms=st.lists(texts).map(tuple),
    amounts=st.lists(
        st.builds(Amount, value=st.floats(allow_nan=False, allow_infinity=False), unit=texts, approx=st.booleans())
    ).map(tuple),
    dates=st.lists(
        st.builds(DateMention, day=st.dates(), precision=st.sampled_from(Precision), part=st.sampled_from(Part))
    ).map(tuple),
)
def test_understanding_survives_the_store(
    terms: tuple[str, ...], amounts: tuple[Amount, ...], dates: tuple[DateMention, ...]
) -> None:
    """Any understood sentence is read back as it was written."""
    told = Statement(
        position=3, paragraph=1, text="t", lang="de", terms=terms, names=terms, amounts=amounts, dates=dates, cues=terms
    )
    assert columns.statement(3, 1, "t", "de", columns.understood(told)) == told


def test_a_date_kept_without_its_part_is_whole() -> None:
    """What was understood before parts of months were is read as it was meant."""
    kept = columns.statement(0, 0, "t", "en", '{"dates": [["2026-05-01", "month"]]}')
    assert kept.dates == (DateMention(day=date(2026, 5, 1), precision=Precision.MONTH, part=Part.WHOLE),)


@given(
    st.datetimes(
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=5, minutes=30))]),
        min_value=datetime(2, 1, 1),  # noqa: DTZ001
        max_value=datetime(9998, 1, 1),  # noqa: DTZ001
    ),
    st.datetimes(timezones=st.just(UTC)),
)
def test_times_sort_as_text(one: datetime, other: datetime) -> None:
    """A time is read back as the same moment, and columns sort as the moments do."""
    assert columns.moment(columns.stamp(one)) == one
    assert (columns.stamp(one) < columns.stamp(other)) == (one < other)


def test_a_version_is_read_back_in_its_own_zone(db: sqlite3.Connection, storyline_id: int, now: datetime) -> None:
    """Texts, statements and the zone the outlet wrote in survive: weekdays are meant there."""
    published = datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=2)))
    text = text_at(published, "One.", "Two.")
    article_id, version_id = save(db, text, storyline_id, now, "k")
    assert versions.text_of(db, version_id) == text
    reading = versions.reading_of(db, version_id)
    assert reading == replace(reading_for(text, article_id), title=replace(reading.title, position=columns.TITLE))
    assert reading.published.date() == date(2026, 3, 1)


def test_a_text_seen_before_is_no_version(db: sqlite3.Connection, storyline_id: int, now: datetime) -> None:
    """An article that flaps between two texts has two versions, however often it does."""
    article_id, _ = save(db, text_at(now, "One."), storyline_id, now, "k")
    for digest, number in (("b", 2), ("b", None), (f"{text_at(now, 'One.')}", None)):
        text = text_at(now, digest)
        added = versions.add(
            db, article_id, text=text, reading=reading_for(text, article_id), digest=digest, problem="", fetched=now
        )
        assert added == number


def test_only_the_newest_version_waits_for_the_judge(db: sqlite3.Connection, storyline_id: int, now: datetime) -> None:
    """An edit that arrives before the judge came takes the place of the text before it."""
    later, _ = save(db, text_at(now, "Later."), storyline_id, now, "k1")
    earlier, _ = save(db, text_at(now - timedelta(hours=1), "Earlier."), storyline_id, now, "k2")
    text = text_at(now, "Edited.")
    versions.add(db, later, text=text, reading=reading_for(text, later), digest="2", problem="", fetched=now)
    waiting = versions.unjudged(db, storyline_id)
    assert [(one.article_id, one.number) for one in waiting] == [(earlier, 1), (later, 2)]
    assert versions.judged_before(db, storyline_id, waiting[1]) == []


def test_a_merged_article_leaves_everything_to_the_other(
    db: sqlite3.Connection, storyline_id: int, now: datetime
) -> None:
    """Entries, addresses and interest go to the article that stays."""
    feeds.sync(db, [FeedName(name="A", url="https://a.example/feed")], now)
    stays, _ = save(db, text_at(now, "One."), storyline_id, now, "k1")
    goes = articles.create(db, url="https://a.example/2", url_key="k2", seen=now, published=None)
    entry = Entry(identity="i", url="https://a.example/2", title="Other title")
    entries.save(db, 1, entry, digest="d", article_id=goes, seen=now)
    articles.merge(db, goes, stays)
    assert articles.get(db, goes) is None
    assert articles.find(db, "k2") == stays
    assert [lead.entry for lead in entries.leads(db, stays)] == [entry]
    assert articles.titles(db, stays) == {"A title", "Other title"}


def test_a_development_is_described_as_promised(db: sqlite3.Connection, storyline_id: int, now: datetime) -> None:
    """The object of `show --json`: all statements of the opener, fresh ones of the others, copies told as copies."""
    first, v1 = save(db, text_at(now, "Fresh.", "Old."), storyline_id, now, "k1")
    copy, v2 = save(db, text_at(now, "Fresh.", url="https://b.example/2"), storyline_id, now, "k2")
    third = text_at(now + timedelta(hours=1), "More.", "Old.", url="https://c.example/3")
    other, v3 = save(db, replace(third, outlet="C"), storyline_id, now, "k3")
    opening = judgement_of(first, Verdict.NEW, Verdict.KNOWN, development=None, opens=True)
    name = developments.open_one(db, storyline_id, opening, headline="A title", published=now, opened=now, alert=True)
    assert name == "D1"
    developments.save_judgement(db, storyline_id, v1, replace(opening, development=name), now)
    developments.save_judgement(
        db, storyline_id, v2, judgement_of(copy, Verdict.KNOWN, development=name, copy=f"A{first}"), now
    )
    developments.save_judgement(
        db, storyline_id, v3, judgement_of(other, Verdict.CHANGED, Verdict.KNOWN, development=name), now
    )
    shown = describe(db, name)
    assert {key: shown[key] for key in ("id", "status", "verdict", "confidence", "headline", "alert", "origins")} == {
        "id": "D1", "status": "open", "verdict": "new", "confidence": 0.8, "headline": "A title", "alert": True,
        "origins": 2,
    }  # fmt: skip
    assert shown["opened"] == "2026-03-01T12:00:00Z"
    assert shown["nearest"] == [{"event": "e", "score": 0.25}]
    assert [(s["url"], s["origin"], s["copy_of"]) for s in shown["sources"]] == [
        ("https://a.example/1", "own", None),
        ("https://b.example/2", "copy", "https://a.example/1"),
        ("https://c.example/3", "own", None),
    ]
    assert [(s["text"], s["verdict"]) for s in shown["statements"]] == [
        ("Fresh.", "new"),
        ("Old.", "known"),
        ("More.", "changed"),
    ]
    assert not versions.unjudged(db, storyline_id)


def test_a_second_article_of_an_outlet_is_no_second_origin(
    db: sqlite3.Connection, storyline_id: int, now: datetime
) -> None:
    """Independent are outlets, not articles: one that follows up its own report has told it once."""
    name, counts = None, []
    for number, (outlet, host) in enumerate([("BBC News", "bbc.co.uk"), ("BBC Sport", "bbc.com"), ("Sky", "sky.com")]):
        text = replace(text_at(now, f"{number}.", url=f"https://www.{host}/{number}"), outlet=outlet)
        article, version = save(db, text, storyline_id, now, str(number))
        judged = judgement_of(article, Verdict.NEW, development=name, opens=name is None)
        name = name or developments.open_one(
            db, storyline_id, judged, headline="h", published=now, opened=now, alert=False
        )
        developments.save_judgement(db, storyline_id, version, replace(judged, development=name), now)
        counts.append(describe(db, name)["origins"])
    assert counts == [1, 1, 2]


def test_knowledge_gives_back_what_was_judged(db: sqlite3.Connection, storyline_id: int, now: datetime) -> None:
    """A memory can be built anew: judged articles come in order of publication with every finding."""
    late, v1 = save(db, text_at(now, "Late."), storyline_id, now, "k1")
    early, v2 = save(db, text_at(now - timedelta(days=2), "Early.", "Too."), storyline_id, now, "k2")
    said = [
        judgement_of(early, Verdict.KNOWN, Verdict.NOISE, development=None),
        judgement_of(late, Verdict.BACKGROUND, development=None),
    ]
    developments.save_judgement(db, storyline_id, v1, said[1], now)
    developments.save_judgement(db, storyline_id, v2, said[0], now)
    found = list(knowledge.judged(db, storyline_id, now - timedelta(days=30)))
    assert [one.reading.article for one in found] == [f"A{early}", f"A{late}"]
    assert [tuple(f.verdict for f in one.judgement.findings) for one in found] == [("known", "noise"), ("background",)]
    assert [one.reading.article for one in knowledge.judged(db, storyline_id, now - timedelta(days=1))] == [f"A{late}"]


def test_knowledge_gives_back_so_much_and_no_more(db: sqlite3.Connection, storyline_id: int, now: datetime) -> None:
    """Of what was judged the latest comes back: so many articles that opened a development, so many others."""
    names = []
    for number in range(6):
        text = text_at(now - timedelta(hours=number), f"Sentence {number}.")
        article, version = save(db, text, storyline_id, now, f"k{number}")
        judgement = judgement_of(article, Verdict.KNOWN, development=None)
        developments.save_judgement(db, storyline_id, version, replace(judgement, opens=number % 2 == 0), now)
        names.append(f"A{article}")
    since = now - timedelta(days=1)
    some = [one.reading.article for one in knowledge.judged(db, storyline_id, since, openings=2, others=1)]
    assert some == [names[2], names[1], names[0]]
    assert len(list(knowledge.judged(db, storyline_id, since))) == 6


def test_the_base_keeps_what_a_person_taught_it(db: sqlite3.Connection, storyline_id: int, now: datetime) -> None:
    """Enrolling a storyline again adds its new events and leaves the others with the wordings they gained."""
    event = Event(
        id="e",
        date="2025-02",
        date_precision=Precision.MONTH,
        title="T",
        summary="S",
        actors=("A",),
        kind="deal",
        figures=(Figure(value=97.4e9, unit="USD", disputed=True),),
        wordings=(Wording(lang="en", text="W."),),
        disputed=("d",),
    )
    line = Storyline(name="line", title="L", events=(event,))
    row = knowledge.enrol(db, line, now)
    assert events.get(db, row, "e") == event
    events.add_wordings(db, row, "e", [Wording(lang="de", text="Mehr."), Wording(lang="en", text="W.")])
    second = replace(event, id="f", date="2024-01")
    assert knowledge.enrol(db, replace(line, events=(event, second)), now) == row
    assert [one.id for one in events.every(db, row)] == ["f", "e"]
    assert [told.text for told in events.get(db, row, "e").wordings] == ["W.", "Mehr."]
    assert knowledge.created(db) == now - timedelta(days=1)
    with pytest.raises(NotFound, match="nothing"):
        events.get(db, row, "nothing")


def test_developments_put_off_come_back(db: sqlite3.Connection, storyline_id: int, now: datetime) -> None:
    """What was put off until a time waits for review again from then on."""
    said = judgement_of(1, Verdict.CHANGED, development=None, opens=True)
    name = developments.open_one(db, storyline_id, said, headline="H", published=now, opened=now, alert=False)
    assert developments.get(db, storyline_id, "d1").verdict is Verdict.CHANGED
    developments.set_status(db, 1, Status.LATER, event=None, later_until=now + timedelta(days=1))
    assert developments.waiting(db, storyline_id, now) == []
    assert [one.name for one in developments.waiting(db, storyline_id, now + timedelta(days=1))] == [name]
    with pytest.raises(NotFound):
        developments.get(db, storyline_id, "D2")
    with pytest.raises(NotFound):
        developments.get(db, storyline_id, "rubbish")


def test_feeds_follow_the_config(db: sqlite3.Connection, now: datetime) -> None:
    """A new feed is due at once, one that left is switched off, one that came back is due when it was."""
    a, b = FeedName(name="A", url="https://a.example/f"), FeedName(name="B", url="https://b.example/f", lang="de")
    feeds.sync(db, [a, b], now)
    far = now + timedelta(days=9)
    assert [feed.name for feed in feeds.due(db, now, far, 9)] == ["A", "B"]
    feeds.save_poll(
        db, 1, feeds.Polled(at=now, due=now + timedelta(hours=1), brought=True, moved_to="https://n.example/f")
    )
    feeds.sync(db, [b], now)
    assert [feed.name for feed in feeds.every(db, enabled=True)] == ["B"]
    feeds.sync(db, [replace(a, name="New name"), b], now)
    assert [feed.name for feed in feeds.due(db, now, far, 9)] == ["B"]
    kept = feeds.get(db, 1)
    assert kept is not None
    assert (kept.name, kept.asked, kept.health, kept.ok, kept.new) == (
        "New name",
        "https://n.example/f",
        "ok",
        now,
        now,
    )


def test_entries_are_kept_once_for_each_identity(db: sqlite3.Connection, now: datetime) -> None:
    """An edited entry overwrites its row and keeps when it was first seen and published."""
    feeds.sync(db, [FeedName(name="A", url="https://a.example/f")], now)
    entry = Entry(identity="i", url="https://a.example/1", title="T", published=now)
    entries.save(db, 1, entry, digest=entries.digest(entry), article_id=None, seen=now)
    edited = replace(entry, title="T2", published=now + timedelta(days=1))
    entries.save(db, 1, edited, digest=entries.digest(edited), article_id=None, seen=now + timedelta(days=1))
    assert entries.count(db, 1) == 1
    known = entries.known(db, 1, ["i", "j"])
    assert set(known) == {"i"}
    assert known["i"].digest == entries.digest(edited) != entries.digest(entry)
    assert entries.forget(db, now + timedelta(days=500), timedelta(days=400), 100) == 1


def test_a_census_of_articles_and_intake(db: sqlite3.Connection, storyline_id: int, now: datetime) -> None:
    """Articles are counted by how reading them went, judgements by what they held, both from a time on."""
    hour = timedelta(hours=1)
    whole, first = save(db, text_at(now, "One."), storyline_id, now, "whole")
    _, second = save(db, replace(text_at(now, "Two."), partial=True), storyline_id, now, "partial")
    articles.create(db, url="https://a.example/3", url_key="waiting", seen=now, published=now)
    save(db, text_at(now, "Old."), storyline_id, now - 2 * hour, "old")
    found = census.count_articles(db, now - hour)
    assert (found.whole, found.partial, found.waiting, found.failed, found.tried) == (1, 1, 1, 0, 2)
    name = developments.open_one(
        db, storyline_id, judgement_of(whole, Verdict.NEW, development=None, opens=True), headline="h", published=now,
        opened=now, alert=False,
    )  # fmt: skip
    developments.save_judgement(db, storyline_id, first, judgement_of(whole, Verdict.NEW, development=name), now)
    developments.save_judgement(db, storyline_id, second, judgement_of(whole, Verdict.KNOWN, development=None), now)
    assert census.count_intake(db, storyline_id, now - hour) == census.Intake(
        entries=0, relevant=2, flagged=1, versions=2
    )
    assert census.count_intake(db, storyline_id, now) == census.Intake(entries=0, relevant=0, flagged=0, versions=0)
    assert census.last_poll(db) is None
    feeds.sync(db, [FeedName(name="f", url="https://a.example/feed", lang="", every_s=None)], now)
    assert census.last_poll(db) is None
