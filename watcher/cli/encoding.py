"""`semantic`: the sentence encoder that may add evidence."""

from __future__ import annotations

import click

from watcher.cli.setting import Setting
from watcher.cli.terminal import plain, say


@click.group()
def semantic() -> None:
    """The optional sentence encoder: fetch one by name. `[semantic] model` in the config uses it."""


@semantic.command()
@click.argument("name")
@click.pass_obj
def fetch(setting: Setting, name: str) -> None:
    """Fetch the model NAME from the hub into the state. Nothing else ever fetches one."""
    from watcher.edges import encoder

    folder = encoder.fetch(name, setting.state_dir)
    opened = encoder.Encoder(folder)
    say(f"{plain(str(folder))}: vectors of {opened.dimensions} numbers. In the config:")
    say(f'[semantic]\nmodel = "{plain(name)}"')
