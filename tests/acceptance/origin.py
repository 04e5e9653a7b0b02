"""A news site on loopback: feeds and pages that change while a test runs, with validators, and what it was asked."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RSS = "application/rss+xml; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
JSON = "application/feed+json; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Reply:
    """What a path answers. `pause` holds the answer back until the event is set."""

    body: bytes = b""
    kind: str = HTML
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: threading.Event | None = None


@dataclass(frozen=True)
class Hit:
    """One request as the site saw it, with the status it was answered with."""

    path: str
    status: int
    headers: dict[str, str]


@dataclass
class Origin:
    """A running site."""

    address: str = ""
    replies: dict[str, Reply] = field(default_factory=dict)
    hits: list[Hit] = field(default_factory=list)

    def url(self, path: str) -> str:
        """Give the address of a path."""
        return f"http://{self.address}{path}"

    def put(self, path: str, body: str | bytes = b"", kind: str = HTML, status: int = 200, **headers: str) -> str:
        """Let a path answer so from now on. Returns its address."""
        raw = body.encode() if isinstance(body, str) else body
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies[path] = Reply(raw, kind, status, told)
        return self.url(path)

    def asked(self, path: str) -> list[Hit]:
        """Give the requests for a path, in order."""
        return [hit for hit in self.hits if hit.path == path]


def _handler(site: Origin) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def log_message(self, *args: Any) -> None:
            """Keep quiet."""

        def do_GET(self) -> None:
            """Answer with what the path was given, 304 when the asker has it already."""
            reply = site.replies.get(self.path, Reply(b"not found", "text/plain", 404))
            if reply.pause is not None:
                reply.pause.wait(60)
            tag = f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
            same = reply.status == 200 and self.headers.get("If-None-Match") == tag
            status = 304 if same else reply.status
            site.hits.append(Hit(self.path, status, {n.lower(): v for n, v in self.headers.items()}))
            body, headers = (b"" if same else reply.body), {"Content-Type": reply.kind, **reply.headers}
            if reply.status == 200:
                headers["ETag"] = tag
            if body and "gzip" in self.headers.get("Accept-Encoding", ""):
                body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
            try:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


@contextmanager
def origin() -> Iterator[Origin]:
    """Run a site for the length of a block."""
    site = Origin()
    server = _Server(("127.0.0.1", 0), _handler(site))
    site.address = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
