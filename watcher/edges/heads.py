"""A bound on what a server may say before its answer begins: header bytes and lines, and interim (1xx) answers."""

from __future__ import annotations

import ssl

import httpcore

MAX_HEAD = 64 * 1024
MAX_INTERIM = 10
MAX_LINES = 500


class HeadTooLong(httpcore.RemoteProtocolError):
    """A server sent more header than any honest answer has."""


class BoundedHead(httpcore.AsyncNetworkStream):
    """A connection that counts header bytes and interim answers, and breaks when there are too many.

    The HTTP library reads interim answers for as long as they come, at full speed; a deadline ends that only late.
    A new head is expected after every write, so a connection may be used again.
    """

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._begin()

    def _begin(self) -> None:
        self._in_head = True
        self._head = bytearray()
        self._taken = 0
        self._interim = 0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's interface
        """Read what came; raises HeadTooLong beyond the bounds."""
        data = await self._inner.read(max_bytes, timeout)
        if self._in_head:
            self._look(data)
        return data

    def _look(self, data: bytes) -> None:
        self._head += data
        while (end := self._head.find(b"\r\n\r\n")) >= 0:
            if not self._head.startswith((b"HTTP/1.1 1", b"HTTP/1.0 1")):
                self._check(end)
                # each is parsed and kept apart, which for tens of thousands would hold up everybody else
                if self._head.count(b"\n", 0, end) > MAX_LINES:
                    raise HeadTooLong("the server sends too many headers")
                self._in_head = False
                self._head.clear()
                return
            self._interim += 1
            self._taken += end + 4
            del self._head[: end + 4]
            self._check(0)
        self._check(len(self._head))

    def _check(self, length: int) -> None:
        if self._taken + length > MAX_HEAD or self._interim > MAX_INTERIM:
            raise HeadTooLong("the server sends headers without end")

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's interface
        """Write, and expect a new head."""
        self._begin()
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface is httpcore's
    ) -> httpcore.AsyncNetworkStream:
        """Give the same connection under TLS, bounded as well."""
        return BoundedHead(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        """Tell what the connection knows of itself."""
        return self._inner.get_extra_info(info)
