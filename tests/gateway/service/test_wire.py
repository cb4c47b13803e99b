"""The wire: what may pass, and what ends a connection."""

import asyncio

import msgspec
import pytest

from directory.people import PasswordRefused
from gateway.service import wire
from gateway.service.wire import Fault, Malformed
from quarantine.item import Event, NotAllowed
from quarantine.rights import Voice
from quarantine.service.caller import SignedOut
from quarantine.service.service import Service
from quarantine.store import Missing, Place
from storage.interfaces import StoreError, Unknown
from tests.quarantine.service.test_service import VERBS

METHODS = wire.methods(Service)


def raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.msgpack.encode(value))


def test_every_verb_can_be_called_and_answers_plain_data() -> None:
    assert set(METHODS) == set(VERBS)
    for method in METHODS.values():
        for hint in (*method.parameters.values(), method.answer):
            assert "Any" not in str(hint)


def test_arguments_are_what_the_verb_says() -> None:
    change = METHODS["change"]
    said = change.said("a1", Event.DENY, voice=Voice("president"), tell=True)
    assert change.heard(said) == {"id": "a1", "event": Event.DENY, "voice": Voice("president"), "tell": True}
    assert METHODS["held"].heard(METHODS["held"].said(Place(1.5, "a1"))) == {"after": Place(1.5, "a1")}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"id": raw("a1")},
        {"id": raw("a1"), "event": raw("no such event")},
        {"id": raw(7), "event": raw("deny")},
        {"id": raw("a1"), "event": raw("deny"), "tenant": raw("other")},
        {"id": raw("a1"), "event": raw("deny"), "self": raw("x")},
        {"id": raw("a1"), "event": raw("deny"), "tell": raw("yes")},
        {"id": raw(["a1"]), "event": raw("deny")},
    ],
)
def test_other_arguments_are_malformed(said: dict[str, msgspec.Raw]) -> None:
    with pytest.raises(Malformed):
        METHODS["change"].heard(said)


@pytest.mark.parametrize(
    "body", [b"", b"\xc1", b"\x93\x01\x02", msgspec.msgpack.encode({"token": 1, "verb": "who"})]
)
def test_a_call_that_is_none(body: bytes) -> None:
    with pytest.raises(Malformed):
        wire.call_of(body)


@pytest.mark.parametrize(
    ("error", "arrives"),
    [
        (Missing("a"), Missing),
        (SignedOut("a"), SignedOut),
        (NotAllowed("a"), NotAllowed),
        (Unknown("a"), StoreError),
        (UnicodeError("a"), ValueError),
        (KeyError("a"), LookupError),
    ],
)
def test_what_a_verb_raises_arrives(error: Exception, arrives: type[Exception]) -> None:
    refusal = wire.refusal_of(error)
    assert type(wire.error_of(wire.encoded(refusal))) is arrives


def test_reasons_arrive_and_what_nobody_foresaw_does_not() -> None:
    refused = wire.error_of(
        wire.encoded(wire.refusal_of(PasswordRefused(["password_length", "password_date"])))
    )
    assert isinstance(refused, PasswordRefused)
    assert refused.reasons == ["password_length", "password_date"]
    assert wire.refusal_of(ZeroDivisionError("secret")) is None
    assert isinstance(wire.error_of(wire.encoded(wire.Refusal("SystemExit"))), Fault)
    with pytest.raises(Malformed):
        wire.error_of(b"\xc1")


async def read(data: bytes, most: int = wire.PIECE) -> list[wire.Frame]:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return [frame async for frame in wire.frames(reader, most, (wire.MORE, wire.ANSWER))]


async def test_a_long_answer_comes_in_pieces() -> None:
    answer = bytes(range(256)) * 3000
    found = await read(b"".join(wire.pieces(7, answer)))
    assert len(found) == 3
    assert b"".join(f.body for f in found) == answer
    assert [f.kind for f in found] == [wire.MORE, wire.MORE, wire.ANSWER]
    assert max(len(f.body) for f in found) <= wire.PIECE


@pytest.mark.parametrize(
    "data",
    [
        b"\x00",
        wire.framed(1, wire.ANSWER, b"abc")[:-1],
        wire.framed(1, wire.CALL, b""),
        wire.framed(1, 99, b""),
        wire.HEAD.pack(wire.PIECE + 1, 1, wire.ANSWER),
        wire.HEAD.pack(0xFFFFFFFF, 1, wire.ANSWER),
    ],
)
async def test_frames_that_nobody_of_us_sends(data: bytes) -> None:
    with pytest.raises(Malformed):
        await read(data)
