"""Bodies of answers, in memory and on disk."""

from __future__ import annotations

import gc
import hashlib
import resource
import tracemalloc
from pathlib import Path

import pytest

from watcher.edges.body import Body


@pytest.mark.parametrize("size", [0, 1, 65_536, 262_144, 262_145, 3_000_000])
def test_what_was_added_is_read(size: int) -> None:
    """In order and as often as it is asked for, with its size and digest, however it came."""
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    body = Body()
    for start in range(0, size, 50_001):
        body.add(content[start : start + 50_001])
    assert body.size == size
    assert body.sha256 == hashlib.sha256(content).hexdigest()
    assert [b"".join(body.pieces()) for _ in range(2)] == [content] * 2
    assert b"".join(Body(content).pieces()) == content


def test_long_bodies_are_not_held_in_memory() -> None:
    """Ten of eight MiB take less than one of them would."""
    tracemalloc.start()
    bodies = []
    for _ in range(10):
        body = Body()
        for _ in range(128):
            body.add(bytes(65_536))
        bodies.append(body)
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(body.size for body in bodies) == 10 * 2**23
    assert taken < 2**22


def test_nothing_is_left_of_a_body(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its file has no name while it is there, and is closed with it."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = _open_files()
    body = Body()
    body.add(bytes(1_000_000))
    assert _open_files() == before + 1
    assert list(tmp_path.iterdir()) == []
    del body
    gc.collect()
    assert _open_files() == before


def test_short_bodies_need_no_file() -> None:
    """Nor does one that was in memory anyway."""
    before = _open_files()
    short, given = Body(), Body(bytes(1_000_000))
    short.add(bytes(200_000))
    assert _open_files() == before
    assert short.size + given.size == 1_200_000


def test_more_may_be_added_after_reading() -> None:
    """It stands at the end."""
    body = Body(bytes(200_000))
    next(body.pieces())
    body.add(b"end")
    assert b"".join(body.pieces()) == bytes(200_000) + b"end"


def test_a_disk_that_is_full_is_told_at_once() -> None:
    """When bytes are added, and no error escapes any more when the body goes: it would be a failure here."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, hard))
    try:
        body = Body()
        body.add(bytes(400_000))
        with pytest.raises(OSError, match="too large"):
            body.add(bytes(100_001))
        del body
        gc.collect()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
