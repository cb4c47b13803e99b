"""Excel 2–2003 (MS-XLS, BIFF2 to BIFF8): cells of all sheets, hidden ones too, comments, headers, charts, sheet names.

Numbers are read as their cells show them (filters.extract.cellformat). Octets of BIFF5 are in the workbook's code page.
"""

import re
import struct

from filters.extract import rtf_charsets as charsets
from filters.extract.cellformat import BUILT_IN, plain, shown
from filters.extract.found import Found
from filters.extract.reason import Reason, Stop

BOFS = frozenset([0x809, 0x409, 0x209, 0x009])
BARE = tuple(
    bof + size + version
    for bof, size, versions in (
        (b"\x09\x00", b"\x04\x00", (b"\x02\x00", b"\x00\x00")),
        (b"\x09\x02", b"\x06\x00", (b"\x00\x00", b"\x00\x03")),
        (b"\x09\x04", b"\x06\x00", (b"\x00\x00", b"\x00\x04")),
        (b"\x09\x08", b"\x08\x00", (b"\x00\x05",)),
        (b"\x09\x08", b"\x10\x00", (b"\x00\x06",)),
    )
    for version in versions
)
"""First octets of a workbook that lies in no compound file, as before Excel 5."""
EOF, CONTINUE, FILEPASS = 0x0A, 0x3C, 0x2F
_SST, _BOUNDSHEET, _LABEL, _RSTRING, _LABELSST, _STRING = 0xFC, 0x85, 0x204, 0xD6, 0xFD, 0x207
_NUMBER, _RK, _MULRK, _FORMULA, _BOOLERR = 0x203, 0x27E, 0xBD, frozenset([0x06, 0x206, 0x406]), 0x205
_INTEGER_2, _NUMBER_2, _LABEL_2, _STRING_2 = 0x02, 0x03, 0x04, 0x07
_XF, _FORMAT, _CODEPAGE, _DATEMODE = 0xE0, 0x41E, 0x42, 0x22
_HEADERS = {0x14, 0x15, 0x89C}
_TXO, _NOTE, _SUPBOOK, _SERIES = 0x1B6, 0x1C, 0x1AE, 0x100D
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
RECORDS = 1_000_000
_DDE = re.compile(r"(?:cmd|powershell|msexcel|mshta|rundll32|regsvr32)\x03|\x03'?.{0,40}!", re.IGNORECASE)
_FULL = re.compile(rb"[^\0]")

BiffRecord = tuple[int, bytes]


def records(book: bytes) -> list[BiffRecord]:
    """(type, data) of all records, without the zeros that some programs put between them. Raises Stop."""
    found: list[BiffRecord] = []
    at, end = 0, len(book)
    while at + 4 <= end:
        kind, size = struct.unpack_from("<HH", book, at)
        if not kind and not size:
            full = _FULL.search(book, at)
            if not full:
                break
            at += (full.start() - at) // 4 * 4 or 4
            continue
        found.append((kind, book[at + 4 : at + 4 + size]))
        at += 4 + size
        if len(found) > RECORDS:
            raise Stop(Reason.PARTS, "xls: too many records")
    return found


def is_encrypted(book: bytes) -> bool:
    """True when FILEPASS follows the first BOF, where it belongs. (Sheet protection is not encryption.)"""
    at = 0
    for _ in range(8):
        if at + 4 > len(book):
            return False
        kind, size = struct.unpack_from("<HH", book, at)
        if kind == FILEPASS:
            return True
        at += 4 + size
    return False


def read(book: bytes, found: Found) -> None:
    """Read a workbook stream into `found`, one text per sheet."""
    if int.from_bytes(book[:2], "little") not in BOFS:
        raise Stop(Reason.MALFORMED, "xls: no workbook")
    _Book(records(book), found).read()


