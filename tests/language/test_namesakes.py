"""Somebody who only shares a name with an actor."""

from __future__ import annotations

from watcher.language.names import Gazetteer
from watcher.records import Actor

SAM = Actor(name="Sam Altman", kind="person", aliases=("Altman",))


def test_namesake_counts_for_nobody() -> None:
    """A phrase listed as a namesake names no actor; the actor beside it is still found."""
    gazetteer = Gazetteer([SAM], ["Robert Altman", "Altman Solar"])
    assert gazetteer.find("A film by Robert Altman, shown at Altman Solar.") == ()
    assert gazetteer.find("Altman praised Robert Altman's films.") == ("Sam Altman",)


def test_without_namesakes_the_name_counts() -> None:
    """The same text names the actor when no namesake is listed."""
    assert Gazetteer([SAM]).find("A film by Robert Altman.") == ("Sam Altman",)
