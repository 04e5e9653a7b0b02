"""A storyline by name or folder: `storyline.toml`, `actors.toml` and `events.jsonl` read into one record."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.errors import StorylineError
from watcher.records import Actor, Storyline
from watcher.storylines.events import read_events
from watcher.storylines.fields import Fields, Mistakes

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

BUNDLED = ("musk-altman", "any")


def load(name_or_folder: str, relative_to: Path) -> Storyline:
    """Load the bundled storyline of that name, else the one in that folder (relative to `relative_to`, or `~`).

    Raises `StorylineError` with one line for every mistake in its files.
    """
    if name_or_folder == "any":
        return Storyline(name="any", title="Everything", everything=True)
    if name_or_folder in BUNDLED:
        folder: Traversable = resources.files("watcher.storylines") / name_or_folder.replace("-", "_")
        return _read_folder(name_or_folder, folder)
    path = relative_to / _expanded(name_or_folder)
    if not path.is_dir():
        names = " and ".join(repr(name) for name in BUNDLED)
        raise StorylineError(f"no storyline {name_or_folder!r}: bundled are {names}, and there is no folder {path}")
    return _read_folder(path.resolve().name, path)


def name_of(name_or_folder: str, relative_to: Path) -> str:
    """What a storyline is called in the state, without reading it: its bundled name, or that of its folder."""
    if name_or_folder in BUNDLED:
        return name_or_folder
    return (relative_to / _expanded(name_or_folder)).resolve().name


def _expanded(folder: str) -> Path:
    try:
        return Path(folder).expanduser()
    except RuntimeError as error:
        raise StorylineError(f"storyline folder {folder!r}: {error}") from error


def _read_folder(name: str, folder: Traversable) -> Storyline:
    """All three files, every mistake of every file told at once. The event file may be missing: an empty base."""
    mistakes = Mistakes()
    about = _read_toml(folder / "storyline.toml", mistakes)
    about.only("title", "sides", "matters", "namesakes")
    title, sides = about.text("title"), about.texts("sides")
    cast = _read_toml(folder / "actors.toml", mistakes)
    cast.only("actor")
    actors = tuple(_read_actor(fields, sides) for fields in cast.tables("actor"))
    _refuse_shared_names(actors, cast.where, mistakes)
    events_file = folder / "events.jsonl"
    try:
        text = _read_text(events_file) if events_file.is_file() else ""
        events = read_events(text, str(events_file))
    except StorylineError as error:
        raise StorylineError("\n".join([*mistakes.lines, str(error)])) from error
    if mistakes.lines:
        raise StorylineError("\n".join(mistakes.lines))
    return Storyline(
        name=name,
        title=title,
        actors=actors,
        sides=sides,
        matters=about.texts("matters"),
        namesakes=about.texts("namesakes"),
        events=events,
    )


def _read_actor(fields: Fields, sides: tuple[str, ...]) -> Actor:
    fields.only("name", "kind", "side", "aliases", "former", "weak")
    side = fields.text("side", required=False)
    if side and side not in sides:
        fields.mistakes.add(fields.where, f"side {side!r} is not one of the storyline's sides ({', '.join(sides)})")
    languages = fields.nested("aliases")
    told = [alias for lang in languages.table for alias in languages.texts(lang)]
    name, weak = fields.text("name"), fields.texts("weak")
    # a name counts once: an alias of both languages is one alias, and a weak one is not strong as well
    aliases = dict.fromkeys([*told, *fields.texts("former")])
    return Actor(
        name=name,
        kind=fields.text("kind"),
        aliases=tuple(alias for alias in aliases if alias != name and alias not in weak),
        side=side,
        weak=tuple(dict.fromkeys(weak)),
    )


def _refuse_shared_names(actors: tuple[Actor, ...], where: str, mistakes: Mistakes) -> None:
    owners: dict[str, str] = {}
    for actor in actors:
        for name in (actor.name, *actor.aliases, *actor.weak):
            owner = owners.setdefault(name, actor.name)
            if owner != actor.name or (name == actor.name and actor.name in actor.aliases):
                mistakes.add(where, f"the name {name!r} belongs to both {owner!r} and {actor.name!r}")
    names = [actor.name for actor in actors]
    for name in dict.fromkeys(name for name in names if name and names.count(name) > 1):
        mistakes.add(where, f"the actor {name!r} is listed {names.count(name)} times")


def _read_toml(file: Traversable, mistakes: Mistakes) -> Fields:
    """Read the top table of a TOML file; an empty one, with the mistake remembered, where it cannot be read."""
    table: dict[str, object] = {}
    try:
        table = tomllib.loads(_read_text(file))
    except (StorylineError, tomllib.TOMLDecodeError) as error:
        mistakes.lines.append(str(error) if isinstance(error, StorylineError) else f"{file}: {error}")
    return Fields(table=table, where=str(file), mistakes=mistakes)


def _read_text(file: Traversable) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise StorylineError(f"{file}: does not exist") from error
    except (OSError, UnicodeDecodeError) as error:
        raise StorylineError(f"{file}: cannot be read: {error}") from error
