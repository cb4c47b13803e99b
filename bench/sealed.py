"""What it costs to seal contents at rest: `python -m bench sealed [--rounds N]`.

Contents of both sizes are put into a spool and read again in chunks, as they are and sealed (storage/sealed.py), in turn;
CPU per content, medians.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from storage.content import Content
from storage.database import open_database
from storage.day_keys import DayKeys
from storage.interfaces import Draft
from storage.seal import Seal
from storage.sealed import SealedContent, sealed
from storage.spool import Spool

SIZES = {"10 kB": 10_000, "5 MB": 5_100_000}


class Cost(msgspec.Struct, frozen=True):
    """ms on a processor for one content."""

    plain: float
    sealed: float


def in_memory(size: int, rounds: int) -> tuple[float, float]:
    """ms to seal and to unseal a content, without a disk."""
    data, key, name = os.urandom(size), os.urandom(32), "default.x"
    kept = b"".join(sealed([data], size, key, name))
    assert bytes(SealedContent(memoryview(kept), size, key, name)) == data

    def unseal() -> None:
        for _ in SealedContent(memoryview(kept), size, key, name):
            pass

    def seal() -> None:
        for _ in sealed([data], size, key, name):
            pass

    return _ms(seal, rounds), _ms(unseal, rounds)


def _ms(work: Callable[[], object], rounds: int) -> float:
    found = []
    for _ in range(rounds):
        before = time.process_time()
        work()
        found.append(time.process_time() - before)
    return statistics.median(found) * 1e3


async def spooled(size: int, rounds: int, folder: Path) -> tuple[Cost, Cost]:
    """What it costs to keep a draft as it is, and to read it once."""
    folder.mkdir()
    database = open_database(f"sqlite:///{folder / 'db'}")
    day_keys = DayKeys(folder / "keys", Seal([os.urandom(32)]), database)
    spools = Spool(folder / "plain"), Spool(folder / "sealed", day_keys)
    data = os.urandom(size)
    kept: list[list[float]] = [[], []]
    read: list[list[float]] = [[], []]
    for _ in range(rounds):
        for which, spool in enumerate(spools):
            draft: Draft = spool.draft()
            draft.write(data)
            before = time.process_time()
            blob = await spool.put([draft.view()], "default")
            kept[which].append(time.process_time() - before)
            draft.discard()
            before = time.process_time()
            content: Content = await spool.get(blob.key)
            assert content.sha256() == blob.sha256
            read[which].append(time.process_time() - before)
            await spool.delete(blob.key)
    for spool in spools:
        await spool.close()
    await database.close()
    puts, gets = ([statistics.median(times) * 1e3 for times in both] for both in (kept, read))
    return Cost(*puts), Cost(*gets)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench sealed", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=41)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-", dir="/var/tmp") as name:
        for told, size in SIZES.items():
            seal, unseal = in_memory(size, options.rounds)
            put, get = asyncio.run(spooled(size, options.rounds, Path(name) / told))
            print(
                f"{told}: sealing {seal:.3f} ms, unsealing {unseal:.3f}; kept as a file {put.plain:.2f} -> {put.sealed:.2f},"
                f" read with its digest {get.plain:.2f} -> {get.sealed:.2f}"
            )
