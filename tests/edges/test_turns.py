"""Who gets a turn, and when."""

from __future__ import annotations

import asyncio

from watcher.edges.turns import Turns


async def _line_up(turns: Turns, *names: str, large: frozenset[str] = frozenset()) -> list[str]:
    """Have all places taken, let names line up, and give the order in which they came in."""
    order: list[str] = []
    free = asyncio.Event()

    async def hold(name: str) -> None:
        async with turns.turn(name):
            await free.wait()

    async def come(name: str) -> None:
        async with turns.turn(name, large=name in large):
            order.append(name)
            await asyncio.sleep(0)

    holders = [asyncio.create_task(hold(f"holder {n}")) for n in range(2)]
    await asyncio.sleep(0)
    comers = []
    for name in names:
        comers.append(asyncio.create_task(come(name)))
        await asyncio.sleep(0)
    free.set()
    await asyncio.gather(*holders, *comers)
    return order


def test_quick_names_go_first() -> None:
    """Known quick ones come before unknown ones, those before slow and large ones, else first come, first served."""

    async def scene() -> list[str]:
        turns = Turns(2)
        async with turns.turn("quick"):
            pass
        turns._remember("slow", 9.0)
        return await _line_up(turns, "slow", "big", "new", "newer", "quick", large=frozenset(["big"]))

    assert asyncio.run(scene()) == ["quick", "new", "newer", "slow", "big"]


def test_slow_names_never_take_the_last_place() -> None:
    """However many slow ones there are, a place stays free for the others."""

    async def scene() -> None:
        turns = Turns(2)
        turns._remember("slow", 9.0)
        done = asyncio.Event()

        async def hold() -> None:
            async with turns.turn("slow"):
                await done.wait()

        slow = [asyncio.create_task(hold()) for _ in range(5)]
        await asyncio.sleep(0)
        async with asyncio.timeout(30), turns.turn("anybody"):
            done.set()
        await asyncio.gather(*slow)

    asyncio.run(scene())


def test_who_leaves_the_line_takes_no_place() -> None:
    """Cancelled while waiting, or in the moment of being called, a name leaves every place free."""

    async def scene() -> None:
        turns = Turns(1)
        for steps in range(4):
            async with turns.turn("a"):
                waiting = asyncio.create_task(_come(turns))
                await asyncio.sleep(0)
            for _ in range(steps):
                await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            async with asyncio.timeout(30), turns.turn("b"):
                pass

    async def _come(turns: Turns) -> None:
        async with turns.turn("c"):
            await asyncio.sleep(0)

    asyncio.run(scene())
