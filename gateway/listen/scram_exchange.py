"""The messages of SCRAM-SHA-256, read and written from the server's side (RFC 5802 §5 and §7). Pure.

Channel binding is not offered: "n" and "y" are understood, "p=" is refused (RFC 5802 §6).
"""

import base64
import binascii
import re

import msgspec

_FIRST = re.compile(rb"(n|y),(?:a=([^,]*))?,(n=([^,]+),r=([!-+\--~]{1,256}))(?:,.*)?", re.DOTALL)
_FINAL = re.compile(rb"(c=([^,]*),r=([!-+\--~]+)(?:,[A-Za-z]=[^,]*)*),p=([^,]+)", re.DOTALL)
LONGEST = 1024
"""Octets of a message that are looked at."""


class ClientFirst(msgspec.Struct, frozen=True):
    """login, nonce; `header` is the GS2 header, `bare` the message without it, as they go into the proof."""

    login: str
    nonce: bytes
    header: bytes
    bare: bytes

    def answer(self, nonce: bytes, salt: bytes, iterations: int) -> bytes:
        """The server's first message; `nonce` is its part of the nonce."""
        return b"r=%s%s,s=%s,i=%d" % (self.nonce, nonce, base64.b64encode(salt), iterations)


class ClientFinal(msgspec.Struct, frozen=True):
    """The proof, and the message without it."""

    proof: bytes
    bare: bytes


def client_first(message: bytes) -> ClientFirst | None:
    """None for what is none, asks for channel binding or an extension that must be understood, or wants to act for
    somebody else."""
    match = _FIRST.fullmatch(message) if len(message) <= LONGEST else None
    if match is None:
        return None
    login, acts_for = _name(match[4]), _name(match[2] or b"")
    if not login or acts_for not in ("", login):
        return None
    return ClientFirst(login, match[5], message[: match.start(3)], message[match.start(3) :])


def client_final(message: bytes, first: ClientFirst, nonce: bytes) -> ClientFinal | None:
    """None for what is none, or belongs to another exchange."""
    match = _FINAL.fullmatch(message) if len(message) <= LONGEST else None
    if match is None or match[3] != first.nonce + nonce or match[2] != base64.b64encode(first.header):
        return None
    try:
        return ClientFinal(base64.b64decode(match[4], validate=True), match[1])
    except binascii.Error:
        return None


def proved(first: ClientFirst, answer: bytes, final: ClientFinal) -> bytes:
    """The AuthMessage, of which the proof is made."""
    return b",".join([first.bare, answer, final.bare])


def server_final(signature: bytes) -> bytes:
    return b"v=" + base64.b64encode(signature)


def _name(text: bytes) -> str | None:
    """A saslname (RFC 5802 §7); None when it is none."""
    if re.search(rb"=(?!2C|3D)|\0", text):
        return None
    try:
        return text.replace(b"=2C", b",").replace(b"=3D", b"=").decode()
    except UnicodeDecodeError:
        return None
