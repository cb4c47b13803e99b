"""dkimpy, made fast and bounded: the one place where the gateway reaches into that library.

dkimpy knows the standards (RFC 6376, 8301, 8463, 8617) and judges every signature here; it writes those of ARC, and
gateway.authenticate.dkim_field writes those of DKIM as it would. Importing this module replaces three things in it; the
figures are in docs/adr/0005-dkim.md:

- its RSA arithmetic in pure Python, by `cryptography` (private keys may be given to it parsed);
- its reading of a whole mail as lines, by the header that mail.message has read and the body where it lies;
- its canonical bodies, whose regular expressions take time quadratic in a run of blanks (40 kB: 6 s, in which
  nothing else runs), by linear ones that are made once per mail.

Its expressions for signature fields are quadratic too, so `tags` does not let outlandish fields through to it.
"""

import logging
import re
from functools import cached_property
from typing import Any

import dkim
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from dkim import canonicalization

from mail.message import Message

SMALLEST_KEY = 1024
"""Bits of an RSA key below which a signature says nothing (RFC 8301)."""

LONGEST_FIELD = 8192
MOST_NAMES = 200
_BLANKS = re.compile(rb"\s{64}")
_RUN = re.compile(rb"  +")

_quiet = logging.Logger("dkimpy")  # it logs what peers wrote
_quiet.disabled = True


class Body:
    """The body of a mail with its canonical forms (RFC 6376 §3.4.3, §3.4.4), each made when first asked for.

    Stray CR and LF, which the listener refuses, count as line ends here.
    """

    def __init__(self, view: memoryview | bytes) -> None:
        self._view = memoryview(view)

    @cached_property
    def simple(self) -> memoryview | bytes:
        """As it is, with one line end at its end; not copied unless that is missing."""
        end = _last_character(self._view)
        return self._view[: end + 2] if len(self._view) >= end + 2 else bytes(self._view[:end]) + b"\r\n"

    @cached_property
    def relaxed(self) -> bytes:
        """Runs of blanks as one, none before line ends, no empty lines at the end."""
        data = bytes(self._view[: _last_character(self._view)])
        if b"\t" in data:
            data = data.replace(b"\t", b" ")
        if b"  " in data:
            data = _RUN.sub(b" ", data)
        data = data.replace(b" \r\n", b"\r\n").rstrip(b" \r\n")
        return data + b"\r\n" if data else b""


def _last_character(view: memoryview, step: int = 4096) -> int:
    """Where the body ends without the line ends at its end."""
    end = len(view)
    while end:
        start = max(0, end - step)
        if kept := len(bytes(view[start:end]).rstrip(b"\r\n")):
            return start + kept
        end = start
    return 0


def fields(message: Message, *names: bytes) -> list[tuple[bytes, bytes]]:
    """The header as dkimpy wants it: names, and values with their folding and one line end.

    Only the fields of these names (in lower case) when any is given.
    """
    return [
        (h.raw_name, h.raw[h.raw.index(b":") + 1 :].rstrip(b"\r\n") + b"\r\n")
        for h in message.headers
        if not names or h.raw_name.lower() in names
    ]


def prepared(message: Message, kind: Any = dkim.DKIM, algorithm: str = "rsa-sha256") -> Any:
    """A dkim.DKIM or dkim.ARC object that holds this mail, without having read it again."""
    one = kind(logger=_quiet, minkey=SMALLEST_KEY, signature_algorithm=algorithm.encode())
    one.headers = fields(message)
    one.body = Body(message.view[message.header_end :])
    return one


def tags(field: bytes) -> dict[str, str]:
    """The tags of a signature field (§3.2), empty when it is malformed or larger than a real one can be."""
    if len(field) > LONGEST_FIELD or field.count(b":") > MOST_NAMES or _BLANKS.search(field):
        return {}
    try:
        found = dkim.util.parse_tag_value(field)
    except dkim.InvalidTagValueList:
        return {}
    return {
        name.decode("ascii", "replace"): value.decode("utf-8", "replace") for name, value in found.items()
    }


def key_name(found: dict[str, str]) -> str:
    """Where the public key of a signature with these tags is published, in lower case without the last dot."""
    return f"{found.get('s', '')}._domainkey.{found.get('d', '')}".lower().rstrip(".")


def _parsed(key: Any) -> Any:
    return load_pem_private_key(key, None) if isinstance(key, bytes) else key


def _sign(digest: Any, key: rsa.RSAPrivateKey) -> bytes:
    return key.sign(digest.digest(), padding.PKCS1v15(), Prehashed(SHA256()))


def _verify(digest: Any, signature: bytes, key: dict[str, int]) -> bool:
    try:
        public = rsa.RSAPublicNumbers(key["publicExponent"], key["modulus"]).public_key()
        public.verify(signature, digest.digest(), padding.PKCS1v15(), Prehashed(SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


class _Simple:
    name = b"simple"
    canonicalize_headers = staticmethod(canonicalization.Simple.canonicalize_headers)

    @staticmethod
    def canonicalize_body(body: Body | bytes) -> memoryview | bytes:
        return (body if isinstance(body, Body) else Body(body)).simple


class _Relaxed:
    name = b"relaxed"
    canonicalize_headers = staticmethod(canonicalization.Relaxed.canonicalize_headers)

    @staticmethod
    def canonicalize_body(body: Body | bytes) -> bytes:
        return (body if isinstance(body, Body) else Body(body)).relaxed


dkim.parse_pem_private_key = _parsed
dkim.RSASSA_PKCS1_v1_5_sign = _sign
dkim.RSASSA_PKCS1_v1_5_verify = _verify
canonicalization.ALGORITHMS.update({b"simple": _Simple, b"relaxed": _Relaxed})
