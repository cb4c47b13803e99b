"""What is left of a mail that was not taken."""

from pathlib import Path

import pytest

from gateway.taking import Taking
from storage.interfaces import StoreError, Unknown
from storage.spool import Spool


async def attempt(spool: Spool, *ends: Exception) -> None:
    async with Taking(spool) as taking:
        await taking.put([b"original"])
        await taking.put([b"copy"])
        for end in ends:
            raise end


async def test_what_was_taken_stays(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    await attempt(spool)
    assert len(await spool.keys()) == 2
    await spool.close()


async def test_what_was_refused_leaves_nothing(tmp_path: Path) -> None:
    """Clients try again and again while a store is away: each try left its contents in the spool."""
    spool = Spool(tmp_path)
    with pytest.raises(StoreError):
        await attempt(spool, StoreError("locked"))
    assert await spool.keys() == []
    await spool.close()


@pytest.mark.parametrize("end", [Unknown("commit failed"), RuntimeError("a defect")])
async def test_what_may_have_been_taken_stays(tmp_path: Path, end: Exception) -> None:
    spool = Spool(tmp_path)
    with pytest.raises(type(end)):
        await attempt(spool, end)
    assert len(await spool.keys()) == 2
    await spool.close()
