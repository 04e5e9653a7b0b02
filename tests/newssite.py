"""A small news site on loopback, for every room that walks."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """A news site whose pages a test writes. `hits` counts requests by path, `seen` holds the headers of the last."""

    port: int = 0
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    hits: Counter[str] = field(default_factory=Counter)
    seen: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """Host and port, as `allow_private` wants them."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        """Give the address of a page."""
        return f"http://{self.host}{path}"

    def put(self, path: str, body: str | bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        """Serve a page. With an `ETag` header it answers 304 to who knows it."""
        data = body.encode() if isinstance(body, str) else body
        self.pages[path] = (200, {"Content-Type": kind, **headers}, data)

    def fail(self, path: str, status: int, **headers: str) -> None:
        """Answer with an error, or with a redirect when `Location` is given."""
        self.pages[path] = (status, headers, b"")

    def article(self, path: str, title: str, *sentences: str, head: str = "") -> None:
        """Serve an article of one paragraph a sentence."""
        paragraphs = "".join(f"<p>{sentence}</p>" for sentence in sentences)
        self.put(
            path,
            f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head>'
            f"<body><main><article><h1>{title}</h1>{paragraphs}</article></main></body></html>",
        )

    def feed(self, path: str, *items: str, **headers: str) -> None:
        """Serve an RSS feed of these items."""
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title>{"".join(items)}</channel></rss>'
        self.put(path, body, "application/rss+xml", **headers)

    def item(self, path: str, title: str, summary: str = "", published: str = "", guid: str = "") -> str:
        """Write one item of a feed; without a path it leads nowhere."""
        link = f"<link>{self.url(path)}</link>" if path else ""
        date = f"<pubDate>{published}</pubDate>" if published else ""
        guid = f'<guid isPermaLink="false">{guid or path or title}</guid>'
        return f"<item>{guid}<title>{title}</title>{link}<description>{summary}</description>{date}</item>"


@contextmanager
def running() -> Iterator[Site]:
    """Run a site until the block ends."""
    news = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(news))
    news.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield news
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            """Be silent."""

        def do_GET(self) -> None:
            """Answer."""
            path = self.path.partition("?")[0]
            site.hits[path] += 1
            site.seen[path] = dict(self.headers)
            status, headers, body = site.pages.get(path, (404, {}, b""))
            if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    return Handler
