"""Reading replies and stuffing dots: pure functions first, then a Wire over a real connection."""

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.deliver.wire import CHUNK, Broken, NotCanonical, Wire, as_transport, parse_reply, stuffed
from mail.reply import Reply


@pytest.mark.parametrize(
    ("lines", "reply"),
    [
        ([b"250 ok"], Reply(250, "ok", -1)),
        ([b"250"], Reply(250, "", -1)),
        ([b"250 2.1.5 fine"], Reply(250, "fine", 1, 5)),
        ([b"550 5.1.1"], Reply(550, "", 1, 1)),
        ([b"550-5.7.1 first", b"550 5.7.1 second"], Reply(550, "first\nsecond", 7, 1)),
        ([b"550-5.7.1 first", b"550 second"], Reply(550, "first\nsecond", -1)),
        ([b"550 4.2.2 a status of another class"], Reply(550, "4.2.2 a status of another class", -1)),
        ([b"250 1.2.3.4 is no status"], Reply(250, "1.2.3.4 is no status", -1)),
        ([b"451 \x1b[31m\xe3\x81\x82\xff\x00"], Reply(451, "[31m\u3042\ufffd", -1)),
    ],
)  # fmt: skip
def test_replies(lines: list[bytes], reply: Reply) -> None:
    assert parse_reply(lines) == reply


@pytest.mark.parametrize(
    "lines",
    [[b"hello"], [b""], [b"25"], [b"2500 x"], [b"150 x"], [b"650 x"], [b"250_x"], [b"250-a", b"251 b"], [b" 250 x"], [b"\xb2\xb5\xb0 x"]],
)  # fmt: skip
def test_what_is_no_reply_is_a_temporary_failure(lines: list[bytes]) -> None:
    with pytest.raises(Broken) as caught:
        parse_reply(lines)
    assert caught.value.reply.code == 451


def test_long_texts_are_cut() -> None:
    assert len(parse_reply([b"550 " + b"x" * 4000]).text) <= 1000


@given(st.lists(st.binary(max_size=40), max_size=4))
@settings(max_examples=200)
def test_no_bytes_raise_anything_else(lines: list[bytes]) -> None:
    try:
        reply = parse_reply(lines or [b""])
    except Broken as fault:
        reply = fault.reply
    assert 200 <= reply.code < 600


def unstuffed(wire: bytes) -> bytes:
    """What a strict server makes of it; it must find the end at the end and nowhere else."""
    end = wire.find(b"\r\n.\r\n")
    if wire == b".\r\n":
        return b""
    assert end == len(wire) - 5
    return b"\r\n".join(line.removeprefix(b".") for line in wire[:-3].split(b"\r\n"))


LINES = st.lists(st.sampled_from([b"", b".", b"..", b"...", b".x", b"x.", b"x", b"a.b", b". "]), max_size=8)


@given(LINES, st.lists(st.integers(0, 40), max_size=12))
@settings(max_examples=400)
def test_any_cutting_into_pieces_gives_the_same_bytes(lines: list[bytes], cuts: list[int]) -> None:
    content = b"".join(line + b"\r\n" for line in lines)
    edges = sorted({0, len(content), *(c for c in cuts if c < len(content))})
    pieces = [memoryview(content)[a:b] for a, b in pairwise(edges)]
    assert unstuffed(b"".join(stuffed(pieces))) == content


@pytest.mark.parametrize("shift", [-3, -2, -1, 0, 1])
def test_dots_at_the_edges_of_chunks(shift: int) -> None:
    content = b"x" * (CHUNK + shift - 2) + b"\r\n.\r\n" + b"y" * CHUNK + b"\r\n"
    assert unstuffed(b"".join(stuffed([content]))) == content


def test_an_unfinished_last_line_is_finished() -> None:
    assert b"".join(stuffed([b"a\r\nb"])) == b"a\r\nb\r\n.\r\n"
    assert b"".join(stuffed([b"a\r\n."])) == b"a\r\n..\r\n.\r\n"
    assert b"".join(stuffed([])) == b".\r\n"


@pytest.mark.parametrize(
    "content", [b"a\n.\r\nMAIL", b"a\n.\nx", b"a\r.\rx", b"a\r.\r\nx", b"a\n.x", b"\n.\r\n"]
)
@pytest.mark.parametrize("cut", range(1, 6))
def test_what_a_lax_server_would_take_for_the_end_is_not_sent(content: bytes, cut: int) -> None:
    with pytest.raises(NotCanonical):
        list(stuffed([b"x\r\n" + content[:cut], content[cut:]]))


