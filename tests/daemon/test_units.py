"""The service units hold their promise of a closed sandbox."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "systemd"
UNITS = sorted(FOLDER.glob("*.service"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_exposure_is_small(unit: Path) -> None:
    """Systemd itself judges the exposure to be at most 1.5 of 10."""
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not installed")
    done = subprocess.run(
        [tool, "security", "--offline=true", "--threshold=15", str(unit)],
        check=False, capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-500:] + done.stderr


def test_the_two_units_differ_in_names_alone() -> None:
    """What one unit forbids, the other forbids too."""
    settings = [re.findall(r"^([A-Z][A-Za-z]+)=(.*)$", unit.read_text(), re.MULTILINE) for unit in UNITS]
    assert [key for key, _ in settings[0]] == [key for key, _ in settings[1]]
    named = {"Description", "ExecStart", "StateDirectory"}
    different = {key for (key, one), (_, other) in zip(*settings, strict=True) if one != other}
    assert different <= named
