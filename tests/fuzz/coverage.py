"""One door fed with inputs that look for new paths, where `atheris` is installed: `python -m fuzz.coverage DOOR ...`.

What follows the door is for libFuzzer: `-max_total_time=60`, or a folder of inputs to begin with. An input that does
harm is written to the working directory; copy it to `found/DOOR.NAME`, and it is a test from then on.
"""

from __future__ import annotations

import importlib.util
import sys


def main() -> None:
    """Feed the door named first on the command line until the time is over or an input did harm."""
    if importlib.util.find_spec("atheris") is None:
        sys.stderr.write("atheris is not installed here: only the usual inputs are tried\n")
        return
    import atheris

    with atheris.instrument_imports(include=["watcher"]):
        from fuzz.test_doors import DOORS

    door = DOORS[sys.argv[1]]

    def feed(data: bytes) -> None:
        door(bytes(data))

    atheris.Setup([sys.argv[0], *sys.argv[2:]], feed)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
