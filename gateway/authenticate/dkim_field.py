"""The DKIM-Signature field (RFC 6376 §3.5), byte for byte as dkimpy writes it, without repeating its work for each mail.

How dkimpy lays the field out depends on the signed names only: it is done once, with places for what differs
from mail to mail. Of the header, only what is signed is brought into relaxed form (§3.4.2), and hashed in one go.
"""

import re
import time
from collections.abc import Mapping, Sequence

import dkim
from dkim.canonicalization import Relaxed

_TIME, _BODY, _SIGNATURE = b"\x01", b"\x02", b"\x03"
_PLACES = re.compile(rb"(\x01+|\x02+|\x03+)")
_RUN = re.compile(rb"  +")


class Layout:
    """The field for one list of names. `size`: characters of the signature in base64."""

    def __init__(self, algorithm: str, domain: str, selector: str, names: Sequence[bytes], size: int) -> None:
        name = b"DKIM-Signature"
        tags = (
            b"v=1; a=%b; c=relaxed/simple; d=%b; i=@%b; q=dns/txt; s=%b; t=%b; h=%b; bh=%b; b="
            % (
                algorithm.encode(), domain.encode(), domain.encode(), selector.encode(),
                _TIME * 10, b" : ".join(names), _BODY * 44,
            )
        )  # fmt: skip
        signed = dkim.fold(tags + _SIGNATURE * size + b"\r\n", namelen=len(name), linesep=b"\r\n")
        unsigned = dkim.fold(tags + b"0" * 60, namelen=len(name), linesep=b"\r\n")
        ((low, value),) = Relaxed.canonicalize_headers([(name, b" " + dkim.RE_BTAG.sub(b"\\1", unsigned))])
        self._signed = _PLACES.split(name + b": " + signed)
        self._hashed = _PLACES.split(low + b":" + value.rstrip())

    def hashed(self, stamp: bytes, body: bytes) -> bytes:
        """What the signature covers of the field itself: its relaxed form without a signature."""
        return _filled(self._hashed, {_TIME: stamp, _BODY: body})

    def signed(self, stamp: bytes, body: bytes, signature: bytes) -> bytes:
        """The field with its line end; `body` and `signature` are in base64."""
        return _filled(self._signed, {_TIME: stamp, _BODY: body, _SIGNATURE: signature})


def _filled(pieces: Sequence[bytes], values: Mapping[bytes, bytes]) -> bytes:
    """The pieces with the values in their places; a value that was folded goes on in the next place of its kind."""
    out, used = list(pieces), dict.fromkeys(values, 0)
    for number in range(1, len(out), 2):
        kind, size = out[number][:1], len(out[number])
        start = used[kind]
        out[number] = values[kind][start : start + size]
        used[kind] = start + size
    return b"".join(out)


def now() -> bytes:
    """The time for t=."""
    return b"%010d" % int(time.time())


def relaxed(name: bytes, field: bytes) -> bytes:
    """A header field in relaxed form (§3.4.2) with its line end; `name` in lower case."""
    value = field[field.index(b":") + 1 :].replace(b"\r\n", b"").replace(b"\n", b"")
    if b"\t" in value:
        value = value.replace(b"\t", b" ")
    if b"  " in value:
        value = _RUN.sub(b" ", value)
    return b"%b:%b\r\n" % (name, value.strip())


def selected(present: Sequence[bytes], names: Sequence[bytes]) -> list[int]:
    """Places of the signed fields among those that are `present`, the last of a name first (§5.4.2)."""
    left: dict[bytes, list[int]] = {}
    for place, name in enumerate(present):
        left.setdefault(name, []).append(place)
    return [places.pop() for name in names if (places := left.get(name))]
