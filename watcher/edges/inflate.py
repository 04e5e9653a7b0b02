"""Bodies unpacked as they come, within a bound: a bomb is refused before it is held in memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from watcher.edges.body import Body
from watcher.errors import NoRoom, Refused, Unreachable

_MAX_MEMBERS = 1000
# At the highest ratio there is, so much becomes two MiB: a few milliseconds of work.
_STEP = 2048
_MUCH = 512 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_PACKED = frozenset(["gzip", "x-gzip", "deflate"])


class Inflater:
    """Collects one body. `add` takes raw chunks, `finish` gives the whole; both raise FetchErrors about `url`,
    or NoRoom.

    `encoding` is the Content-Encoding header. A body that says gzip but is not packed is taken as it is.
    """

    def __init__(self, url: str, encoding: str, max_bytes: int) -> None:
        codings = [c for c in (part.strip().lower() for part in encoding.split(",")) if c not in ("", "identity")]
        if len(codings) > 1 or not _PACKED.issuperset(codings):
            raise Unreachable(url, f"the answer is packed as {encoding[:60]!r}, which was not asked for")
        self._url = url
        self._coding = codings[0] if codings else ""
        self._max_bytes = max_bytes
        self._raw = 0
        self._members = 0
        self._start = b""
        self._body = Body()
        self._stream: zlib._Decompress | None = None
        self._plain = not self._coding

    def steps(self, chunk: bytes) -> Iterator[None]:
        """Take the next raw bytes as `add` does, a little at a time, so that others can work in between."""
        step = max(len(chunk), 1) if self._plain else _STEP
        for start in range(0, len(chunk), step):
            before = self._body.size
            self.add(chunk[start : start + step])
            if self._body.size - before > _MUCH:
                yield

    def add(self, chunk: bytes) -> None:
        """Take the next raw bytes. Raises Refused beyond the bound, Unreachable when they make no sense."""
        self._raw += len(chunk)
        # What is packed is never much longer than what it holds.
        if self._raw > self._max_bytes + 65536:
            self._refuse()
        if not self._plain and self._stream is None:
            self._start += chunk
            if len(self._start) < 2:
                return
            chunk, self._start = self._start, b""
            self._open(chunk)
        if self._plain:
            self._keep(chunk)
        else:
            self._unpack(chunk)

    def finish(self) -> Body:
        """Give the whole body. Raises Unreachable when its end is missing."""
        if self._stream is not None and not self._stream.eof:
            raise Unreachable(self._url, "the packed answer ends too early")
        if self._stream is None:
            self._keep(self._start)
        return self._body

    def _open(self, head: bytes) -> None:
        """Choose how to read by the first two bytes, which tell more truly than the header does."""
        if head.startswith(_GZIP_MAGIC):
            self._stream = zlib.decompressobj(31)
        elif self._coding != "deflate":
            self._plain = True
        elif head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0:
            self._stream = zlib.decompressobj(15)
        else:
            self._stream = zlib.decompressobj(-15)

    def _unpack(self, chunk: bytes) -> None:
        while chunk:
            assert self._stream is not None
            if self._stream.eof:
                # A gzip file may have several members; anything else behind the end is padding.
                chunk, self._start = self._start + chunk, b""
                if len(chunk) < 2:
                    self._start = chunk
                    return
                if not chunk.startswith(_GZIP_MAGIC):
                    return
                self._members += 1
                if self._members > _MAX_MEMBERS:
                    self._refuse()
                self._stream = zlib.decompressobj(31)
            room = self._max_bytes - self._body.size + 1
            try:
                unpacked = self._stream.decompress(chunk, room)
            except zlib.error as error:
                raise Unreachable(self._url, f"the packed answer is damaged ({error})") from error
            self._keep(unpacked)
            chunk = self._stream.unused_data

    def _keep(self, more: bytes) -> None:
        try:
            self._body.add(more)
        except OSError as error:
            raise NoRoom(f"{self._url}: the answer finds no room: {error.strerror or error}") from error
        if self._body.size > self._max_bytes:
            self._refuse()

    def _refuse(self) -> None:
        raise Refused(self._url, f"the answer is larger than {self._max_bytes} bytes")
