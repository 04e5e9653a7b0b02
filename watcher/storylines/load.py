"""A storyline by name or folder: `storyline.toml`, `actors.toml` and `events.jsonl` read into one record."""

from __future__ import annotations

import difflib
import tomllib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.config import StorylineConfig
from watcher.errors import ConfigError, StorylineError
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
        raise StorylineError(_tell_missing(name_or_folder, relative_to))
    return _read_folder(path.resolve().name, path)


def chosen(choice: StorylineConfig, relative_to: Path) -> Storyline:
    """Load the storyline a config names. Raises as `load` does, but `ConfigError` where nothing is called so."""
    require(choice, relative_to)
    return load(choice.use, relative_to)


def require(choice: StorylineConfig, relative_to: Path) -> None:
    """Raise `ConfigError`, with the line and the nearest name there is, where a config names no storyline."""
    if choice.use in BUNDLED or (relative_to / _expanded(choice.use)).is_dir():
        return
    place = f"{choice.where}: " if choice.where else ""
    raise ConfigError((f"{place}storyline.use: {_tell_missing(choice.use, relative_to)}",))


def _tell_missing(wanted: str, relative_to: Path) -> str:
    """Say that there is no such storyline, with the nearest there is: a bundled one, or a folder where it was meant."""
    path = relative_to / _expanded(wanted)
    beside = sorted(str(Path(wanted).parent / file.parent.name) for file in path.parent.glob("*/storyline.toml"))
    near = difflib.get_close_matches(wanted, [*BUNDLED, *beside], n=1)
    names = " and ".join(repr(name) for name in BUNDLED)
    meant = f"; did you mean {near[0]!r}?" if near else ":"
    return f"no storyline {wanted!r}{meant} bundled are {names}, and there is no folder {path}"


def name_of(name_or_folder: str, relative_to: Path) -> str:
    """What a storyline is called in the state, without reading it: its bundled name, or that of its folder."""
    if name_or_folder in BUNDLED:
        return name_or_folder
    return (relative_to / _expanded(name_or_folder)).resolve().name


def _expanded(folder: str) -> Path:
    try:
        return Path(folder).expanduser()
    except RuntimeError:  # a home of nobody: taken as written, it leads nowhere
        return Path(folder)


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
