"""ISO-2022-JP and EUC-JP as really sent: with the vendor characters that none of Python's codecs reads.

Nothing here raises: a broken character becomes U+FFFD.
"""

import re
import struct
from collections.abc import Callable

_ESCAPE = re.compile(rb"(\x1b(?:\$\([@A-DOPQ]|\$[@ABC]|\([A-Z]|\.[AF]|N|&@)|\x0e|\x0f|\r?\n)")
_TO_EUC = bytes(b | 0x80 if 0x21 <= b <= 0x7E else b for b in range(256))


def _jis_table() -> dict[int, str]:
    """JIS X 0208 code (row and cell as two 7-bit bytes) -> character as CP50221 reads it: the two bytes are
    converted to cp932, which adds NEC row 13 and the IBM extensions."""
    table = {}
    for row in range(0x21, 0x7F):
        lead = ((row - 0x21) >> 1) + 0x81
        lead += 0x40 if lead > 0x9F else 0
        for cell in range(0x21, 0x7F):
            trail = cell + (0x7E if row % 2 == 0 else 0x1F + (cell >= 0x60))
            try:
                table[row << 8 | cell] = bytes((lead, trail)).decode("cp932")
            except UnicodeDecodeError:
                pass
    return table


_JIS = _jis_table()


def _pairs(segment: bytes) -> str:
    """Text of a stretch of JIS X 0208 (7 bits). Spaces and control characters between the pairs are kept."""
    if len(segment) % 2 == 0:
        try:
            return "".join(map(_JIS.__getitem__, struct.unpack(f">{len(segment) // 2}H", segment)))
        except KeyError:
            pass
    out: list[str] = []
    at, size = 0, len(segment)
    while at < size:
        byte = segment[at]
        if byte < 0x21 or byte == 0x7F:
            out.append(chr(byte))
            at += 1
        elif at + 1 < size and 0x21 <= segment[at + 1] <= 0x7E and byte < 0x7F:
            out.append(_JIS.get(byte << 8 | segment[at + 1], "\ufffd"))
            at += 2
        else:
            out.append("\ufffd")
            at += 1
    return "".join(out)


_FAR = {b"$(D": "euc_jp", b"$(P": "euc_jis_2004"}
_NEAR = {
    b"$(O": "euc_jis_2004",
    b"$(Q": "euc_jis_2004",
    b"$A": "gb2312",
    b"$(A": "gb2312",
    b"$C": "euc_kr",
    b"$(C": "euc_kr",
}
_WIDE = frozenset({b"$B", b"$@", b"$(B", b"$(@"})
_SETS = _WIDE | _FAR.keys() | _NEAR.keys() | {b"(I"}


def _segment(mode: bytes, piece: bytes) -> str:
    """A stretch of 7-bit text in the character set named by an escape sequence; not for ASCII."""
    if mode in _WIDE:
        return _pairs(piece)
    if mode == b"(I":
        return bytes(b | 0x80 if 0x21 <= b <= 0x5F else b for b in piece).decode("cp932", "replace")
    if far := _FAR.get(mode):
        return _PAIR.sub(lambda m: b"\x8f" + m[0].translate(_TO_EUC), piece).decode(far, "replace")
    return piece.translate(_TO_EUC).decode(_NEAR[mode], "replace")


_PAIR = re.compile(rb"[!-~]{2}")


def iso2022jp(data: bytes, western: Callable[[bytes], Callable[[bytes], str]]) -> str:
    """ISO-2022-JP and what goes by that name: NEC row 13, half-width kana (ESC ( I, SO/SI or 8 bits),
    JIS X 0212 and 0213, GB 2312 and KS X 1001 of ISO-2022-JP-2. A line end returns to ASCII (RFC 1468).

    `western(rest)` gives the decoder for stretches with 8-bit bytes; `rest` is the data without its escapes.
    """
    out: list[str] = []
    known: dict[tuple[bytes, bytes], str] = {}  # short stretches recur
    mode, shifted = b"B", False
    eight: Callable[[bytes], str] | None = None
    for index, piece in enumerate(_ESCAPE.split(data)):
        if index % 2:
            if piece[0] == 0x1B:
                if piece[1] in b"$(":
                    mode = piece[1:]
            elif piece == b"\x0e":
                shifted = True
            elif piece == b"\x0f":
                shifted = False
            else:
                out.append(piece.decode("ascii"))
                mode, shifted = b"B", False
            continue
        if not piece:
            continue
        charset = b"(I" if shifted else mode
        if charset in _SETS:
            if len(piece) > 8:
                out.append(_segment(charset, piece))
                continue
            text = known.get((charset, piece))
            if text is None:
                text = known[charset, piece] = _segment(charset, piece)
            out.append(text)
        elif piece.isascii():
            out.append(piece.decode("ascii"))
        else:
            if eight is None:
                eight = western(_ESCAPE.sub(b"", data))
            out.append(eight(piece))
    return "".join(out)


_AS_JIS = str.maketrans("～∥－￠￡￢", "〜‖−¢£¬")
"""What cp932 and JIS X 0208 call by different names."""


def to_iso2022jp(text: str) -> bytes:
    """ISO-2022-JP of JIS X 0208 (RFC 1468), which every program reads. Raises UnicodeEncodeError for ①, half-width kana and
    whatever else only some read under this name."""
    return text.translate(_AS_JIS).encode("iso2022_jp")


_EUC = re.compile(rb"[\x00-\x7f]+|\x8e[\xa1-\xdf]|\x8f[\xa1-\xfe]{2}|[\xa1-\xfe]{2}|.", re.DOTALL)


def euc(data: bytes) -> str:
    """EUC-JP; characters that the codec lacks (NEC row 13, IBM extensions) are converted as in JIS."""
    try:
        return data.decode("euc_jp")
    except UnicodeDecodeError:
        pass
    out = []
    for match in _EUC.finditer(data):
        piece = match[0]
        if len(piece) == 2 and piece[0] >= 0xA1:
            out.append(_JIS.get((piece[0] & 0x7F) << 8 | piece[1] & 0x7F, "\ufffd"))
        else:
            out.append(piece.decode("euc_jp", "replace"))
    return "".join(out)
