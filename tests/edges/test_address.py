"""Where connections may go."""

from __future__ import annotations

import asyncio
import threading
import time

import httpcore
import pytest

from watcher.edges import address
from watcher.edges.address import AddressRefused, GuardedNetwork, objection

INSIDE = [
    "127.0.0.1",
    "127.255.0.9",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.8",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "192.88.99.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:100.64.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "3fff::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "ff0e::1",
    "5f00::1",
    "100::1",
    "not-an-address",
    "2130706433",
]


@pytest.mark.parametrize("found", INSIDE)
def test_inside_addresses_are_refused(found: str) -> None:
    """Private, local, shared, reserved, multicast and wrapped addresses are no targets."""
    assert objection(found, "example.org", 443, frozenset()) is not None


@pytest.mark.parametrize("found", ["8.8.8.8", "193.99.144.80", "::ffff:8.8.8.8", "64:ff9b::808:808", "2a00:1450::1"])
def test_public_addresses_pass(found: str) -> None:
    """Public addresses pass, wrapped by an honest translator too."""
    assert objection(found, "example.org", 443, frozenset()) is None


def test_only_web_ports() -> None:
    """Ports other than 80 and 443 are refused unless the exact host and port is an exception."""
    assert objection("8.8.8.8", "example.org", 8080, frozenset()) is not None
    assert objection("8.8.8.8", "example.org", 8080, frozenset(["example.org:8080"])) is None


def test_exceptions_are_exact() -> None:
    """An exception covers one spelling of one host at one port and nothing that resolves to the same place."""
    allow = frozenset(["127.0.0.1:8123", "[::1]:80"])
    assert objection("127.0.0.1", "127.0.0.1", 8123, allow) is None
    assert objection("::1", "::1", 80, allow) is None
    assert objection("127.0.0.1", "127.0.0.1", 8124, allow) is not None
    assert objection("127.0.0.1", "evil.example", 8123, allow) is not None


class _Network(httpcore.AsyncMockBackend):
    """A network that notes where it was asked to connect."""

    def __init__(self, dead: frozenset[str] = frozenset()) -> None:
        super().__init__([])
        self.asked: list[str] = []
        self.dead = dead

    async def connect_tcp(self, host: str, *args: object, **kwargs: object) -> httpcore.AsyncNetworkStream:
        self.asked.append(host)
        if host in self.dead:
            raise httpcore.ConnectError("dead")
        return httpcore.AsyncMockStream([])


def _connect(network: _Network, answers: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "_look_up", lambda host, port: answers)
    asyncio.run(_closed(GuardedNetwork(inner=network)))


async def _closed(guarded: GuardedNetwork) -> None:
    stream = await guarded.connect_tcp("example.org", 443, 1.0)
    await stream.aclose()


def test_one_bad_answer_spoils_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with a public and a private address is refused, and nothing is connected."""
    network = _Network()
    with pytest.raises(AddressRefused):
        _connect(network, ["8.8.8.8", "10.0.0.1"], monkeypatch)
    assert network.asked == []


def test_the_checked_address_is_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection goes to a checked address, the next one when the first is dead, families taking turns."""
    network = _Network(dead=frozenset(["2a00:1450::1"]))
    _connect(network, ["8.8.8.8", "8.8.4.4", "2a00:1450::1"], monkeypatch)
    assert network.asked == ["2a00:1450::1", "8.8.8.8"]


def test_attempts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with very many dead addresses is given up after a few."""
    many = [f"8.8.{i}.8" for i in range(50)]
    network = _Network(dead=frozenset(many))
    with pytest.raises(httpcore.ConnectError):
        _connect(network, many, monkeypatch)
    assert len(network.asked) == 4


def test_names_that_never_answer_hold_up_no_known_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """While more names than there are places wait for a silent name service, one that was found before is found again;
    what was given up keeps its place until its thread is done.
    """
    silence = threading.Event()

    def look_up(host: str, port: int) -> list[str]:
        if host.startswith("silent"):
            silence.wait(20)
        return ["8.8.8.8"]

    async def scene() -> float:
        guarded = GuardedNetwork(inner=_Network())
        await guarded.connect_tcp("example.org", 443, 5.0)
        silent = [guarded.connect_tcp(f"silent{number}.example", 443, 0.2) for number in range(40)]
        found = await asyncio.gather(*silent, return_exceptions=True)
        assert {type(one) for one in found} == {httpcore.ConnectTimeout}
        assert sum(thread.name == "resolve" for thread in threading.enumerate()) <= 12
        began = time.monotonic()
        await guarded.connect_tcp("example.org", 443, 5.0)
        took_s = time.monotonic() - began
        silence.set()
        await guarded.connect_tcp("stranger.example", 443, 5.0)
        return took_s

    monkeypatch.setattr(address, "_look_up", look_up)
    assert asyncio.run(scene()) < 2
