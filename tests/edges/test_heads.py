"""What servers say around their answers, in every form the HTTP library takes: bounded, and read when it is honest."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.edges.conftest import Asked, origin
from tests.edges.test_web import ask, run, web
from watcher.edges.heads import MAX_HEAD, MAX_INTERIM, MAX_LINES, BoundedHead, HeadTooLong
from watcher.errors import Refused
from watcher.records import Fetched

BODY = b"x" * 200_000
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
HONEST = {
    "line feeds alone": b"HTTP/1.1 200 OK\nContent-Length: 200000\n\n" + BODY,
    "mixed line ends": b"HTTP/1.1 200 OK\r\nContent-Length: 200000\n\r\n" + BODY,
    "early hints of any version": b"HTTP/1.2 103 Early Hints\nLink: </a>\n\nHTTP/1.1 200 OK\n\n" + BODY,
    "chunks, an extension and a trailer": CHUNKED + b"30D40;a=b\r\n" + BODY + b"\r\n000\r\nDigest: abc\r\nB: c\r\n\r\n",
    "chunks without a trailer": CHUNKED + b"30d40\r\n" + BODY + b"\r\n0\r\n\r\n",
    "a folded header": b"HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n chunked\r\n\r\n30d40\r\n" + BODY + b"\r\n0\r\n\r\n",
}
MANY = {
    "lines": b"HTTP/1.1 200 OK\n" + b"a:\n" * 21_000 + b"Content-Length: 2\n\nok",
    "lines without an end": b"HTTP/1.1 200 OK\r\n" + b"a:\r\n" * 600,
    "bytes": b"HTTP/1.1 200 OK\nA: " + b"a" * MAX_HEAD + b"\n\nok",
    "interim answers": b"HTTP/1.2 100 C\r\n\r\n" * (MAX_INTERIM + 1) + b"HTTP/1.1 200 OK\r\n\r\n",
    "lines of interim answers": (b"HTTP/1.9 103 E\n" + b"a:\n" * 100 + b"\n") * 6 + b"HTTP/1.1 200 OK\n\nok",
    "trailers": CHUNKED + b"2\r\nok\r\n0\r\n" + b"a:\r\n" * 24_000 + b"\r\n",
    "trailers after a folded header": b"HTTP/1.1 200 OK\nTransfer-Encoding:\n chunked\n\n0\r\n" + b"a:\n" * 600 + b"\n",
    "words between chunks": CHUNKED + b"2;" + b"a" * 5000 + b"\r\nok\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("answer", HONEST.values(), ids=HONEST)
def test_honest_answers_are_read(answer: bytes) -> None:
    """Whatever ends its lines, a large body comes whole, and the connection serves again."""

    async def scene() -> None:
        async with origin(page=answer) as here, web(here) as client:
            for _ in range(2):
                if b"ength" not in answer and b"hunked" not in answer:
                    here.scripts["/page"] = _and_close
                got = await client.get(ask(here.url("/page"), max_bytes=300_000))
                assert isinstance(got, Fetched)
                assert b"".join(got.body.pieces()) == BODY

    async def _and_close(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    run(scene)


@pytest.mark.parametrize("answer", MANY.values(), ids=MANY)
def test_too_much_around_an_answer_is_refused(answer: bytes) -> None:
    """Before the end of it is there or after, in one piece or in many."""

    async def scene() -> None:
        async with origin(page=answer) as here, web(here) as client:
            began = time.monotonic()
            with pytest.raises(Refused):
                await client.get(ask(here.url("/page")))
            assert time.monotonic() - began < 2

    run(scene)
    for step in (1, 7, 4096):
        assert not _passes(answer, step)


@pytest.mark.parametrize("answer", HONEST.values(), ids=HONEST)
def test_pieces_make_no_difference(answer: bytes) -> None:
    """An answer that is honest in one piece is so byte for byte."""
    small = answer.replace(BODY, b"x" * 20).replace(b"30D40", b"14").replace(b"30d40", b"14")
    assert all(_passes(small, step) for step in (1, 2, 3, 5))


def test_a_head_is_bounded_by_lines_and_by_bytes() -> None:
    """What is just within the bounds passes."""
    line = b"a:\r\n"
    assert _passes(b"HTTP/1.1 200 OK\r\n" + line * (MAX_LINES - 2) + b"\r\n" + BODY, 4096)
    assert not _passes(b"HTTP/1.1 200 OK\r\n" + line * (MAX_LINES - 1) + b"\r\n" + BODY, 4096)


class _Pieces:
    """What a connection reads, in pieces of one size."""

    def __init__(self, data: bytes, step: int) -> None:
        self._pieces = [data[at : at + step] for at in range(0, len(data), step)]

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        """Give the next piece."""
        return self._pieces.pop(0) if self._pieces else b""


def _passes(answer: bytes, step: int) -> bool:
    async def scene() -> bool:
        connection = BoundedHead(_Pieces(answer, step))  # type: ignore[arg-type]
        try:
            while await connection.read(65536):
                pass
        except HeadTooLong:
            return False
        return True

    return asyncio.run(scene())
