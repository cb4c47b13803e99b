"""Excel 97–2003 (MS-XLS, BIFF5 and BIFF8): cells of all sheets, hidden ones too, comments, headers, sheet names."""

import re
import struct

from filters.extract.found import Found
from filters.extract.reason import Reason, Stop

BOF, EOF, CONTINUE, FILEPASS = 0x809, 0x0A, 0x3C, 0x2F
_SST, _BOUNDSHEET, _LABEL, _RSTRING, _LABELSST, _STRING = 0xFC, 0x85, 0x204, 0xD6, 0xFD, 0x207
_NUMBER, _RK, _MULRK, _FORMULA = 0x203, 0x27E, 0xBD, 0x06
_HEADERS = {0x14, 0x15, 0x89C}
_TXO, _NOTE, _SUPBOOK, _NAME = 0x1B6, 0x1C, 0x1AE, 0x18
RECORDS = 1_000_000
_DDE = re.compile(r"(?:cmd|powershell|msexcel|mshta|rundll32|regsvr32)\x03|\x03'?.{0,40}!", re.IGNORECASE)

BiffRecord = tuple[int, bytes]


def records(book: bytes) -> list[BiffRecord]:
    """(type, data) of all records. Raises Stop."""
    found: list[BiffRecord] = []
    at, end = 0, len(book)
    while at + 4 <= end:
        kind, size = struct.unpack_from("<HH", book, at)
        if not kind and not size:
            break
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
    if book[:2] not in (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00"):
        raise Stop(Reason.MALFORMED, "xls: no workbook")
    listed = records(book)
    wide = struct.unpack_from("<H", listed[0][1].ljust(2, b"\0"))[0] >= 0x600
    shared: list[str] = []
    names: list[str] = []
    lines: list[str] = []
    depth, sheet, row = 0, -1, -1

    def cell(data: bytes, text: str) -> None:
        nonlocal row
        here = int.from_bytes(data[:2], "little")
        lines.append(("\n" if here != row else "\t") + text)
        row = here

    def flush() -> None:
        nonlocal lines
        place = names[sheet] if 0 <= sheet < len(names) else "workbook"
        found.text(place, "".join(lines))
        lines = []

    for index, (kind, data) in enumerate(listed):
        try:
            if kind & 0xFF == 0x09 and kind in (0x809, 0x409, 0x209, 0x009):
                depth += 1
                if depth == 1 and index:
                    flush()
                    sheet += 1
            elif kind == EOF:
                depth -= 1
            elif kind == _BOUNDSHEET:
                name = _text(data[6:], wide, 1)
                names.append(name)
                lines.append(f"\n{name}\n")
                if data[5] == 1:
                    found.sign("xlm", name)
            elif kind == _SST:
                shared = _shared(_joined(listed, index))
            elif kind == _LABELSST:
                number = struct.unpack_from("<L", data, 6)[0]
                cell(data, shared[number] if number < len(shared) else "")
            elif kind in (_LABEL, _RSTRING):
                cell(data, _text(data[6:], wide, 2))
            elif kind == _STRING:
                lines.append("\t" + _text(data, wide, 2))
            elif kind == _NUMBER or (kind == _FORMULA and data[12:14] != b"\xff\xff"):
                cell(data, _number(struct.unpack_from("<d", data, 6)[0]))
            elif kind == _RK:
                cell(data, _number(_rk(struct.unpack_from("<L", data, 6)[0])))
            elif kind == _MULRK:
                for place in range(4, len(data) - 2, 6):
                    cell(data, _number(_rk(struct.unpack_from("<L", data, place + 2)[0])))
            elif kind in _HEADERS and data:
                lines.append("\n" + _text(data if kind != 0x89C else data[20:], wide, 2) + "\n")
            elif kind == _TXO:
                lines.append("\n" + _comment(listed, index) + "\n")
            elif kind == _NOTE:
                lines.append(
                    "\n" + (_text(data[8:], wide, 2) if wide else data[6:].decode("cp932", "replace")) + "\n"
                )
            elif kind == _SUPBOOK:
                path = _text(data[2:], True, 2) if len(data) > 4 else ""
                if _DDE.search(path) or ("\x03" in path and not path.startswith("\x01")):
                    found.sign("dde", path)
                lines.append(f"\n{path}\n")
        except (struct.error, IndexError, ValueError):
            found.failed(Reason.MALFORMED, f"xls: record {kind:#x}")
    flush()


def _number(value: float) -> str:
    return str(int(value)) if abs(value) < 1e17 and value == int(value) else repr(value)


def _rk(raw: int) -> float:
    """A number in 30 bits (MS-XLS 2.5.122)."""
    if raw & 2:
        value = float(raw >> 2 if raw < 1 << 31 else (raw >> 2) - (1 << 30))
    else:
        value = float(struct.unpack("<d", struct.pack("<Q", (raw & 0xFFFFFFFC) << 32))[0])
    return value / 100 if raw & 1 else value


def _text(data: bytes, wide: bool, prefix: int) -> str:
    """A string whose length takes `prefix` bytes: XLUnicodeString in BIFF8, bytes in the code page before."""
    length = int.from_bytes(data[:prefix], "little")
    if not wide:
        return data[prefix : prefix + length].decode("cp932", "replace")
    flags, at = data[prefix] if len(data) > prefix else 0, prefix + 1
    at += (2 if flags & 8 else 0) + (4 if flags & 4 else 0)
    return _characters(data[at:], length, flags)


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
