"""What of the sources' health is worth a message, and when: on a change, once, never in storms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

_DEAD = timedelta(days=1)
# after a day without us, one bad answer is no sign of anything
_FAILS = 3
_SILENT = timedelta(days=3)
_ENOUGH_TRIED = 10
_BROKEN_ABOVE, _MENDED_BELOW = 0.6, 0.3
_MANY_DEAD = 0.5
_AGAIN = timedelta(days=1)
_NONE: Mapping[str, datetime] = MappingProxyType({})
_NAMED = 8
_LANGUAGES = {"de": "German", "en": "English"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """A feed as far as its health goes. `good` is when it last answered well; its first poll where it never did.

    `doubt` says why it may be in other hands.
    """

    name: str
    lang: str
    fails: int
    gone: bool
    good: datetime
    heard: datetime
    problem: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingState:
    """How reading pages went lately."""

    tried: int
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message about health: a headline, and a line for everything that changed."""

    headline: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What is told as ill now (name of the illness -> what to say of it), when the beginning of what began lately was
    told, and the message that is due, if any.
    """

    ill: Mapping[str, str]
    begun: Mapping[str, datetime]
    notice: Notice | None


def assess(
    feeds: Sequence[FeedState], reading: ReadingState, told: Mapping[str, str], now: datetime,
    *, begun: Mapping[str, datetime] = _NONE,
) -> Assessment:  # fmt: skip
    """Compare what is ill now with what was `told` last. Whatever changed makes one message.

    An illness is told when it begins and when it ends; one that ends and begins again and again is told to begin once
    a day at most, by when it had `begun`. When most feeds are dead that is one illness (the network, or
    we), not one a feed.
    """
    ill = {**_dead(feeds, now), **_silent(feeds, now), **_broken(reading, told), **_in_other_hands(feeds)}
    if "feeds" in ill and any(name.startswith("feed ") for name in told):
        # each was told already; that they are most now is said once, and none of them is called well
        ill |= {name: line for name, line in told.items() if name.startswith("feed ")}
    # one from the future was noted before the clock was set back
    lately = {name: moment for name, moment in begun.items() if now - _AGAIN < moment <= now}
    ill = {name: line for name, line in ill.items() if name in told or name not in lately}
    began = [name for name in ill if name not in told]
    ended = [name for name in told if name not in ill]
    notice = _notice([ill[name] for name in began], ended)
    return Assessment(ill=ill, begun=lately | dict.fromkeys(began, now), notice=notice)


def _dead(feeds: Sequence[FeedState], now: datetime) -> dict[str, str]:
    # one that says it is gone for good is believed sooner, but not at its word: it may say so every other hour
    dead = [feed for feed in feeds if (feed.gone or feed.fails >= _FAILS) and now - feed.good > _DEAD]
    if len(feeds) > 2 and len(dead) > _MANY_DEAD * len(feeds):
        return {"feeds": f"{len(dead)} of {len(feeds)} feeds have not answered for a day"}
    return {f"feed {feed.name}": f"feed {feed.name} is dead: {feed.problem or 'no answer'}" for feed in dead}


def _silent(feeds: Sequence[FeedState], now: datetime) -> dict[str, str]:
    """A language is silent when it has feeds, and none of them brought anything new for days."""
    silent = {}
    for lang, name in _LANGUAGES.items():
        heard = [feed.heard for feed in feeds if feed.lang.partition("-")[0] == lang]
        if heard and now - max(heard) > _SILENT:
            silent[f"language {lang}"] = f"no feed in {name} brought anything new for {_SILENT.days} days"
    return silent


def _in_other_hands(feeds: Sequence[FeedState]) -> dict[str, str]:
    return {
        f"hands of {feed.name}": f"feed {feed.name} may be in other hands: {feed.doubt}" for feed in feeds if feed.doubt
    }


def _broken(reading: ReadingState, told: Mapping[str, str]) -> dict[str, str]:
    """Two thresholds, so that a share that wavers around one of them is not told again and again."""
    if reading.tried < _ENOUGH_TRIED:
        return {"reading": told["reading"]} if "reading" in told else {}
    limit = _MENDED_BELOW if "reading" in told else _BROKEN_ABOVE
    if reading.unread <= limit * reading.tried:
        return {}
    return {"reading": f"of {reading.tried} pages in a day, {reading.unread} did not give their text"}


def _notice(began: Sequence[str], ended: Sequence[str]) -> Notice | None:
    if not began and not ended:
        return None
    lines = [*began[:_NAMED], *([f"and {len(began) - _NAMED} more"] if len(began) > _NAMED else [])]
    lines += [f"well again: {name}" for name in ended[:_NAMED]]
    lines += [f"and {len(ended) - _NAMED} more are well again"] if len(ended) > _NAMED else []
    if not began:
        headline = "Sources are well again"
    else:
        headline = began[0][0].upper() + began[0][1:] if len(began) == 1 else f"{len(began)} sources are ill"
    return Notice(headline=headline, lines=tuple(lines))
