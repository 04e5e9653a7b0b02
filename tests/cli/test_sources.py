"""`feeds` as a person runs it: the real program as a process, real servers on loopback, a real config file."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from acceptance.program import Answer
from crash.warm import ready

from watcher.store import feeds
from watcher.store.database import open_state
from watcher.store.feeds import FeedName, Polled

NOW = datetime.now(UTC)
CONFIG = """# the desk's feeds
[state]
dir = "state"

# first of all

[[feed]]
name = "Alpha"
url = "https://alpha.example/rss"
headers = { "X-Key" = "[[feed]]" }   # theirs
every = "10m"

# a heading that belongs to nobody

[[feed]]
name = "Beta"
url = "https://beta.example/rss"
# lang = "de"

[alerts]
min_confidence = 0.4   # careful

[[feed]]
name = "Gamma ray"
url = "https://gamma.example/rss"
enabled = false
"""


def watcher(config: Path, *words: str) -> Answer:
    """Run the program."""
    return ready().answer("--config", str(config), *words, cwd=Path.cwd(), env=dict(os.environ))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Give a config file that its owner wrote by hand."""
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    path.chmod(0o640)
    return path


def remember(config: Path, **polls: Polled) -> None:
    """Write what polls of `https://NAME.example/rss` left in the state."""
    db = open_state(config.parent / "state")
    feeds.sync(db, [FeedName(name=name, url=f"https://{name}.example/rss") for name in polls], NOW)
    for feed in feeds.every(db):
        feeds.save_poll(db, feed.id, polls[feed.name])
    db.close()


def test_before_the_first_walk_every_feed_is_new(config: Path) -> None:
    """Without a state the list shows every feed of the config, new or disabled, and creates nothing."""
    shown = json.loads(watcher(config, "feeds", "list", "--json").out)
    assert [(feed["name"], feed["health"]) for feed in shown["feeds"]] == [
        ("Alpha", "new"), ("Beta", "new"), ("Gamma ray", "disabled"),
    ]  # fmt: skip
    assert not (config.parent / "state").exists()


def test_list_tells_what_is_wrong_with_a_feed(config: Path) -> None:
    """A failing feed is shown with its reason, how often and since when; a moved one with where it went."""
    remember(
        config,
        alpha=Polled(
            at=NOW - timedelta(hours=5), due=NOW + timedelta(minutes=30), health="failing", fails=7,
            problem="HTTP 503 (trouble at the server)",
        ),
        beta=Polled(
            at=NOW, due=NOW + timedelta(hours=2), moved_to="https://beta.example/new", brings_per_day=3.25,
            brought=True,
        ),
    )  # fmt: skip
    shown = watcher(config, "feeds")
    assert shown.code == 0
    lines = shown.out.splitlines()
    assert lines[1].split()[:2] == ["Alpha", "failing"]
    reason = "HTTP 503 (trouble at the server) (7 in a row, never good, first asked 5 h ago)"
    assert reason in " ".join(shown.out.split())
    lines = [line for line in lines if not line.startswith(" ")]
    assert lines[2].split()[:3] == ["Beta", "moved", "3.2"]
    assert "moved to https://beta.example/new" in shown.out
    assert "1 failing" in lines[-1]
    told = json.loads(watcher(config, "feeds", "list", "--json").out)["feeds"]
    assert told[0]["problem"] == "HTTP 503 (trouble at the server)"
    assert told[0]["failures"] == 7
    assert told[1]["moved_to"] == "https://beta.example/new"
    assert told[1]["next_poll"].endswith("Z")


def test_a_gone_or_refused_feed_says_so_with_a_way_out(config: Path) -> None:
    """A feed that is gone for good is not asked again, and the list says what to do; a refused one says why."""
    remember(
        config,
        alpha=Polled(at=NOW, due=NOW, health="gone", problem="HTTP 410 (gone for good)", fails=1),
        beta=Polled(at=NOW, due=NOW, health="refused", problem="the address 10.0.0.1 is private", fails=2),
    )
    shown = watcher(config, "feeds").out
    assert "not asked any more: watcher feeds remove Alpha" in shown
    assert "the address 10.0.0.1 is private" in shown
    assert json.loads(watcher(config, "feeds", "list", "--json").out)["feeds"][0]["next_poll"] is None


