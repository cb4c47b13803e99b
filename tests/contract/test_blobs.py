"""What every Blobs promises."""

import hashlib
import os
from pathlib import Path

import pytest

from storage.content import CHUNK
from storage.draft import IN_MEMORY
from storage.interfaces import Blobs, StoreError
from tests.blobs import keys_of

SIZES = [0, 1, IN_MEMORY, IN_MEMORY + 1, 3_000_001]


@pytest.mark.parametrize("size", SIZES)
async def test_what_was_put_comes_back(blobs: Blobs, size: int) -> None:
    content = os.urandom(size)
    view = memoryview(content)
    blob = await blobs.put([view[: size // 3], bytes(view[size // 3 :])], "default")
    assert (blob.size, blob.sha256) == (size, hashlib.sha256(content).hexdigest())
    got = await blobs.get(blob.key)
    assert got.size == size
    for _ in range(2):
        chunks = [bytes(chunk) for chunk in got]
        assert b"".join(chunks) == content
        assert all(len(chunk) == CHUNK for chunk in chunks[:-1])
    assert got.whole().readonly
    assert bytes(got) == content


@pytest.mark.parametrize("size", SIZES)
async def test_a_draft_is_put_and_outlives_its_draft(blobs: Blobs, size: int) -> None:
    content = os.urandom(size)
    draft = blobs.draft()
    for start in range(0, size, 65_537):
        draft.write(content[start : start + 65_537])
    assert draft.size == size
    assert bytes(draft.view()) == content
    blob = await blobs.put([draft.view()], "default")
    other = await blobs.put(
        [b"X-Added: 1\r\n", draft.view()[: size // 2], draft.view()[size // 2 :]], "default"
    )
    draft.discard()
    assert bytes(await blobs.get(blob.key)) == content
    assert blob.sha256 == hashlib.sha256(content).hexdigest()
    assert bytes(await blobs.get(other.key)) == b"X-Added: 1\r\n" + content


async def test_keys_are_opaque_and_each_put_has_its_own(blobs: Blobs) -> None:
    one, two = await blobs.put([b"same"], "default"), await blobs.put([b"same"], "default")
    assert one.key != two.key
    assert one.sha256 == two.sha256
    assert sorted(await keys_of(blobs)) == sorted([one.key, two.key])


async def test_delete_is_idempotent(blobs: Blobs) -> None:
    blob = await blobs.put([b"x"], "default")
    await blobs.delete(blob.key)
    await blobs.delete(blob.key)
    assert await keys_of(blobs) == []
    with pytest.raises(StoreError, match="missing"):
        await blobs.get(blob.key)


@pytest.mark.parametrize(
    "key",
    ["", ".", "..", "../x", "/etc/passwd", "a" * 32, "a" * 32 + "-", "A" * 32 + "-1", "a" * 32 + "-1\n",
     "a" * 32 + "-1/../x", "\0", "%2e%2e", "a" * 31 + "-11", "tmp/" + "a" * 32 + "-1", "ａ" * 32 + "-1"],
)  # fmt: skip
async def test_no_key_is_a_path(blobs: Blobs, key: str) -> None:
    with pytest.raises(StoreError, match="not the key"):
        await blobs.get(key)
    with pytest.raises(StoreError, match="not the key"):
        await blobs.delete(key)


async def test_a_draft_that_was_discarded_leaves_nothing(blobs: Blobs, tmp_path: Path) -> None:
    draft = blobs.draft()
    draft.write(b"x" * (IN_MEMORY + 1))
    draft.view()
    number = draft.fileno()
    assert number is not None
    assert os.pread(number, 3, 0) == b"xxx"
    assert list((tmp_path / "spool" / "tmp").iterdir())
    draft.discard()
    draft.discard()
    assert not list((tmp_path / "spool" / "tmp").iterdir())
    with pytest.raises(StoreError):
        draft.view()
    with pytest.raises(StoreError):
        draft.write(b"more")


async def test_a_draft_that_was_looked_at_does_not_change_any_more(blobs: Blobs) -> None:
    draft = blobs.draft()
    draft.write(b"one")
    assert draft.view().readonly
    assert draft.fileno() is None
    with pytest.raises(StoreError):
        draft.write(b"two")
    draft.discard()


async def test_pieces_that_fail_store_nothing(blobs: Blobs) -> None:
    def pieces() -> "object":
        yield b"begin"
        raise ValueError("no more")

    with pytest.raises(ValueError):
        await blobs.put(pieces(), "default")
    assert await keys_of(blobs) == []


async def test_after_closing_nothing_is_taken(blobs: Blobs) -> None:
    blob = await blobs.put([b"x"], "default")
    await blobs.close()
    await blobs.close()
    with pytest.raises(StoreError):
        await blobs.get(blob.key)
    with pytest.raises(StoreError):
        await blobs.put([b"y"], "default")
