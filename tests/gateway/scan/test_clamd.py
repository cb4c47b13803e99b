"""ClamAV's daemon: a real one, and one that says what it should not. Only the very answer OK, to its end, is clean."""

import asyncio
import io
import os
import signal
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway.scan.clamd import Clamd, Heard, ScanLack, Version
from tests.filters.mails import attached
from tests.services.clamav import EICAR, LARGEST, NAME, Daemon, clamav

INFECTED = attached(("a.txt", EICAR))


@pytest.fixture(scope="module")
def daemon() -> Iterator[Daemon]:
    with clamav() as running:
        yield running


@pytest.mark.parametrize("kind", ["unix", "tcp"])
async def test_a_real_daemon_by_both_sockets(daemon: Daemon, kind: str) -> None:
    clamd = Clamd(getattr(daemon, kind))
    assert await clamd.alive(5)
    assert isinstance(version := await clamd.version(), Version)
    assert version.made is None, "a database of our own has no date"
    assert await clamd.scan([attached(("a.txt", b"harmless"))]) == Heard()
    found = await clamd.scan([memoryview(INFECTED)])
    assert (found.lack, [name.removesuffix(".UNOFFICIAL") for name in found.names]) == ("", [NAME])
    assert (await clamd.scan([EICAR], before=b"")).names, "a file, without a mail around it"
    assert (await clamd.scan([b"Foo: bar\r\n" + INFECTED])).names, "whatever its first field is"


@pytest.mark.parametrize("kind", ["unix", "tcp"])
async def test_what_is_larger_than_the_daemon_takes_was_not_looked_at(daemon: Daemon, kind: str) -> None:
    found = await Clamd(getattr(daemon, kind)).scan([INFECTED, bytes(2 * LARGEST)])
    assert found.lack in (ScanLack.LIMIT, ScanLack.CUT)
    assert not found.names


async def test_what_is_nested_too_deep_was_not_looked_at(daemon: Daemon) -> None:
    data = EICAR * 40
    for _ in range(12):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.zip", data)
        data = packed.getvalue()
    found = await Clamd(daemon.unix).scan([attached(("a.zip", data))])
    assert found.lack == ScanLack.LIMIT
    assert found.detail.startswith("Heuristics.Limits.Exceeded")


async def test_a_daemon_that_hangs_is_silent_and_one_that_is_gone_refuses() -> None:
    with clamav() as daemon:
        clamd = Clamd(daemon.unix, 0.3)
        os.kill(daemon.program.pid, signal.SIGSTOP)
        try:
            assert (await clamd.scan([INFECTED])).lack == ScanLack.SILENT
            assert not await clamd.alive(0.2)
        finally:
            os.kill(daemon.program.pid, signal.SIGCONT)
        assert (await Clamd(daemon.unix, 20).scan([INFECTED])).names, "it is back"
    for address in (daemon.unix, daemon.tcp):
        assert (await Clamd(address).scan([INFECTED])).lack == ScanLack.REFUSED


@asynccontextmanager
async def saying(folder: Path, answer: bytes, *, hears: bool = True) -> AsyncIterator[Clamd]:
    """A daemon that says this, whatever it is asked, and hangs up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if hears:
            command = await reader.readuntil(b"\0")
            while command == b"zINSTREAM\0" and (size := int.from_bytes(await reader.readexactly(4), "big")):
                await reader.readexactly(size)
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_unix_server(talk, folder / "s")
    async with server:
        yield Clamd(f"unix://{folder / 's'}", 5)


@pytest.mark.parametrize(
    ("answer", "lack"),
    [
        (b"stream: OK\0", ""),
        (b"", ScanLack.CUT),
        (b"stream: OK", ScanLack.CUT),
        (b"stream: ", ScanLack.CUT),
        (b"stream: OK\n\0", ScanLack.MALFORMED),
        (b"stream: OK\0stream: X FOUND\0", ScanLack.MALFORMED),
        (b" stream: OK\0", ScanLack.MALFORMED),
        (b"OK\0", ScanLack.MALFORMED),
        (b"\0", ScanLack.MALFORMED),
        (b"stream: FOUND\0", ScanLack.MALFORMED),
        (b"stream: a b FOUND\0", ScanLack.MALFORMED),
        (b"stream: Can't allocate memory ERROR\0", ScanLack.MALFORMED),
        (b"UNKNOWN COMMAND\0", ScanLack.MALFORMED),
        (b"COMMAND READ TIMED OUT\0", ScanLack.MALFORMED),
        (b"x" * 10_000, ScanLack.MALFORMED),
        (b"INSTREAM size limit exceeded. ERROR\0", ScanLack.LIMIT),
        (b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0", ScanLack.LIMIT),
        (b"stream: Heuristics.Encrypted.Zip FOUND\0", ScanLack.LOCKED),
    ],
)
async def test_only_the_very_answer_is_clean(tmp_path: Path, answer: bytes, lack: str) -> None:
    async with saying(tmp_path, answer) as clamd:
        found = await clamd.scan([b"x" * 100])
    assert (found.lack, found.names) == (lack, ())


async def test_an_answer_before_all_was_sent_is_heard(tmp_path: Path) -> None:
    async with saying(tmp_path, b"INSTREAM size limit exceeded. ERROR\0", hears=False) as clamd:
        assert (await clamd.scan([bytes(8 << 20)])).lack == ScanLack.LIMIT


@pytest.mark.parametrize(
    ("answer", "made"),
    [
        (b"ClamAV 1.4.6/27814/Sun Nov 29 09:23:34 2026\0", 1_795_944_214.0),
        (b"ClamAV 1.4.6\0", None),
        (b"ClamAV 0.103.9+dfsg-0+deb12u1/1/Sun Foo 29 09:23:34 2026\0", None),
    ],
)
async def test_how_old_its_signatures_are(tmp_path: Path, answer: bytes, made: float | None) -> None:
    async with saying(tmp_path, answer) as clamd:
        found = await clamd.version()
    assert isinstance(found, Version)
    assert found.made == made


async def test_a_version_that_is_none(tmp_path: Path) -> None:
    async with saying(tmp_path, b"hello\0") as clamd:
        found = await clamd.version()
    assert isinstance(found, Heard)
    assert found.lack == ScanLack.MALFORMED
