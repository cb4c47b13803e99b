"""Undoing a Content-Transfer-Encoding (RFC 2045 §6) tolerantly: what can be read is read, damage has a name."""

import binascii
import re
from collections.abc import Iterator
from io import BytesIO

import pybase64

from mail.charset import detect, unbase64

_FILE = re.compile(rb"MZ|PK\x03\x04|%PDF|\xd0\xcf\x11\xe0|Rar!|7z\xbc\xaf|MSCF")
_BLOCK = re.compile(
    rb"(?:\A|\n)((?:[A-Za-z0-9+/]{40,76}\r?\n){2,}[A-Za-z0-9+/]{0,76}={0,2})(?![A-Za-z0-9+/=])"
)
_BLANK = b"\r\n \t"
_ALPHABET = re.compile(rb"[A-Za-z0-9+/]*=*\Z")
_UU_FILE = re.compile(rb"(?:\A|\n)begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n")
_YENC = re.compile(
    rb"(?:\A|\n)=ybegin (?>[^\r\n]*?name=)([^\r\n]*)\r?\n(?:=ypart[^\r\n]*\r?\n)?(.*?)(?:\r?\n=yend|\Z)",
    re.DOTALL,
)
_UNYENC = bytes((b - 42) & 255 for b in range(256))
CHUNK = 256 << 10
"""Bytes of a body that are decoded at a time."""
MAX_BLOCKS = 20
IDENTITY = frozenset({"7bit", "8bit", "binary"})
KNOWN = IDENTITY | {"base64", "quoted-printable"}
UUENCODE = frozenset({"x-uuencode", "uuencode", "x-uue", "x-uu"})
_BAD_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*\Z)")
_UU_BEGIN = re.compile(rb"(?:\A|\n)begin [0-7]{3,4} ([^\r\n]*)\r?\n")


def base64(body: memoryview | bytes) -> tuple[bytes, str]:
    """(content, problem). Foreign characters and padding in the middle are skipped."""
    if (clean := _clean(body)) is not None:
        return clean, ""
    data = bytes(body)
    bare = data.translate(None, _BLANK)
    pads = 0
    first = data.find(b"=")
    if first >= 0:
        tail = data[first:]
        pads = tail.count(b"=")
        if tail.strip(b"= \t\r\n"):
            return unbase64(data), "base64-after-padding"
    digits = len(bare) - pads
    is_whole = bool(_ALPHABET.match(bare))
    try:
        content = binascii.a2b_base64(bare)
    except binascii.Error:
        return unbase64(data), "base64-unpadded" if is_whole and digits % 4 > 1 else "base64-damaged"
    if not is_whole:
        return content, "base64-junk"
    # Padding beyond the last group is nothing to any reader, but some make an octet of four "=".
    return content, "base64-unpadded" if pads - (-digits % 4) >= 4 else ""


def _clean(body: memoryview | bytes) -> bytes | None:
    """The content of base64 that nothing is wrong with, read in pieces: a copy of a large body costs more than reading it."""
    content, rest, padded = BytesIO(), b"", False
    for start in range(0, len(body), CHUNK):
        piece = rest + bytes(body[start : start + CHUNK]).translate(None, _BLANK)
        last = start + CHUNK >= len(body)
        quads, rest = (piece, b"") if last else (piece[: len(piece) & ~3], piece[len(piece) & ~3 :])
        if not quads:
            continue
        try:
            content.write(pybase64.b64decode(quads, validate=True))
        except binascii.Error:
            return None
        if padded:
            return None
        padded = quads.endswith(b"=")
    return content.getvalue()


def quoted_printable(data: bytes) -> tuple[bytes, str]:
    return binascii.a2b_qp(data), "quoted-printable-damaged" if _BAD_ESCAPE.search(data) else ""


def uuencoded(data: bytes) -> tuple[bytes, str]:
    """The first file of a uuencoded text; other lines are skipped."""
    begin = _UU_BEGIN.search(data)
    if not begin:
        return data, "uuencode-damaged"
    out: list[bytes] = []
    for line in data[begin.end() :].split(b"\n"):
        line = line.rstrip(b"\r")
        if line == b"end":
            return b"".join(out), ""
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            size = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            try:
                out.append(binascii.a2b_uu(line[:size]))
            except binascii.Error:
                continue
    return b"".join(out), "uuencode-damaged"


