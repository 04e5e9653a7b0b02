"""Feeds and pages that are not what they should be: each is named, and none stops the others."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from crash.warm import Quick

from acceptance import press
from acceptance.origin import RSS, Origin
from acceptance.program import Program, write_config

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)
GOOD = press.VERDICT.at(NOW - HOUR)
CONSENT = press.Report(
    "consent", "Judge bars Elon Musk from board of OpenAI for ten years", ("Not served.",),
    summary="A judge in Oakland barred Elon Musk from any seat at OpenAI for ten years.", published=NOW - HOUR,
)  # fmt: skip
PAID = press.Report(
    "paid", "OpenAI fordert 3,4 Milliarden Euro Schadenersatz von Elon Musk", ("Nicht zu sehen.",), lang="de",
    summary="OpenAI hat Elon Musk in Dublin auf 3,4 Milliarden Euro Schadenersatz verklagt.", published=NOW - HOUR,
)  # fmt: skip
EMPTY = press.Report(
    "empty", "Sam Altman subpoenaed over Musk's rocket contracts", (),
    summary="A Senate committee subpoenaed Sam Altman on Friday over contracts of Elon Musk.", published=NOW - HOUR,
)  # fmt: skip
WALL = (
    '<!DOCTYPE html><html lang="en"><head><title>Before you continue</title></head><body><main><h1>Before you continue'
    "</h1><p>We and our 843 partners store and access personal data on your device. Accept all cookies to read on.</p>"
    "<p>You can change your choices at any time in the privacy settings.</p>"
    '<form action="/save"><button>Accept all</button><button>Reject all</button></form></main></body></html>'
)
PAYWALL = (
    f'<!DOCTYPE html><html lang="de"><head><title>{PAID.title}</title><script type="application/ld+json">'
    '{"@context":"https://schema.org","@type":"NewsArticle","isAccessibleForFree":false,"headline":"x"}</script>'
    f"</head><body><article><h1>{PAID.title}</h1><p>Dieser Artikel ist Abonnenten vorbehalten. Jetzt weiterlesen mit "
    "dem Probeabo für einen Euro im Monat.</p></article></body></html>"
)
BROKEN = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Broken</title>'
    "<item><title>Elon Musk & Sam Altman <b>meet</title><link>::not a link::</link><pubDate>yesterday</pubDate></item>"
    "<item></item><item><description>Only words of Elon Musk.</description></item>"
    f"<item><title>{GOOD.title}</title><link>LINK</link></item>"
)


@pytest.fixture(scope="module")
def walked(site: Origin, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Walk twice over one good feed and every kind of trouble."""
    home = f"http://{site.address}"
    site.put(GOOD.path, press.page(GOOD))
    site.put(CONSENT.path, WALL)
    site.put(PAID.path, PAYWALL)
    site.put(EMPTY.path, "")
    site.put("/new-place", press.rss([GOOD], home), RSS)
    feeds = {
        "good": site.put("/good", press.rss([GOOD], home), RSS),
        "walls": site.put("/walls", press.rss([CONSENT, PAID, EMPTY], home), RSS),
        "moved": site.put("/moved", status=301, Location=f"{home}/new-place"),
        "lent": site.put("/lent", status=302, Location=f"{home}/new-place"),
        "gone": site.put("/gone", status=410),
        "refuses": site.put("/refuses", "<h1>Forbidden</h1>", status=403),
        "absent": site.url("/absent"),
        "server": site.put("/server", status=503, Retry_After="3600"),
        "page": site.put("/page", press.page(GOOD)),
        "nothing": site.put("/nothing", b"", RSS),
        "broken": site.put("/broken", BROKEN.replace("LINK", home + GOOD.path), RSS),
        "noise": site.put("/noise", bytes(range(256)) * 40, RSS),
        "private": "http://127.0.0.1:1/feed",
    }
    program = Quick(write_config(tmp_path_factory.mktemp("trouble"), feeds=feeds, allow=[site.address]).folder)
    first = program.walk()
    health = {one["name"]: one for one in program.ask("feeds", "list")["feeds"]}
    asked = len(site.hits)
    flagged = program.ask("flags", "--all")["developments"]
    time.sleep(2)
    program.ask("once")
    again = [hit.path for hit in site.hits[asked:]]
    return {"program": program, "first": first, "health": health, "flags": flagged, "again": again}


def test_trouble_is_counted_and_stops_nothing(walked: dict[str, Any]) -> None:
    """Every feed that cannot be had counts as failed; the good ones bring their entries all the same."""
    assert walked["first"]["feeds"]["polled"] == 13
    assert walked["first"]["feeds"]["failed"] == 8
    assert GOOD.title in [one["headline"] for one in walked["flags"]]


@pytest.mark.parametrize(
    ("name", "health", "word"),
    [
        ("gone", "gone", "410"), ("refuses", "failing", "403"), ("absent", "failing", "404"),
        ("server", "failing", "503"), ("page", "failing", "page"), ("nothing", "failing", "empty"),
        ("noise", "failing", ""), ("private", "refused", "port"),
    ],
)  # fmt: skip
def test_feed_says_what_is_wrong_with_it(walked: dict[str, Any], name: str, health: str, word: str) -> None:
    """`feeds` names each trouble as what it is; none looks like a feed that merely brings nothing."""
    found = walked["health"][name]
    assert found["health"] == health
    assert found["problem"], found
    assert word in found["problem"].lower(), found


def test_permanent_redirect_is_remembered(walked: dict[str, Any], site: Origin) -> None:
    """A feed that moved for good is asked at its new place from then on, and says so; a temporary one is not."""
    assert walked["health"]["moved"]["moved_to"] == site.url("/new-place")
    assert not walked["health"]["lent"]["moved_to"]
    assert "/moved" not in walked["again"]
    assert "/lent" in walked["again"]


def test_gone_feed_is_not_asked_again(walked: dict[str, Any]) -> None:
    """410 switches a feed off: it is not due any more, while the others are."""
    assert "/gone" not in walked["again"]


def test_broken_entries_do_not_lose_the_good_one(walked: dict[str, Any]) -> None:
    """In a feed that ends early, with entries without date, link or title, the entry that can be read is read."""
    assert walked["health"]["broken"]["health"] == "ok"
    sources = [source["url"] for one in walked["flags"] for source in one["sources"] if GOOD.path in source["url"]]
    assert len(sources) == 1, "the same page, told by three feeds, is one article"


@pytest.mark.parametrize("report", [CONSENT, PAID, EMPTY], ids=lambda report: report.slug)
def test_walled_article_is_judged_on_title_and_summary(walked: dict[str, Any], report: press.Report) -> None:
    """Behind a consent page, a paywall or an empty page the article is partial, and what its feed said is judged."""
    told = [(one, source) for one in walked["flags"] for source in one["sources"] if report.path in source["url"]]
    assert len(told) == 1, [one["headline"] for one in walked["flags"]]
    assert told[0][1]["partial"] is True
    texts = [statement["text"] for statement in told[0][0]["statements"] if report.path in statement["url"]]
    assert report.summary in texts
    for word in ("cookies", "Probeabo", "Accept all"):
        assert word not in " ".join(texts)


def test_overview_names_the_ill(walked: dict[str, Any]) -> None:
    """`watcher` alone says what waits and which feeds are ill, with the reason."""
    program: Program = walked["program"]
    answer = program.run()
    assert answer.code == 0
    assert "waiting for review" in answer.out
    assert "gone: HTTP 410 (gone for good)" in answer.out
    table = program.run("feeds", "list").out
    for name, one in walked["health"].items():
        assert name in table
        assert one["problem"][:40] in " ".join(table.split())
