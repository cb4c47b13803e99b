"""CMS and OpenPGP messages, written by hand: what signs, encrypts and compresses, in every form that programs write."""

import base64
import bz2
import zlib

_PKCS7 = bytes.fromhex("2a864886f70d0107")
_SMIME = bytes.fromhex("2a864886f70d01091001")
_SHA256 = bytes.fromhex("300b0609608648016503040201")
_RANDOM = bytes(zlib.crc32(bytes((n & 255, n >> 8))) & 255 for n in range(400))
"""Stands for what is encrypted."""


def _tlv(tag: int, *pieces: bytes, open_ended: bool = False) -> bytes:
    body = b"".join(pieces)
    if open_ended:
        return bytes((tag, 0x80)) + body + b"\0\0"
    if len(body) < 128:
        return bytes((tag, len(body))) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + body


def _octets(content: bytes, open_ended: bool) -> bytes:
    if not open_ended:
        return _tlv(4, content)
    pieces = [_tlv(4, content[at : at + 100]) for at in range(0, len(content), 100)]
    return _tlv(0x24, *pieces, open_ended=True)


def _info(kind: bytes, value: bytes, open_ended: bool = False) -> bytes:
    return _tlv(0x30, _tlv(6, kind), _tlv(0xA0, value, open_ended=open_ended), open_ended=open_ended)


def signed(content: bytes | None, *, open_ended: bool = False) -> bytes:
    """SignedData around a content, or without one (None); `open_ended`: BER as programs write it that stream."""
    carried = b"" if content is None else _tlv(0xA0, _octets(content, open_ended), open_ended=open_ended)
    encapsulated = _tlv(0x30, _tlv(6, _PKCS7 + b"\1"), carried, open_ended=open_ended)
    value = _tlv(0x30, _tlv(2, b"\1"), _tlv(0x31, _SHA256), encapsulated, _tlv(0x31), open_ended=open_ended)
    return _info(_PKCS7 + b"\2", value, open_ended)


def compressed(content: bytes) -> bytes:
    """CompressedData (RFC 3274)."""
    method = _tlv(0x30, _tlv(6, bytes.fromhex("2a864886f70d0109100308")))
    inner = _tlv(0x30, _tlv(6, _PKCS7 + b"\1"), _tlv(0xA0, _tlv(4, zlib.compress(content))))
    return _info(_SMIME + b"\x09", _tlv(0x30, _tlv(2, b"\0"), method, inner))


def enveloped(*, authenticated: bool = False) -> bytes:
    """EnvelopedData, or AuthEnvelopedData (RFC 5083)."""
    inner = _tlv(0x30, _tlv(6, _PKCS7 + b"\1"), _SHA256, _tlv(0x80, _RANDOM))
    kind = _SMIME + b"\x17" if authenticated else _PKCS7 + b"\3"
    return _info(kind, _tlv(0x30, _tlv(2, b"\0"), _tlv(0x31), inner))


def pem(der: bytes, label: str = "PKCS7") -> bytes:
    body = base64.encodebytes(der).decode()
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n".encode()


def _packet(tag: int, body: bytes, *, partial: bool = False) -> bytes:
    if partial:
        pieces = b"".join(bytes((0xE0 | 9,)) + body[at : at + 512] for at in range(0, len(body) - 512, 512))
        rest = body[(len(body) - 1) // 512 * 512 :]
        return bytes((0xC0 | tag,)) + pieces + b"\xff" + len(rest).to_bytes(4, "big") + rest
    if tag > 15:
        return bytes((0xC0 | tag, 0xFF)) + len(body).to_bytes(4, "big") + body
    if len(body) > 0xFFFF:
        return bytes((0x80 | tag << 2 | 2,)) + len(body).to_bytes(4, "big") + body
    return bytes((0x80 | tag << 2 | 1,)) + len(body).to_bytes(2, "big") + body


def literal(content: bytes, name: str = "a.txt", *, partial: bool = False) -> bytes:
    """A literal data packet."""
    return _packet(11, b"b" + bytes((len(name),)) + name.encode() + bytes(4) + content, partial=partial)


def signed_pgp(content: bytes, *, method: int = 1) -> bytes:
    """What `gpg --sign` writes: compressed, one-pass signature, literal data, signature."""
    inner = _packet(4, bytes((3, 0, 8, 1)) + bytes(9)) + literal(content) + _packet(2, b"\4" + bytes(20))
    engine = zlib.compressobj(wbits=-15)
    packed = {
        0: inner,
        1: engine.compress(inner) + engine.flush(),
        2: zlib.compress(inner),
        3: bz2.compress(inner),
    }
    return b"\xa3" + bytes((method,)) + packed[method]


def encrypted_pgp(*, passphrase: bool = True, body: bytes = _RANDOM) -> bytes:
    """What `gpg -c` (a passphrase) or `gpg -e` (a key) writes."""
    session = _packet(3, b"\4\x09\3\x08" + bytes(9)) if passphrase else _packet(1, b"\3" + bytes(60))
    return session + _packet(18, b"\1" + body)


def armor(packets: bytes, kind: str = "MESSAGE") -> bytes:
    body = base64.encodebytes(packets).decode()
    return f"-----BEGIN PGP {kind}-----\nComment: x\n\n{body}=abcd\n-----END PGP {kind}-----\n".encode()
