"""Small documents of Office 97–2003, by hand: doc, xls, ppt, msg, with property sets."""

import struct

from tests.filters.extract.cfb import compound


def properties(title: str, **named: str) -> dict[str, bytes]:
    """The streams of the two property sets: a title, and named values such as sensitivity labels."""
    summary = _section({1: struct.pack("<Lhh", 2, -535, 0), 2: _string(title)})
    dictionary = struct.pack("<L", len(named)) + b"".join(
        struct.pack("<LL", 2 + n, len(k.encode()) + 1) + k.encode() + b"\0" for n, k in enumerate(named)
    )
    dictionary += b"\0" * (-len(dictionary) % 4)
    user = _section(
        {
            0: dictionary,
            1: struct.pack("<Lhh", 2, -535, 0),
            **{2 + n: _string(v) for n, v in enumerate(named.values())},
        }
    )
    empty = _section({1: struct.pack("<Lhh", 2, -535, 0)})
    return {
        "\x05SummaryInformation": _set(summary),
        "\x05DocumentSummaryInformation": _set(empty, user) if named else _set(empty),
    }


def _string(text: str) -> bytes:
    raw = text.encode() + b"\0"
    raw += b"\0" * (-len(raw) % 4)
    return struct.pack("<LL", 0x1E, len(raw)) + raw


def _section(values: dict[int, bytes]) -> bytes:
    at, index, body = 8 + 8 * len(values), b"", b""
    for identifier, value in values.items():
        index += struct.pack("<LL", identifier, at + len(body))
        body += value
    return struct.pack("<LL", at + len(body), len(values)) + index + body


def _set(*sections: bytes) -> bytes:
    head = struct.pack("<HHL16sL", 0xFFFE, 0, 0, bytes(16), len(sections))
    at, index = len(head) + 20 * len(sections), b""
    for section in sections:
        index += bytes(16) + struct.pack("<L", at)
        at += len(section)
    return head + index + b"".join(sections)


def doc(text: str, *, title: str = "t", macros: bool = False, single: bool = False, **named: str) -> bytes:
    """A Word document in two pieces, so that a word may be cut between them; `single`: in bytes of cp932."""
    half = len(text) // 2
    pieces = [text[:half], text[half:]]
    raw, table, places = b"", [], [0]
    for piece in pieces:
        data = piece.encode("cp932") if single else piece.encode("utf-16-le")
        where = 0x400 + len(raw)
        table.append(struct.pack("<HLH", 0, where * 2 | 0x40000000 if single else where, 0))
        places.append(places[-1] + (len(data) if single else len(piece)))
        raw += data
        raw += b"\0" * (-len(raw) % 2)
    plc = struct.pack(f"<{len(places)}L", *places) + b"".join(table)
    clx = b"\x02" + struct.pack("<L", len(plc)) + plc
    fib = bytearray(0x400)
    struct.pack_into("<HHHHHH", fib, 0, 0xA5EC, 0xC1, 0, 0x0411, 0, 0x0200)
    struct.pack_into("<LL", fib, 0x01A2, 0, len(clx))
    streams = {"WordDocument": bytes(fib) + raw, "1Table": clx, **properties(title, **named)}
    if macros:
        streams |= {"Macros/VBA/_VBA_PROJECT": b"\xcc\x61", "Macros/VBA/dir": b"x"}
    return compound(streams)


def word6(
    raw: bytes, *, charsets: tuple[int, ...] = (0,), language: int = 0x409, machine: int = 0, cut: int = 0
) -> bytes:
    """A Word 6 document: its text in octets, its fonts' charsets; saved fast in two pieces when `cut` says where."""
    fonts = b"".join(bytes([11, 0x16, 0x90, 1, charset, 0]) + b"Arial" + b"\0" for charset in charsets)
    fonts = struct.pack("<H", len(fonts) + 2) + fonts
    end = 0x300 + len(raw)
    fib = bytearray(0x300)
    struct.pack_into("<HHHHHH", fib, 0, 0xA5DC, 101, 0, language, 0, 4 if cut else 0)
    struct.pack_into("<H", fib, 20, machine)
    struct.pack_into("<LL", fib, 24, 0x300, end)
    struct.pack_into("<LL", fib, 0xD0, end, len(fonts))
    places = (0, cut, len(raw))
    table = struct.pack("<3L", *places) + b"".join(struct.pack("<HLH", 0, 0x300 + p, 0) for p in places[:2])
    clx = b"\x01\x02\0xx\x02" + struct.pack("<L", len(table)) + table if cut else b""
    struct.pack_into("<LL", fib, 0x160, end + len(fonts), len(clx))
    return compound({"WordDocument": bytes(fib) + raw + fonts + clx})


