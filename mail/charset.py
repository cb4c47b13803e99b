"""Header text to bytes and back (RFC 2047), Japanese included; the way in for everything that is read as text.

Nothing here raises for bad input: a charset that lies or is unknown is replaced by a guess, a broken character
by U+FFFD (mail.decoding). The normal form that rules compare is in mail.folding.
"""

import binascii
import re

from mail.charset_labels import known
from mail.decoding import decode, detect, masked
from mail.folding import fold, normalise

__all__ = [
    "MAX_PADDINGS", "decode", "decode_header", "detect", "encode_header", "encode_mailbox", "fold", "known", "masked",
    "normalise", "unbase64", "unfold",
]  # fmt: skip

_WORD = re.compile(
    rb"=\?([^?\s*]{1,64})(?:\*[A-Za-z0-9-]{0,32})?\?([bBqQ])\?([^?\r\n]*(?:\?(?!=)[^?\r\n]{0,200}){0,4})\?="
)
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_CONTROLS = {code: " " for code in range(32) if code != 9} | {127: " "}


MAX_PADDINGS = 10_000
"""How often padding inside one base64 text is accepted; nobody sends more, and each costs time."""


def unfold(value: bytes) -> bytes:
    """A header value on one line (RFC 5322 §2.2.3): line ends before whitespace go, the whitespace stays."""
    line = value.strip(b" \t\r\n")
    return _FOLD.sub(b"", line) if b"\n" in line else line


def unbase64(text: bytes) -> bytes:
    """Base64, read as far as possible: foreign characters and padding in the middle are skipped."""
    out = []
    digits = re.sub(rb"[^A-Za-z0-9+/=]+", b"", text)
    for piece in re.split(rb"=+", digits, maxsplit=MAX_PADDINGS):
        piece = piece.replace(b"=", b"")
        if len(piece) % 4 == 1:
            piece = piece[:-1]
        out.append(binascii.a2b_base64(piece + b"=" * (-len(piece) % 4)))
    return b"".join(out)


def decode_header(value: bytes | str, *, controls: bool = False) -> str:
    """The text of a header value: encoded words (RFC 2047), raw 8-bit and raw ISO-2022-JP. Never raises.

    Adjacent encoded words in the same charset are joined as bytes first, so a character that the sender split
    between two words survives. Control characters become spaces unless `controls`. Linear.
    """
    data = unfold(value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value)
    if b"=?" not in data:
        return decode(data) if controls else decode(data).translate(_CONTROLS)
    runs: list[tuple[str, list[bytes]]] = []  # (charset, or "raw:" for the text between words)
    at = 0
    for match in _WORD.finditer(data):
        between = data[at : match.start()]
        if between and (not runs or runs[-1][0] == "raw:" or between.strip(b" \t\r\n")):
            runs.append(("raw:", [between]))
        charset = match[1].decode("latin-1").lower()
        word = unbase64(match[3]) if match[2] in b"bB" else binascii.a2b_qp(match[3], header=True)
        if runs and runs[-1][0] == charset:
            runs[-1][1].append(word)
        else:
            runs.append((charset, [word]))
        at = match.end()
    if at < len(data):
        runs.append(("raw:", [data[at:]]))
    text = "".join(decode(b"".join(words), "" if charset == "raw:" else charset) for charset, words in runs)
    return text if controls else text.translate(_CONTROLS)


_SAFE = re.compile(r"[ -~]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def _words(text: str, first: int, rest: int) -> bytes:
    """`text` as base64 encoded words in UTF-8 on folded lines; never splits a character.

    `first` and `rest` are the columns free on the first and on later lines (not counting their leading space).
    """
    lines: list[bytes] = []
    room, piece = (first - 12) // 4 * 3, b""
    for char in text.encode("utf-8", "replace").decode("utf-8"):
        more = char.encode()
        if len(piece) + len(more) > room:
            if piece or not lines:
                lines.append(piece)
            room, piece = (rest - 12) // 4 * 3, b""
        piece += more
    lines.append(piece)
    return b"\r\n ".join(
        b"=?utf-8?b?" + binascii.b2a_base64(p, newline=False) + b"?=" if p else b"" for p in lines
    )


def encode_header(text: str, name_length: int = 0) -> bytes:
    """An unstructured header value as sent, folded to at most 76 columns, without the line end.

    `name_length` is the length of the field name; the colon and space after it are counted here.
    ASCII stays readable; anything else becomes encoded words in UTF-8.
    """
    text = text.translate(_CONTROLS)
    room = 76 - (name_length + 2 if name_length else 0)
    if _SAFE.fullmatch(text) and "=?" not in text and text == " ".join(text.split()):
        lines: list[str] = []
        line = ""
        for word in text.split(" "):
            if line and len(line) + 1 + len(word) > (room if not lines else 75):
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        lines.append(line)
        if all(len(line) <= (75 if n else room) for n, line in enumerate(lines)):
            return "\r\n ".join(lines).encode()
    return _words(text, room, 75)


def encode_mailbox(name: str, address: str, name_length: int = 0) -> bytes:
    """`Name <address>` for an address header (RFC 5322 §3.4); just the address when there is no name."""
    name = " ".join(name.translate(_CONTROLS).split())
    spec = address.encode()
    if not name:
        return spec
    room = 76 - (name_length + 2 if name_length else 0)
    quoted = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    if not _SAFE.fullmatch(name) or "=?" in name or len(quoted) > room:
        phrase = _words(name, room, 75)
    else:
        phrase = (name if _ATOMS.fullmatch(name) else quoted).encode()
    last = len(phrase) - phrase.rfind(b"\n") - 1 if b"\n" in phrase else len(phrase) + (76 - room)
    return phrase + (b" <" if last + len(spec) + 3 <= 76 else b"\r\n <") + spec + b">"
