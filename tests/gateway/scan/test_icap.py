"""ICAP: a real c-icap before a real clamd, and servers that answer what nobody should."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from config.scanning import ScannerSection
from gateway.scan.clamd import Clamd, Heard, ScanLack, Version
from gateway.scan.icap import ANSWER, Icap, heard
from gateway.scan.scanner import Scanner, engine
from tests.services.c_icap import c_icap
from tests.services.clamav import EICAR, clamav

CLEAN = b"Subject: x\r\n\r\nhello\r\n"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with clamav() as daemon, c_icap(daemon) as place:
        yield place


async def test_a_real_server_says_what_it_found_and_that_it_found_nothing(address: str) -> None:
    icap = Icap(address)
    assert isinstance(await icap.version(), Version)
    assert await icap.alive(20)
    assert await icap.scan([CLEAN]) == Heard()
    assert await icap.scan([]) == Heard()
    for pieces in ([EICAR], [CLEAN, EICAR], [bytes(6_000_000), memoryview(EICAR)]):
        assert (await icap.scan(pieces)).names == ("Test.EICAR.UNOFFICIAL",), (
            "also beyond what it calls its limit"
        )


async def test_services_that_do_not_look_to_the_end_are_not_believed(address: str) -> None:
    early = Icap(address.replace("avscan", "srv_clamav"))
    lines = b"Content-Type: text/plain\r\n\r\n" + b"a line of text\r\n" * 60_000
    assert (await early.scan([lines])).names == ()
    assert (await Icap(address.replace("avscan", "nosuch")).scan([CLEAN])).lack == ScanLack.MALFORMED
    assert not await Icap(address.replace("avscan", "nosuch")).alive(20)


async def test_the_scanner_asks_whoever_the_settings_name(address: str) -> None:
    section = ScannerSection(icap=address, database_days=0)
    assert (await Scanner(section).scan(memoryview(CLEAN + EICAR))).names == ("Test.EICAR.UNOFFICIAL",)
    assert await Scanner(section).state() == (True, None)
    assert isinstance(engine(ScannerSection(clamd="tcp://127.0.0.1:1")), Clamd)
    for wrong in (
        {"icap": address},
        {"icap": address, "clamd": "tcp://x:1", "database_days": 0},
        {"icap": "http://x/y"},
    ):
        with pytest.raises(ValueError, match=r"database_days|name one of them|pattern"):
            ScannerSection.model_validate(wrong)


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (b"ICAP/1.0 204 No Content", Heard()),
        (b"ICAP/1.0 204 x\r\nX-Infection-Found: Type=0; Resolution=2; Threat=A.b;", Heard(("A.b",))),
        (b"ICAP/1.0 200 OK\r\nx-infection-found: Type=0; Resolution=2; Threat=A b\xff;", Heard(("A b",))),
        (b"ICAP/1.0 200 OK\r\nX-Infection-Found: Type=2; Resolution=0; Threat=Locked;", ScanLack.LOCKED),
        (b"ICAP/1.0 200 OK\r\nX-Infection-Found: Type=0; Resolution=0; Threat=Heuristics.Limits.Exceeded;", ScanLack.LIMIT),
        (b"ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0", ScanLack.MALFORMED),
        (b"ICAP/1.0 2044 No", ScanLack.MALFORMED),
        (b"HTTP/1.1 204 No Content", ScanLack.MALFORMED),
        (b"x\r\nICAP/1.0 204 OK", ScanLack.MALFORMED),
        (b"", ScanLack.MALFORMED),
    ],
)  # fmt: skip
def test_only_204_is_clean_and_only_an_infection_is_found(answer: bytes, meaning: Heard | ScanLack) -> None:
    found = heard(answer)
    assert found == meaning if isinstance(meaning, Heard) else (found.lack, found.names) == (meaning, ())


@asynccontextmanager
async def answering(octets: bytes, *, hangs: bool = False) -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(octets)
        await writer.drain()
        if hangs:
            await asyncio.sleep(60)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"icap://127.0.0.1:{server.sockets[0].getsockname()[1]}/x"
    finally:
        server.close()


@pytest.mark.parametrize(
    ("octets", "hangs", "lack"),
    [
        (b"ICAP/1.0 204", False, ScanLack.CUT),
        (b"", True, ScanLack.SILENT),
        (b"ICAP/1.0 200 OK\r\nX: " + b"x" * 2 * ANSWER, False, ScanLack.MALFORMED),
        (b"ICAP/1.0 100 Continue\r\n\r\n", True, ScanLack.MALFORMED),
    ],
)
async def test_what_is_no_answer_is_not_believed(octets: bytes, hangs: bool, lack: ScanLack) -> None:
    async with answering(octets, hangs=hangs) as place:
        found = await Icap(place, 1.0).scan([CLEAN])
    assert (found.lack, found.names) == (lack, ())


async def test_nobody_there() -> None:
    assert (await Icap("icap://127.0.0.1:1/x").scan([CLEAN])).lack == ScanLack.REFUSED
    assert not await Icap("icap://127.0.0.1:1/x").alive(5)
