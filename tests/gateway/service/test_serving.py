"""Answering: whoever sends what no end of ours sends is disconnected, and nothing else comes of it."""

import asyncio
import os
import random
import socket

import msgspec
import pytest

from gateway.service import serving, wire
from gateway.service.serving import Answering
from quarantine.service.service import Service, of
from tests.console.premises import Premises
from tests.console.test_tenants import rows_of


def call(verb: str, number: int = 1, **said: object) -> bytes:
    raw = {name: msgspec.Raw(msgspec.msgpack.encode(value)) for name, value in said.items()}
    return wire.framed(number, wire.CALL, wire.encoded(wire.Call("", verb, raw)))


async def answered(place: Premises, sent: bytes) -> bytes:
    """What comes back until the service closes."""
    ours, theirs = socket.socketpair()
    connection = Answering(
        *await asyncio.open_unix_connection(sock=ours), of(place.parts), wire.methods(Service)
    )
    serving = asyncio.ensure_future(connection.serve())
    reader, writer = await asyncio.open_unix_connection(sock=theirs)
    writer.write(sent)
    writer.write_eof()
    got = await reader.read()  # ends when the service closes
    await serving
    writer.close()
    return got


GOOD = call("who")


def deep(levels: int) -> bytes:
    """A call with a list in a list in a list as its argument."""
    said = {"id": msgspec.Raw(b"\x91" * levels + b"\xc0")}
    return wire.framed(1, wire.CALL, wire.encoded(wire.Call("", "mail", said)))


MALFORMED = {
    **{f"{levels} deep": deep(levels) for levels in (500, 2_000, 200_000)},
    "noise": os.urandom(64),
    "a verb that is none": call("__init__"),
    "a private one": call("_me"),
    "arguments of no verb": call("who", tenant="other"),
    "an answer": wire.framed(1, wire.ANSWER, b""),
    "too long": wire.HEAD.pack(wire.CALLED + 1, 1, wire.CALL),
    "no call": wire.framed(1, wire.CALL, b"\xc1"),
    "broken off": GOOD[:-1],
}


@pytest.mark.parametrize("what", MALFORMED)
async def test_what_is_malformed_ends_the_connection(
    place: Premises, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    got = await answered(place, MALFORMED[what] + b"\0" * 4000)
    assert b"Traceback" not in got
    told = capsys.readouterr().out
    assert "service_malformed" in told
    assert "Traceback" not in told


async def test_random_octets_change_nothing(full: Premises) -> None:
    before, source = await rows_of(full, "default"), random.Random(20)
    for _ in range(300):
        sent = bytearray(GOOD + call("mail", 2, id="timed") + call("change", 3, id="timed", event="recall"))
        for _ in range(source.randrange(1, 6)):
            sent[source.randrange(len(sent))] = source.randrange(256)
        await answered(full, bytes(sent) + b"\0")
    assert await rows_of(full, "default") == before


async def test_what_came_before_is_answered(place: Premises) -> None:
    ours, theirs = socket.socketpair()
    connection = Answering(
        *await asyncio.open_unix_connection(sock=ours), of(place.parts), wire.methods(Service)
    )
    serving = asyncio.ensure_future(connection.serve())
    reader, writer = await asyncio.open_unix_connection(sock=theirs)
    writer.write(call("who", 5))
    async for frame in wire.frames(reader, wire.PIECE, (wire.ANSWER,)):
        assert frame.number == 5
        assert wire.methods(Service)["who"].answer.decode(frame.body).account is None
        break
    writer.close()
    await serving


async def test_answers_that_nobody_reads_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks and does not read keeps no more of our memory than that; when it has read, it is answered again."""
    size = 4 << 20
    monkeypatch.setattr(serving, "UNREAD", size * 2)

    class Large:
        async def large(self) -> bytes:
            return bytes(size)

        async def small(self) -> int:
            return 1

    ours, theirs = socket.socketpair()
    connection = Answering(
        *await asyncio.open_unix_connection(sock=ours), lambda token: Large(), wire.methods(Large)
    )
    task = asyncio.ensure_future(connection.serve())
    reader, writer = await asyncio.open_unix_connection(sock=theirs, limit=1 << 16)
    writer.write(call("large", 1))
    while not connection._unread:
        await asyncio.sleep(0)
    writer.write(call("large", 2) + call("large", 3))
    ended: list[tuple[int, int]] = []
    async for frame in wire.frames(reader, wire.PIECE, (wire.MORE, wire.ANSWER, wire.REFUSED, wire.ALIVE)):
        if frame.kind in (wire.ANSWER, wire.REFUSED):
            ended.append((frame.number, frame.kind))
            if frame.kind == wire.REFUSED:
                assert "wait to be read" in str(wire.error_of(frame.body))
            if len(ended) == 3:
                writer.write(call("large", 4))
            if len(ended) == 4:
                break
    assert dict(ended) == {1: wire.ANSWER, 2: wire.REFUSED, 3: wire.REFUSED, 4: wire.ANSWER}
    assert connection._unread <= size
    writer.close()
    await task


async def test_a_text_that_is_too_long_is_refused_and_the_connection_goes_on(place: Premises) -> None:
    """Anybody can put one into an address or a form: the console must not lose its connection for it."""
    said = {"password": "", "peer": "", "device": "", "language": ""}
    got = await answered(place, call("login", 1, name="a" * 10_000, **said) + call("who", 2))
    frames = [wire.HEAD.unpack_from(got)]
    frames.append(wire.HEAD.unpack_from(got, wire.HEAD.size + frames[0][0]))
    assert sorted(frame[1:] for frame in frames) == [(1, wire.REFUSED), (2, wire.ANSWER)]
