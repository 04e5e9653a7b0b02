"""Where we may connect to: public addresses on web ports, whatever name led there.

The check sits under the connection pool, after name resolution and before the connection, on the very address that
is connected to. So redirects, odd spellings of numbers, names that answer differently the second time and answers that
mix public with private addresses all meet it.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from threading import Thread
from urllib.parse import urlsplit

import httpcore

from watcher.edges.clean import clean_url
from watcher.edges.heads import BoundedHead

WEB_PORTS = frozenset([80, 443])
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ATTEMPTS = 4
_ATTEMPT_S = 5.0
_RESOLVE_S = 10.0
# So many names are looked up at once. One whose server never answers takes half a minute; those found before have
# places of their own.
_FOR_REGULARS = 4
_FOR_STRANGERS = 8
_REMEMBERED = 2000

_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# `ipaddress` of Python 3.11 calls some of these global although nothing public answers there.
_NOT_PUBLIC_4 = tuple(IPv4Network(n) for n in ("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24"))
# Teredo (in 2001::/23) and 6to4 (2002::/16) carry an IPv4 address to a relay we do not know; both are long retired.
_NOT_PUBLIC_6 = tuple(IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))


class AddressRefused(httpcore.ConnectError):
    """The guard said no to a host, a port or one of the addresses a host has."""


def host_with_port(url: str) -> str:
    """Give where a web address is served, as exceptions are spelled: `example.org:443`; '' for what is no address."""
    parts = urlsplit(clean_url(url) or "")
    return _exception(parts.hostname, parts.port or _DEFAULT_PORTS[parts.scheme]) if parts.hostname else ""


def objection(address: str, host: str, port: int, allow: frozenset[str]) -> str | None:
    """Say why `address`, to which `host` resolved, may not be connected to at `port`; None when it may.

    `allow` holds exact `host:port` exceptions, spelled as in the address asked for (IPv6 in brackets).
    """
    if _exception(host, port) in allow:
        return None
    if not _may_ask(host, port, allow):
        return f"port {port} is not a web port"
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return f"{address} is not an address"
    return None if _is_public(_unwrapped(found)) else f"{address} is not a public address"


def _may_ask(host: str, port: int, allow: frozenset[str]) -> bool:
    return port in WEB_PORTS or _exception(host, port) in allow


def _exception(host: str, port: int) -> str:
    return f"[{host.lower()}]:{port}" if ":" in host else f"{host.lower()}:{port}"


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Give the IPv4 address a packet would end at, for the two wrappings that honest networks use (mapped, NAT64).

    Every other wrapping (compatible, translated, local NAT64, tunnels) is outside what counts as public.
    """
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address
    return address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        known_private = any(address in net for net in _NOT_PUBLIC_4)
    else:
        known_private = address not in _GLOBAL_UNICAST or any(address in net for net in _NOT_PUBLIC_6)
    special = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    return address.is_global and not known_private and not special


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """The network as the connection pool sees it: resolves, checks every answer, connects to what was checked."""

    def __init__(self, allow: frozenset[str] = frozenset(), inner: httpcore.AsyncNetworkBackend | None = None) -> None:
        self._allow = frozenset(entry.lower() for entry in allow)
        self._inner = inner if inner is not None else httpcore.AnyIOBackend()
        self._regulars = asyncio.Semaphore(_FOR_REGULARS)
        self._strangers = asyncio.Semaphore(_FOR_STRANGERS)
        self._found: OrderedDict[str, None] = OrderedDict()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first checked address of `host` that answers.

        Raises AddressRefused when any of its addresses is not allowed, ConnectError or ConnectTimeout otherwise.
        """
        if not _may_ask(host, port, self._allow):
            raise AddressRefused(f"{host}: port {port} is not a web port")
        addresses = await self._resolve(host, port, timeout)
        for address in addresses:
            reason = objection(address, host, port, self._allow)
            if reason is not None:
                raise AddressRefused(f"{host}: {reason}")
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses[:_ATTEMPTS]:
            patience = _ATTEMPT_S if timeout is None else min(timeout, _ATTEMPT_S)
            try:
                stream = await self._inner.connect_tcp(address, port, patience, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return BoundedHead(stream)
        raise failure

    async def sleep(self, seconds: float) -> None:
        """Wait; part of the interface of httpcore."""
        await self._inner.sleep(seconds)

    async def _resolve(self, host: str, port: int, patience: float | None) -> list[str]:
        """Give the addresses of `host`, families alternating, each once."""
        try:
            async with asyncio.timeout(min(patience or _RESOLVE_S, _RESOLVE_S)):
                found = await self._looked_up(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"{host}: the name was not resolved in time") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host}: the name is not known ({error})") from error
        self._found[host] = None
        self._found.move_to_end(host)
        if len(self._found) > _REMEMBERED:
            self._found.popitem(last=False)
        six = [address for address in found if ":" in address]
        four = [address for address in found if ":" not in address]
        paired = [address for pair in zip(six, four, strict=False) for address in pair]
        return list(dict.fromkeys(paired + six + four))

    async def _looked_up(self, host: str, port: int) -> list[str]:
        """Ask the name service in a thread of its own, which nobody waits for at the end.

        The place is given back when the thread is done, not when we have lost our patience.
        """
        places = self._regulars if host in self._found else self._strangers
        await places.acquire()
        loop = asyncio.get_running_loop()
        answer: Future[list[str]] = Future()
        answer.set_running_or_notify_cancel()

        def ask() -> None:
            try:
                answer.set_result(_look_up(host, port))
            except (OSError, ValueError) as error:
                answer.set_exception(error)
            finally:
                _call(loop, places.release)

        Thread(target=ask, name="resolve", daemon=True).start()
        return await asyncio.wrap_future(answer)


def _call(loop: asyncio.AbstractEventLoop, work: Callable[[], None]) -> None:
    """Have work done by a loop that may have ended meanwhile."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(work)


def _look_up(host: str, port: int) -> list[str]:
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(row[4][0]) for row in rows]
