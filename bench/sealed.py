"""What it costs to seal contents at rest: `python -m bench sealed [--rounds N] [--gateway]`.

Contents of both sizes are put into a spool and read again in chunks, as they are and sealed (storage/sealed.py), in turn;
CPU per content, medians. With --gateway whole mails go through one, inside the house, with the cipher and with one that copies
octets and ciphers nothing, in turn: CPU of the process, which is also client and next hop, without examining.
"""

import argparse
import asyncio
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.stand.mails import jpeg, mail, part, text
from storage.content import Content
from storage.database import open_database
from storage.day_keys import DayKeys
from storage.interfaces import Draft
from storage.seal import Seal
from storage.sealed import SealedContent, sealed
from storage.spool import Spool
from tests.services.node import DOMAIN, site

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


class Copying:
    """In the place of AESGCM: as many octets, none of them changed."""

    def __init__(self, key: bytes) -> None: ...

    def encrypt(self, nonce: bytes, data: bytes, aad: bytes | None) -> bytes:
        return b"".join((data, bytes(16)))

    def decrypt(self, nonce: bytes, data: bytes, aad: bytes | None) -> bytes:
        return bytes(memoryview(data)[:-16])


async def gateway(size: int, rounds: int, folder: Path) -> Cost:
    """What a mail costs a gateway. The next mails are sent when the last one was delivered."""
    folder.mkdir()
    sender, recipient = f"taro@{DOMAIN}", f"hanako@{DOMAIN}"
    chance = random.Random(size)
    body = [part(text(chance, 2_000).encode(), "text/plain; charset=utf-8")]
    body += [part(jpeg(chance, size * 3 // 4), "image/jpeg", "photo.jpg")] if size > 100_000 else []
    took: list[list[float]] = [[], []]
    async with site(folder) as here:
        for number in range(2 * rounds + 4):
            which = number % 2
            content = mail(number, sender, recipient, body)
            cipher = AESGCM if which else Copying
            before = time.process_time()
            with patch("storage.sealed.AESGCM", cipher):
                code, answer = await here.send(sender, [recipient], content)
                assert code == 250, answer
                assert len(await here.caught(number + 1)) == number + 1
            if number >= 4:  # the first ones load modules
                took[which].append(time.process_time() - before)
    return Cost(*(statistics.median(times) * 1e3 for times in took))


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench sealed", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=41)
    parser.add_argument("--gateway", action="store_true", help="send mails through a gateway, too")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-", dir="/var/tmp") as name:
        for told, size in SIZES.items():
            seal, unseal = in_memory(size, options.rounds)
            put, get = asyncio.run(spooled(size, options.rounds, Path(name) / told))
            print(
                f"{told}: sealing {seal:.3f} ms, unsealing {unseal:.3f}; kept as a file {put.plain:.2f} -> {put.sealed:.2f},"
                f" read with its digest {get.plain:.2f} -> {get.sealed:.2f}"
            )
        for told, size in SIZES.items() if options.gateway else ():
            cost = asyncio.run(gateway(size, max(1, options.rounds // 4), Path(name) / f"gateway {told}"))
            print(f"{told}: a gateway, its client and next hop {cost.plain:.1f} ms -> {cost.sealed:.1f}")