def test_a_content_without_dots_is_not_copied_twice() -> None:
    piece = b"x" * (CHUNK - 2) + b"\r\n"
    first, *_ = stuffed([piece])
    assert first is piece


# A Wire over a socket.


class Peer:
    """The other end: sends what a test wants, and reads nothing until it is told to."""

    def __init__(self) -> None:
        self.read = bytearray()

    async def start(self, limit: int | None = None) -> Wire:
        connected = asyncio.get_running_loop().create_future()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connected.set_result((reader, writer))

        self._server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, "127.0.0.1", port)
        self.reader, self.writer = await connected
        return Wire(as_transport(transport), {"pipelining": ""})

    def stop(self) -> None:
        self.writer.transport.abort()
        self._server.close()


async def test_replies_in_any_segments() -> None:
    peer = Peer()
    wire = await peer.start()
    wire.write(b"A\r\nB\r\nC\r\n", 3)
    for byte in b"250-one\r\n250 two\r\n251 three\r\n550 5.1.1 four\n":
        peer.writer.write(bytes([byte]))
        await peer.writer.drain()
    assert [(await wire.read(1)).text for _ in range(3)] == ["one\ntwo", "three", "four"]
    assert wire.usable
    wire.quit()
    peer.stop()


SENT: dict[str, Callable[[Peer], None]] = {
    "garbage": lambda peer: peer.writer.write(b"HTTP/1.1 400 Bad Request\r\n"),
    "an endless line": lambda peer: peer.writer.write(b"250 " + b"x" * 10_000),
    "endless lines": lambda peer: peer.writer.write(b"250-x\r\n" * 20_000),
    "end of file": lambda peer: peer.writer.write_eof(),
    "half a reply and the end": lambda peer: (peer.writer.write(b"250 o"), peer.writer.close())[0],
    "reset": lambda peer: peer.writer.transport.abort(),
    "nothing": lambda peer: None,
}


@pytest.mark.parametrize("what", SENT)
async def test_everything_but_a_reply_breaks_the_wire(what: str) -> None:
    peer = Peer()
    wire = await peer.start()
    wire.write(b"NOOP\r\n", 1)
    SENT[what](peer)
    with pytest.raises(Broken) as caught:
        await wire.read(0.2)
    assert caught.value.reply.code == 451
    assert not wire.usable
    with pytest.raises(Broken):
        await wire.read(0.2)
    peer.stop()


async def test_a_reply_that_nobody_waits_for_ends_the_connection() -> None:
    peer = Peer()
    wire = await peer.start()
    peer.writer.write(b"421 4.4.2 idle for too long\r\n")
    async with asyncio.timeout(2):
        while wire.usable:
            await asyncio.sleep(0.005)
    peer.stop()


async def test_a_reply_that_came_before_the_end_is_still_read() -> None:
    peer = Peer()
    wire = await peer.start()
    wire.write(b"NOOP\r\n", 1)
    peer.writer.write(b"421 4.3.2 bye\r\n")
    peer.writer.close()
    await asyncio.sleep(0.05)
    assert (await wire.read(1)).code == 421
    with pytest.raises(Broken):
        await wire.read(1)
    peer.stop()


async def test_writing_waits_for_the_reader() -> None:
    """Backpressure: what waits in memory stays bounded while the peer does not read."""
    peer = Peer()
    wire = await peer.start()
    written = 0

    async def write() -> None:
        nonlocal written
        while written < 200 * CHUNK:
            wire.write(b"x" * CHUNK)
            written += CHUNK
            await wire.drain(0.2)

    with pytest.raises(Broken) as caught:
        await write()
    assert caught.value.reply.enhanced == "4.4.7"
    assert written < 200 * CHUNK
    peer.stop()


async def test_writing_stops_when_an_answer_comes_early() -> None:
    peer = Peer()
    wire = await peer.start()
    wire.write(b"", 1)
    peer.writer.write(b"552 5.3.4 too big\r\n")
    async with asyncio.timeout(5):
        while not wire.answered:
            wire.write(b"x" * CHUNK)
            await wire.drain(1)
    assert (await wire.read(1)).code == 552
    wire.abort()
    peer.stop()
