"""DKIM signatures of arriving mails (RFC 6376, relaxed/relaxed, rsa-sha256): the same octets on every run."""

import base64
import hashlib
import re
from functools import cache

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SELECTOR = "s2026"
SIGNED = ("from", "to", "subject", "date", "message-id", "reply-to", "mime-version", "content-type")
_OFFSETS = {"p": 962, "q": 288}
"""What makes a prime of a number that a name yields: no key is kept here, and none is drawn by chance."""


def _number(name: str) -> int:
    octets = b"".join(hashlib.sha512(f"{name}{n}".encode()).digest() for n in range(2))
    return int.from_bytes(octets, "big") | 1 << 1023 | 1 << 1022 | 1


@cache
def _key() -> RSAPrivateKey:
    p, q = (_number(name) + offset for name, offset in _OFFSETS.items())
    e, d = 65537, pow(65537, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    return rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public).private_key()


@cache
def record() -> str:
    """What the DNS has at SELECTOR._domainkey of a domain that signs."""
    public = _key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def _relaxed(field: bytes) -> bytes:
    name, _, value = field.partition(b":")
    value = re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip(b" \t")
    return name.strip().lower() + b":" + value


def _body(body: bytes) -> bytes:
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    text = b"\r\n".join(lines).rstrip(b"\r\n")
    return text + b"\r\n" if text else b""


def signed(content: bytes, domain: str) -> bytes:
    """A mail with the signature of a domain above it."""
    head, _, body = content.partition(b"\r\n\r\n")
    fields = re.split(rb"\r\n(?![ \t])", head)
    names = [name for name in SIGNED if any(f.lower().startswith(name.encode() + b":") for f in fields)]
    digest = base64.b64encode(hashlib.sha256(_body(body)).digest()).decode()
    ours = (
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={SELECTOR};\r\n"
        f"\th={':'.join(names)};\r\n\tbh={digest};\r\n\tb="
    ).encode()
    chosen = [[f for f in fields if f.lower().startswith(name.encode() + b":")][-1] for name in names]
    data = b"".join(_relaxed(field) + b"\r\n" for field in chosen) + _relaxed(ours)
    value = base64.b64encode(_key().sign(data, padding.PKCS1v15(), SHA256())).decode()
    folded = "\r\n\t ".join(value[n : n + 70] for n in range(0, len(value), 70))
    return ours + folded.encode() + b"\r\n" + content
