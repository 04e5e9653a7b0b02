"""The web of the demonstration: one server on loopback with every outlet, and a receiver for alerts."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from watcher.demo.pages import Served, feed_of, page_of
from watcher.demo.stream import Article

_LARGEST_ALERT = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One alert as it arrived."""

    headers: dict[str, str]
    body: bytes


@dataclass(slots=True, kw_only=True)
class Town:
    """What can be read in the demonstration's web now: everything up to `chapter`. `received` grows with each alert."""

    articles: Sequence[Article]
    chapter: int = 1
    address: str = ""
    received: list[Received] = field(default_factory=list)

    @property
    def home(self) -> str:
        """Where the server is."""
        return f"http://{self.address}"

    def feed_url(self, outlet: str) -> str:
        """Give the address of an outlet's feed."""
        return f"{self.home}/{outlet}/feed"

    def served(self, path: str) -> Served | None:
        """Give what is at a path now."""
        name, _, page = path.removeprefix("/").partition("/")
        all_own = [article for article in reversed(self.articles) if article.outlet.id == name]
        own = [article for article in all_own if article.chapter <= self.chapter]
        if page == "feed" and all_own:
            return feed_of(all_own[0].outlet, own, self.home)
        for article in own:
            if article.path == path:
                return page_of(article, [other for other in own if other is not article][:3], self.home)
        return None


@contextmanager
def serving(town: Town) -> Iterator[None]:
    """Serve a town on a free port of 127.0.0.1, which becomes its address, until the block ends."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(town)) as server:
        server.daemon_threads = True
        town.address = f"127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def _handler(town: Town) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10
        wbufsize = 64 * 1024  # an answer leaves in one piece

        def do_GET(self) -> None:
            found = town.served(self.path)
            if found is None:
                self._answer(404, "text/plain", b"not here\n")
                return
            kind, body = found
            tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == tag:
                self._answer(304, kind, b"", tag)
            else:
                self._answer(200, kind, body, tag)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if self.path != "/alerts" or length > _LARGEST_ALERT:
                self._answer(404, "text/plain", b"not here\n")
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            town.received.append(Received(headers=headers, body=self.rfile.read(length)))
            self._answer(204, "text/plain", b"")

        def _answer(self, status: int, kind: str, body: bytes, tag: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if tag:
                self.send_header("ETag", tag)
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name for it
            """Say nothing: what is served is told by the demonstration itself."""

    return Handler
