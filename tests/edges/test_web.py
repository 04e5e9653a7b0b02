"""The one way out, against real servers on loopback."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.edges.conftest import Asked, Origin, origin, reply
from watcher.edges.web import Web
from watcher.errors import FetchError, HttpFailed, Refused, Unreachable
from watcher.records import Fetched, Unchanged, Validators, WebRequest


def ask(url: str, *, max_bytes: int = 100_000, timeout_s: float = 5.0, **more: object) -> WebRequest:
    """Give a request with sensible limits."""
    return WebRequest(url=url, max_bytes=max_bytes, timeout_s=timeout_s, **more)  # type: ignore[arg-type]


def web(*origins: Origin, concurrency: int = 8, per_host: int = 2) -> Web:
    """Give a client that may reach the given servers and nothing else inside."""
    allow = frozenset(here.host for here in origins)
    return Web(user_agent="watcher-test", concurrency=concurrency, per_host=per_host, allow=allow)


def run(test: Callable[[], Awaitable[None]]) -> None:
    """Run one scene with a deadline of its own."""

    async def scene() -> None:
        async with asyncio.timeout(60):
            await test()

    asyncio.run(scene())


def test_a_body_comes_with_its_facts() -> None:
    """Body, type, validators and age are told; compressed bodies come unpacked; nothing else is offered."""

    async def scene() -> None:
        packed = reply(
            gzip.compress(b"hello"),
            Content_Encoding="gzip",
            Content_Type="text/html; charset=utf-8",
            ETag='W/"1"',
            Last_Modified="Mon, 20 Jan 2025 10:00:00 GMT",
            Cache_Control="public, max-age=60",
        )
        async with origin(page=packed) as here, web(here) as client:
            got = await client.get(ask(here.url("/page#part")))
        assert isinstance(got, Fetched)
        assert b"".join(got.body.pieces()) == b"hello"
        assert got == Fetched(
            url=here.url("/page"),
            body=got.body,
            content_type="text/html; charset=utf-8",
            validators=Validators(etag='W/"1"', last_modified="Mon, 20 Jan 2025 10:00:00 GMT"),
            max_age_s=60.0,
        )
        assert here.asked[0].headers["accept-encoding"] == "gzip, deflate"
        assert here.asked[0].headers["user-agent"] == "watcher-test"

    run(scene)


def test_unchanged() -> None:
    """Validators are sent as they came, and a 304 is a normal answer; a 304 nobody asked for is a failure."""

    async def scene() -> None:
        async with origin(feed=reply(b"", "304 Not Modified", Cache_Control="max-age=5")) as here, web(here) as client:
            known = Validators(etag='"x"', last_modified="Mon, 20 Jan 2025 10:00:00 GMT")
            assert await client.get(ask(here.url("/feed"), validators=known)) == Unchanged(
                url=here.url("/feed"), max_age_s=5.0
            )
            assert here.asked[0].headers["if-none-match"] == '"x"'
            assert here.asked[0].headers["if-modified-since"] == "Mon, 20 Jan 2025 10:00:00 GMT"
            with pytest.raises(HttpFailed):
                await client.get(ask(here.url("/feed")))

    run(scene)


@pytest.mark.parametrize(
    ("codes", "remembered"),
    [((301,), True), ((301, 308), True), ((302,), False), ((301, 302), False), ((302, 301), False)],
)
def test_only_wholly_permanent_chains_are_remembered(codes: tuple[int, ...], remembered: bool) -> None:
    """`moved_to` is told when every hop from the first was permanent."""

    async def scene() -> None:
        async with origin(end=reply(b"end")) as here, web(here) as client:
            for number, code in enumerate(codes):
                target = f"/{number + 1}" if number + 1 < len(codes) else "/end"
                here.scripts[f"/{number}"] = reply(b"", f"{code} Moved", Location=target)
            got = await client.get(ask(here.url("/0")))
            assert isinstance(got, Fetched)
            assert got.url == here.url("/end")
            assert got.moved_to == (here.url("/end") if remembered else None)

    run(scene)


def test_redirect_chains_are_bounded() -> None:
    """Five hops are followed, a sixth is refused."""

    async def scene() -> None:
        async with origin() as here, web(here) as client:
            for number in range(9):
                here.scripts[f"/{number}"] = reply(b"", "302 Found", Location=f"/{number + 1}")
            here.scripts["/5"] = reply(b"five")
            assert isinstance(await client.get(ask(here.url("/0"))), Fetched)
            here.scripts["/5"] = reply(b"", "302 Found", Location="/5")
            with pytest.raises(Refused):
                await client.get(ask(here.url("/0")))

    run(scene)


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:1/",
        "http://localhost/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://017700000001/",
        "http://127.1/",
        "http://0/",
        "http://[::1]/",
        "http://１２７.0.0.1/",
        "http://user:pw@127.0.0.1/",
        "http://127.0.0.1\\@example.org/",
        "file:///etc/passwd",
        "data:text/html,hello",
        "javascript:alert(1)",
        "gopher://127.0.0.1/",
        "http://[",
        "http://example.org:22/",
        "/\x00",
    ],
)
def test_nothing_inside_is_reached(target: str) -> None:
    """Every spelling of an inside address and every other scheme is refused, asked directly or by a redirect."""

    async def scene() -> None:
        async with origin(go=reply(b"", "302 Found", Location=target)) as here, web(here) as client:
            with pytest.raises(Refused):
                await client.get(ask(target))
            with pytest.raises((Refused, Unreachable)):
                await client.get(ask(here.url("/go")))
            with pytest.raises(Refused):
                await client.post(target, b"", {}, 5.0)

    run(scene)


def test_environment_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy variable does not lead requests elsewhere."""

    async def scene() -> None:
        async with origin(page=reply(b"own")) as here, origin() as proxy, web(here) as client:
            monkeypatch.setenv("http_proxy", proxy.url(""))
            monkeypatch.setenv("ALL_PROXY", proxy.url(""))
            assert isinstance(await client.get(ask(here.url("/page"))), Fetched)
            assert proxy.asked == []

    run(scene)


