"""The processes that read what strangers wrote."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watcher.edges import feeds, pages
from watcher.edges.body import Body
from watcher.edges.wire import WireError, pack, unpack
from watcher.edges.workers import Workers
from watcher.errors import ParseError, WorkerFailed
from watcher.records import Entry, Page

DATA = Path(__file__).parent / "data"
URL = "https://e.example/x"
FEED = (DATA / "feeds" / "atom_base.xml").read_bytes()
PAGE = (DATA / "pages" / "de_wordpress.html").read_bytes()
ITEM = b"<item><title>A title</title><link>https://e.example/%d</link><description>Words and words</description></item>"


def large_feed(count: int) -> bytes:
    """Give a feed of many items."""
    return (
        b"<rss version='2.0'><channel><title>T</title>" + b"".join(ITEM % n for n in range(count)) + b"</channel></rss>"
    )


def run(test: Callable[[], Awaitable[None]]) -> None:
    """Run one scene with a deadline of its own."""

    async def scene() -> None:
        async with asyncio.timeout(50):
            await test()

    asyncio.run(scene())


def alive(pid: int) -> bool:
    """Tell whether a process runs."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def environment(pid: int) -> bytes:
    """Give the environment a process was started with."""
    return Path(f"/proc/{pid}/environ").read_bytes()


def test_workers_give_what_the_functions_give() -> None:
    """Feeds and pages come back equal to what the functions return in this process, soon after their start."""

    async def scene() -> None:
        async with Workers(count=1) as workers:
            started = time.monotonic()
            feed = await workers.parse_feed(Body(FEED), "text/xml", URL)
            assert time.monotonic() - started < 20
            assert feed == feeds.parse(FEED, "text/xml", URL)
            page = await workers.extract_page(Body(PAGE), "text/html", URL, "Titel")
            assert page == pages.extract(PAGE, "text/html", URL, "Titel")
            (pid,) = workers.process_ids
        assert not alive(pid)

    run(scene)


def test_errors_are_told_and_the_process_stays() -> None:
    """Bytes that are no feed are a ParseError; the same process reads the next."""

    async def scene() -> None:
        async with Workers(count=1) as workers:
            with pytest.raises(ParseError, match=r"e\.example"):
                await workers.parse_feed(Body(b"nothing"), "", URL)
            before = workers.process_ids
            await workers.parse_feed(Body(FEED), "", URL)
            assert workers.process_ids == before

    run(scene)


def test_too_long_by_the_clock() -> None:
    """A task beyond its deadline fails, its process is killed, and the next task is done by another."""

    async def scene() -> None:
        async with Workers(count=1, wall_s=3.0) as workers:
            await workers.parse_feed(Body(FEED), "", URL)
            (first,) = workers.process_ids
            os.kill(first, signal.SIGSTOP)
            with pytest.raises(WorkerFailed, match="within"):
                await workers.parse_feed(Body(FEED), "", URL)
            assert not alive(first)
            assert (await workers.parse_feed(Body(FEED), "", URL)).entries
            assert workers.process_ids != (first,)

    run(scene)


def test_too_much_processor_time() -> None:
    """A task beyond its processor time fails by the kernel's hand."""

    async def scene() -> None:
        async with Workers(count=1, cpu_s=-3) as workers:
            with pytest.raises(WorkerFailed):
                await workers.parse_feed(Body(large_feed(9_000)), "", URL)
            assert (await workers.parse_feed(Body(FEED), "", URL)).entries

    run(scene)


def test_too_much_memory() -> None:
    """A task beyond its memory fails, and the next is done."""

    async def scene() -> None:
        async with Workers(count=1, large_mib=40) as workers:
            with pytest.raises(WorkerFailed):
                await workers.parse_feed(Body(large_feed(30_000)), "", URL)
            assert (await workers.parse_feed(Body(FEED), "", URL)).entries

    run(scene)


def test_a_killed_process_is_replaced() -> None:
    """A process that dies in idleness costs one task at most."""

    async def scene() -> None:
        async with Workers(count=1) as workers:
            await workers.parse_feed(Body(FEED), "", URL)
            os.kill(workers.process_ids[0], signal.SIGKILL)
            await asyncio.sleep(0.2)
            with pytest.raises(WorkerFailed):
                await workers.parse_feed(Body(FEED), "", URL)
            assert (await workers.parse_feed(Body(FEED), "", URL)).entries

    run(scene)


def test_processes_are_bounded_and_renewed() -> None:
    """Many tasks at once share the given number of processes; each is renewed after its share."""

    async def scene() -> None:
        async with Workers(count=2, tasks_each=3) as workers:
            seen: set[int] = set()

            async def one() -> None:
                await workers.parse_feed(Body(FEED), "", URL)
                seen.update(workers.process_ids)
                assert len(workers.process_ids) <= 2

            await asyncio.gather(*(one() for _ in range(12)))
            assert len(seen) >= 3

    run(scene)


def test_a_cancelled_task_leaves_no_process_busy() -> None:
    """When the caller gives up, the process in the middle of the task goes too."""

    async def scene() -> None:
        async with Workers(count=1) as workers:
            task = asyncio.create_task(workers.parse_feed(Body(large_feed(30_000)), "", URL))
            await asyncio.sleep(1.0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert workers.process_ids == ()
            assert (await workers.parse_feed(Body(FEED), "", URL)).entries

    run(scene)


def test_the_loop_keeps_running() -> None:
    """A feed of eight thousand items comes whole, and nobody waits long meanwhile."""

    async def scene() -> None:
        longest = 0.0

        async def beat() -> None:
            nonlocal longest
            while True:
                before = time.thread_time()  # our own work between two beats, not that of a busy machine
                await asyncio.sleep(0.01)
                longest = max(longest, time.thread_time() - before)

        async with Workers(count=1) as workers:
            beating = asyncio.create_task(beat())
            feed = await workers.parse_feed(Body(large_feed(8_000)), "", URL)
            beating.cancel()
        assert len(feed.entries) == 8_000
        assert longest < 0.5

    run(scene)


def test_no_secret_reaches_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the daemon is not that of its workers."""
    monkeypatch.setenv("WATCHER_SECRET", "hush")

    async def scene() -> None:
        async with Workers(count=1) as workers:
            await workers.parse_feed(Body(FEED), "", URL)
            assert b"hush" not in environment(workers.process_ids[0])

    run(scene)


def test_workers_die_with_their_parent() -> None:
    """When the daemon is killed with -9, no worker stays behind."""
    script = (
        "import asyncio, sys\n"
        "from watcher.edges.body import Body\n"
        "from watcher.edges.workers import Workers\n"
        "async def main():\n"
        "    async with Workers(count=1) as workers:\n"
        f"        await workers.parse_feed(Body({FEED!r}), '', 'u')\n"
        "        print(workers.process_ids[0], flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    root = Path(__file__).parents[2]
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=root)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert alive(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 30
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(pid)


@pytest.mark.parametrize(
    "row",
    [None, [], {}, {"identity": 1, "url": "", "title": ""}, {"identity": "i", "url": "u", "title": "t", "evil": 1},
     {"identity": "i", "url": "u", "title": "t", "published": "2025-01-01"}],
)  # fmt: skip
def test_only_records_come_through(row: object) -> None:
    """Rows that are not the record they should be are refused."""
    with pytest.raises(WireError):
        unpack(Entry, row)


def test_records_come_through_whole() -> None:
    """Packing and unpacking gives an equal record."""
    page = Page(title="t", paragraphs=("a", "b"), published=datetime(2025, 1, 1, tzinfo=UTC))
    assert unpack(Page, pack(page)) == page
