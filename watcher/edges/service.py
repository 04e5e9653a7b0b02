"""What runs beside us on this machine, looked at from outside: the daemon of a state, the service, a mail host."""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path

from watcher.edges.machine import LOCK

_PATIENCE_S = 5.0


def daemon_of(folder: Path) -> str | None:
    """Give the number of the process that holds the lock on a state; None for nobody.

    The lock is looked up, not tried: trying could turn away a daemon that starts at this moment.
    """
    try:
        inode = (folder / LOCK).stat().st_ino
        number = (folder / LOCK).read_text(encoding="ascii").strip()
        command = Path(f"/proc/{int(number)}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None  # nobody ever held it, or who did is gone
    try:
        locks = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    except OSError:
        return number if b"watcher" in command else None
    return number if any(line.rpartition(" 0 ")[0].endswith(f":{inode}") for line in locks) else None


def silence_of(host: str, port: int) -> str:
    """Connect and hang up. Give why that was not possible, or '' when somebody answered."""
    try:
        socket.create_connection((host, port), timeout=_PATIENCE_S).close()
    except OSError as error:
        return str(error)
    return ""


def has_manager() -> bool:
    """Whether there is a `systemctl` to ask."""
    return shutil.which("systemctl") is not None


def unit(name: str) -> dict[str, str]:
    """Give LoadState, ActiveState and UnitFileState of a unit; nothing when systemd does not answer."""
    systemctl = shutil.which("systemctl")
    if systemctl is None:
        return {}
    asked = [systemctl, "show", name, "--property=LoadState,ActiveState,UnitFileState"]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return {}
    return dict(line.split("=", 1) for line in answer.stdout.splitlines() if "=" in line)
