"""T43: what a mail said is nowhere on the disk in clear, ever; when it is erased, no copy can be opened any more.

A real node on a file system in an image of its own, which is read octet by octet: database, write-ahead log, spool, drafts,
keys. Needs root, for the loop device.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.rounds.erasing_rounds import ErasingRounds
from quarantine.item import Event, State
from quarantine.rights import Actor
from quarantine.store import Query
from storage.contents import SMALL
from storage.day_keys import DAY, DayKeys, Erased
from storage.draft import IN_MEMORY
from storage.keys import random_of
from tests.gateway.test_app import SATO, TARO, mail
from tests.services.node import site
from tests.services.postgres import unavailable

pytestmark = [pytest.mark.system]
SIZES = (200, SMALL + 1_000, IN_MEMORY * 20)
"""Octets of text: a row, a file, and one that arrives in pieces."""


class Disk:
    """A file system in an image."""

    def __init__(self, image: Path, place: Path) -> None:
        self.image, self.place = image, place

    def holds(self, *wanted: bytes) -> list[bytes]:
        """Those of the texts that are anywhere on it: in a file or where one was."""
        subprocess.run(["sync", "-f", str(self.place)], check=True)
        raw = self.image.read_bytes()
        return [text for text in wanted if text in raw]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    image, place = tmp_path / "image", tmp_path / "disk"
    place.mkdir()
    if shutil.which("mkfs.ext4") is None:
        unavailable("there is no mkfs.ext4 (e2fsprogs)")
    with image.open("wb") as file:
        file.truncate(192 << 20)
    subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
    done = subprocess.run(["mount", "-o", "loop", str(image), str(place)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"no loop device may be mounted here: {done.stderr.decode().strip()}")
    try:
        yield Disk(image, place)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def told(number: int, size: int) -> tuple[str, bytes]:
    """A text, and the words by which it is found again."""
    line = f"zq{number}wvx kuroshio yamabiko {number}\n"
    return line * (size // len(line) + 1), line.strip().encode()


async def test_nothing_of_a_mail_is_on_the_disk_and_no_copy_opens_after_its_end(
    disk: Disk, tmp_path: Path
) -> None:
    state = disk.place / "state"
    texts = [told(number, size) for number, size in enumerate(SIZES)]
    async with site(tmp_path, state_dir=state) as here:
        node = here.node
        for text, _ in texts:
            code, answer = await here.send(TARO, [SATO], mail(SATO, text))
            assert code == 250, answer
        items = await node.store.find(Query("default", state=(State.HELD,)))
        assert len(items) == len(SIZES)
        words = [word for _, word in texts]
        assert disk.holds(*words) == []
        (state / "canary").write_bytes(words[0])
        assert disk.holds(*words) == [words[0]], "or this test sees nothing"
        for item in items:
            assert len(bytes(await node.store.blobs.get(item.blob))) == item.size

        (key_file,) = (state / "keys" / "default").iterdir()
        key = key_file.read_bytes()
        assert disk.holds(key) == [key]
        backup = {
            path: path.read_bytes() for path in (state / "spool" / "blobs").rglob("*") if path.is_file()
        }
        assert len(backup) == len([size for size in SIZES if size > SMALL])
        first, *others = items
        await node.store.change(first.id, Event.RECALL, Actor("taro", tenant="default"), node.clock())
        later = node.clock() + 2 * DAY
        day_keys = DayKeys(node.settings.keys, node.seal, node.store.database, lambda: later)
        rounds = ErasingRounds(
            node.settings.retention, node.store, node.vault, day_keys, lambda: later, node.seal
        )
        assert await rounds.erase() == 1
        assert disk.holds(key, *words[1:]) == []
        for path, octets in backup.items():
            path.write_bytes(octets)
        with pytest.raises(Erased):
            await node.store.blobs.large.get(first.blob)
        for item in others:
            assert len(bytes(await node.store.blobs.get(item.blob))) == item.size
        entries = await node.store.entries("default", item=first.id)
        assert entries[-1].event == "erased"
    assert random_of(first.blob)
