"""One poll of one feed: values in, a value out, no store, so that it can run anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from watcher.errors import FetchError, HttpFailed, ParseError, Refused, WorkerFailed
from watcher.records import Body, Fetched, ParsedFeed, Unchanged, Validators, WebRequest

_GONE = 410
_REASONS = {
    401: "wants a password",
    403: "refuses us",
    404: "not found",
    410: "gone for good",
    429: "asks us to slow down",
    451: "not available for legal reasons",
}


class Getter(Protocol):
    """What fetches: `edges.web.Web`."""

    async def get(self, request: WebRequest) -> Fetched | Unchanged:
        """Fetch a body. Raises `FetchError`."""


class FeedParser(Protocol):
    """What parses feeds at a distance: `edges.workers.Workers`."""

    async def parse_feed(self, body: Body, content_type: str, url: str) -> ParsedFeed:
        """Parse a feed. Raises `ParseError` or `WorkerFailed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Everything a poll needs, as plain values. `body_hash` is of the last body that was saved."""

    request: WebRequest
    body_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """The feed is as it was. `validators` None means that those we have stay."""

    max_age_s: float | None = None
    validators: Validators | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """The feed as it is now."""

    feed: ParsedFeed
    body_hash: str
    validators: Validators
    max_age_s: float | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Why a poll came to nothing. `health` is what the feed's row will say."""

    problem: str
    health: str = "failing"
    retry_after_s: float | None = None


async def poll(ask: Ask, web: Getter, workers: FeedParser) -> Same | Brought | Failed:
    """Ask one feed. Values in, a value out, no store: it can run in another process or on another machine."""
    try:
        answer = await web.get(ask.request)
        if isinstance(answer, Unchanged):
            return Same(max_age_s=answer.max_age_s)
        body_hash = answer.body.sha256
        if body_hash == ask.body_hash:
            return Same(max_age_s=answer.max_age_s, validators=answer.validators, moved_to=answer.moved_to)
        found = await workers.parse_feed(answer.body, answer.content_type, answer.url)
    except HttpFailed as error:
        return Failed(
            problem=told_status(error.status),
            health="gone" if error.status == _GONE else "failing",
            retry_after_s=error.retry_after_s,
        )
    except Refused as error:
        return Failed(problem=error.reason, health="refused")
    except FetchError as error:
        return Failed(problem=error.reason)
    except (ParseError, WorkerFailed) as error:
        return Failed(problem=str(error))
    return Brought(
        feed=found,
        body_hash=body_hash,
        validators=answer.validators,
        max_age_s=answer.max_age_s,
        moved_to=answer.moved_to,
    )


def told_status(status: int) -> str:
    """Give an error status with what it means: `HTTP 403 (refuses us)`."""
    reason = _REASONS.get(status) or ("trouble at the server" if status >= 500 else "")
    return f"HTTP {status} ({reason})" if reason else f"HTTP {status}"
