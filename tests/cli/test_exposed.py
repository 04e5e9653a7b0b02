"""Secrets that stand in a config every user can read: doctor names them, and a webhook's address has a file instead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from watcher import wiring
from watcher.cli.checkups import look_at_config
from watcher.cli.setting import Setting
from watcher.config import parse
from watcher.edges.config_file import exposed, load
from watcher.errors import ConfigError

HOOK = '[[alerts.webhook]]\nname = "desk"\nformat = "slack"\n'
OPEN = (
    '[[feed]]\nname = "a"\nurl = "https://a.example/?id=7"\nheaders = { Accept-Language = "de" }\n'
    '[[feed]]\nname = "b"\nurl = "https://b.example/?page=1&access_token=SEKRIT"\n'
    '[[feed]]\nname = "c"\nurl = "https://c.example/"\nheaders = { Authorization = "SEKRIT" }\n'
    + HOOK
    + 'url = "https://chat.example/SEKRIT"\n'
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Give a config file with secrets in it."""
    path = tmp_path / "config.toml"
    path.write_text(OPEN)
    return path


@pytest.mark.parametrize(("mode", "told"), [(0o644, True), (0o640, False), (0o600, False)])
def test_what_every_user_can_read_is_named(config: Path, mode: int, told: bool) -> None:
    """By its key and not by its value, and only while others can read it."""
    config.chmod(mode)
    keys = exposed(config, load(config))
    assert keys == (("alerts.webhook.url of desk", "feed.url of b", "feed.headers of c") if told else ())
    remarks = list(look_at_config(Setting(config), {}))
    assert [remark.level for remark in remarks] == ["ok", "warn"][: 1 + told]
    assert "SEKRIT" not in str(remarks)
    assert not told or "chmod o-r" in remarks[1].fix


def test_the_address_of_a_webhook_may_have_a_file(tmp_path: Path) -> None:
    """It is guarded as passwords are, a credential of the service wins, and both at once are a mistake."""
    text = '[storyline]\nuse = "any"\n' + HOOK + 'url_file = "address"\n'
    where = str(tmp_path / "config.toml")
    config, address = parse(text, where), tmp_path / "address"
    address.write_text("https://chat.example/SEKRIT\n")
    with pytest.raises(ConfigError, match="chmod 600"):
        wiring.prepare(config, environ={})
    address.chmod(0o600)
    plan = wiring.prepare(config, environ={})
    assert plan.config.alerts.webhooks[0].url == "https://chat.example/SEKRIT"
    assert "SEKRIT" not in repr(plan)
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "address").write_text("https://chat.example/other")
    plan = wiring.prepare(config, environ={"CREDENTIALS_DIRECTORY": str(tmp_path / "given")})
    assert plan.config.alerts.webhooks[0].url == "https://chat.example/other"
    os.truncate(address, len("https://"))
    with pytest.raises(ConfigError) as caught:
        wiring.prepare(config, environ={})
    assert str(address) in str(caught.value)
    assert "chat" not in str(caught.value)
    for more, key in (('url = "https://a.example/"\n', "url_file"), ("", "url")):
        with pytest.raises(ConfigError, match=rf"alerts\.webhook\.{key}: "):
            parse(text + more if more else text.replace('url_file = "address"\n', ""), where)