def test_credentials_stay_at_home() -> None:
    """Own headers and credentials go to the first origin only, and are not taken up again on the way back."""

    async def scene() -> None:
        async with origin() as home, origin(away=b"") as away, web(home, away) as client:
            home.scripts["/start"] = reply(b"", "302 Found", Location="/next")
            home.scripts["/next"] = reply(b"", "302 Found", Location=away.url("/away"), Set_Cookie="id=1; Path=/")
            away.scripts["/away"] = reply(b"", "302 Found", Location=home.url("/back"))
            home.scripts["/back"] = reply(b"done")
            request = ask(home.url("/start"), headers=(("X-Key", "k"), ("Host", "evil")), username="u", password="p")
            await client.get(request)
            await client.get(ask(home.url("/back")))
        sent = [(a.path, "authorization" in a.headers, "x-key" in a.headers) for a in home.asked + away.asked]
        assert sent == [
            ("/start", True, True),
            ("/next", True, True),
            ("/back", False, False),
            ("/back", False, False),
            ("/away", False, False),
        ]
        assert not any("cookie" in a.headers for a in home.asked)
        assert home.asked[0].headers["host"] == home.host
        assert "password='p'" not in repr(request)

    run(scene)


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("120", 120, 120),
        ("in an hour", 3500, 3600),
        ("Mon, 20 Jan 2020 10:00:00 GMT", 0, 0),
        ("9" * 400, 1e9, 1e9),
    ],
)
def test_wishes_to_wait_are_told(value: str, low: float, high: float) -> None:
    """Retry-After is told in seconds, given as seconds or as a date."""
    if value == "in an hour":
        value = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)

    async def scene() -> None:
        async with origin(busy=reply(b"", "429 Too Many Requests", Retry_After=value)) as here, web(here) as client:
            with pytest.raises(HttpFailed) as failed:
                await client.get(ask(here.url("/busy")))
            assert failed.value.status == 429
            assert failed.value.retry_after_s is not None
            assert low <= failed.value.retry_after_s <= high
            posted = await client.post(here.url("/busy"), b"{}", {}, 5.0)
            assert posted.retry_after_s is not None

    run(scene)


@pytest.mark.parametrize("value", ["", "soon", "-5", "Mon, 99 Foo"])
def test_nonsense_wishes_are_none(value: str) -> None:
    """A Retry-After without sense is as if it were not there; the status still is."""

    async def scene() -> None:
        async with origin(gone=reply(b"", "410 Gone", Retry_After=value)) as here, web(here) as client:
            with pytest.raises(HttpFailed) as failed:
                await client.get(ask(here.url("/gone")))
            assert (failed.value.status, failed.value.retry_after_s) == (410, None)

    run(scene)


