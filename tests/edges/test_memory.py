"""What the processes that read for us may hold: little enough for all of them, and enough for what is honest."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from watcher.edges.body import Body
from watcher.edges.pages import extract
from watcher.edges.workers import Workers
from watcher.errors import ParseError, WorkerFailed
from watcher.records import Page

URL = "https://e.example/a-b"
SENTENCE = (
    "The committee said on <b>Tuesday</b> that it would not pay more than <a href='/a/b?c=%d'>500 pounds</a> for it. "
)
MOST_MIB = 320
"""All processes together: with an ordinary daemon that is less than 400."""


def honest(size: int) -> bytes:
    """Give a page as content systems make them: every paragraph in a box with classes and data of its own."""
    box = f'<div class="block block--%d u-wide" data-id="%d" data-track="a|b|c" id="p%d"><p>{SENTENCE * 2}</p></div>'
    count = size // len(box) + 1
    body = "".join(box % (n, n, n, n, n) for n in range(count))
    return f"<html><head><title>T</title></head><body><main><article>{body}</article></main></body></html>".encode()


def flood(piece: str, size: int) -> bytes:
    """Give a page that is one thing over and over."""
    return ("<html><body>" + piece * (size // len(piece)) + "</body></html>").encode()


ATTRIBUTES = "<p a b c d e f g h i j k l m n o p q r s t u v w x y z>x"
HOSTILE = {
    "attributes": flood(ATTRIBUTES, 500_000),
    "attributes with values": flood("<p " + " ".join(f"a{n}=1" for n in range(90)) + ">x", 500_000),
    "attributes run together": flood("<p" + "".join(f'/a{n}="1"' for n in range(90)) + ">x", 500_000),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_pages_of_attributes_are_refused(body: bytes) -> None:
    """Before a tree is made of them."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ParseError, match="attributes"):
        extract(body, "text/html", URL)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * 1024


def test_a_tag_of_many_attributes_loses_them() -> None:
    """The page around it is read."""
    tag = "<p " + " ".join(f"data-a{n}='x y'" for n in range(101)) + ">"
    text = "Ada said on Tuesday that the engine would be finished before the end of the year, and nobody knew why. "
    page = extract(f"<html><body><article>{tag}{text * 2}</p><p>{text}</p></article></body>".encode(), "text/html", URL)
    assert page.paragraphs[0].startswith("Ada said")


def test_all_processes_together_hold_little() -> None:
    """A large and an ordinary page at once, each of which would take all there is, end without having taken it."""

    async def scene() -> None:
        async with Workers() as workers, _watched(workers) as most:
            large, ordinary = flood("<p a=b c=d e=f g=h>a ", 580_000), flood("<p>a b c d", 500_000)
            pages = (
                workers.extract_page(Body(body), "text/html", f"http://{len(body)}.example/")
                for body in (large, ordinary)
            )
            ends = await asyncio.gather(*pages, return_exceptions=True)
            assert all(isinstance(end, WorkerFailed | ParseError) for end in ends)
            assert most[0] < MOST_MIB

    asyncio.run(scene())


def test_a_process_holds_no_more_than_it_may() -> None:
    """What it took for earlier tasks counts."""

    async def scene() -> None:
        async with Workers(count=1, memory_mib=72) as workers, _watched(workers) as most:
            for size in (20_000, 60_000):
                assert (await workers.extract_page(Body(honest(size)), "text/html", URL)).paragraphs
            with pytest.raises(WorkerFailed, match="72 MiB"):
                await workers.extract_page(Body(flood("<p>a b c d", 400_000)), "text/html", URL)
            assert most[0] < 76

    asyncio.run(scene())


@pytest.mark.parametrize("size", [500_000, pytest.param(2_000_000, marks=pytest.mark.slow)])
def test_honest_pages_are_read_within_it(size: int) -> None:
    """Of every size, also by processes that have read others before, two at a time."""

    async def scene() -> None:
        async with Workers() as workers:
            short = b"<html><body><p>Short.</p></body></html>"  # makes the extractor load what it needs in doubt
            for bodies in ((short, short), (honest(size), honest(300_000))):
                pages = await asyncio.gather(*(workers.extract_page(Body(body), "text/html", URL) for body in bodies))
                assert all(isinstance(page, Page) for page in pages)
            assert all(page.paragraphs for page in pages)

    asyncio.run(scene())


@asynccontextmanager
async def _watched(workers: Workers) -> AsyncIterator[list[float]]:
    """Look all the time at what the processes hold together; the first of the list is the most, in MiB."""
    most = [0.0]

    async def look() -> None:
        while True:
            most[0] = max(most[0], sum(_held_mib(pid) for pid in workers.process_ids))
            await asyncio.sleep(0.01)

    task = asyncio.create_task(look())
    try:
        yield most
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await _done(task)


async def _done(task: Awaitable[None]) -> None:
    await task


def _held_mib(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * resource.getpagesize() / 2**20
    except (OSError, IndexError):
        return 0.0