def _unicode(text: str, prefix: str = "<H") -> bytes:
    return struct.pack(prefix, len(text)) + b"\x01" + text.encode("utf-16-le")


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def workbook(
    *texts: str, number: float | None = None, comment: str = "", header: str = "", sheet: str = "Sheet1",
    xlm: bool = False, cut: int = 0, locked: bool = False,
) -> bytes:  # fmt: skip
    """A BIFF8 workbook stream: texts in column A, a number, a comment, a header. `cut`: SST broken after so many bytes."""
    bof = struct.pack("<HHHHLL", 0x600, 5, 0x0DBB, 0x07CC, 0, 6)
    sst = struct.pack("<LL", len(texts), len(texts)) + b"".join(map(_unicode, texts))
    rest = record(0x3C, b"\x01" + sst[cut:]) if cut else b""
    shared = record(0xFC, sst[: cut or None]) + rest
    bound = record(0x85, struct.pack("<LBB", 0, 1, int(xlm)) + _unicode(sheet, "<B"))
    stream = record(0x809, bof)
    if locked:
        stream += record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    stream += bound + shared + record(0x0A, b"")
    stream += record(0x809, struct.pack("<HHHHLL", 0x600, 0x10, 0x0DBB, 0x07CC, 0, 6))
    if header:
        stream += record(0x14, _unicode(header))
    for row in range(len(texts)):
        stream += record(0xFD, struct.pack("<HHHL", row, 0, 0, row))
    if number is not None:
        stream += record(0x203, struct.pack("<HHHd", len(texts), 0, 0, number))
    if comment:
        stream += record(0x1B6, struct.pack("<HHLLHHL", 0, 0, 0, 0, len(comment), 16, 0)[:18])
        stream += record(0x3C, b"\x01" + comment.encode("utf-16-le")) + record(0x3C, bytes(16))
    return stream + record(0x0A, b"")


def biff(version: int, *cells: bytes, head: bytes = b"") -> bytes:
    """A workbook of BIFF5 or BIFF8 with these cell records; `head` are records of its globals."""
    bof = struct.pack("<HHHH", version, 5, 0x0DBB, 0x07CC) + (bytes(8) if version == 0x600 else b"")
    sheet = bof[:2] + b"\x10" + bof[3:]
    parts = [record(0x809, bof), head, record(0x0A, b""), record(0x809, sheet), *cells, record(0x0A, b"")]
    return b"".join(parts)


def xls(*texts: str, title: str = "t", named: dict[str, str] | None = None, **settings: object) -> bytes:
    stream = workbook(*texts, **settings)  # type: ignore[arg-type]
    return compound({"Workbook": stream, **properties(title, **(named or {}))})


def ppt(text: str, *, title: str = "t", **named: str) -> bytes:
    """A presentation of one text atom inside containers, and one of bytes."""
    atom = struct.pack("<HHL", 0, 0x0FA0, len(text) * 2) + text.encode("utf-16-le")
    plain = struct.pack("<HHL", 0, 0x0FA8, 5) + b"plain"
    slide = struct.pack("<HHL", 0xF, 0x03EE, len(atom) + len(plain)) + atom + plain
    user = struct.pack("<HHLLLL", 0, 0x0FF6, 20, 20, 0xE391C05F, 0) + bytes(8)
    return compound({"PowerPoint Document": slide, "Current User": user, **properties(title, **named)})


def msg(
    subject: str,
    body: str,
    *files: tuple[str, bytes],
    recipient: str = "田中 一郎",
    inner: dict[str, bytes] | None = None,
) -> bytes:
    """An Outlook message with attachments; `inner` are the streams of a message inside."""
    return compound(message(subject, body, *files, recipient=recipient, inner=inner))


def message(
    subject: str,
    body: str,
    *files: tuple[str, bytes],
    recipient: str = "田中 一郎",
    inner: dict[str, bytes] | None = None,
) -> dict[str, bytes]:
    wide = "utf-16-le"
    streams = {
        "__properties_version1.0": bytes(32),
        "__substg1.0_0037001F": subject.encode(wide),
        "__substg1.0_1000001F": body.encode(wide),
        "__substg1.0_0E04001F": recipient.encode(wide),
        "__recip_version1.0_#00000000/__substg1.0_3001001F": recipient.encode(wide),
    }
    for number, (name, content) in enumerate(files):
        base = f"__attach_version1.0_#{number:08X}/__substg1.0_"
        streams[f"{base}3707001F"] = name.encode(wide)
        streams[f"{base}37010102"] = content
    if inner:
        base = f"__attach_version1.0_#{len(files):08X}/__substg1.0_"
        streams[f"{base}3001001F"] = "転送".encode(wide)
        streams |= {f"{base}3701000D/{path}": data for path, data in inner.items()}
    return streams


def native(name: str, content: bytes) -> bytes:
    """The stream of an OLE package."""
    label = name.encode("cp932") + b"\0"
    body = struct.pack("<H", 2) + label + label + struct.pack("<HHL", 0, 3, len(label)) + label
    body += struct.pack("<L", len(content)) + content
    return struct.pack("<L", len(body)) + body
