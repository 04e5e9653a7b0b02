"""Everything a server may do to us, as data. To add a case, add an entry to a family (or a line to its data file).

A case has a feed and, where its name is met as an article, a page. Its host is `NAME.hostile.test`, so that no case
stands in another's way. `health` are the states its feed may have after one poll.
"""
# ruff: noqa: E501  a case is a line

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from itertools import groupby
from pathlib import Path

from hostile import floods, traps
from hostile.server import Answer, reply

HERE = Path(__file__).parent
RSS = "application/rss+xml; charset=utf-8"
WORDS = "The harbour council told reporters on Tuesday that the bridge would be closed for nine weeks of repairs."
FINE = frozenset(["ok"])
ILL = frozenset(["failing", "refused"])
EITHER = FINE | ILL


@dataclass(frozen=True, kw_only=True)
class Case:
    """One server. `pages` are further paths of its host; `entries` is how many its feed must bring, if that is sure;
    `of` is shared by the ways one payload goes.
    """

    name: str
    family: str
    feed: Answer
    health: frozenset[str] = EITHER
    pages: dict[str, Answer] = field(default_factory=dict)
    entries: int | None = None
    of: str = ""

    @property
    def about(self) -> str:
        """What it is about, whichever way it goes."""
        return self.of or self.name

    @property
    def host(self) -> str:
        """Where it lives."""
        return f"{self.name}.hostile.test"


def rss(*items: str, head: str = "") -> str:
    """Give an RSS feed."""
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>{head}{"".join(items)}</channel></rss>'


def item(title: str, link: str = "", *, text: str = WORDS, guid: str = "", more: str = "") -> str:
    """Give an item; texts are markup as they stand."""
    when = format_datetime(datetime.now(UTC) - timedelta(minutes=5))
    parts = [f"<title>{title}</title>", f"<link>{link}</link>" if link else "", f"<description>{text}</description>"]
    parts += [f"<guid isPermaLink='false'>{guid}</guid>" if guid else "", f"<pubDate>{when}</pubDate>", more]
    return f"<item>{''.join(parts)}</item>"


def fed(body: str | bytes, kind: str = RSS, **headers: str) -> bytes:
    """Give an answer that is a feed."""
    return reply(body.encode() if isinstance(body, str) else body, Content_Type=kind, **headers)