async def _drip(asked: Asked, writer: asyncio.StreamWriter) -> None:
    head, byte = {
        "/drip_body": (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        "/drip_head": (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        "/drip_interim": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        "/silent": (b"", b""),
    }[asked.path]
    writer.write(head)
    while True:
        writer.write(byte)
        await writer.drain()
        await asyncio.sleep(0.1)


@pytest.mark.parametrize("path", ["drip_body", "drip_head", "drip_interim", "silent"])
def test_a_drip_cannot_stretch_the_deadline(path: str) -> None:
    """However slowly a server speaks, the exchange ends at its deadline."""

    async def scene() -> None:
        async with origin(**{path: _drip}) as here, web(here) as client:
            started = time.monotonic()
            with pytest.raises(Unreachable):
                await client.get(ask(here.url(f"/{path}"), timeout_s=0.6))
            assert 0.5 < time.monotonic() - started < 10

    run(scene)


def test_the_deadline_covers_all_hops() -> None:
    """Slow redirects share one deadline."""

    async def slow(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        writer.write(reply(b"", "302 Found", Location="/slow"))

    async def scene() -> None:
        async with origin(slow=slow) as here, web(here) as client:
            started = time.monotonic()
            with pytest.raises(Unreachable):
                await client.get(ask(here.url("/slow"), timeout_s=1.5))
            assert time.monotonic() - started < 10

    run(scene)


async def _flood(asked: Asked, writer: asyncio.StreamWriter) -> None:
    start, block = {
        "/headers": (b"HTTP/1.1 200 OK\r\n", b"X-Flood: yes\r\n" * 1000),
        "/interim": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000),
        "/body": (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536),
        "/chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 5000),
        "/bomb": (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"\0" * 50_000_000), b""),
        "/declared": (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n", b""),
    }[asked.path]
    writer.write(start)
    while True:
        writer.write(block)
        await writer.drain()
        await asyncio.sleep(0)


@pytest.mark.parametrize("path", ["headers", "interim", "body", "chunks", "bomb", "declared"])
def test_floods_are_refused_soon(path: str) -> None:
    """Endless headers, interim answers and bodies, bombs and absurd lengths end long before the deadline."""

    async def scene() -> None:
        async with origin(**{path: _flood}) as here, web(here) as client:
            started = time.monotonic()
            with pytest.raises(FetchError):
                await client.get(ask(here.url(f"/{path}"), timeout_s=50))
            assert time.monotonic() - started < 25

    run(scene)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 206 Partial Content\r\nContent-Length: 1\r\n\r\na",
        b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe://\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
    ],
)
def test_broken_answers_are_fetch_errors(answer: bytes) -> None:
    """Whatever a server says, failure is one of ours."""

    async def once(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    async def scene() -> None:
        async with origin(odd=once) as here, web(here) as client:
            with pytest.raises(FetchError):
                await client.get(ask(here.url("/odd"), timeout_s=3))

    run(scene)


def test_a_header_that_cannot_be_sent_is_refused() -> None:
    """Line breaks in a header value never reach a server."""

    async def scene() -> None:
        async with origin(page=reply(b"")) as here, web(here) as client:
            with pytest.raises(Refused):
                await client.get(ask(here.url("/page"), headers=(("X-A", "b\r\nX-Evil: 1"),)))
            assert here.asked == []

    run(scene)


def test_nobody_home() -> None:
    """A closed port is unreachable."""

    async def scene() -> None:
        async with origin() as here:
            pass
        async with web(here) as client:
            with pytest.raises(Unreachable):
                await client.get(ask(here.url("/")))

    run(scene)


def test_hosts_are_not_crowded() -> None:
    """No more than `per_host` exchanges run with one host, waiting eats no deadline, and nothing is left behind."""

    async def slow(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        writer.write(reply(b"ok"))

    async def scene() -> None:
        async with origin(slow=slow) as here, web(here, per_host=2) as client:
            await asyncio.gather(*(client.get(ask(here.url("/slow"), timeout_s=0.4)) for _ in range(12)))
            assert here.most == 2
            assert client._lanes._open == {}

    run(scene)


def test_a_post_tells_the_status() -> None:
    """A webhook body arrives as it is, headers too, and any status is told; redirects are not followed."""

    async def scene() -> None:
        moved = reply(b"", "307 Moved", Location="/hook")
        async with origin(hook=reply(b"thanks", "202 Accepted"), moved=moved) as here, web(here) as client:
            assert (await client.post(here.url("/hook"), b'{"a":1}', {"webhook-id": "x"}, 5.0)).status == 202
            assert (await client.post(here.url("/moved"), b"{}", {}, 5.0)).status == 307
            assert (await client.post(here.url("/none"), b"{}", {}, 5.0)).status == 404
        assert here.asked[0].body == b'{"a":1}'
        assert here.asked[0].headers["webhook-id"] == "x"

    run(scene)


def test_certificates_are_verified(tmp_path: Path) -> None:
    """A server whose certificate nobody vouches for is unreachable, and gets to see no request."""

    async def scene() -> None:
        import ssl

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("ADH:@SECLEVEL=0")  # a server without any certificate
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        here = Origin(scripts={"/x": reply(b"secret")})
        server = await asyncio.start_server(here.serve, "127.0.0.1", 0, ssl=context)
        here.port = server.sockets[0].getsockname()[1]
        async with web(here) as client:
            with pytest.raises(Unreachable):
                await client.get(ask(f"https://{here.host}/x"))
        server.close()
        assert here.asked == []

    run(scene)