def test_add_keeps_the_rest_of_the_file_as_it_was(config: Path) -> None:
    """A feed is added at the end; every other character of the file, and its mode, stay."""
    done = watcher(
        config, "feeds", "add", "https://www.delta.example/feed?a=1&b=\u00fc", "--lang", "de", "--every", "5m"
    )
    assert done.code == 0
    assert "SIGHUP" in done.out
    text = config.read_text()
    assert text.startswith(CONFIG)
    assert text.endswith(
        '[[feed]]\nname = "delta.example"\n'
        'url = "https://www.delta.example/feed?a=1&b=\u00fc"\nlang = "de"\nevery = "5m"\n'
    )
    assert config.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in config.parent.iterdir()] == ["config.toml"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["https://alpha.example/rss"], "has this feed already"),
        (["https://other.example/rss", "--name", "alpha"], "has a feed 'Alpha' already"),
        (["https://other.example/rss", "--every", "soon"], "feed.every"),
        (["ftp://other.example/rss"], "feed.url"),
        (["https://user:word@other.example/rss"], "feed.url"),
    ],
)
def test_add_refuses_what_would_spoil_the_config(config: Path, words: list[str], reason: str) -> None:
    """A feed that is there already, or a bad value, is told with its reason and leaves the file untouched."""
    done = watcher(config, "feeds", "add", *words)
    assert done.code == 1
    assert reason in done.err
    assert config.read_text() == CONFIG


def test_remove_takes_a_feed_and_nothing_else(config: Path) -> None:
    """The table of the feed goes, by name or address; comments around it and every other table stay."""
    assert watcher(config, "feeds", "remove", "alpha").code == 0
    assert watcher(config, "feeds", "remove", "https://beta.example/rss").code == 0
    assert config.read_text() == CONFIG.replace(
        """[[feed]]
name = "Alpha"
url = "https://alpha.example/rss"
headers = { "X-Key" = "[[feed]]" }   # theirs
every = "10m"

""",
        "",
    ).replace(
        """[[feed]]
name = "Beta"
url = "https://beta.example/rss"
# lang = "de"

""",
        "",
    )
    assert config.stat().st_mode & 0o777 == 0o640


def test_remove_of_an_unknown_feed_is_an_error(config: Path) -> None:
    """A feed that the config does not have is told, with where to look."""
    done = watcher(config, "feeds", "remove", "Omega")
    assert done.code == 1
    assert "there is no feed 'Omega'" in done.err
    assert config.read_text() == CONFIG


def test_line_ends_and_links_stay(tmp_path: Path) -> None:
    """A file with Windows line ends keeps them, and a link to a config stays a link to it."""
    kept = tmp_path / "kept"
    kept.mkdir()
    target = kept / "real.toml"
    target.write_bytes(CONFIG.replace("\n", "\r\n").encode("utf-8-sig"))
    link = tmp_path / "config.toml"
    link.symlink_to(target)
    assert watcher(link, "feeds", "add", "https://delta.example/rss").code == 0
    assert watcher(link, "feeds", "remove", "Gamma ray").code == 0
    assert link.is_symlink()
    body = target.read_bytes()
    assert body.startswith(b"\xef\xbb\xbf#")
    assert body.count(b"\n") == body.count(b"\r\n")
    assert b"delta.example" in body
    assert b"Gamma" not in body


