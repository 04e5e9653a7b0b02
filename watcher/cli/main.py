"""`watcher`: finds the command, sets up the log, and turns what goes wrong into one line and an exit code."""

from __future__ import annotations

import os
import sqlite3
import sys
from importlib import import_module
from pathlib import Path

import click

from watcher import __version__
from watcher.cli.setting import Setting
from watcher.cli.terminal import say_error
from watcher.errors import ConfigError, StateBusy, WatcherError

EXIT_FAILED = 1
EXIT_TRY_LATER = 75
EXIT_CONFIG = 78

# Command -> where it lives: `module:function`. In the order the help shows them.
COMMANDS = {
    "run": "running:run",
    "once": "running:once",
    "flags": "reviewing:flags",
    "show": "reviewing:show",
    "diff": "comparing:diff",
    "review": "walkthrough:review",
    "accept": "deciding:accept",
    "merge": "deciding:merge",
    "dismiss": "deciding:dismiss",
    "later": "deciding:later",
    "undo": "deciding:undo",
    "learn": "learning:learn",
    "events": "base:events",
    "feeds": "sources:feeds",
    "alerts": "messages:alerts",
    "explain": "explaining:explain",
    "replay": "replaying:replay",
    "doctor": "health:doctor",
    "semantic": "encoding:semantic",
    "backup": "keeping:backup",
    "restore": "keeping:restore",
    "demo": "demonstration:demo",
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """The command of that name, or None."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, function = place.split(":")
        command = getattr(import_module(f"watcher.cli.{module}"), function)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The config file. Default: $WATCHER_CONFIG, ./config.toml, ~/.config/watcher/, /etc/watcher/.",
)
@click.version_option(__version__, prog_name="watcher")
@click.pass_context
def watcher(ctx: click.Context, config_path: Path | None) -> None:
    """Watch the news on one storyline and flag, sentence by sentence, what is new or changed.

    Without a command: what waits for you, and what is ill.
    """
    ctx.obj = Setting(config_path)
    if ctx.invoked_subcommand is None:
        from watcher.cli.overview import show_overview

        show_overview(ctx.obj)


def main() -> None:
    """Run the command line; never returns."""
    sys.exit(_run())


def _refuse_broken_text(words: list[str]) -> None:
    """Refuse words that are no text: they would be kept for ever, and no sink could write them."""
    for word in words:
        if not word.isascii() and any("\ud800" <= letter <= "\udfff" for letter in word):
            raise click.UsageError(f"{word!r} is not text in UTF-8")


def _run() -> int:
    try:
        _refuse_broken_text(sys.argv[1:])
        result = watcher.main(standalone_mode=False)
    except click.exceptions.Abort:
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ConfigError as error:
        say_error(str(error))
        return EXIT_CONFIG
    except StateBusy as error:
        say_error(str(error))
        return EXIT_TRY_LATER
    except WatcherError as error:
        say_error(str(error))
        return EXIT_FAILED
    except BrokenPipeError:
        # The reader of our output left (`watcher flags | head`): nothing to say, and nothing to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (sqlite3.Error, OSError) as error:
        # a disk that is full or broken, met in the middle of the work; what was not saved was undone
        say_error(f"{type(error).__name__}: {error}")
        return EXIT_FAILED
    return result if isinstance(result, int) else 0
