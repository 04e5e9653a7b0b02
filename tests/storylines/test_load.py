"""Storylines by name and by folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from watcher.errors import StorylineError
from watcher.storylines import load


def test_any_watches_everything_from_an_empty_base(tmp_path: Path) -> None:
    """The storyline `any` has no relevance rule, no actors and no events."""
    storyline = load("any", tmp_path)
    assert storyline.everything
    assert (storyline.name, storyline.actors, storyline.events) == ("any", (), ())


def test_a_bundled_storyline_is_found_from_anywhere(tmp_path: Path) -> None:
    """`musk-altman` comes with the program, whatever the config's folder is."""
    storyline = load("musk-altman", tmp_path)
    assert storyline.name == "musk-altman"
    assert storyline.sides == ("musk", "openai")
    assert not storyline.everything


def test_a_folder_is_read_relative_to_the_config(folder: Path) -> None:
    """A relative folder is looked up beside the config file; its name becomes the storyline's."""
    storyline = load("mills", folder.parent)
    assert (storyline.name, storyline.title) == ("mills", "Two mills")
    assert storyline.matters == ("mill war",)
    assert storyline.namesakes == ("Miller High Life",)
    assert [event.id for event in storyline.events] == ["2020-flood", "2021-03-suit"]
    assert load(str(folder), Path("/nowhere")) == storyline


def test_a_name_of_both_languages_is_one_alias_and_former_names_count(folder: Path) -> None:
    """Aliases of all languages and former names are one list without repeats, the weak ones apart."""
    ada, court = load("mills", folder.parent).actors
    assert ada.aliases == ("Miller", "the mill owner", "Müllerin", "Ada Stone")
    assert ada.weak == ("the owner", "Ada")
    assert (court.side, court.aliases, court.weak) == ("", (), ())


def test_a_weak_name_listed_as_alias_stays_weak(folder: Path) -> None:
    """A name that is listed both ways never counts alone."""
    (folder / "actors.toml").write_text(
        '[[actor]]\nname = "X Corp."\nkind = "company"\naliases.en = ["X", "X Corp"]\nweak = ["X"]\n', encoding="utf-8"
    )
    (actor,) = load("mills", folder.parent).actors
    assert (actor.aliases, actor.weak) == (("X Corp",), ("X",))


def test_a_storyline_may_begin_with_an_empty_base(folder: Path) -> None:
    """Without an event file nothing is known yet."""
    (folder / "events.jsonl").unlink()
    assert load("mills", folder.parent).events == ()


def test_an_unknown_storyline_names_what_there_is(tmp_path: Path) -> None:
    """The message lists the bundled names and the folder that was looked for."""
    with pytest.raises(StorylineError, match=r"'musk-altman' and 'any'.*no folder .*musk_altman"):
        load("musk_altman", tmp_path)


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("storyline.toml", "title = [", "storyline.toml: "),
        ("storyline.toml", 'sides = ["north", "south"]', "storyline.toml: title is missing"),
        ("storyline.toml", 'title = "T"\nsides = "north"', "sides must be a list of non-empty texts, not 'north'"),
        ("storyline.toml", 'title = "T"\nmater = []', "unknown key 'mater' (known: title, sides, matters, namesakes)"),
        ("actors.toml", '[[actor]]\nkind = "person"', "actor[1]: name is missing"),
        ("actors.toml", '[[actor]]\nname = "A"\nkind = 3', "actor[1]: kind must be a non-empty text, not 3"),
        ("actors.toml", '[[actor]]\nname = "A"\nkind = "p"\nside = "west"', "side 'west' is not one of"),
        ("actors.toml", '[[actor]]\nname = "A"\nkind = "p"\nalias = ["B"]', "actor[1]: unknown key 'alias'"),
        ("actors.toml", '[[actor]]\nname = "A"\nkind = "p"\naliases = ["B"]', "aliases must be a table"),
        ("actors.toml", '[[actor]]\nname = "A"\nkind = "p"\naliases.de = [""]', "de must be a list of non-empty texts"),
        ("actors.toml", 'actor = "A"', "actor must be a list of tables"),
        (
            "actors.toml",
            '[[actor]]\nname = "A"\nkind = "p"\nweak = ["Q"]\n[[actor]]\nname = "B"\nkind = "p"\naliases.en = ["Q"]',
            "the name 'Q' belongs to both 'A' and 'B'",
        ),
        (
            "actors.toml",
            '[[actor]]\nname = "A"\nkind = "p"\n[[actor]]\nname = "A"\nkind = "p"',
            "the actor 'A' is listed 2 times",
        ),
        ("events.jsonl", "{", "events.jsonl:1: not JSON"),
    ],
)
def test_a_mistake_in_a_storyline_is_told_with_file_and_place(folder: Path, file: str, text: str, told: str) -> None:
    """Each kind of mistake names the file, the entry in it and what is wrong."""
    (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(StorylineError) as caught:
        load("mills", folder.parent)
    assert told in str(caught.value)


def test_mistakes_of_all_files_are_told_at_once(folder: Path) -> None:
    """Whoever writes a storyline sees everything that is wrong with it in one go."""
    (folder / "storyline.toml").unlink()
    (folder / "actors.toml").write_text('[[actor]]\nname = "A"', encoding="utf-8")
    (folder / "events.jsonl").write_text('{"id": "x"}', encoding="utf-8")
    with pytest.raises(StorylineError) as caught:
        load("mills", folder.parent)
    lines = str(caught.value).splitlines()
    assert any("storyline.toml: does not exist" in line for line in lines)
    assert any("actor[1]: kind is missing" in line for line in lines)
    assert any("events.jsonl:1: title is missing" in line for line in lines)


def test_bytes_that_are_not_text_are_refused(folder: Path) -> None:
    """A file in another encoding is named, not crashed on."""
    (folder / "actors.toml").write_bytes("[[actor]]\nname = 'Müller'".encode("latin-1"))
    with pytest.raises(StorylineError, match=r"actors\.toml: cannot be read"):
        load("mills", folder.parent)
