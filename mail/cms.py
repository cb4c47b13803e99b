"""What a CMS message (RFC 5652; PKCS #7, RFC 2315) is, and the content that a signed one carries.

    opened(data) -> Enclosed(kind, content, end)

A signature hides nothing: content that is only signed, compressed or authenticated can be read by everybody, so it is read here.
What is enveloped is encrypted. S/MIME (RFC 8551 3.5.2) sends whole mails like that (application/pkcs7-mime).

Diagnostics: ber.NotBer for what is no CMS, or damaged.
"""

import re
import zlib
from itertools import islice

import msgspec

from mail.ber import CONSTRUCTED, OCTETS, OID, SEQUENCE, NotBer, Value, Walk
from mail.charset import unbase64

SIGNED, ENCRYPTED, DETACHED, DATA = "signed", "encrypted", "detached", "data"
_PKCS7 = bytes.fromhex("2a864886f70d0107")
_SMIME = bytes.fromhex("2a864886f70d01091001")
_OF = {
    _PKCS7 + b"\1": DATA,
    _PKCS7 + b"\2": SIGNED,
    _PKCS7 + b"\3": ENCRYPTED,
    _PKCS7 + b"\4": ENCRYPTED,
    _PKCS7 + b"\5": "digested",
    _PKCS7 + b"\6": ENCRYPTED,
    _SMIME + b"\2": "authenticated",
    _SMIME + b"\x09": "compressed",
    _SMIME + b"\x17": ENCRYPTED,
}
"""Content types by their object identifiers: RFC 5652, RFC 3274 (compressed), RFC 5083 (authEnveloped)."""
TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
"""Media types of a mail inside a CMS message."""
LONGEST = 64 << 20
"""Octets of a content that was compressed."""
_EXPLICIT = 0xA0
_ARMOR = re.compile(rb"-----BEGIN (PKCS ?#?7(?: SIGNED DATA)?|CMS)-----[ \t]{0,8}+\r?\n")
_FIELD = re.compile(rb"\s{0,8}[A-Za-z][A-Za-z0-9-]{1,40}[ \t]*:")


class Enclosed(msgspec.Struct, frozen=True):
    """kind is "signed", "encrypted" or "detached" (a signature without what it signs); `content` is b"" but for
    signed; `end` is where the message ends in what was read."""

    kind: str
    content: bytes = b""
    end: int = 0


def begins(head: bytes) -> bool:
    """True for the beginning of a ContentInfo of a known type, in BER."""
    if head[:1] != b"\x30" or len(head) < 13:
        return False
    at = 2 + (head[1] & 0x7F if head[1] & 0x80 else 0)
    return head[at : at + 1] == b"\6" and head[at + 2 : at + 2 + head[at + 1]] in _OF


def armored(text: bytes) -> bytes:
    """The message in the first PEM armor of a text (RFC 7468 8, 9), b"" when there is none."""
    endless: set[bytes] = set()
    for found in _ARMOR.finditer(text):
        if found[1] in endless:
            continue
        end = text.find(b"-----END " + found[1] + b"-----", found.end())
        if end >= 0:
            return unbase64(text[found.end() : end])
        endless.add(found[1])
    return b""


def opened(data: bytes) -> Enclosed:
    """What the message at the beginning of `data` is. Raises NotBer."""
    walk = Walk(data)
    info = walk.element(0, len(data))
    kind, value = _content(walk, info)
    if kind == ENCRYPTED:
        return Enclosed(ENCRYPTED, end=info.next)
    if kind == DATA:
        return Enclosed(SIGNED, walk.octets(value) if value else b"", info.next)
    if value is None or value.tag != SEQUENCE:
        raise NotBer("no content")
    for child in walk.children(value):
        if child.tag != SEQUENCE:
            continue
        parts = list(islice(walk.children(child), 2))
        if len(parts) == 2 and parts[1].tag == _EXPLICIT:
            content = _carried(walk, parts[1])
            return Enclosed(SIGNED, _inflated(content) if kind == "compressed" else content, info.next)
        if kind == SIGNED:
            return Enclosed(DETACHED, end=info.next)
    raise NotBer("no content")


def mail_in(data: bytes) -> bytes:
    """The mail inside an opaque-signed one, b"" when there is none to read."""
    try:
        content = opened(data).content
    except NotBer:
        return b""
    return (
        content if is_entity(content) else b"Content-Type: text/plain\r\n\r\n" + content if content else b""
    )


def is_entity(content: bytes) -> bool:
    """True when content begins as a MIME entity does: with a field."""
    return bool(_FIELD.match(content)) or content[:2] == b"\r\n"


def _content(walk: Walk, info: Value) -> tuple[str, Value | None]:
    """Type and value of a ContentInfo: SEQUENCE { contentType, [0] EXPLICIT content }."""
    if info.tag != SEQUENCE:
        raise NotBer("no ContentInfo")
    parts = walk.children(info)
    name = next(parts, None)
    kind = _OF.get(walk.data[name.start : name.end]) if name and name.tag == OID else None
    if kind is None:
        raise NotBer("no type that is known")
    wrapped = next(parts, None)
    return kind, walk.element(wrapped.start, wrapped.end) if wrapped and wrapped.tag == _EXPLICIT else None


def _carried(walk: Walk, wrapped: Value) -> bytes:
    """The content in [0] EXPLICIT: an octet string, or in PKCS #7 anything."""
    if wrapped.start == wrapped.end:
        return b""
    body = walk.element(wrapped.start, wrapped.end)
    if body.tag & ~CONSTRUCTED == OCTETS:
        return walk.octets(body)
    return walk.data[body.start : body.end]


def _inflated(content: bytes) -> bytes:
    engine = zlib.decompressobj()
    try:
        found = engine.decompress(content, LONGEST)
    except zlib.error as error:
        raise NotBer("compressed") from error
    if not engine.eof:
        raise NotBer("cut off, or too long")
    return found
