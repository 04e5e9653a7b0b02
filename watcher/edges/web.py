"""The web: one way out for every request, guarded, bounded and within a deadline.

No environment proxy, netrc or cookie is ever used. Credentials and own headers stay with the origin they were meant
for. Every failure is one of the three FetchErrors, or NoRoom when this machine's disk is full.
"""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self
from urllib.parse import urldefrag, urljoin, urlsplit

import httpcore
import httpx

from watcher.edges import links
from watcher.edges.address import AddressRefused, GuardedNetwork, host_with_port
from watcher.edges.clean import clean_text, clean_url
from watcher.edges.heads import HeadTooLong
from watcher.edges.inflate import Inflater
from watcher.errors import FetchError, HttpFailed, Refused, Unreachable
from watcher.records import Fetched, Unchanged, Validators, WebRequest

MAX_HOPS = 5
_CONNECT_S = 10.0
_KEEP_ALIVE_S = 15.0
# The pool looks at every idle connection whenever anything happens.
_KEPT_ALIVE = 8
_MAX_ANSWER_TO_POST = 64 * 1024
_MAX_VALIDATOR = 1000
# Chunks already received are handed out without a pause and cost the same however small: others get their turn in
# between, and crumbs for thousands of pieces are an attack.
_BREATH = 200
_PATIENCE = 2000
_LEAST_PIECE = 16
_FOREVER_S = 1e9
_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_PERMANENT = frozenset([301, 308])
_OURS = frozenset(
    ["accept-encoding", "connection", "content-length", "host", "te", "trailer", "transfer-encoding", "upgrade"]
)
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, */*;q=0.8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """How a server answered a POST. `retry_after_s` is its wish, when it sent one."""

    status: int
    retry_after_s: float | None = None


class Web:
    """The one client for everything that leaves over HTTP. Use as an async context manager.

    `concurrency` exchanges run at once, `per_host` of them with one host. `allow` holds exact `host:port` exceptions
    to the address guard: they hold for a request that begins at one of them, redirects included, and for no other,
    so that no link or redirect of a stranger leads there. Waiting for a turn does not count towards a deadline.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        concurrency: int = 32,
        per_host: int = 2,
        allow: frozenset[str] = frozenset(),
    ) -> None:
        self._user_agent = user_agent
        self._turns = asyncio.Semaphore(concurrency)
        self._lanes = _Lanes(per_host)
        self._allow = frozenset(entry.lower() for entry in allow)
        tls = httpx.create_ssl_context()
        # Two pools, for a connection that was opened by way of an exception must not be used by anybody else.
        self._outside = _client(_Transport(GuardedNetwork(), concurrency, tls))
        self._inside = _client(_Transport(GuardedNetwork(self._allow), concurrency, tls))

    async def __aenter__(self) -> Self:
        await self._outside.__aenter__()
        await self._inside.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._inside.__aexit__(kind, error, trace)
        await self._outside.__aexit__(kind, error, trace)

    async def get(self, request: WebRequest) -> Fetched | Unchanged:
        """Fetch a body, following up to five redirects; `timeout_s` covers all of it, the last byte included.

        Raises Refused (guard or limit), HttpFailed (error status), Unreachable (no complete answer in time), NoRoom (of
        this machine).
        """
        url = self._address(request.url, request.url)
        home = links.origin(url)
        at_home = permanent = True
        left = request.timeout_s
        for _ in range(MAX_HOPS + 1):
            at_home = at_home and links.origin(url) == home
            headers = self._headers(request, with_own=at_home)
            async with self._turn(url):
                started = time.monotonic()
                answer = await self._exchange(request, url, headers, left)
                left -= time.monotonic() - started
            if isinstance(answer, Unchanged):
                return answer
            if isinstance(answer, Fetched):
                moved = permanent and url != self._address(request.url, request.url)
                return replace(answer, moved_to=answer.url) if moved else answer
            # A move to an unprotected address is followed but never remembered.
            permanent = permanent and answer.permanent and not (url.startswith("https:") and answer.url[:5] == "http:")
            url = answer.url
        raise Refused(request.url, f"more than {MAX_HOPS} redirects")

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], timeout_s: float) -> Posted:
        """Send a body to `url` and give the status, whatever it is. Redirects are not followed.

        Raises Refused (guard or limit) or Unreachable (no answer in time; the body may have arrived).
        """
        target = self._address(url, url)
        sent = {"User-Agent": self._user_agent} | {k: v for k, v in headers.items() if k.lower() not in _OURS}
        exchange = self._client_for(target).stream("POST", target, content=body, headers=sent)
        async with self._turn(target), _failures(url), asyncio.timeout(timeout_s), exchange as response:
            taken = 0
            async for chunk in response.aiter_raw():
                taken += len(chunk)
                if taken > _MAX_ANSWER_TO_POST:
                    break
            return Posted(status=response.status_code, retry_after_s=_retry_after(response.headers))

    async def _exchange(
        self, request: WebRequest, url: str, headers: dict[str, str], timeout_s: float
    ) -> Fetched | Unchanged | _Redirect:
        """Do one request and read its answer. Failures are told of the address that was asked first."""
        if timeout_s <= 0:
            raise Unreachable(request.url, "no complete answer in time")
        exchange = self._client_for(request.url).stream("GET", url, headers=headers)
        async with _failures(request.url), asyncio.timeout(timeout_s), exchange as response:
            return await self._answer(request, url, response)

    async def _answer(self, request: WebRequest, url: str, response: httpx.Response) -> Fetched | Unchanged | _Redirect:
        status = response.status_code
        if status == 304 and request.validators != Validators():
            return Unchanged(url=url, max_age_s=_max_age(response.headers))
        if status in _REDIRECTS and "location" in response.headers:
            target = self._address(_joined(url, response.headers["location"]), request.url)
            return _Redirect(url=target, permanent=status in _PERMANENT)
        if not 200 <= status < 300 or status == 206:
            raise HttpFailed(request.url, status, _retry_after(response.headers))
        declared = response.headers.get("content-length", "")
        if declared.isdecimal() and int(declared[:18]) > request.max_bytes:
            raise Refused(request.url, f"the answer is larger than {request.max_bytes} bytes")
        inflater = Inflater(request.url, response.headers.get("content-encoding", ""), request.max_bytes)
        pieces = raw = 0
        async for chunk in response.aiter_raw():
            for _ in inflater.steps(chunk):
                await asyncio.sleep(0)
            pieces, raw = pieces + 1, raw + len(chunk)
            if pieces % _BREATH == 0:
                if pieces >= _PATIENCE and raw < pieces * _LEAST_PIECE:
                    raise Refused(request.url, "the answer comes in crumbs")
                await asyncio.sleep(0)
        return Fetched(
            url=url,
            body=inflater.finish(),
            content_type=clean_text(response.headers.get("content-type", ""), 200),
            validators=Validators(
                etag=_validator(response.headers, "etag"), last_modified=_validator(response.headers, "last-modified")
            ),
            max_age_s=_max_age(response.headers),
        )

    def _client_for(self, asked: str) -> httpx.AsyncClient:
        """Give the client for all of a request that begins at `asked`."""
        return self._inside if host_with_port(asked) in self._allow else self._outside

    def _headers(self, request: WebRequest, *, with_own: bool) -> dict[str, str]:
        headers = {"User-Agent": self._user_agent, "Accept": _ACCEPT}
        if with_own:
            headers |= {name: value for name, value in request.headers if name.lower() not in _OURS}
            if request.username or request.password:
                pair = base64.b64encode(f"{request.username}:{request.password}".encode()).decode("ascii")
                headers["Authorization"] = f"Basic {pair}"
        if request.validators.etag:
            headers["If-None-Match"] = request.validators.etag
        if request.validators.last_modified:
            headers["If-Modified-Since"] = request.validators.last_modified
        return headers | {"Accept-Encoding": "gzip, deflate"}

    @staticmethod
    def _address(url: str, asked: str) -> str:
        """Give the one spelling of `url` that is requested, without its fragment. Raises Refused."""
        cleaned = clean_url(url)
        if cleaned is None:
            raise Refused(
                asked, "leads to something that is not a web address" if url != asked else "not a web address"
            )
        return urldefrag(cleaned).url

    @asynccontextmanager
    async def _turn(self, url: str) -> AsyncIterator[None]:
        """Wait for a place with the host first, so that many requests to a slow one do not use up all places."""
        async with self._lanes.lane(urlsplit(url).hostname or ""), self._turns:
            yield


@dataclass(frozen=True, slots=True, kw_only=True)
class _Redirect:
    url: str
    permanent: bool


class _Lanes:
    """A bound on exchanges with one host. A host nobody talks to takes no memory."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._open: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def lane(self, host: str) -> AsyncIterator[None]:
        places, users = self._open.get(host, (asyncio.Semaphore(self._width), 0))
        self._open[host] = (places, users + 1)
        try:
            async with places:
                yield
        finally:
            users = self._open[host][1] - 1
            if users:
                self._open[host] = (places, users)
            else:
                del self._open[host]


class _Stream(httpx.AsyncByteStream):
    """The raw body of a pooled response."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._response.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        await self._response.aclose()


class _Transport(httpx.AsyncBaseTransport):
    """httpx over a connection pool whose network is guarded. Certificates are always verified."""

    def __init__(self, network: GuardedNetwork, connections: int, tls: ssl.SSLContext) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=connections,
            max_keepalive_connections=min(connections, _KEPT_ALIVE),
            keepalive_expiry=_KEEP_ALIVE_S,
            network_backend=network,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; errors are those of httpcore."""
        assert isinstance(request.stream, httpx.AsyncByteStream)
        response = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Stream(response),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


def _client(transport: _Transport) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(None, connect=_CONNECT_S),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )


@asynccontextmanager
async def _failures(url: str) -> AsyncIterator[None]:
    """Tell every failure of the libraries below as one of ours, about `url`."""
    try:
        yield
    except FetchError:
        raise
    except AddressRefused as error:
        raise Refused(url, str(error)) from error
    except HeadTooLong as error:
        raise Refused(url, str(error)) from error
    except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol, httpx.InvalidURL, UnicodeError) as error:
        raise Refused(url, f"the request cannot be sent: {_told(error)}") from error
    except (TimeoutError, httpcore.TimeoutException) as error:
        raise Unreachable(url, f"no complete answer in time {_told(error)}".rstrip()) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ConnectionNotAvailable) as error:
        raise Unreachable(url, f"no complete answer: {_told(error)}") from error
    except (httpx.HTTPError, httpx.StreamError, OSError, EOFError, ValueError) as error:
        raise Unreachable(url, f"no complete answer: {_told(error)}") from error


def _told(error: BaseException) -> str:
    """Give the words of an error; they may quote a stranger, so they are cleaned."""
    return clean_text(str(error), 200)


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location.strip())
    except ValueError:
        return location


def _validator(headers: httpx.Headers, name: str) -> str:
    """Give a validator to send back as it came; one that cannot be sent back is none."""
    value = str(headers.get(name, "")).strip()
    return value if len(value) <= _MAX_VALIDATOR and value.isascii() and value.isprintable() else ""


def _max_age(headers: httpx.Headers) -> float | None:
    match = _MAX_AGE.search(headers.get("cache-control", ""))
    return min(float(match[1]), _FOREVER_S) if match else None


def _retry_after(headers: httpx.Headers) -> float | None:
    """Read Retry-After, seconds or a date; None when there is none that makes sense."""
    value = str(headers.get("retry-after", "")).strip()
    if value.isascii() and value.isdecimal():
        return min(float(value[:18]), _FOREVER_S)
    try:
        then = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return min(max((then - datetime.now(UTC)).total_seconds(), 0.0), _FOREVER_S)
