"""A sealed content is what it was, or none."""

import os
from itertools import pairwise

import pytest

from storage.content import CHUNK
from storage.interfaces import StoreError
from storage.sealed import TAG, TRAILER, ChunkSealer, SealedContent, chunked, sealed, sealed_size

SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7]
STEP = CHUNK + TAG
NAME = "default.a"
KEY = bytes(range(32))


def kept(data: bytes, name: str = NAME) -> bytes:
    cuts = sorted({0, len(data) // 3, len(data) // 2, len(data)})
    return b"".join(sealed([data[a:b] for a, b in pairwise(cuts)], len(data), KEY, name))


def opened(data: bytes, size: int, name: str = NAME, key: bytes = KEY) -> bytes:
    return bytes(SealedContent(memoryview(data), size, key, name))


@pytest.mark.parametrize("size", SIZES)
def test_it_comes_back(size: int) -> None:
    data = os.urandom(size)
    assert len(kept(data)) == sealed_size(size)
    content = SealedContent(memoryview(kept(data)), size, KEY, NAME)
    for _ in range(2):
        chunks = list(content)
        assert b"".join(chunks) == data
        assert all(len(chunk) == CHUNK for chunk in chunks[:-1])


def test_what_was_changed_is_not_believed() -> None:
    size = 2 * CHUNK + 7
    data = kept(os.urandom(size))
    other = kept(os.urandom(size))
    for place in (0, STEP, len(data) - TRAILER - 1, len(data) - TRAILER, len(data) - 1):
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises(StoreError):
            opened(changed, size)
    first, second, tail = data[:STEP], data[STEP : 2 * STEP], data[2 * STEP :]
    for wrong in (
        second + first + tail,
        first + first + tail,
        other[:STEP] + data[STEP:],
        data[:-TRAILER] + other[-TRAILER:],
    ):
        with pytest.raises(StoreError):
            opened(wrong, size)
    with pytest.raises(StoreError):
        opened(data, size, "default.b")
    with pytest.raises(StoreError):
        opened(data, size, key=bytes(32))


def test_what_was_cut_off_is_not_believed() -> None:
    """At the border of a chunk, and with a name that says so."""
    data = kept(os.urandom(2 * CHUNK))
    for wrong, size in (
        (data[:STEP] + data[-TRAILER:], CHUNK),
        (data[:STEP], 2 * CHUNK),
        (data[1:], 2 * CHUNK),
    ):
        with pytest.raises(StoreError):
            opened(wrong, size)


def test_nothing_of_it_lies_there_twice_the_same() -> None:
    data = b"the same octets " * 100
    one, two = kept(data), kept(data)
    assert one != two
    assert data[:16] not in one


def test_what_arrives_is_opened_before_it_has_a_name() -> None:
    sealer, data = ChunkSealer(), os.urandom(CHUNK + 5)
    first = sealer.chunk(data[:CHUNK])
    whole = first + sealer.chunk(data[CHUNK:], last=True)
    assert b"".join(sealer.opened(memoryview(first), CHUNK)) == data[:CHUNK]
    assert opened(whole + sealer.trailer(KEY, NAME), len(data)) == data


def test_pieces_become_chunks() -> None:
    data = os.urandom(3 * CHUNK + 1)
    found = list(chunked([data[:10], b"", data[10 : CHUNK + 3], data[CHUNK + 3 :]]))
    assert [len(each) for each in found] == [CHUNK, CHUNK, CHUNK, 1]
    assert b"".join(found) == data
