"""The bytes of a mail, however they are held."""

import mmap

import pytest

from mail.source import Source

TEXT = b"xx" + b"a" * 3_000_000 + b"needle" + b"b" * 10


def mapped() -> memoryview:
    held = mmap.mmap(-1, len(TEXT))
    held[:] = TEXT
    return memoryview(held)


@pytest.mark.parametrize(
    "raw",
    [TEXT, memoryview(TEXT), memoryview(b"#" + TEXT)[1:], mapped()],
    ids=["bytes", "view", "cut", "mapped"],
)
def test_a_needle_is_found_in_its_range_only(raw: bytes | memoryview) -> None:
    source, at = Source(raw), TEXT.index(b"needle")
    assert len(source) == len(TEXT)
    assert source.find(b"needle", 0, len(TEXT)) == at
    assert source.find(b"needle", at, at + 6) == at
    assert source.find(b"needle", at + 1, len(TEXT)) == source.find(b"needle", 0, at + 5) == -1


def test_a_needle_across_the_edge_of_a_window_is_found() -> None:
    for cut in range(1, 6):
        content = b"a" * ((1 << 20) - cut) + b"needle"
        assert Source(memoryview(b"#" + content)[1:]).find(b"needle", 0, len(content)) == (1 << 20) - cut
