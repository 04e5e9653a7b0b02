"""One visit to one page: values in, a value out, no store, so that it can run anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from watcher.edges import links
from watcher.errors import FetchError, HttpFailed, ParseError, Refused, WorkerFailed
from watcher.flow.poll import Getter, told_status
from watcher.records import Body, Page, Unchanged, Validators, WebRequest

_GONE = 410
_AWAY = frozenset([404, 410])
_LASTING = frozenset([400, 401, 402, 403, 405, 406, 410, 451])


class Extractor(Protocol):
    """What extracts articles at a distance: `edges.workers.Workers`."""

    async def extract_page(self, body: Body, content_type: str, url: str, feed_title: str) -> Page:
        """Extract a page. Raises `ParseError` or `WorkerFailed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Everything a visit needs, as plain values. `title` is the entry's: it helps to find the article in the page."""

    request: WebRequest
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The page as extracted. `url` is where it was had; `problem` says why its text is not the article's, or ''."""

    page: Page
    url: str
    validators: Validators
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unaltered:
    """The server says the page is as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Why a visit came to nothing. `lasting`: trying again soon will not help; `away`, `gone`: it is not there."""

    problem: str
    lasting: bool = False
    away: bool = False
    gone: bool = False
    retry_after_s: float | None = None


async def visit(asked: Visit, web: Getter, workers: Extractor) -> Found | Unaltered | Missed:
    """Fetch and extract one page."""
    try:
        answer = await web.get(asked.request)
        if isinstance(answer, Unchanged):
            return Unaltered()
        page = await workers.extract_page(answer.body, answer.content_type, answer.url, asked.title)
    except HttpFailed as error:
        return Missed(
            problem=told_status(error.status),
            lasting=error.status in _LASTING,
            away=error.status in _AWAY,
            gone=error.status == _GONE,
            retry_after_s=error.retry_after_s,
        )
    except Refused as error:
        return Missed(problem=error.reason, lasting=True)
    except FetchError as error:
        return Missed(problem=error.reason)
    except (ParseError, WorkerFailed) as error:
        return Missed(problem=str(error), lasting=True)
    problem = page.problem or _beside(answer.url) or ("" if page.paragraphs else "empty")
    return Found(page=page, url=answer.url, validators=answer.validators, problem=problem)


def _beside(url: str) -> str:
    """Say why the place where we ended cannot be the article."""
    if links.is_aggregator(url):
        return "aggregator"
    return "front page" if links.is_front_page(url) else ""
