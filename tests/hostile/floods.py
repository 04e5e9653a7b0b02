"""Answers that are too large, too slow, too well packed or no answers at all: for feeds and pages alike."""

from __future__ import annotations

import asyncio
import gzip
import struct
import zlib
from collections.abc import Iterator
from functools import reduce

from hostile.server import Answer, Hit, Script, reply

_ZEROS = bytes(2**20)
_ITEMS = b"<?xml version='1.0'?><rss version='2.0'><channel><title>F</title>"


def _packed(wbits: int, mebibytes: int = 200) -> bytes:
    """Pack zeros: a mebibyte becomes a kibibyte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    # flushed in full a block leans on none before it, so the same one may stand there again and again
    block = packer.compress(_ZEROS) + packer.flush(zlib.Z_FULL_FLUSH)
    body = block * mebibytes + packer.flush()
    if wbits < 0:
        return body
    empty = zlib.compressobj(9, zlib.DEFLATED, wbits)
    head = empty.flush()[: 10 if wbits > 15 else 2]
    if wbits > 15:
        crc = reduce(lambda crc, _: zlib.crc32(_ZEROS, crc), range(mebibytes), 0)
        return head + body + struct.pack("<II", crc, mebibytes * len(_ZEROS))
    return head + body + struct.pack(">I", reduce(lambda sum_, _: zlib.adler32(_ZEROS, sum_), range(mebibytes), 1))


def _coded(body: bytes, coding: str) -> bytes:
    return reply(body, Content_Type="text/html", Content_Encoding=coding)


_GZIP = _packed(31)

PACKED: dict[str, Answer] = {
    "gzip-bomb": _coded(_GZIP, "gzip"),
    "deflate-bomb": _coded(_packed(15), "deflate"),
    "raw-deflate-bomb": _coded(_packed(-15), "deflate"),
    "members-bomb": _coded(_GZIP * 10, "gzip"),
    "empty-members": _coded(gzip.compress(b"") * 40_000, "gzip"),
    "twice-packed": _coded(gzip.compress(_GZIP), "gzip, gzip"),
    "twice-told": _coded(gzip.compress(gzip.compress(_ZEROS * 20)), "gzip, deflate, gzip"),
    "unasked-br": _coded(bytes.fromhex("5b0000c044a1d1a7") * 100, "br"),
    "unasked-zstd": _coded(bytes.fromhex("28b52ffd") + b"\0" * 1000, "zstd"),
    "unknown-coding": _coded(b"x", "compress"),
    "cut-short": _coded(gzip.compress(bytes(range(256)) * 400, mtime=0)[:200], "gzip"),
    "damaged": _coded(gzip.compress(b"<rss>" * 1000)[:40] + b"\xff" * 400, "gzip"),
}


def _stream(head: bytes, block: bytes, pause_s: float = 0.0, blocks: int = 2**40) -> Script:
    """Send a head, then a block again and again."""

    async def script(hit: Hit, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        for _ in range(blocks):
            writer.write(block)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return script


_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"

LARGE: dict[str, Answer] = {
    "endless": _stream(_OK + b"\r\n" + _ITEMS, b"<item><title>x</title></item>" * 2000),
    "endless-chunks": _stream(_CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n"),
    "crumbs": _stream(_CHUNKED, b"1\r\nx\r\n" * 5000),
    "declared": _OK + b"Content-Length: 99999999999999999999\r\n\r\nx",
    "headers": _stream(_OK, b"X-Flood: yes\r\n" * 1000),
    "one-header": _stream(_OK + b"X-Flood: ", b"y" * 65536),
    "interim": _stream(b"", b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" * 500),
    "trailers": _stream(_CHUNKED + b"1\r\nx\r\n0\r\n", b"X-Flood: yes\r\n" * 1000),
    "many-headers": _OK + b"a:\r\n" * 12_000 + b"Content-Length: 1\r\n\r\nx",
    "many-trailers": _CHUNKED + b"1\r\nx\r\n0\r\n" + b"a:\r\n" * 20_000 + b"\r\n",
    "small-pieces": _stream(_CHUNKED, (b"11\r\n" + b"x" * 17 + b"\r\n") * 4000),
    "many-cookies": _OK + b"Set-Cookie: a=b; Domain=test; Path=/\r\n" * 1600 + b"Content-Length: 1\r\n\r\nx",
    "chunk-extension": _stream(_CHUNKED + b"1;", b"x" * 65536),
}


async def _silent(hit: Hit, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(120)


async def _slow_hops(hit: Hit, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(1.2)
    writer.write(reply(b"", "302 Found", Location=hit.path))


SLOW: dict[str, Answer] = {
    "silent": _silent,
    "drip-body": _stream(_OK + b"Content-Length: 100000\r\n\r\n", b"x", 0.2),
    "drip-chunks": _stream(_CHUNKED, b"1\r\nx\r\n", 0.2),
    "drip-head": _stream(_OK + b"X-Long: ", b"x", 0.2),
    "drip-status": _stream(b"HTTP/1.1 2", b"0", 0.2),
    "drip-interim": _stream(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.8),
    "slow-hops": _slow_hops,
    "hung-body": _stream(_OK + b"Content-Length: 5\r\n\r\nab", b"", 120),
}


def _odd(answer: bytes) -> Script:
    """Say something, then hang up."""

    async def script(hit: Hit, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    return script


BROKEN: dict[str, Answer] = {
    name: _odd(answer)
    for name, answer in {
        "nothing": b"",
        "garbage": b"\x00\x01garbage\r\n\r\n",
        "ssh": b"SSH-2.0-OpenSSH_9.2\r\n",
        "tls": bytes.fromhex("1603010200010001fc0303"),
        "short": b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        "bad-chunk": _CHUNKED + b"zz\r\n",
        "huge-chunk": _CHUNKED + b"ffffffffffffffff\r\nx",
        "negative-length": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "two-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "length-and-chunks": _OK + b"Content-Length: 3\r\nTransfer-Encoding: gzip\r\n\r\nabc",
        "part": b"HTTP/1.1 206 Partial Content\r\nContent-Length: 1\r\n\r\na",
        "status-999": b"HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n",
        "status-words": b"HTTP/1.1 OK 200\r\n\r\n",
        "old": b"<rss version='2.0'></rss>",
        "nul-header": b"HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n",
        "space-header": b"HTTP/1.1 200 OK\r\nX : y\r\n: z\r\nContent-Length: 0\r\n\r\n",
        "no-location": b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
        "odd-location": b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe://\x80\r\nContent-Length: 0\r\n\r\n",
        "split-location": b"HTTP/1.1 302 Found\r\nLocation: http://e.test/\r\n x\r\nContent-Length: 0\r\n\r\n",
        "switch": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
        "empty": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    }.items()
}


def every() -> Iterator[tuple[str, str, Answer]]:
    """Give all of them with family and name."""
    for family, named in (("packed", PACKED), ("large", LARGE), ("slow", SLOW), ("broken", BROKEN)):
        for name, answer in named.items():
            yield family, name, answer