def test_feeds_of_an_inline_list_are_left_to_their_owner(tmp_path: Path) -> None:
    """A file that lists its feeds in one value is not taken apart; the file stays as it is."""
    config = tmp_path / "config.toml"
    text = 'feed = [{ name = "a", url = "https://a.example/" }, { name = "b", url = "https://b.example/" }]\n'
    config.write_text(text)
    for words in (["remove", "a"], ["add", "https://c.example/"]):
        assert watcher(config, "feeds", *words).code == 1
        assert config.read_text() == text


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Delta</title>
<item><guid>1</guid><title>Older</title><link>http://d.example/1</link>
<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>
<item><guid>2</guid><title>Newest of all</title><link>http://d.example/2</link>
<pubDate>Tue, 03 Mar 2026 10:00:00 GMT</pubDate></item></channel></rss>"""


FEED_LINK = '<link rel="alternate" type="application/{}+xml" href="{}">'
FRONT = (
    f"<!DOCTYPE html><html><head>{FEED_LINK.format('rss', '/feed')}{FEED_LINK.format('atom', '/atom')}</head></html>"
)


class Paper(BaseHTTPRequestHandler):
    """A server with a feed, a feed that moved, a page, an error and nothing."""

    def do_GET(self) -> None:
        """Answer."""
        found = {
            "/feed": (200, "application/rss+xml", RSS),
            "/page": (200, "text/html", "<html><body>Hello</body></html>"),
            "/front": (200, "text/html", FRONT),
        }
        status, kind, body = found.get(self.path, (503 if self.path == "/ill" else 301, "text/plain", ""))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if status == 301:
            self.send_header("Location", "/feed")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def paper() -> Iterator[str]:
    """Give the address of a running server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Paper) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def test_check_asks_now_and_keeps_nothing(tmp_path: Path, paper: str) -> None:
    """Each feed is told with its entries and the newest, its move or its failure; the state stays as it is."""
    config = tmp_path / "config.toml"
    names = ("feed", "moved", "page", "ill")
    tables = "".join(f'[[feed]]\nname = "{name}"\nurl = "http://{paper}/{name}"\n' for name in names)
    config.write_text(f'[fetch]\nallow_private = ["{paper}"]\n{tables}')
    done = watcher(config, "feeds", "check", "--json")
    told = {one["name"]: one for one in json.loads(done.out)["feeds"]}
    assert done.code == 1
    assert [(name, told[name]["health"]) for name in names] == [
        ("feed", "ok"), ("moved", "moved"), ("page", "failing"), ("ill", "failing"),
    ]  # fmt: skip
    assert told["feed"]["entries"] == 2
    assert told["feed"]["newest"] == {
        "title": "Newest of all", "url": "http://d.example/2", "published": "2026-03-03T10:00:00Z",
    }  # fmt: skip
    assert told["moved"]["moved_to"] == f"http://{paper}/feed"
    assert "a web page where a feed was expected" in told["page"]["problem"]
    assert told["ill"]["problem"] == "HTTP 503 (trouble at the server)"
    assert not (tmp_path / "state").exists()


def test_check_of_one_feed_or_any_address(tmp_path: Path, paper: str) -> None:
    """A feed named alone decides the exit code; an address need not be configured; a private one is refused."""
    config = tmp_path / "config.toml"
    config.write_text(
        f'[fetch]\nallow_private = ["{paper}"]\n[[feed]]\nname = "ill"\nurl = "http://{paper}/ill"\n'
        f'[[feed]]\nname = "good"\nurl = "http://{paper}/feed"\n'
    )
    good = watcher(config, "feeds", "check", "Good")
    assert good.code == 0
    assert "2 entries" in good.out
    assert "Newest of all" in good.out
    refused = watcher(config, "feeds", "check", "http://127.0.0.2:9/feed", f"http://{paper}/feed")
    assert refused.code == 1
    assert "refused" in refused.out
    assert "2 asked, 1 failed" in refused.out
    assert watcher(config, "feeds", "check", "nobody").code == 1


def test_add_refuses_a_web_page_and_names_its_feeds(tmp_path: Path, paper: str) -> None:
    """What answers with a page is no feed: wrong usage, with the feeds it names; what cannot be read now is added with
    a warning, and so is anything that is not to be asked.
    """
    config = tmp_path / "config.toml"
    text = f'[fetch]\nallow_private = ["{paper}"]\n'
    config.write_text(text)
    refused = watcher(config, "feeds", "add", f"http://{paper}/front")
    assert refused.code == 2
    assert f"its feeds are http://{paper}/feed, http://{paper}/atom" in refused.err
    assert watcher(config, "feeds", "add", f"http://{paper}/page").code == 2
    assert config.read_text() == text
    good = watcher(config, "feeds", "add", f"http://{paper}/feed", "--name", "good")
    assert (good.code, good.err) == (0, "")
    ill = watcher(config, "feeds", "add", f"http://{paper}/ill", "--name", "ill")
    assert ill.code == 0
    assert "it could not be read now: HTTP 503" in ill.err
    unasked = watcher(config, "feeds", "add", f"http://{paper}/page", "--name", "page", "--unasked")
    assert (unasked.code, unasked.err) == (0, "")
    shown = json.loads(watcher(config, "feeds", "--json").out)["feeds"]
    assert [one["name"] for one in shown] == ["good", "ill", "page"]
