"""Word 97–2003 (MS-DOC): the text of all pieces (body, footnotes, headers, comments, text boxes).

Word 6 and 95 are read by filters.extract.word6. Where the piece table is missing or wrong, runs of text in any alignment
are read, and the verdict says so.
"""

import re
import struct

from filters.extract import strings, word6
from filters.extract.found import Found
from filters.extract.reason import Reason

_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_CLX = 0x01A2
PIECES = 200_000
MOST = 4
"""Characters of a document for each octet of its stream; more is a bomb."""
_MARKS = str.maketrans(
    {
        "\r": "\n",
        "\x07": "\t",
        "\x0b": "\n",
        "\x0c": "\n",
        "\x13": " ",
        "\x14": " ",
        "\x15": " ",
        "\x1e": "-",
        "\x1f": "",
        "\x00": None,
        "\x01": None,
        "\x02": None,
        "\x03": None,
        "\x04": None,
        "\x05": None,
        "\x08": None,
    }
)
_DDE = re.compile(r"\bDDE(?:AUTO)?\b[^\n]{0,100}", re.IGNORECASE)


def _flags(main: bytes) -> int:
    return int.from_bytes(main[10:12], "little")


def is_encrypted(main: bytes) -> bool:
    return bool(_flags(main) & _ENCRYPTED)


def table_name(main: bytes) -> str:
    return "1Table" if _flags(main) & _TABLE_1 else "0Table"


def read(main: bytes, table: bytes, found: Found) -> str:
    """The text of a document from its streams WordDocument and nTable."""
    try:
        text = word6.text_of(main).translate(_MARKS) if word6.is_old(main) else _pieces(main, table)
    except (struct.error, ValueError, IndexError):
        text = strings.texts(main)
        found.failed(Reason.RUNS, "doc: no table of its pieces")
    if dde := _DDE.search(text):
        found.sign("dde", dde[0])
    return text


def _pieces(main: bytes, table: bytes) -> str:
    at, size = struct.unpack_from("<LL", main, _CLX)
    clx = table[at : at + size]
    at = 0
    while clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if clx[at] != 2:
        raise ValueError
    (size,) = struct.unpack_from("<L", clx, at + 1)
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    if not 0 < count <= PIECES:
        raise ValueError
    places = struct.unpack_from(f"<{count + 1}L", plc, 0)
    if places[-1] - places[0] > MOST * len(main):
        raise ValueError  # pieces share no characters, and each takes an octet or two
    texts = []
    for number in range(count):
        (where,) = struct.unpack_from("<L", plc, 4 * (count + 1) + 8 * number + 2)
        length = places[number + 1] - places[number]
        if not 0 <= length <= len(main):
            raise ValueError
        if where & 0x40000000:
            start = (where & 0x3FFFFFFF) // 2
            texts.append(_single(main[start : start + length]))
        else:
            texts.append(main[where : where + 2 * length].decode("utf-16-le", "replace"))
    return "".join(texts).translate(_MARKS)


def _single(raw: bytes) -> str:
    """Pieces with one byte per character: cp1252 according to the format, cp932 when that makes Japanese."""
    if raw.isascii():
        return raw.decode("ascii")
    try:
        text = raw.decode("cp932")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
    return text if re.search(r"[\u3041-\u30fe\u4e00-\u9fff]{2}", text) else raw.decode("cp1252", "replace")
