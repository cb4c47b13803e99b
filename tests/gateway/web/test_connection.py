"""The console's socket, talked to over raw sockets: hostile heads, bodies without end, clients that fall asleep."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from config.console import ConsoleLimits, ConsoleSection
from console.form import FORM_LIMIT
from gateway.web.address import ConsoleAddress
from gateway.web.door import Door
from gateway.web.server import ConsoleServer

LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
LARGE = 30 << 20
PATIENT = ConsoleLimits(head=600, body=600, write=600, idle=600)


@dataclass
class Here:
    """A served application: `asked` are the requests that came to it."""

    address: tuple[str, int]
    door: Door
    asked: list[tuple[str, int]] = field(default_factory=list)

    async def ask(self, octets: bytes) -> bytes:
        """Everything that is answered until the connection ends."""
        reader, writer = await asyncio.open_connection(*self.address)
        try:
            writer.write(octets)
            return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()


@asynccontextmanager
async def served(limits: ConsoleLimits) -> AsyncIterator[Here]:
    section = ConsoleSection(port=0, limits=limits)
    place, asked = ConsoleAddress(section), list[tuple[str, int]]()

    async def page(request: Request) -> Response:
        body = b"" if request.url.path == "/ignored" else await request.body()
        asked.append((f"{request.method} {request.url.path}", len(body)))
        return PlainTextResponse("x" * (LARGE if request.url.path == "/large" else 1))

    application = Starlette(routes=[Route("/{path}", page, methods=["GET", "POST"])])
    server = ConsoleServer(section, place.socket, application)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve())
        yield Here(place.address, server.door, asked)
        server.stop()


def play(loop: str, limits: ConsoleLimits, scene: Callable[[Here], Awaitable[None]]) -> None:
    async def run() -> None:
        async with asyncio.timeout(60), served(limits) as here:
            await scene(here)

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(run())


GOOD = b"GET /good HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
BIG = FORM_LIMIT + 1
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        (b"GET /a HTTP/1.1\nHost: x\n\n", 400),
        (b"GET /a HTTP/1.1\r\nHost: x\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", 431),
        (b"GET /a HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 70_000, 431),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd" + HIDDEN, 400),
        (
            b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            + HIDDEN,
            400,
        ),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + HIDDEN, 411),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN, 411),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % BIG + b"a" * BIG + HIDDEN, 413),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n", 413),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET /a HTTP/1.1\r\nX: no host\r\n\r\n" + HIDDEN, 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    ],
)
@pytest.mark.parametrize("loop", LOOPS)
def test_what_could_be_read_in_two_ways_is_refused(octets: bytes, status: int, loop: str) -> None:
    async def scene(here: Here) -> None:
        answer = await here.ask(octets)
        assert answer.startswith(f"HTTP/1.1 {status} ".encode()), answer[:200]
        assert answer.count(b"HTTP/1.1 ") == 1
        assert here.asked == []
        assert (await here.ask(GOOD)).startswith(b"HTTP/1.1 200 ")

    play(loop, PATIENT, scene)


@pytest.mark.parametrize("loop", LOOPS)
def test_a_second_request_behind_the_first_is_not_read(loop: str) -> None:
    async def scene(here: Here) -> None:
        form = b"POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd"
        assert (await here.ask(form + HIDDEN)).count(b"HTTP/1.1 200") == 1
        assert (await here.ask(HIDDEN.replace(b"hidden", b"seen") + HIDDEN)).count(b"HTTP/1.1 200") == 1
        assert here.asked == [("POST /form", 4), ("GET /seen", 0)]

    play(loop, PATIENT, scene)


@pytest.mark.parametrize("path", ["read", "ignored"])
@pytest.mark.parametrize("loop", LOOPS)
def test_one_connection_carries_one_request_after_the_other_in_any_pieces(loop: str, path: str) -> None:
    async def scene(here: Here) -> None:
        reader, writer = await asyncio.open_connection(*here.address)
        body = b"a" * FORM_LIMIT
        for _ in range(3):
            writer.write(
                f"POST /{path} HTTP/1.1\r\nHost: x\r\nContent-Length: {FORM_LIMIT}\r\n\r\n".encode()
                + body[:9]
            )
            await writer.drain()
            if path == "ignored":
                await reader.readuntil(b"\r\n\r\nx")
            for start in range(9, FORM_LIMIT, 20_000):
                writer.write(body[start : start + 20_000])
                await writer.drain()
            if path == "read":
                await reader.readuntil(b"\r\n\r\nx")
        for octet in GOOD:
            writer.write(bytes([octet]))
            await writer.drain()
        assert (await reader.read()).startswith(b"HTTP/1.1 200")
        writer.close()
        assert [asked for asked, _ in here.asked] == [f"POST /{path}"] * 3 + ["GET /good"]

    play(loop, PATIENT, scene)


@pytest.mark.parametrize(
    ("octets", "changed"),
    [
        (b"", "head"),
        (b"GET /a HTTP/1.1\r\nHost: x\r\n", "head"),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab", "body"),
        (b"POST /ignored HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab", "body"),
        (b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n", "idle"),
    ],
)
@pytest.mark.parametrize("loop", LOOPS)
def test_every_wait_for_the_client_ends(octets: bytes, changed: str, loop: str) -> None:
    """The client does nothing more; that it reads an end at all is the proof: every other time is ten minutes."""

    async def scene(here: Here) -> None:
        reader, writer = await asyncio.open_connection(*here.address)
        writer.write(octets)
        try:
            await reader.read()
        except ConnectionError:
            pass
        writer.close()

    play(loop, PATIENT.model_copy(update={changed: 1 if changed == "idle" else 0.05}), scene)


@pytest.mark.parametrize("loop", LOOPS)
def test_a_client_that_does_not_take_its_answer_is_cut(loop: str) -> None:
    async def scene(here: Here) -> None:
        reader, writer = await asyncio.open_connection(*here.address, limit=1024)
        writer.write(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        await reader.readexactly(100)
        while len(here.door):
            await asyncio.sleep(0.01)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(LARGE)
        writer.close()

    play(loop, PATIENT.model_copy(update={"write": 0.05}), scene)


@pytest.mark.parametrize("loop", LOOPS)
def test_half_requests_make_room_for_whole_ones(loop: str) -> None:
    async def scene(here: Here) -> None:
        strangers = [await asyncio.open_connection(*here.address) for _ in range(30)]
        for _, writer in strangers:
            writer.write(b"GET / HTTP/1.1\r\n")
        assert (await here.ask(GOOD)).startswith(b"HTTP/1.1 200 ")
        for _, writer in strangers:
            writer.close()

    play(loop, PATIENT.model_copy(update={"connections": 10, "connections_per_address": 50}), scene)


@pytest.mark.parametrize("loop", LOOPS)
def test_one_client_has_its_share_and_gets_it_back(loop: str) -> None:
    async def scene(here: Here) -> None:
        strangers = [await asyncio.open_connection(*here.address) for _ in range(3)]
        strangers[0][1].write(GOOD)
        assert (await strangers[0][0].read()).startswith(b"HTTP/1.1 200 ")
        while not (await here.ask(GOOD)).startswith(b"HTTP/1.1 200 "):
            await asyncio.sleep(0.01)
        another = [await asyncio.open_connection(*here.address) for _ in range(3)]
        answers = await asyncio.gather(*(_end(reader, writer) for reader, writer in another))
        assert b"" in answers, "three of three places are taken"
        for _, writer in strangers:
            writer.close()

    play(loop, PATIENT.model_copy(update={"connections_per_address": 3}), scene)


async def _end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    try:
        writer.write(GOOD)
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()
