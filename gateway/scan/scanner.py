"""Whether a mail holds a virus, as a fact for the rules: asked for within bounds, so that a slow scanner stops no other mail.

A mail waits for its turn: so many at once are scanned, and so many of one client. While the last answer was none, the
daemon is first asked whether it is there at all: mail then learns within two seconds that nobody looks.
"""

import asyncio
import io
import tarfile
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager

import structlog

from config.log_events import LogEvent
from config.scanning import ScannerSection
from filters.facts import Origin, VirusScan
from gateway.scan.clamd import MAIL, PASSING, Clamd, Heard, ScanLack, Version
from gateway.scan.icap import Icap
from mail.networks import client_key

FRESH = 300.0
"""Seconds for which an answer about the age of the signatures counts."""
THERE = 2.0
"""Seconds in which a daemon that did not answer last time must say that it is there."""
TOGETHER = 4 << 20
"""Bytes of files that are scanned together."""
DAY = 86_400.0

log = structlog.get_logger()


class Scanner:
    """One scanner and the turns at it. `clock`: UTC seconds, for the age of the signatures; `logs`: whether the log of operation
    hears of it."""

    def __init__(
        self, section: ScannerSection, clock: Callable[[], float] = time.time, *, logs: bool = True
    ) -> None:
        self._clamd = engine(section)
        self._section = section
        self._clock = clock
        self._logs = logs
        self._turns = asyncio.Semaphore(section.connections)
        self._clients: dict[str, tuple[asyncio.Semaphore, int]] = {}
        self._aged: tuple[float, Heard] | None = None
        self._lost = ""

    async def scan(self, content: memoryview, by: Origin | None = None) -> VirusScan:
        """What it says of a whole mail as it came. Never raises."""
        return await self._scanned([content], MAIL, by)

    async def scan_files(self, files: Sequence[bytes], by: Origin | None = None) -> VirusScan:
        """What it says of files that it could not find in the mail, each for itself. Never raises."""
        found = VirusScan()
        for together in _packed(files):
            found |= await self._scanned([together], b"", by)
        return found

    async def _scanned(
        self, pieces: Iterable[bytes | memoryview], before: bytes, by: Origin | None
    ) -> VirusScan:
        answer = Heard(lack=ScanLack.BUSY, detail=f"no turn in {self._section.seconds:g} s")
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._section.seconds), self._turn(_client(by)):
                answer = Heard(lack=ScanLack.SILENT, detail=f"no answer in {self._section.seconds:g} s")
                answer = await self._asked(pieces, before)
        except TimeoutError:
            pass
        self._note(answer, time.monotonic() - began)
        return VirusScan(answer.names, answer.lack, answer.detail[:200])

    async def _asked(self, pieces: Iterable[bytes | memoryview], before: bytes) -> Heard:
        if self._lost and not await self._clamd.alive(THERE):
            return Heard(lack=self._lost, detail="it does not answer")
        found = await self._clamd.scan(pieces, before)
        return found if found.lack or found.names else await self.age()

    async def state(self) -> tuple[bool, float | None]:
        """Whether it answers, and when its signatures were made (UTC seconds), for monitoring."""
        version = await self._clamd.version()
        return (False, None) if isinstance(version, Heard) else (True, version.made)

    async def age(self) -> Heard:
        """A lack when the signatures are too old, or nobody says how old they are."""
        now = self._clock()
        if not self._section.database_days:
            return Heard()
        if self._aged is None or not 0 <= now - self._aged[0] < FRESH:
            version = await self._clamd.version()
            if isinstance(version, Heard):
                return version
            self._aged = now, self._judged(version, now)
        return self._aged[1]

    def _judged(self, version: Version, now: float) -> Heard:
        if version.made is None:
            return Heard(lack=ScanLack.STALE, detail="it does not say how old its signatures are")
        days = (now - version.made) / DAY
        if days <= self._section.database_days:
            return Heard()
        return Heard(lack=ScanLack.STALE, detail=f"its signatures are {days:.0f} days old")

    def _note(self, answer: Heard, seconds: float) -> None:
        """Say once that nobody looks any more, and once that somebody does."""
        if answer.lack == ScanLack.BUSY:
            if self._logs:
                log.warning(LogEvent.SCANNER_BUSY, seconds=round(seconds, 1))
            return
        before, self._lost = self._lost, answer.lack if answer.lack in PASSING else ""
        if self._lost and self._lost != before and self._logs:
            log.error(LogEvent.SCANNER_LOST, lack=self._lost, detail=answer.detail)
        elif before and not self._lost and self._logs:
            log.info(LogEvent.SCANNER_BACK)

    @asynccontextmanager
    async def _turn(self, client: str) -> AsyncIterator[None]:
        if not client:
            async with self._turns:
                yield
            return
        own, mails = self._clients.get(client) or (asyncio.Semaphore(self._section.connections_per_client), 0)
        self._clients[client] = own, mails + 1
        try:
            async with own, self._turns:
                yield
        finally:
            own, mails = self._clients.pop(client)
            if mails > 1:
                self._clients[client] = own, mails - 1


def engine(section: ScannerSection) -> Clamd | Icap:
    """Whoever the settings name."""
    if section.icap:
        return Icap(section.icap, section.seconds)
    return Clamd(section.clamd, section.seconds)


def _packed(files: Iterable[bytes]) -> Iterator[bytes]:
    """Small files together in one tar, into which every scanner looks; a large one alone."""
    waiting: list[bytes] = []
    size = 0
    for file in files:
        if len(file) > TOGETHER:
            yield file
            continue
        if waiting and size + len(file) > TOGETHER:
            yield _tar(waiting)
            waiting, size = [], 0
        waiting.append(file)
        size += len(file)
    if waiting:
        yield waiting[0] if len(waiting) == 1 else _tar(waiting)


def _tar(files: Sequence[bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for number, file in enumerate(files):
            member = tarfile.TarInfo(str(number))
            member.size = len(file)
            archive.addfile(member, io.BytesIO(file))
    return packed.getvalue()


def _client(by: Origin | None) -> str:
    if by is None:
        return ""
    return f"{by.login} of {by.tenant}" if by.login else client_key(by.peer)