class _Book:
    """Goes through the records of a workbook.

    wide      BIFF8: strings are Unicode; `octets` is the codec of those that are not
    shared    the strings that cells name by number
    formats   number of a cell's style -> code of its number format; `codes` are the formats that the file describes
    """

    def __init__(self, listed: list[BiffRecord], found: Found) -> None:
        self.listed, self.found = listed, found
        kind, data = listed[0]
        self.wide = kind == 0x809 and int.from_bytes(data[:2], "little") >= 0x600
        self.octets = "cp932"
        self.shared: list[str] = []
        self.names: list[str] = []
        self.lines: list[str] = []
        self.formats: list[int] = []
        self.codes: dict[int, str] = dict(BUILT_IN)
        self.since_1904 = False
        self.depth, self.sheet, self.row = 0, -1, -1

    def read(self) -> None:
        for index, (kind, data) in enumerate(self.listed):
            try:
                if kind in BOFS:
                    self.depth += 1
                    if self.depth == 1 and index:
                        self._flush()
                        self.sheet += 1
                elif kind == EOF:
                    self.depth -= 1
                elif not self._cell(kind, data):
                    self._other(kind, data, index)
            except (struct.error, IndexError, ValueError):
                self.found.failed(Reason.MALFORMED, f"xls: record {kind:#x}")
        self._flush()

    def _flush(self) -> None:
        place = self.names[self.sheet] if 0 <= self.sheet < len(self.names) else "workbook"
        self.found.text(place, "".join(self.lines))
        self.lines = []

    def _put(self, data: bytes, text: str) -> None:
        here = int.from_bytes(data[:2], "little")
        self.lines.append(("\n" if here != self.row else "\t") + text)
        self.row = here

    def _number(self, data: bytes, value: float, style: bytes) -> None:
        number = int.from_bytes(style, "little")
        code = self.codes.get(self.formats[number], "") if number < len(self.formats) else ""
        self._put(data, shown(value, code, since_1904=self.since_1904) if code else plain(value))

    def _cell(self, kind: int, data: bytes) -> bool:
        """True for the records of cells."""
        if kind == _LABELSST:
            number = struct.unpack_from("<L", data, 6)[0]
            self._put(data, self.shared[number] if number < len(self.shared) else "")
        elif kind in (_LABEL, _RSTRING):
            self._put(data, self._text(data[6:], 2))
        elif kind == _NUMBER:
            self._number(data, struct.unpack_from("<d", data, 6)[0], data[4:6])
        elif kind == _RK:
            self._number(data, _rk(struct.unpack_from("<L", data, 6)[0]), data[4:6])
        elif kind == _MULRK:
            for place in range(4, len(data) - 2, 6):
                value = _rk(struct.unpack_from("<L", data, place + 2)[0])
                self._number(data, value, data[place : place + 2])
        elif kind in _FORMULA:
            old = self.listed[0][0] == 0x009
            at = 7 if old else 6
            if data[at + 6 : at + 8] != b"\xff\xff":
                self._number(data, struct.unpack_from("<d", data, at)[0], b"" if old else data[4:6])
            elif data[at] in (1, 2):
                self._put(data, _fixed(data[at + 2], data[at] == 2))
        elif kind == _BOOLERR:
            self._put(data, _fixed(data[6], bool(data[7])))
        elif kind == _LABEL_2:
            self._put(data, self._octets(data[8 : 8 + data[7]]))
        elif kind == _NUMBER_2:
            self._number(data, struct.unpack_from("<d", data, 7)[0], b"\xff\xff")
        elif kind == _INTEGER_2:
            self._put(data, str(struct.unpack_from("<H", data, 7)[0]))
        else:
            return False
        return True

    def _other(self, kind: int, data: bytes, index: int) -> None:
        if kind == _XF:
            self.formats.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _FORMAT:
            number = struct.unpack_from("<H", data)[0]
            self.codes[number] = self._text(data[2:], 2 if self.wide else 1)
        elif kind == _CODEPAGE:
            page = struct.unpack_from("<H", data)[0]
            self.octets = charsets.codec_of({0x8000: 10000, 0x8001: 1252}.get(page, page))
        elif kind == _DATEMODE:
            self.since_1904 = data[:1] == b"\1"
        elif kind == _BOUNDSHEET:
            name = self._text(data[6:], 1)
            self.names.append(name)
            self.lines.append(f"\n{name}\n")
            if data[5] == 1:
                self.found.sign("xlm", name)
        elif kind == _SST:
            self.shared = _shared(_joined(self.listed, index))
        elif kind in (_STRING, _STRING_2):
            self.lines.append("\t" + self._text(data, 1 if kind == _STRING_2 else 2))
        elif kind in _HEADERS and data:
            size = 2 if self.wide else 1
            self.lines.append("\n" + self._text(data if kind != 0x89C else data[20:], size) + "\n")
        elif kind == _TXO:
            self.lines.append("\n" + _comment(self.listed, index) + "\n")
        elif kind == _NOTE:
            self.lines.append(
                "\n" + (self._text(data[8:], 2) if self.wide else self._octets(data[6:])) + "\n"
            )
        elif kind == _SERIES:
            self.lines.append("\n" + self._text(data[2:], 1) + "\n")
        elif kind == _SUPBOOK:
            path = _characters(data[5:], *struct.unpack_from("<HB", data, 2)) if len(data) > 4 else ""
            if _DDE.search(path) or ("\x03" in path and not path.startswith("\x01")):
                self.found.sign("dde", path)
            self.lines.append(f"\n{path}\n")

    def _octets(self, data: bytes) -> str:
        return charsets.decoded(data, self.octets, True)

    def _text(self, data: bytes, prefix: int) -> str:
        """A string whose length takes `prefix` bytes: XLUnicodeString in BIFF8, bytes in the code page before."""
        length = int.from_bytes(data[:prefix], "little")
        if not self.wide:
            return self._octets(data[prefix : prefix + length])
        flags, at = data[prefix] if len(data) > prefix else 0, prefix + 1
        at += (2 if flags & 8 else 0) + (4 if flags & 4 else 0)
        return _characters(data[at:], length, flags)