def paged(body: str | bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> bytes:
    """Give an answer that is a page."""
    return reply(body.encode() if isinstance(body, str) else body, Content_Type=kind, **headers)


def numbered(names: dict[str, Answer], family: str, health: frozenset[str]) -> Iterator[Case]:
    """Make a case of each feed of a family."""
    for name, answer in names.items():
        yield Case(name=f"{family}-{name}", family=family, feed=answer, health=health)


def every(port: int, canary: int) -> list[Case]:
    """Give the whole catalogue for servers at these ports."""
    found = _everything(port, canary)
    names = [case.name for case in found]
    assert len(set(names)) == len(names), "two cases of one name"
    return found


def excerpt(port: int, canary: int) -> list[Case]:
    """Give every payload, target and trap once: those that go several ways go one of them, in turn."""
    kept, turns = [], Counter[str]()
    for family, group in groupby(_everything(port, canary), key=lambda case: (case.family, case.about)):
        ways = list(group)
        # every other goes the second way: for addresses inside that is a feed's redirect, which is cheap
        turn = turns[family[0]]
        kept.append(ways[1 if len(ways) > 1 and turn % 2 == 0 else turn // 2 % len(ways)])
        turns[family[0]] += 1
    return kept


def _everything(port: int, canary: int) -> list[Case]:
    home = f"hostile.test:{port}"
    found = [*inside(home, canary), *texts(home), *links(home), *pages(home, canary), *lies(home, canary)]
    found += numbered(floods.PACKED, "packed", ILL)
    found += numbered(floods.LARGE, "large", ILL)
    found += numbered(floods.SLOW, "slow", frozenset(["failing"]))
    found += numbered(floods.BROKEN, "broken", ILL)
    found += numbered({n: fed(body(canary)) for n, body in traps.XML.items()}, "xml", EITHER)
    found += numbered({n: fed(body, kind) for n, (body, kind) in traps.ENCODED.items()}, "encoding", EITHER)
    return found


def inside(home: str, canary: int) -> Iterator[Case]:
    """Every spelling of an address inside: as an item's link, and as where a feed's server sends us."""
    lines = (HERE / "targets.txt").read_text("utf-8").splitlines()
    for number, line in enumerate(line for line in lines if line and not line.startswith("# ")):
        target = line.replace("{port}", str(canary))
        linked = item(f"Bridge {number} closed", escape(target), guid=str(number))
        yield Case(
            name=f"inside-{number}-link", family="inside", feed=fed(rss(linked)), health=FINE, entries=1, of=line
        )
        for status in ("301 Moved", "302 Found") if number < 8 else ("307 Again",):
            yield Case(
                name=f"inside-{number}-hop-{status[:3]}", family="inside", feed=reply(b"", status, Location=target),
                health=ILL, of=line,
            )  # fmt: skip
        name = f"inside-{number}-second"
        own = item(f"Bridge {number} opens", f"http://{name}.{home}/page", guid=str(number))
        yield Case(
            name=name, family="inside", feed=fed(rss(own)), health=FINE, entries=1,
            pages={"/page": reply(b"", "302 Found", Location=target)}, of=line,
        )  # fmt: skip


def texts(home: str) -> Iterator[Case]:
    """What a terminal, a mail, a chat or a database would obey: in every field of a feed and of a page."""
    payloads: dict[str, str] = json.loads((HERE / "payloads.json").read_text("utf-8"))
    for number, (name, payload) in enumerate(payloads.items()):
        words = (
            f"Mayor {name.title()} said on Tuesday that pier {number} lost {number + 3} stones.",
            f"The repair of pier {number} will cost {number + 2}.5 million euros, the town of {name.title()} wrote.",
        )
        once = "".join(f"&#{ord(c)};" if not c.isalnum() else c for c in payload)
        twice = escape(once)
        for kind, told in (("once", once), ("twice", twice)):
            own = f"text-{name}-{kind}"
            more = f"<author>{told}</author><category>{told}</category><source url='http://e.test'>{told}</source>"
            entry = item(f"Bridge {told} closed", f"http://{own}.{home}/page", text=f"{told} {words[0]}", more=more)
            head = f"<title>{told}</title><generator>{told}</generator><language>{told}</language>"
            page = traps.page(
                f"Bridge {told} closed", f"{told} {words[0]}", words[1] + told, head=traps.meta(told), tail=()
            )
            yield Case(name=own, family="text", feed=fed(rss(entry, head=head)), pages={"/page": paged(page)}, of=name)
        own = f"text-{name}-json"
        entry_of = {
            "id": payload, "url": f"http://{own}.{home}/page?{name}", "title": f"Bridge {payload} closed",
            "content_text": f"{payload} {words[0]}", "authors": [{"name": payload}], "tags": [payload],
            "date_published": (datetime.now(UTC) - timedelta(minutes=5)).isoformat(), "language": payload,
        }  # fmt: skip
        document = {"version": "https://jsonfeed.org/version/1.1", "title": payload, "items": [entry_of]}
        yield Case(
            name=own, family="text", feed=fed(json.dumps(document), "application/feed+json"), health=FINE, entries=1,
            pages={"/page": paged(traps.page(payload, payload + words[0], words[1], tail=()).encode("utf-8", "replace"))}, of=name,
        )  # fmt: skip


LINKS = {
    "newline": "http://e.test/a&#10;b", "return": "http://e.test/&#13;&#10;Host:%20x", "nul": "http://e.test/&#0;x",
    "long": "http://e.test/" + "a" * 100_000, "bidi": "http://e.test/&#8238;gpj.exe", "spaces": "http://e.test/a b c",
    "unicode": "http://bücher.test/ä?ö#ü", "mail": "mailto:a@e.test", "tel": "tel:+1", "empty": "#", "dots": "/../../x",
    "userinfo": "http://a:b@e.test/", "two-ats": "http://a@b@e.test/", "port": "http://e.test:99999/",
    "negative": "http://e.test:-1/", "brackets": "http://[e.test]/", "percent-host": "http://%65.test/",
    "escape": "http://e.test/%1b[31m", "quote": "http://e.test/&quot;onclick=alert(1)", "angle": "http://e.test/&lt;x&gt;",
    "pipe": "http://e.test/|evil", "tab": "java&#9;script:alert(1)", "label": f"http://{'a' * 64}.test/",
    "scheme": "hxxp://e.test/", "relative": "//e.test", "query": "?a=b", "nested": "http://e.test/http://e.test/",
}  # fmt: skip


def links(home: str) -> Iterator[Case]:
    """Links that are none, or are more than one."""
    for name, link in LINKS.items():
        feed = fed(rss(item(f"Bridge of {name}", link, guid=name)))
        yield Case(name=f"link-{name}", family="link", feed=feed, health=FINE, entries=1)


def pages(home: str, canary: int) -> Iterator[Case]:
    """Pages made to stall, to blow up or to lead elsewhere."""
    for name, body in traps.HTML.items():
        own = f"html-{name}"
        feed = fed(rss(item(f"Bridge and {name}", f"http://{own}.{home}/page")))
        page = paged(body.replace("{canary}", str(canary)))
        yield Case(name=own, family="html", feed=feed, health=FINE, entries=1, pages={"/page": page})
    for family, name, answer in floods.every():
        own = f"page-{name}"
        feed = fed(rss(item(f"Bridge and {name}", f"http://{own}.{home}/page")))
        yield Case(name=own, family="page", feed=feed, health=FINE, entries=1, pages={"/page": answer}, of=family)


def lies(home: str, canary: int) -> Iterator[Case]:
    """Feeds that lie about who, when and what they are."""
    fine = rss(item("Bridge lie", guid="1"))
    dates = ("0001-01-01", "9999-12-31T23:59:59Z", "Thu, 01 Jan 1970 00:00:00 GMT", "yesterday", "-1", "1e400",
             "Mon, 31 Feb 2026 25:61:61 +9999", "2038-01-19T03:14:08Z", "１２.０３.２０２６")  # fmt: skip
    dated = "".join(f"<item><title>Date {n}</title><pubDate>{d}</pubDate></item>" for n, d in enumerate(dates))
    same_guid = "".join(item(f"Bridge number {n}", guid="same") for n in range(50))

    told: dict[str, tuple[Answer, frozenset[str], int | None]] = {
        "dates": (fed(rss(dated)), FINE, len(dates)),
        "one-guid": (fed(rss(same_guid)), FINE, 50),
        "no-guid": (fed(rss(*(item(f"Bridge of day {n}") for n in range(50)))), FINE, 50),
        "same-item": (fed(rss(*[item("Bridge twin", "http://e.test/x")] * 500)), FINE, 1),
        "no-fields": (fed(rss("<item></item>" * 100)), FINE, 0),
        "etag": (fed(fine, ETag="x" * 60_000), FINE, 1),
        "etag-newline": (fed(fine, ETag="a\x0bb"), EITHER, None),
        "unasked-304": (reply(b"", "304 Not Modified"), frozenset(["failing"]), None),
        "gone": (reply(b"", "410 Gone"), frozenset(["gone"]), None),
        "later": (reply(b"", "503 Busy", Retry_After="315360000"), frozenset(["failing"]), None),
        "later-date": (reply(b"", "429 Slow", Retry_After="Fri, 31 Dec 9999 23:59:59 GMT"), frozenset(["failing"]), None),
        "max-age": (fed(fine, Cache_Control="max-age=99999999999"), FINE, 1),
        "ttl": (fed(rss(item("Bridge ttl"), head="<ttl>99999999</ttl>")), FINE, 1),
        "loop": (reply(b"", "301 Moved", Location=f"http://lie-loop.{home}/feed"), ILL, None),
        "captive": (reply(b"<html><body>Log in to the hotel</body></html>", Content_Type="text/html"), ILL, None),
        "parked": (reply(b"<!doctype html><html><head><title>Domain for sale</title></head></html>"), ILL, None),
        "cookie": (fed(fine, Set_Cookie="session=stolen; Domain=hostile.test; Path=/"), FINE, 1),
        "json-null": (fed('{"version":"https://jsonfeed.org/version/1","items":null}', "application/json"), EITHER, None),
        "json-types": (fed('{"version":"https://jsonfeed.org/version/1","items":[null,1,[],{"id":{},"title":[1]}]}'), EITHER, None),
        "json-deep": (fed('{"items":' + "[" * 200_000), ILL, None),
        "json-number": (fed('{"version":"https://jsonfeed.org/version/1","items":[{"id":' + "9" * 100_000 + "}]}"), EITHER, None),
        "body-is-a-path": (fed("/etc/passwd"), ILL, None),
        "body-is-an-address": (fed(f"http://127.0.0.1:{canary}/"), ILL, None),
        "itself": (fed(rss(item("Bridge self", f"http://lie-itself.{home}/feed"))), FINE, 1),
        "stylesheet": (fed(f"<?xml-stylesheet href='http://127.0.0.1:{canary}/x.xsl' type='text/xsl'?>" + fine[21:]), EITHER, None),
        "base": (fed(fine.replace("<channel>", f"<channel xml:base='http://127.0.0.1:{canary}/'>").replace("</item>", "<link>x</link></item>")), EITHER, None),
        "enclosure": (fed(rss(item("Bridge pod", more=f"<enclosure url='http://127.0.0.1:{canary}/a.mp3'/>"))), FINE, 1),
        "cloud": (fed(rss(item("Bridge cloud"), head=f"<cloud domain='127.0.0.1' port='{canary}' path='/'/>")), FINE, 1),
    }  # fmt: skip
    for name, (answer, health, entries) in told.items():
        yield Case(name=f"lie-{name}", family="lie", feed=answer, health=health, entries=entries)
