"""OpenPGP messages: what is encrypted wants a key; what is signed, compressed or literal is read.

An armor header is believed only when packets follow it: "BEGIN PGP MESSAGE" above a clear text hides nothing.
"""

from collections.abc import Callable, Iterator
from functools import partial

from filters.extract import inflate
from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.openpgp import (
    ARMOR,
    COMPRESSED,
    ENCRYPTED,
    KEYS,
    LITERAL,
    SESSION,
    SIGNATURES,
    USER,
    is_cut_signature,
    packets,
)
from filters.extract.reason import Reason, Stop
from filters.extract.textkinds import is_textual
from mail.charset import decode, unbase64


@reads("pgp", media="application/pgp-encrypted")
def read(content: bytes, found: Found) -> None:
    """Read an OpenPGP message, binary or armored, into `found`. Raises Stop."""
    found.budget.take_bytes(len(content))
    if content[:1] != b"-":
        _walk(content, found)
        return
    at = 0
    for armor in ARMOR.finditer(content):
        _clear(content[at : armor.start()], found)
        found.text("header", decode(armor[2], ""))
        data = unbase64(armor[3])
        if armor[1] == b"SIGNATURE" and is_cut_signature(data) and not is_textual(data[8:]):
            found.verdicts.append("ok")  # it proves nothing, and carries nothing to read
        else:
            _walk(data, found)
        at = armor.end()
    _clear(content[at:], found)


def _clear(text: bytes, found: Found) -> None:
    """What stands outside an armor is text like any other."""
    if text.strip(b"\r\n \t\0"):
        found.budget.take_member()
        found.inside("text", text.replace(b"-----BEGIN PGP", b"---- BEGIN PGP"))


def _walk(data: bytes, found: Found, depth: int = 0) -> None:
    if depth > found.budget.depth:
        raise Stop(Reason.DEPTH, "pgp: nested too deep")
    session = False
    for packet in packets(data):
        if packet.tag in ENCRYPTED and is_textual(packet.body[1:]):
            _clear(packet.body[1:], found)
            raise Stop(Reason.CONTRADICTORY, "pgp: encrypted in clear text")
        if packet.tag in ENCRYPTED:
            found.locked = True
            found.failed(Reason.PASSWORD)
        elif packet.tag == LITERAL:
            name, text = _literal(packet.body)
            found.budget.take_member()
            found.inside(name or "content", text)
        elif packet.tag == COMPRESSED:
            _walk(_inflated(packet.body, found), found, depth + 1)
        elif packet.tag == USER:
            found.text("user", decode(packet.body, "utf-8"))
        elif packet.tag in SESSION:
            session = True
        elif packet.tag not in SIGNATURES and packet.tag not in KEYS:
            raise Stop(Reason.FORMAT, "pgp: a packet of an unknown kind")
    if session and not found.locked:
        raise Stop(Reason.CUT_OFF, "pgp: a key for nothing")
    if not found.locked:
        found.verdicts.append("ok")


def _literal(body: bytes) -> tuple[str, bytes]:
    size = body[1] if len(body) > 1 else 0
    return decode(body[2 : 2 + size], "utf-8"), body[2 + size + 4 :]


def _inflated(body: bytes, found: Found) -> bytes:
    data = body[1:]
    return inflate.bounded(_METHODS[body[0]](data), len(data), found.budget, "pgp")


_METHODS: dict[int, Callable[[bytes], Iterator[bytes]]] = {
    0: inflate.stored,
    1: inflate.deflated,
    2: partial(inflate.deflated, window=15),
    3: inflate.bzip2,
}
"""RFC 9580 9.4."""
