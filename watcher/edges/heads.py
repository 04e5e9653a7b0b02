"""A bound on what a server may say around its answer: interim (1xx) answers, header and trailer bytes and lines.

The HTTP library bounds only the bytes it holds of something unfinished, reads interim answers for as long as they come,
and parses every line it has in one go. So what comes is counted before the library sees it, by the library's own idea
of where things end: a line ends at a line feed with or without a carriage return before it, a head or a trailer at an
empty line, and chunks are as `_Chunks` says.
"""

from __future__ import annotations

import re
import ssl

import httpcore

MAX_HEAD = 64 * 1024
MAX_INTERIM = 10
MAX_LINES = 500
"""Lines of the head, interim answers included; as many again for the trailer."""
_MAX_CHUNK_LINE = 4096

_EMPTY_LINE = re.compile(rb"(?:\A|\n)\r?\n")
_INTERIM = re.compile(rb"HTTP/\d\.\d 1\d\d")
_CHUNKED = re.compile(rb"\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,20}")


class HeadTooLong(httpcore.RemoteProtocolError):
    """A server sent more header than any honest answer has."""


class BoundedHead(httpcore.AsyncNetworkStream):
    """A connection that counts what is not body, and breaks when there is too much of it.

    A new head is expected after every write, so a connection may be used again.
    """

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._begin()

    def _begin(self) -> None:
        self._head: _Lines | None = _Lines()
        self._chunks: _Chunks | None = None
        self._interim = 0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's interface
        """Read what came; raises HeadTooLong beyond the bounds."""
        data = await self._inner.read(max_bytes, timeout)
        rest = data
        while self._head is not None and rest:
            block, rest = self._head.take(rest)
            if block is not None:
                self._end_head(block)
        if self._chunks is not None:
            self._chunks.take(rest)
        return data

    def _end_head(self, block: bytes) -> None:
        if _INTERIM.match(block):
            self._interim += 1
            if self._interim > MAX_INTERIM:
                raise HeadTooLong("the server sends interim answers without end")
            return
        self._head = None
        if _CHUNKED.search(block):
            self._chunks = _Chunks()

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


class _Lines:
    """Blocks of lines, one after another, each up to an empty line; all of them together within the bounds."""

    def __init__(self) -> None:
        self._block = bytearray()
        self._taken = 0
        self._lines = 0

    def take(self, data: bytes) -> tuple[bytes | None, bytes]:
        """Take bytes up to the end of the block. Gives the block once it is whole, and what is left of the bytes.

        Raises HeadTooLong as soon as there is too much, also before the end is there.
        """
        known = len(self._block)
        self._block += data
        end = _EMPTY_LINE.search(self._block, max(0, known - 2))
        used = (end.end() if end else len(self._block)) - known
        self._taken += used
        self._lines += data.count(b"\n", 0, used)
        if self._taken > MAX_HEAD:
            raise HeadTooLong("the server sends headers without end")
        if self._lines > MAX_LINES:
            # each is parsed and kept apart, which for tens of thousands would hold up everybody else
            raise HeadTooLong("the server sends too many headers")
        if end is None:
            return None, b""
        block = bytes(self._block[: end.end()])
        self._block.clear()
        return block, data[used:]


class _Chunks:
    """A chunked body: lines with a size, so many bytes and a line end, until a size of nothing; then the trailer.

    What breaks this form is not followed any further: the library refuses it.
    """

    def __init__(self) -> None:
        self._held = b""
        self._left = 0
        self._trailer: _Lines | None = None
        self._ended = False

    def take(self, data: bytes) -> None:
        """Follow the next bytes of the body. Raises HeadTooLong when there is too much beside the chunks."""
        rest = data if self._trailer is not None else self._trailer_in(self._held + data)
        if rest and self._trailer is not None and not self._ended:
            block, _ = self._trailer.take(rest)
            self._ended = block is not None

    def _trailer_in(self, data: bytes) -> bytes:
        """Walk over chunks; give what belongs to the trailer."""
        self._held = b""
        at = 0
        while at < len(data) and not self._ended:
            if self._left:
                step = min(self._left, len(data) - at)
                self._left, at = self._left - step, at + step
                continue
            end = data.find(b"\r\n", at)
            if (len(data) if end < 0 else end) - at > _MAX_CHUNK_LINE:
                raise HeadTooLong("the server sends too much between its chunks")
            if end < 0:
                self._held = data[at:]
                break
            size = _CHUNK_SIZE.match(data, at)
            at = end + 2
            if size is None:
                self._ended = True
            elif not int(size[0], 16):
                self._trailer = _Lines()
                return data[at:]
            else:
                self._left = int(size[0], 16) + 2
        return b""
