"""Parameters of Content-Type and Content-Disposition: RFC 2045, RFC 2231, and what people really send.

A name can have several readings (filename and filename*, duplicates, a value without its quotes). The best one
is the value; all are kept, because each of them is what some mail client shows.
"""

import re
from urllib.parse import unquote_to_bytes

from mail.charset import decode, decode_header, known, masked

MAX_PARAMETERS = 100

_PARAMETER = re.compile(
    rb";[ \t\r\n]*(?:\([^()]*\)[ \t\r\n]*)?([^\s=;\"()]+)[ \t\r\n]*=[ \t\r\n]*(?:\"((?:[^\"\\]|\\.)*)(\")?|([^;\"]*))",
    re.DOTALL,
)
_CONTINUED = re.compile(r"(.+?)\*(?:(\d{1,4})(\*)?)?\Z")
_SIMPLE = re.compile(rb"[ -<>-~]*|[ ->@-~]*")  # nothing to decode: no "=?", no escape, ASCII
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)


class Parameters:
    """The parameters of one header field.

    values     name -> best reading      all        name -> every reading, best first
    duplicate  names given twice          conflict   names whose readings differ
    oddities   short names of what is wrong: "duplicate", "conflict", "gap", "unquoted", "unclosed", "encoded-word"
    """

    __slots__ = ("all", "oddities", "too_many", "values")

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.all: dict[str, list[str]] = {}
        self.oddities: dict[str, set[str]] = {}
        self.too_many = False

    def readings(self, name: str) -> list[str]:
        return self.all.get(name, [])

    def odd(self, name: str, oddity: str) -> None:
        self.oddities.setdefault(name, set()).add(oddity)


def _extended(raw: bytes) -> str:
    """The value of `name*=charset'language'percent-encoded`; without the two quotes it is taken literally."""
    pieces = raw.split(b"'", 2)
    if len(pieces) == 3:
        return decode(unquote_to_bytes(pieces[2]), pieces[0].decode("latin-1"))
    return decode(unquote_to_bytes(raw))


def parameters(value: bytes) -> Parameters:
    """The parameters after the first ";" of an unfolded header value. Never raises; linear."""
    result = Parameters()
    if b";" not in value:
        return result
    mask = masked(value)
    plain: dict[str, list[str]] = {}
    extended: dict[str, list[str]] = {}
    sections: dict[str, list[tuple[int, bool, bytes]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(mask), 1):
        if count > MAX_PARAMETERS:
            result.too_many = True
            break
        name = match[1].decode("latin-1").lower()
        readings: list[bytes] = []
        if match[2] is not None:
            raw = value[match.start(2) : match.end(2)]
            # The backslash in a raw Shift_JIS character is masked: only real ones quote.
            readings = [_unquoted(raw, match[2]), raw] if b"\\" in match[2] else [raw]
            if match[3] is None:
                result.odd(name, "unclosed")
                readings.append(raw.split(b";", 1)[0])
        else:
            raw = value[match.start(4) : match.end(4)].strip()
            token = raw.split(None, 1)[0] if raw else raw
            token = token.split(b"(", 1)[0]
            readings = [raw]
            if token != raw:
                comment = raw.removeprefix(token).strip()
                if comment.startswith(b"(") and comment.endswith(b")"):
                    readings = [token, raw]
                else:
                    result.odd(name, "unquoted")
                    readings.append(token)
            if len(raw) > 1 and raw[:1] == raw[-1:] == b"'":
                readings.append(raw.strip(b"'"))
        continued = _CONTINUED.fullmatch(name) if "*" in name else None
        if continued is None and name not in plain and len(readings) == 1 and _SIMPLE.fullmatch(readings[0]):
            plain[name] = [readings[0].decode("ascii")]
        elif continued and continued[2] is not None:
            sections.setdefault(continued[1], []).append((int(continued[2]), bool(continued[3]), readings[0]))
        elif continued:
            extended.setdefault(continued[1], []).append(_extended(readings[0]))
        else:
            if b"=?" in readings[0]:
                result.odd(name, "encoded-word")
            into = plain.setdefault(name, [])
            if into:
                result.odd(name, "duplicate")
            if (
                name == "boundary"
            ):  # RFC 2047 §5 forbids encoded words here: the letters themselves come first
                into.extend(decode(r) for r in readings)
            for reading in readings:
                if b"=?" in reading:
                    # For some clients a NUL in an encoded word ends the name.
                    whole = decode_header(reading, controls=True)
                    into.extend((whole,) if whole.isprintable() else (decode_header(reading), whole))
                else:
                    into.append(decode(reading))
    for name, pieces in sections.items():
        extended.setdefault(name, []).extend(_joined(name, pieces, result))
    if not extended:
        result.all = {name: list(dict.fromkeys(every)) for name, every in plain.items()}
        result.values = {name: every[0] for name, every in plain.items()}
        return result
    for name in dict.fromkeys((*extended, *plain)):
        every = list(dict.fromkeys((*extended.get(name, []), *plain.get(name, []))))
        if name in extended and name in plain and extended[name][0] != plain[name][0]:
            result.odd(name, "conflict")
        if len(extended.get(name, [])) > 1 and name not in sections:
            result.odd(name, "duplicate")
        if name in extended:
            result.odd(name, "extended")
        result.values[name] = every[0]
        result.all[name] = every
    return result


def _unquoted(raw: bytes, mask: bytes) -> bytes:
    out = bytearray()
    at = 0
    for match in _ESCAPE.finditer(mask):
        out += raw[at : match.start()] + raw[match.start(1) : match.end(1)]
        at = match.end()
    return bytes(out + raw[at:])


def _joined(name: str, pieces: list[tuple[int, bool, bytes]], result: Parameters) -> list[str]:
    """The readings of a continued value (RFC 2231 §3): in numbered order, up to the first gap, as written.

    The pieces are joined as bytes and decoded afterwards: senders split inside a character.
    """
    numbers = [n for n, _, _ in pieces]
    if sorted(numbers) != list(range(len(numbers))):
        result.odd(name, "gap")
    result.odd(name, "continued")
    orders = [sorted(pieces, key=lambda p: p[0])]
    if numbers != sorted(numbers) or len(set(numbers)) < len(numbers):
        orders.append(pieces)
    contiguous = [p for i, p in enumerate(orders[0]) if p[0] == i]
    if len(contiguous) < len(pieces):
        orders.insert(0, contiguous)
    readings = []
    for order in orders:
        charset, joined = "", b""
        for index, (_, encoded, raw) in enumerate(order):
            if encoded and index == 0:
                head = raw.split(b"'", 2)
                if len(head) == 3:
                    charset, raw = head[0].decode("latin-1"), head[2]
            joined += unquote_to_bytes(raw) if encoded else raw
        readings.append(
            decode(joined, charset if known(charset) else "")
            if b"=?" not in joined
            else decode_header(joined)
        )
    return readings
