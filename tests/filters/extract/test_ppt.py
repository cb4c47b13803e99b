"""PowerPoint before 2007: text wherever it stands among the records."""

import struct
import zlib

import pytest

from filters.extract import Budget, Extracted, extract
from tests.filters.extract.cfb import compound
from tests.filters.extract.office97 import doc


def record(kind: int, data: bytes, version: int = 0) -> bytes:
    return struct.pack("<HHL", version, kind, len(data)) + data


def chars(text: str, kind: int = 0x0FA0) -> bytes:
    return record(kind, text.encode("utf-16-le"))


def read(stream: bytes, path: str = "PowerPoint Document") -> Extracted:
    streams = {"PowerPoint Document": b"", path: stream, "Current User": bytes(20)}
    return extract("a.ppt", "", compound(streams), Budget())


def text_of(stream: bytes) -> str:
    found = read(stream)
    assert (found.kind, found.verdict) == ("ppt", "ok")
    return "\n".join(text for _, text in found.texts)


def test_comments_stand_in_the_data_of_a_tag() -> None:
    comment = record(0x2EE0, chars("髙橋", 0x0FBA) + chars("社外秘です", 0x0FBA), 0xF)
    slide = record(0x03EE, record(0x1388, record(0x138A, record(0x138B, comment), 0xF), 0xF), 0xF)
    assert "社外秘です" in text_of(slide)


@pytest.mark.parametrize("size", [0xFFFFFFFF, 1_000_000, 5_000])
def test_a_record_that_runs_off_the_stream_hides_nothing_behind_it(size: int) -> None:
    broken = struct.pack("<HHL", 0, 0x0FF5, size)
    found = text_of(chars("before") + broken + chars("社外秘") + record(0x0FA8, b"bytes"))
    assert found.split() == ["before", "社外秘", "bytes"]


def test_nothing_but_a_broken_record() -> None:
    assert read(struct.pack("<HHL", 0, 0x0FF5, 5_000) + bytes(40)).verdict == "corrupt"


def test_the_newer_of_two_presentations() -> None:
    found = read(chars("社外秘"), "PP97_DUALSTORAGE/PowerPoint Document")
    assert "社外秘" in "".join(text for _, text in found.texts)


@pytest.mark.parametrize("packed", [False, True])
def test_embedded_documents_are_members(packed: bool) -> None:
    inner = doc("埋め込みの社外秘")
    data = struct.pack("<L", len(inner)) + zlib.compress(inner) if packed else inner
    found = read(chars("outside") + record(0x1011, data, 0x10 if packed else 0))
    assert found.verdict == "ok"
    assert [m.kind for m in found.members] == ["doc"]
    assert ("object.bin", "埋め込みの社外秘") in found.texts


@pytest.mark.parametrize("streams", [{}, {"VBA/dir": b"x", "VBA/_VBA_PROJECT": b"\xcc\x61"}])
def test_an_object_of_macros_or_of_nothing(streams: dict[str, bytes]) -> None:
    assert read(chars("outside") + record(0x1011, compound(streams))).verdict == "ok"
    assert read(chars("outside") + record(0x1011, compound({"Native": b"x" * 99}))).verdict == "unsupported"