def decoded(body: memoryview | bytes, encoding: str) -> tuple[bytes, str]:
    """(content, name of the problem or "") of a body under a transfer encoding in lower case. Never raises.

    An unknown encoding leaves the body as it is: `unknown-encoding`.
    """
    if encoding == "base64":
        return base64(body)
    data = bytes(body)
    if encoding in IDENTITY:
        return data, ""
    if encoding == "quoted-printable":
        return quoted_printable(data)
    if encoding in UUENCODE:
        return uuencoded(data)
    return data, "unknown-encoding"


_DECORATION = re.compile(r"\([^()]*\)|[\s;,.\"']+")
_AS_IT_IS = re.compile(
    r"(?:[78][-_]?)bits?|binary|none|identity|plain(?:[-_/]?text)?|text(?:/[a-z]+)?|utf-?8|(?:us-)?ascii|iso-8859-1|clear"
)
_WORD = ((re.compile(r"base-?64"), "base64"), (re.compile(r"quoted-?printable"), "quoted-printable"))
_ESCAPED = re.compile(rb"=(?:[0-9A-Fa-f]{2}|\r?\n)")
_DIGITS = re.compile(rb"[A-Za-z0-9+/]+={0,2}\Z")


def guesses(declared: str, body: memoryview | bytes) -> tuple[str, ...]:
    """The encodings that some reader undoes under a label that RFC 2045 does not know, and that change the content.

    `8bits`, `7bit;` or `utf-8` say that nothing is encoded. Any other label is what the word inside it names, or
    what the octets look like; () when all readers see the octets as they are.
    """
    if declared in KNOWN or declared in UUENCODE or _AS_IT_IS.fullmatch(_DECORATION.sub("", declared)):
        return ()
    data = bytes(body)
    named = {encoding for word, encoding in _WORD if word.search(declared)}
    found = []
    if data.strip() and ("base64" in named or _looks_base64(data)):
        found.append("base64")
    if next(uu_files(data), None):
        found.append("x-uuencode")
    if b"=ybegin " in data:
        found.append("yenc")
    if ("quoted-printable" in named and b"=" in data) or (not found and _ESCAPED.search(data)):
        found.append("quoted-printable")
    return tuple(found)


def _looks_base64(data: bytes) -> bool:
    """True for nothing but digits that decode to a file, a text or more than chance makes of a word."""
    bare = data.translate(None, _BLANK)
    if len(bare) % 4 or not _DIGITS.match(bare):
        return False
    begin = unbase64(bare[:400])
    return len(bare) >= 40 or bool(_FILE.match(begin)) or is_text(begin)


def base64_lines(data: bytes) -> bytes:
    """`data` as base64 in lines of 76 characters, each with its CRLF (RFC 2045 §6.8)."""
    return pybase64.encodebytes(data).replace(b"\n", b"\r\n")


def blocks(text: memoryview | bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(offset, base64, media type) of the first few stretches of base64 in a plain text that are a file or a text.
    Keys, signatures and encrypted messages look the same but are neither.
    """
    for count, match in enumerate(_BLOCK.finditer(text)):
        if count >= MAX_BLOCKS:
            return
        begin = unbase64(match[1][:400])[:240]
        if _FILE.match(begin):
            yield match.start(1), match[1], b"application/octet-stream"
        elif is_text(begin):
            yield match.start(1), match[1], b"text/plain"


def is_text(data: bytes) -> bool:
    if any(b < 32 and b not in b"\t\n\r\x1b" for b in data):
        return False
    return data.isascii() or any(detect(data[: len(data) - cut]) for cut in range(4))


def uu_files(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and text of each uuencoded file; the last one may lack its end."""
    at = 0
    while begin := _UU_FILE.search(body, at):
        end = body.find(b"\nend", begin.end() - 1)
        at = len(body) if end < 0 else end + 4
        yield begin[1], body[begin.start() : at]


def yenc_files(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each file in yEnc: every octet is 42 too high, critical ones follow "=" and are 64 higher still
    (yenc.org draft 1.3)."""
    for match in _YENC.finditer(body):
        data = match[2].replace(b"\r", b"").replace(b"\n", b"")
        data = re.sub(rb"=(.)", lambda m: bytes([(m[1][0] - 64) & 255]), data, flags=re.DOTALL)
        yield match[1], data.translate(_UNYENC)
