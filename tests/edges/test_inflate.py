"""Bodies unpacked within a bound."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from pathlib import Path

import pytest

from watcher.edges.inflate import Inflater
from watcher.errors import NoRoom, Refused, Unreachable

TEXT = b"news " * 1000
RAW_DEFLATE = zlib.compress(TEXT)[2:-4]


def _read(raw: bytes, encoding: str, *, step: int = 7, limit: int = 10_000) -> bytes:
    inflater = Inflater("https://example.org/", encoding, limit)
    for start in range(0, len(raw), step):
        inflater.add(raw[start : start + step])
    return b"".join(inflater.finish().pieces())


@pytest.mark.parametrize("step", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (gzip.compress(TEXT), "gzip"),
        (gzip.compress(TEXT), "X-GZIP"),
        (gzip.compress(TEXT[:999]) + gzip.compress(TEXT[999:]), "gzip"),
        (gzip.compress(TEXT) + b"\0" * 40, "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (RAW_DEFLATE, "deflate"),
        (TEXT, "gzip"),
    ],
    ids=["none", "identity", "gzip", "x-gzip", "members", "padded", "zlib", "raw deflate", "not packed"],
)
def test_every_packing_is_read(raw: bytes, encoding: str, step: int) -> None:
    """Plain, gzip of one or more members, both kinds of deflate, and plain text that claims to be gzip."""
    assert _read(raw, encoding, step=step) == TEXT


def test_a_bomb_is_refused_in_little_memory() -> None:
    """A hundred megabytes in a hundred kilobytes are refused without being held."""
    bomb = gzip.compress(b"\0" * 100_000_000, 9)
    tracemalloc.start()
    with pytest.raises(Refused):
        _read(bomb, "gzip", step=65536, limit=1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_endless_bodies_are_refused(encoding: str) -> None:
    """A body one byte beyond the bound is refused, packed or not; one at the bound is not."""
    pack = gzip.compress if encoding else bytes
    assert len(_read(pack(b"x" * 1000), encoding, limit=1000)) == 1000
    with pytest.raises(Refused):
        _read(pack(b"x" * 1001), encoding, limit=1000)


def test_very_many_members_are_refused() -> None:
    """A flood of empty gzip members ends early."""
    with pytest.raises(Refused):
        _read(gzip.compress(b"") * 1100, "gzip", step=65536)


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (gzip.compress(TEXT)[:-9], "gzip"),
        (b"\x1f\x8b\x08\x00garbage garbage", "gzip"),
        (b"x", "br"),
        (gzip.compress(gzip.compress(TEXT)), "gzip, gzip"),
    ],
    ids=["cut", "damaged", "unasked", "nested"],
)
def test_broken_answers_are_no_answers(raw: bytes, encoding: str) -> None:
    """Cut, damaged and unasked packings are as if no answer had come."""
    with pytest.raises(Unreachable):
        _read(raw, encoding)


def test_an_empty_body_is_empty() -> None:
    """No bytes are a body of no bytes, whatever the header says."""
    assert _read(b"", "gzip") == b""


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_disk_without_room_is_told(encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long answer that the disk does not take is no failure of the server, and says so."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    body = b"long " * 200_000
    with pytest.raises(NoRoom, match="finds no room: No such file or directory"):
        _read(gzip.compress(body) if encoding else body, encoding, step=65536, limit=2_000_000)
