"""Who counts as having written by themselves."""

from __future__ import annotations

import pytest

from watcher.store.origins import Teller, count

POST = Teller(outlet="Harbour Post", url="http://127.0.0.1:8000/post/1", copy_of=None)
BOTE = Teller(outlet="Der Bote", url="http://127.0.0.1:8000/bote/2", copy_of=None)


def copy(outlet: str, of: int) -> Teller:
    """Give an article with another one's text."""
    return Teller(outlet=outlet, url=f"https://{outlet.lower()}.example/copy", copy_of=of)


@pytest.mark.parametrize(
    ("tellers", "number"),
    [
        ({1: POST}, 1),
        ({1: POST, 2: BOTE}, 2),
        ({1: POST, 2: POST}, 1),
        ({1: POST, 2: copy("Echo", 1), 3: copy("Sun", 2)}, 1),
        ({1: POST, 2: copy("Echo", 1), 3: Teller(outlet="Echo", url="https://echo.example/own", copy_of=None)}, 2),
        ({2: copy("Echo", 1), 3: copy("Sun", 1)}, 1),
        ({1: copy("Echo", 2), 2: copy("Sun", 1)}, 2),
        ({}, 0),
    ],
    ids=["one", "two", "same twice", "copies", "a copy and its own", "copies of one not here", "ring", "none"],
)
def test_outlets_are_counted_and_copies_left_out(tellers: dict[int, Teller], number: int) -> None:
    """An outlet counts once however much it wrote itself; what it copied is its author's."""
    assert count(tellers) == number


@pytest.mark.parametrize(
    ("first", "second", "number"),
    [
        (("BBC News", "https://www.bbc.co.uk/a"), ("BBC Sport", "https://bbc.com/b"), 1),
        (("Süddeutsche Zeitung", "https://www.sueddeutsche.de/a"), ("sueddeutsche.de", "https://sueddeutsche.de/b"), 1),
        (("ntv.de", "https://www.n-tv.de/a"), ("N-TV Politik", "https://n-tv.de/b"), 1),
        (("Reuters", "https://news.google.com/a"), ("CNN", "https://news.google.com/b"), 2),
        (("The Post", "https://a.example/1"), ("the  post", "https://b.example/1"), 1),
        (("", "https://a.press/1"), ("", "https://other.press/1"), 2),
    ],
)
def test_an_outlet_is_told_by_its_domain_or_its_name(
    first: tuple[str, str], second: tuple[str, str], number: int
) -> None:
    """Sections of one house are one outlet; what a news search lists under its own address is not."""
    pair = (Teller(outlet=outlet, url=url, copy_of=None) for outlet, url in (first, second))
    assert count(dict(enumerate(pair, start=1))) == number
