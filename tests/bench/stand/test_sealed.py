"""A sealed content is what it was, or none: the prototype keeps what it promises."""

import asyncio
import os
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from bench.stand.sealed import SALT, TAG, Sealed, SealedSpool, sealed
from storage.content import CHUNK
from storage.interfaces import StoreError

SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7]
STEP = CHUNK + TAG
NAME = "default.a"


def kept(data: bytes, name: str = NAME) -> bytes:
    cuts = sorted({0, len(data) // 3, len(data) // 2, len(data)})
    return b"".join(sealed([data[a:b] for a, b in pairwise(cuts)], len(data), name))


def opened(data: bytes, size: int, name: str = NAME) -> bytes:
    return bytes(Sealed(memoryview(data), size, name))


@pytest.mark.parametrize("size", SIZES)
def test_it_comes_back(size: int) -> None:
    data = os.urandom(size)
    content = Sealed(memoryview(kept(data)), size, NAME)
    for _ in range(2):
        chunks = list(content)
        assert b"".join(chunks) == data
        assert all(len(chunk) == CHUNK for chunk in chunks[:-1])


def test_what_was_changed_is_not_believed() -> None:
    size = 2 * CHUNK + 7
    data = kept(os.urandom(size))
    other = kept(os.urandom(size))
    for place in (0, SALT, SALT + STEP, len(data) - 1):
        changed = bytearray(data)
        changed[place] ^= 1
        with pytest.raises(StoreError):
            opened(changed, size)
    first, second = data[SALT : SALT + STEP], data[SALT + STEP : SALT + 2 * STEP]
    tail = data[SALT + 2 * STEP :]
    for wrong in (
        data[:SALT] + second + first + tail,
        data[:SALT] + first + first + tail,
        other[:SALT] + data[SALT:],
        data[:SALT] + first + other[SALT + STEP : SALT + 2 * STEP] + tail,
    ):
        with pytest.raises(StoreError):
            opened(wrong, size)
    with pytest.raises(StoreError):
        opened(data, size, "default.b")


def test_what_was_cut_off_is_not_believed() -> None:
    """At the border of a chunk, and with a name that says so."""
    data = kept(os.urandom(2 * CHUNK))
    with pytest.raises(StoreError):
        opened(data[: SALT + STEP], CHUNK)
    with pytest.raises(StoreError):
        opened(data[: SALT + STEP], 2 * CHUNK)
    with pytest.raises(StoreError):
        opened(data[: -TAG - 1], 2 * CHUNK)


@pytest.mark.parametrize("size", [0, 300_000, 3_000_000])
def test_a_spool_of_it(size: int, tmp_path: Path) -> None:
    async def run() -> None:
        spool = SealedSpool(tmp_path)
        data = os.urandom(size)
        draft = spool.draft()
        draft.write(data)
        blob = await spool.put([draft.view()], "default")
        draft.discard()
        content = await spool.get(blob.key)
        assert (content.size, content.sha256()) == (size, blob.sha256)
        assert bytes(content) == data
        stored = spool._path(blob.key).read_bytes()
        assert not size or data[:100] not in stored
        await spool.close()

    asyncio.run(run())


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
async def test_a_node_that_seals(tmp_path: Path) -> None:
    """Mails of both sizes go out through it, and do not lie in its state as they came."""
    from bench.stand import peers
    from bench.stand.kinds import contents_for
    from bench.stand.load import send
    from bench.stand.measure import load_for
    from bench.stand.sink import sink

    async with (
        sink() as hop,
        peers.sekisho(tmp_path / "s", hop.port, through=("bench.stand.sealed",)) as peer,
    ):
        for kind in ("10 kB text", "5 MB picture"):
            before = hop.mails
            await send(load_for(peer, "outbound", 1), contents_for(kind, "outbound", 2, 0))
            await hop.reached(before + 2, 60)
        assert not peers.log_of(tmp_path / "s", ("error",))
