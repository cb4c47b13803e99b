"""Encoders of bygone days, which Python no longer has: uuencode, yEnc, BinHex 4.0 (RFC 1741)."""

import base64
import binascii
import re

_ALPHABET = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def uuencoded(content: bytes, name: str = "plan.docx") -> str:
    body = b"".join(binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45))
    return f"begin 644 {name}\n{body.decode()}`\nend\n"


def yencoded(content: bytes, name: str = "plan.docx") -> str:
    """As Latin-1."""
    coded = bytes((octet + 42) & 255 for octet in content)
    coded = re.sub(rb"[\0\n\r=]", lambda m: b"=" + bytes(((m[0][0] + 64) & 255,)), coded)
    body = b"\r\n".join(_cut(coded))
    head = f"=ybegin line=128 size={len(content)} name={name}\r\n"
    return head + body.decode("latin-1") + f"\r\n=yend size={len(content)}\r\n"


def _cut(coded: bytes) -> list[bytes]:
    return re.findall(rb"(?:=.|[^=]){1,128}", coded, re.DOTALL)


def binhexed(content: bytes, name: str = "plan.docx", fork: bytes = b"") -> str:
    head = bytes((len(name),)) + name.encode() + b"\0" + b"TEXTttxt" + b"\0\0"
    head += len(content).to_bytes(4, "big") + len(fork).to_bytes(4, "big") + b"\0\0"
    data = (head + content + b"\0\0" + fork + b"\0\0").replace(b"\x90", b"\x90\0")
    data = re.sub(
        rb"([^\x90])\1{3,250}(?![\0])", lambda m: m[1] + b"\x90" + bytes((len(m[0]),)), data, flags=re.DOTALL
    )
    digits = base64.b64encode(data).rstrip(b"=").translate(bytes.maketrans(_BASE64, _ALPHABET))
    lines = [digits[at : at + 64] for at in range(0, len(digits), 64)]
    return "(This file must be converted with BinHex 4.0)\n\n:" + b"\n".join(lines).decode() + ":\n"
