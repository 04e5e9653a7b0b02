"""The one error tree. A message says what we were doing, to which feed, file or article, and why it failed.

WatcherError
  ConfigError        the configuration cannot be used (exit 78)
  StorylineError     a storyline folder or an event file cannot be used
  StateError         the state cannot be used
    StateBusy        another daemon owns it (exit 75)
    StateTooNew      written by a newer version of the program
    StateCorrupt     the database is damaged
  NotFound           a development, event, feed or alert of that name does not exist
  FetchError         a body could not be had over HTTP
    Refused          the address guard or a limit of ours said no; asking again will not help
    HttpFailed       the server answered with an error status
    Unreachable      no complete answer within the deadline
  NoRoom             this machine's disk does not take what a server sent
  ParseError         bytes were had but are not what they should be
  WorkerFailed       a worker process ran out of time or memory, or died
  DeliveryError      a channel did not take a message
    DeliveryRefused  and never will
"""

from __future__ import annotations


class WatcherError(Exception):
    """Anything this program reports to a person as its own doing."""


class ConfigError(WatcherError):
    """The configuration cannot be used. `problems` holds one line for each mistake found."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class StorylineError(WatcherError):
    """A storyline folder or an event file cannot be used."""


class StateError(WatcherError):
    """The state directory or its database cannot be used."""


class StateBusy(StateError):
    """Another daemon owns the state."""


class StateTooNew(StateError):
    """The database was written by a newer version of the program."""


class StateCorrupt(StateError):
    """The database is damaged."""


class NotFound(WatcherError):
    """What a person named does not exist."""


class FetchError(WatcherError):
    """A body could not be had over HTTP. `url` is the address that was asked first."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class Refused(FetchError):
    """The address guard or one of our limits said no."""


class HttpFailed(FetchError):
    """The server answered with an error status. `retry_after_s` is its wish, when it sent one."""

    def __init__(self, url: str, status: int, retry_after_s: float | None = None) -> None:
        super().__init__(url, f"HTTP {status}")
        self.status = status
        self.retry_after_s = retry_after_s


class Unreachable(FetchError):
    """No complete answer within the deadline."""


class NoRoom(WatcherError):
    """The disk of this machine does not take what a server sent."""


class ParseError(WatcherError):
    """Bytes were had but are not the feed or page they should be."""


class WorkerFailed(WatcherError):
    """A worker process ran out of time or memory, or died."""


class DeliveryError(WatcherError):
    """A channel did not take a message; trying again may help."""

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class DeliveryRefused(DeliveryError):
    """A channel will never take this message."""
