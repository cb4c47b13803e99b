"""The generator and the sink, which are written in C: every mail arrives, and times are told."""

import asyncio
import shutil
from collections.abc import Sequence

import pytest

from bench.stand.load import Load, Mails, Refused, send, wire
from bench.stand.sink import sink

pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")

CONTENTS = [
    f"Subject: {n}\r\n\r\n".encode() + b".x\r\n..\r\n" + b"y" * (n * 997) + b"\r\n" for n in range(200)
]


def test_the_wire_form_doubles_dots() -> None:
    assert wire(b".a\r\n.b\r\nc.\r\n") == b"..a\r\n..b\r\nc.\r\n.\r\n"


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("rate", [0.0, 1000.0])
async def test_every_mail_reaches_the_sink(kept: bool, rate: float) -> None:
    async with sink() as hop:
        opened: list[int] = []
        load = Load(hop.port, "a@x.example", "b@y.example", 7, kept=kept, rate=rate)
        result = await send(load, CONTENTS, lambda: opened.append(hop.mails))
        await hop.reached(len(CONTENTS), 20)
        assert opened == [0], "the clock starts before the first mail"
        assert len(result.replies) == len(CONTENTS)
        assert hop.mails == len(CONTENTS)
        assert 0 < result.at(0.5) <= result.at(0.99)
        assert result.begin < hop.last <= result.end
        assert len(result.late) == (len(CONTENTS) if rate else 0)
        assert result.used > 0


async def test_the_first_so_many_can_be_sent() -> None:
    async with sink() as hop:
        with Mails(CONTENTS) as mails:
            for _ in range(2):
                result = await send(Load(hop.port, "a@x.example", "b@y.example", 3), mails, count=5)
                assert len(result.replies) == 5
        await hop.reached(10, 20)
        assert hop.mails == 10


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 64])
async def test_the_sink_sees_the_end_however_it_is_cut(size: int) -> None:
    octets = b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n" + b"".join(
        content + b".\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"
        for content in (b"", b"x\r\n", b"..\r\n.y\r\n", b".\n.\r\r\n..\r\n", b"long" * 3000 + b"\r\n")
    )
    async with sink() as hop:
        reader, writer = await asyncio.open_connection("127.0.0.1", hop.port)
        for start in range(0, len(octets), size):
            writer.write(octets[start : start + size])
            if start < 600:
                await writer.drain()
                await asyncio.sleep(0)
        writer.write(b"end\r\n.\r\nQUIT\r\n")
        await hop.reached(6, 20)
        while not (await reader.readline()).startswith(b"221"):
            pass
        assert hop.mails == 6
        writer.close()


async def _peer(answers: Sequence[bytes]) -> asyncio.Server:
    """Says these lines, one for each command and for the content."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 x\r\n")
        for answer in answers:
            line = await reader.readline()
            if answer.startswith(b"="):
                while line not in (b".\r\n", b""):
                    line = await reader.readline()
            writer.write(answer.lstrip(b"=") + b"\r\n")
        writer.close()

    return await asyncio.start_server(talk, "127.0.0.1", 0)


async def test_a_refusal_ends_it_or_is_counted() -> None:
    answers = [b"250 x", b"250 ok", b"250 ok", b"354 go", b"=554 no", b"221 bye"]
    async with await _peer(answers) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Refused, match="554 no"):
            await send(Load(port, "a@x.example", "b@y.example", 1), CONTENTS[:2])
        result = await send(Load(port, "a@x.example", "b@y.example", 1, tolerant=True), CONTENTS[:4])
        assert result.refused == 4
        assert result.replies == []


async def test_a_peer_that_hangs_up_is_told() -> None:
    async with await _peer([b"250 x", b"250 ok"]) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Refused, match=r"closed|write"):
            await send(Load(port, "a@x.example", "b@y.example", 1), CONTENTS[:2])