def _fixed(value: int, is_error: bool) -> str:
    return _ERRORS.get(value, "#N/A") if is_error else "TRUE" if value else "FALSE"


def _rk(raw: int) -> float:
    """A number in 30 bits (MS-XLS 2.5.122)."""
    if raw & 2:
        value = float(raw >> 2 if raw < 1 << 31 else (raw >> 2) - (1 << 30))
    else:
        value = float(struct.unpack("<d", struct.pack("<Q", (raw & 0xFFFFFFFC) << 32))[0])
    return value / 100 if raw & 1 else value


def _characters(data: bytes, length: int, flags: int) -> str:
    if flags & 1:
        return data[: 2 * length].decode("utf-16-le", "replace")
    return data[:length].decode("latin-1")


def _joined(listed: list[BiffRecord], index: int) -> list[bytes]:
    """The data of a record and of the CONTINUE records that follow."""
    end = index + 1
    while end < len(listed) and listed[end][0] == CONTINUE:
        end += 1
    return [data for _, data in listed[index:end]]


class _Pieces:
    """Bytes across several records. A string cut by a border continues with a flag byte (MS-XLS 2.5.293)."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces, self.number, self.at = pieces, 0, 0

    def left(self) -> int:
        return len(self.pieces[self.number]) - self.at

    def next(self) -> bool:
        self.number, self.at = self.number + 1, 0
        return self.number < len(self.pieces)

    def take(self, count: int) -> bytes:
        out: list[bytes] = []
        while count > 0:
            if not self.left() and not self.next():
                raise IndexError
            piece = self.pieces[self.number][self.at : self.at + count]
            out.append(piece)
            self.at += len(piece)
            count -= len(piece)
        return b"".join(out)

    def text(self, length: int, flags: int) -> str:
        out: list[str] = []
        while length > 0:
            if not self.left():
                if not self.next():
                    raise IndexError
                flags = self.take(1)[0]
            width = 2 if flags & 1 else 1
            count = min(length, self.left() // width)
            if not count:
                raise IndexError
            out.append(_characters(self.take(count * width), count, flags))
            length -= count
        return "".join(out)


def _shared(pieces: list[bytes]) -> list[str]:
    """The shared strings, as many as a damaged table still holds."""
    stream = _Pieces(pieces)
    texts: list[str] = []
    try:
        _, count = struct.unpack("<LL", stream.take(8))
        for _ in range(min(count, RECORDS)):
            length, flags = struct.unpack("<HB", stream.take(3))
            runs = struct.unpack("<H", stream.take(2))[0] if flags & 8 else 0
            more = struct.unpack("<L", stream.take(4))[0] if flags & 4 else 0
            texts.append(stream.text(length, flags))
            stream.take(4 * runs + min(more, 1 << 20))
    except (IndexError, struct.error):
        pass
    return texts


def _comment(listed: list[BiffRecord], index: int) -> str:
    """The text of a text box or comment, from the first CONTINUE after its TXO."""
    if index + 1 < len(listed) and listed[index + 1][0] == CONTINUE and listed[index + 1][1]:
        data = listed[index + 1][1]
        return _characters(data[1:], len(data) - 1, data[0])
    return ""
