"""The config file is found where it is said to be, and secrets are guarded."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from watcher.edges.config_file import find, load, read_secret
from watcher.errors import ConfigError, WatcherError


def test_places_are_tried_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The explicit file wins over the variable, that over the working directory, that over the user's folder."""
    work, home = tmp_path / "work", tmp_path / "home"
    for file in (tmp_path / "a.toml", tmp_path / "b.toml", work / "config.toml", home / "watcher" / "config.toml"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    monkeypatch.chdir(work)
    environ = {"WATCHER_CONFIG": str(tmp_path / "b.toml"), "XDG_CONFIG_HOME": str(home)}
    assert find(tmp_path / "a.toml", environ) == tmp_path / "a.toml"
    assert find(None, environ) == tmp_path / "b.toml"
    del environ["WATCHER_CONFIG"]
    assert find(None, environ) == Path("config.toml")
    (work / "config.toml").unlink()
    assert find(None, environ) == home / "watcher" / "config.toml"


def test_named_file_must_exist(tmp_path: Path) -> None:
    """A file somebody named is not quietly replaced by another."""
    for explicit, environ in ((tmp_path / "no.toml", {}), (None, {"WATCHER_CONFIG": str(tmp_path / "no.toml")})):
        with pytest.raises(ConfigError, match=r"no\.toml: no such config file"):
            find(explicit, environ)


def test_unreadable_text_is_told(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are a problem with a line, a byte order mark is none."""
    file = tmp_path / "config.toml"
    file.write_bytes(b"# \xc3\xa4\n# \xe4\n")
    with pytest.raises(ConfigError, match=r"config\.toml:2: syntax: is not UTF-8"):
        load(file)
    file.write_bytes(b"\xef\xbb\xbf[state]\n")
    assert load(file).state.dir == tmp_path / "state"


@pytest.mark.parametrize(("mode", "refused"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_secret_others_can_read_is_refused(tmp_path: Path, mode: int, refused: bool) -> None:
    """Only its owner may read a secret file; line ends are not part of the secret."""
    file = tmp_path / "password"
    file.write_text("hunter2 \n")
    file.chmod(mode)
    if refused:
        with pytest.raises(ConfigError, match="chmod 600"):
            read_secret(file, None)
    else:
        assert read_secret(file, None) == "hunter2 "


def test_credential_of_the_service_wins(tmp_path: Path) -> None:
    """A credential of the same base name is read instead, whatever its mode; without one the file is."""
    file, folder = tmp_path / "password", tmp_path / "credentials"
    folder.mkdir()
    file.write_text("from the file")
    file.chmod(0o600)
    assert read_secret(file, folder) == "from the file"
    (folder / "password").write_text("from the service\n")
    (folder / "password").chmod(0o440)
    assert read_secret(file, folder) == "from the service"


def test_missing_empty_or_odd_secret_is_told(tmp_path: Path) -> None:
    """A secret that is not there, is empty or is no file is an error that names it."""
    (tmp_path / "empty").touch(0o600)
    (tmp_path / "folder").mkdir(0o700)
    for name in ("missing", "empty", "folder"):
        with pytest.raises(ConfigError, match=name):
            read_secret(tmp_path / name, None)


def test_failing_disk_is_no_wrong_config(tmp_path: Path) -> None:
    """A file that cannot be opened for the moment is no wrong config, after which no service starts again."""
    file = tmp_path / "config.toml"
    file.write_text("")
    file.chmod(0o600)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for read in (lambda: load(file), lambda: read_secret(file, None)):
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
        try:
            with pytest.raises(WatcherError, match=r"config\.toml: .*Too many open files") as raised:
                read()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert not isinstance(raised.value, ConfigError)
