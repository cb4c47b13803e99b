"""A content is read in chunks, again and again, and none of them is a copy."""

import hashlib
import os

import pytest

from storage.content import CHUNK, Content


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_chunks(size: int) -> None:
    data = os.urandom(size)
    content = Content(data)
    for _ in range(2):
        sizes = [len(chunk) for chunk in content]
        assert sum(sizes) == content.size == size
        assert all(n == CHUNK for n in sizes[:-1])
        assert b"".join(content) == data
    assert bytes(content) == data
    assert content.sha256() == hashlib.sha256(data).hexdigest()


def test_nothing_is_copied() -> None:
    data = bytearray(b"a" * (CHUNK + 5))
    content = Content(memoryview(data))
    data[0] = data[-1] = ord("b")
    assert [bytes(chunk[:1]) for chunk in content] == [b"b", b"a"]
    assert content.whole()[-1] == ord("b")
    assert content.whole().readonly


def test_chunks_are_large_enough() -> None:
    assert CHUNK >= 256 << 10
