"""What passes between those who ask and the process that has the database: frames of plain data (msgpack).

    frame    length of the body, number of the call (4 bytes each, big-endian), kind (1 byte), body
    call     token, verb, arguments by name
    answer   the value, in pieces when it is long; or a refusal: the name of an exception and what it says

Arguments and answers are decoded by the annotations of the verb, so neither side can send the other anything else. What
is malformed or too long ends the connection: whoever sends it is not one of us.

Sources: msgpack; unix(7).
"""

import asyncio
import inspect
import struct
import typing
from collections.abc import AsyncIterator, Mapping
from typing import Any, NamedTuple

import msgspec

from directory.logins import TooManyFailures
from directory.people import PasswordRefused
from directory.vault import PassphraseRefused
from quarantine.item import NotAllowed
from quarantine.reported.reports import TooMany
from quarantine.service.caller import ProofNeeded, SignedOut
from quarantine.service.desk import ReasonNeeded
from quarantine.store import Missing
from quarantine.waits.attention import Unread
from storage.interfaces import StoreError

HEAD = struct.Struct("!IIB")
CALL, MORE, ANSWER, REFUSED, ALIVE = range(5)
"""Kinds of frames. MORE is a piece of an answer that goes on; ALIVE, of no call, says that answers are being worked at."""
BEAT = 1.0
"""Seconds between two ALIVE, while there are calls."""
CALLED = 1 << 18
"""Most bytes of a call: four times the longest form."""
PIECE = 1 << 18
"""Most bytes of a frame of an answer; others may pass between two."""
TEXT = 4_000
"""Characters of a text that is said to a verb: more than any field of a page has."""
ANSWERED = 96 << 20
"""Most bytes of an answer: a mail and its original, as far as they are shown."""


class Malformed(Exception):
    """The other end sends what no end of ours sends."""


class Fault(Exception):
    """The service failed in a way that nobody foresaw; its own log says how."""


class Call(msgspec.Struct, frozen=True):
    """`said`: the arguments by name, decoded when the verb is known."""

    token: str
    verb: str
    said: dict[str, msgspec.Raw] = {}


class Refusal(msgspec.Struct, frozen=True):
    """An exception of CARRIED, by name."""

    kind: str
    reasons: tuple[str, ...] = ()


class Frame(NamedTuple):
    number: int
    kind: int
    body: bytes


CARRIED: dict[str, type[Exception]] = {
    kind.__name__: kind
    for kind in (
        Missing, SignedOut, ProofNeeded, ReasonNeeded, Unread, TooMany, NotAllowed, TooManyFailures, PasswordRefused, PassphraseRefused,
        StoreError, ValueError, LookupError,
    )
}  # fmt: skip
"""The exceptions that verbs raise to those who ask; of others they hear only that there was one."""


class Method:
    """How one verb is called: its parameters by name, and a decoder for each and for its answer."""

    def __init__(self, function: Any) -> None:
        hints = typing.get_type_hints(function)
        self.name: str = function.__name__
        self.answer = msgspec.msgpack.Decoder(hints.pop("return"))
        self.parameters = {name: msgspec.msgpack.Decoder(kind) for name, kind in hints.items()}
        self.signature = inspect.signature(function)

    def heard(self, said: Mapping[str, msgspec.Raw]) -> dict[str, Any]:
        """The arguments. Raises Malformed."""
        try:
            found = {name: self.parameters[name].decode(raw) for name, raw in said.items()}
            self.signature.bind(None, **found)
        except (KeyError, TypeError, ValueError, RecursionError, msgspec.MsgspecError) as error:
            raise Malformed(f"arguments of {self.name}: {type(error).__name__}") from None
        return found

    def said(self, *given: Any, **named: Any) -> dict[str, msgspec.Raw]:
        """What was given, by name. Raises TypeError."""
        bound = self.signature.bind(None, *given, **named).arguments
        return {name: msgspec.Raw(_encoder.encode(value)) for name, value in bound.items() if name != "self"}


_encoder = msgspec.msgpack.Encoder()
_call = msgspec.msgpack.Decoder(Call)
_refusal = msgspec.msgpack.Decoder(Refusal)


def methods(service: type) -> dict[str, Method]:
    """The verbs of a service: its coroutines without an underscore."""
    found = inspect.getmembers(service, inspect.iscoroutinefunction)
    return {name: Method(function) for name, function in found if not name.startswith("_")}


def call_of(body: bytes) -> Call:
    """Raises Malformed."""
    try:
        return _call.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise Malformed("a call") from None


def encoded(value: Any) -> bytes:
    return _encoder.encode(value)


def refusal_of(error: Exception) -> Refusal | None:
    """What the asker hears of an exception; None when that is not for them."""
    kind = next((k.__name__ for k in type(error).__mro__ if CARRIED.get(k.__name__) is k), None)
    if kind is None:
        return None
    reasons = getattr(error, "reasons", None)
    return Refusal(kind, tuple(map(str, [str(error)] if reasons is None else reasons)))


def error_of(body: bytes) -> Exception:
    """The exception of a refusal. Raises Malformed."""
    try:
        refusal = _refusal.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise Malformed("a refusal") from None
    kind = CARRIED.get(refusal.kind)
    if kind is None:
        return Fault("the service failed")
    if kind in (PasswordRefused, PassphraseRefused):
        return kind(list(refusal.reasons))
    return kind(*refusal.reasons)


def framed(number: int, kind: int, body: bytes | memoryview) -> bytes:
    return HEAD.pack(len(body), number, kind) + body


def pieces(number: int, body: bytes) -> typing.Iterator[bytes]:
    """An answer as frames."""
    view = memoryview(body)
    while len(view) > PIECE:
        yield framed(number, MORE, view[:PIECE])
        view = view[PIECE:]
    yield framed(number, ANSWER, view)


async def frames(reader: asyncio.StreamReader, most: int, kinds: tuple[int, ...]) -> AsyncIterator[Frame]:
    """What comes, until the other end closes. Raises Malformed for a frame of more than `most` bytes, of another kind, or
    that breaks off."""
    while True:
        try:
            size, number, kind = HEAD.unpack(await reader.readexactly(HEAD.size))
            if size > most or kind not in kinds:
                raise Malformed(f"a frame of kind {kind} with {size} bytes")
            body = await reader.readexactly(size)
        except asyncio.IncompleteReadError as error:
            if error.partial:
                raise Malformed("a frame breaks off") from None
            return
        except ConnectionError:
            return
        yield Frame(number, kind, body)
