"""The scanner within its bounds: turns, age of signatures, files that it cannot find by itself."""

import asyncio
from collections.abc import Iterable

import pytest

from config.scanning import ScannerSection
from filters.facts import Origin, VirusScan
from gateway.scan.clamd import Heard, ScanLack, Version
from gateway.scan.scanner import TOGETHER, Scanner
from tests.services.clamav import EICAR, clamav

CONTENT = memoryview(b"Subject: a\r\n\r\nb\r\n")
NOW = 1_800_000_000.0


class Slow:
    """A daemon that answers when it is told to; `most` is how many it was asked at once."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.now = self.most = self.asked = 0
        self.there = True
        self.made: float | None = NOW
        self.answer = Heard()

    async def scan(self, pieces: Iterable[bytes], before: bytes) -> Heard:
        self.now, self.asked = self.now + 1, self.asked + 1
        self.most = max(self.most, self.now)
        try:
            await self.go.wait()
            return self.answer
        finally:
            self.now -= 1

    async def alive(self, seconds: float) -> bool:
        return self.there

    async def version(self) -> Version:
        return Version("1.4.6", self.made)


def scanner(daemon: Slow, **section: float) -> Scanner:
    made = Scanner(ScannerSection(clamd="unix:///nowhere", **section), lambda: NOW)  # type: ignore[arg-type]
    made._clamd = daemon  # type: ignore[assignment]
    return made


def of(login: str) -> Origin:
    return Origin("submission", "192.0.2.1", login=login)


async def test_so_many_at_once_and_so_many_of_one_client() -> None:
    daemon = Slow()
    made = scanner(daemon, connections=3, connections_per_client=2, seconds=30)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(made.scan(CONTENT, of("taro"))) for _ in range(6)]
        while daemon.now < 2:
            await asyncio.sleep(0)
        other = group.create_task(made.scan(CONTENT, of("hanako")))
        while daemon.now < 3:
            await asyncio.sleep(0)
        daemon.go.set()
    assert daemon.most == 3, "one turn was left for the other"
    assert all(task.result() == VirusScan() for task in (*tasks, other))
    assert not made._clients


async def test_whose_turn_does_not_come_was_not_scanned() -> None:
    daemon = Slow()
    made = scanner(daemon, connections=1, seconds=0.1)
    first, second = await asyncio.gather(made.scan(CONTENT), made.scan(CONTENT))
    assert {first.lack, second.lack} == {ScanLack.SILENT, ScanLack.BUSY}
    assert not made._clients


@pytest.mark.parametrize(
    ("made", "days", "lack"),
    [
        (NOW - 3 * 86_400, 7, ""),
        (NOW - 8 * 86_400, 7, ScanLack.STALE),
        (None, 7, ScanLack.STALE),
        (None, 0, ""),
        (NOW - 8 * 86_400, 0, ""),
    ],
)
async def test_old_signatures_are_as_good_as_none(made: float | None, days: int, lack: str) -> None:
    daemon = Slow()
    daemon.made = made
    daemon.go.set()
    assert (await scanner(daemon, database_days=days).scan(CONTENT)).lack == lack
    daemon.answer = Heard(("Test.EICAR",))
    assert (await scanner(daemon, database_days=days).scan(CONTENT)) == VirusScan(("Test.EICAR",)), (
        "found is found"
    )


async def test_while_it_is_lost_mail_hears_at_once() -> None:
    daemon = Slow()
    made = scanner(daemon, seconds=0.1)
    assert (await made.scan(CONTENT)).lack == ScanLack.SILENT
    daemon.there = False
    asked = daemon.asked
    assert (await made.scan(CONTENT)).lack == ScanLack.SILENT
    assert daemon.asked == asked, "it was asked whether it is there, and nothing else"
    daemon.there = True
    daemon.go.set()
    assert (await made.scan(CONTENT)).clean
    assert (await made.scan(CONTENT)).clean


async def test_files_that_it_cannot_find_by_itself() -> None:
    with clamav() as daemon:
        made = Scanner(ScannerSection(clamd=daemon.unix, database_days=0))
        assert (await made.scan_files([b"harmless", b"too", b"\0" * 100])).clean
        for files in ([EICAR], [b"harmless", EICAR, b"more"], [b"x" * (TOGETHER - 10), b"y" * 20, EICAR]):
            found = await made.scan_files(files)
            assert found.names, len(files)
        assert (await made.scan_files([bytes(TOGETHER + 1)])).lack == ScanLack.LIMIT
