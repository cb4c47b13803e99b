"""Needles in a mail, however its bytes are held."""

import mmap

import pytest

from mail.search import find

TEXT = b"xx" + b"a" * 3_000_000 + b"needle" + b"b" * 10


def mapped() -> memoryview:
    held = mmap.mmap(-1, len(TEXT))
    held[:] = TEXT
    return memoryview(held)


@pytest.mark.parametrize(
    "view",
    [memoryview(TEXT), memoryview(bytearray(TEXT)), memoryview(b"#" + TEXT)[1:], mapped()],
    ids=["bytes", "bytearray", "cut", "mapped"],
)
def test_a_needle_is_found_in_its_range_only(view: memoryview) -> None:
    at = TEXT.index(b"needle")
    assert find(view, b"needle", 0, len(TEXT)) == at
    assert find(view, b"needle", at, at + 6) == at
    assert find(view, b"needle", at + 1, len(TEXT)) == find(view, b"needle", 0, at + 5) == -1


def test_a_needle_across_the_edge_of_a_window_is_found() -> None:
    for cut in range(1, 6):
        content = b"a" * ((1 << 20) - cut) + b"needle"
        assert find(memoryview(b"#" + content)[1:], b"needle", 0, len(content)) == (1 << 20) - cut
