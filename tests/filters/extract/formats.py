"""Small files of formats that no library at hand writes: RTF, OpenDocument, TNEF, OneNote, CAB, ISO, RAR, shortcuts."""

import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from xml.sax.saxutils import escape

import py7zr
import pyzipper


def rtf(text: str, *, header: str = "", coded: str = "bytes", title: str = "") -> bytes:
    """`coded`: "bytes" (\\'xx of cp932) or "unicode" (\\u with a fallback of one character)."""

    def word(value: str) -> str:
        if coded == "unicode":
            return "".join(
                c if c.isascii() else f"\\u{ord(c) - 65536 if ord(c) > 32767 else ord(c)}?" for c in value
            )
        return "".join(c if c.isascii() else "".join(f"\\'{b:02x}" for b in c.encode("cp932")) for c in value)

    lines = "\\par ".join(word(line) for line in text.split("\n"))
    return (
        "{\\rtf1\\ansi\\ansicpg932\\uc1{\\fonttbl{\\f0\\fnil\\fcharset128 MS Mincho;}{\\f1\\fnil Arial;}}"
        "{\\colortbl;\\red255\\green0\\blue0;}{\\*\\generator Nobody;}"
        f"{{\\info{{\\title {word(title)}}}}}{{\\header\\pard {word(header)}\\par}}"
        f"\\pard\\f0 {lines}\\par}}"
    ).encode("ascii")


_ODF = "application/vnd.oasis.opendocument."
_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def odf(
    kind: str, text: str, *, header: str = "", label: str = "", locked: bool = False, macro: bool = False
) -> bytes:
    """An OpenDocument package; `kind` is odt, ods or odp. Words are broken by spans."""
    media = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}[kind]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo("mimetype"), _ODF + media, zipfile.ZIP_STORED)
        file.writestr(
            "content.xml",
            f"<office:document-content {_SPACES}><office:body>{_body(text)}</office:body></office:document-content>",
        )
        file.writestr(
            "styles.xml",
            f"<office:document-styles {_SPACES}><style:header><text:p>{escape(header)}</text:p></style:header></office:document-styles>",
        )
        named = (
            f'<meta:user-defined meta:name="MSIP_Label_0a0b0c0d_Name">{escape(label)}</meta:user-defined>'
            if label
            else ""
        )
        file.writestr(
            "meta.xml",
            f"<office:document-meta {_SPACES}><office:meta><dc:title>t</dc:title>{named}</office:meta></office:document-meta>",
        )
        secret = "<manifest:encryption-data/>" if locked else ""
        file.writestr(
            "META-INF/manifest.xml", f"<manifest:manifest xmlns:manifest='m'>{secret}</manifest:manifest>"
        )
        if macro:
            file.writestr(
                "Basic/Standard/Module1.xml", "<script:module xmlns:script='s'>Sub Main</script:module>"
            )
    return out.getvalue()


def _body(text: str) -> str:
    lines = []
    for line in text.split("\n"):
        half = len(line) // 2
        lines.append(f"<text:p>{escape(line[:half])}<text:span>{escape(line[half:])}</text:span></text:p>")
    return "".join(lines)


def flat(text: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {_SPACES} office:mimetype="{_ODF}text">'
        f"<office:body><office:text>{_body(text)}</office:text></office:body></office:document>"
    ).encode()


def tnef(subject: str, body: str, *files: tuple[str, bytes]) -> bytes:
    """winmail.dat with a body in MAPI properties and attachments with long names."""

    def attribute(level: int, kind: int, data: bytes) -> bytes:
        return struct.pack("<BLL", level, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    def text(identifier: int, value: str) -> bytes:
        raw = (value + "\0").encode("utf-16-le")
        return struct.pack("<HHLL", 0x1F, identifier, 1, len(raw)) + raw + b"\0" * (-len(raw) % 4)

    out = struct.pack("<LH", 0x223E9F78, 1)
    out += attribute(1, 0x00018004, subject.encode("cp932") + b"\0")
    out += attribute(1, 0x00069003, struct.pack("<LHHL", 2, 0x03, 0x3FDE, 65001) + text(0x1000, body))
    for name, content in files:
        out += attribute(2, 0x00069002, bytes(14)) + attribute(2, 0x0006800F, content)
        out += attribute(2, 0x00018010, b"SHORT~1.DOC\0")
        out += attribute(2, 0x00069005, struct.pack("<L", 1) + text(0x3707, name))
    return out


def onenote(text: str, *files: bytes) -> bytes:
    out = (
        bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + bytes(1008) + text.encode("utf-16-le") + bytes(64)
    )
    for content in files:
        out += (
            bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")
            + struct.pack("<QLQ", len(content), 0, 0)
            + content
        )
    return out


def cab(*files: tuple[str, bytes], packed: bool = True) -> bytes:
    """A cabinet of one folder, MSZIP or stored, in blocks of 32 kB that share their history."""
    whole = b"".join(content for _, content in files)
    blocks, history = [], b""
    for start in range(0, len(whole), 32768):
        piece = whole[start : start + 32768]
        data = piece
        if packed:
            engine = (
                zlib.compressobj(9, zlib.DEFLATED, -15, zdict=history)
                if history
                else zlib.compressobj(9, 8, -15)
            )
            data = b"CK" + engine.compress(piece) + engine.flush()
        history = piece
        blocks.append(struct.pack("<LHH", 0, len(data), len(piece)) + data)
    entries, offset = b"", 0
    for name, content in files:
        entries += struct.pack("<LLHHHH", len(content), offset, 0, 0, 0, 0x80) + name.encode() + b"\0"
        offset += len(content)
    data_at = 36 + 8 + len(entries)
    folder = struct.pack("<LHH", data_at, len(blocks), int(packed))
    size = data_at + sum(map(len, blocks))
    head = b"MSCF" + struct.pack("<LLLLLBBHHHHH", 0, size, 0, 44, 0, 3, 1, 1, len(files), 0, 0, 0)
    return head + folder + entries + b"".join(blocks)


def iso(*files: tuple[str, bytes]) -> bytes:
    """An ISO 9660 image with Joliet names; files in one directory below the root."""

    def record(name: bytes, extent: int, size: int, flags: int) -> bytes:
        raw = struct.pack("<BB", 0, 0) + struct.pack("<L", extent) + struct.pack(">L", extent)
        raw += struct.pack("<L", size) + struct.pack(">L", size) + bytes(7) + bytes([flags, 0, 0])
        raw += struct.pack("<H", 1) + struct.pack(">H", 1) + bytes([len(name)]) + name
        raw += b"\0" * (len(raw) % 2)
        return bytes([len(raw)]) + raw[1:]

    sector = 2048
    contents, at, listing = b"", 21, b""
    for name, content in files:
        listing += record((name + ";1").encode("utf-16-be"), at, len(content), 0)
        padded = content.ljust((len(content) + sector - 1) // sector * sector, b"\0")
        contents += padded
        at += len(padded) // sector
    dots = record(b"\0", 19, sector, 2) + record(b"\1", 19, sector, 2)
    root = (dots + record("資料".encode("utf-16-be"), 20, sector, 2)).ljust(sector, b"\0")
    folder = (dots + listing).ljust(sector, b"\0")
    descriptor = bytearray(b"\x02CD001\x01".ljust(sector, b"\0"))
    descriptor[88:91] = b"%/E"
    entry = record(b"\0", 19, sector, 2)
    descriptor[156 : 156 + len(entry)] = entry
    primary = bytearray(descriptor)
    primary[0], primary[88:91] = 1, bytes(3)
    end = b"\xffCD001\x01".ljust(sector, b"\0")
    return bytes(16 * sector) + bytes(primary) + bytes(descriptor) + end + root + folder + contents


def rar(*files: tuple[str, bytes], locked: bool = False) -> bytes:
    """A RAR 4 archive of stored members; `locked` only says that they are encrypted."""

    def block(kind: int, flags: int, rest: bytes) -> bytes:
        body = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
        return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body

    out = b"Rar!\x1a\x07\0" + block(0x73, 0, bytes(6))
    for name, content in files:
        raw = name.encode("cp932")
        flags = 0x8000 | (0x04 if locked else 0)
        rest = struct.pack(
            "<LLBLLBBHL", len(content), len(content), 2, zlib.crc32(content), 0, 20, 0x30, len(raw), 0x20
        )
        out += block(0x74, flags, rest + raw) + content
    return out + block(0x7B, 0x4000, b"")


def sevenzip(*files: tuple[str, bytes], password: str | None = None, hidden: bool = False) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=password, header_encryption=hidden) as archive:
        for name, content in files:
            archive.writestr(content, name)
    return out.getvalue()


def aes_zip(password: str, *files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as file:
        file.setpassword(password.encode())
        for name, content in files:
            file.writestr(name, content)
    return out.getvalue()


def tar(*files: tuple[str, bytes], mode: str = "w", form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=form) as archive:  # type: ignore[call-overload]
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def ar(*files: tuple[str, bytes], names: str = "") -> bytes:
    """`names`: long ones are cut, or written as "gnu" or "bsd" do."""
    table, out = b"", b""
    for name, content in files:
        short = name.encode()[:16]
        if names == "gnu" and len(name) > 15:
            short, table = b"/%d" % len(table), table + name.encode() + b"/\n"
        elif names == "bsd" and len(name) > 15:
            short, content = b"#1/%d" % len(name), name.encode() + content
        elif names == "gnu":
            short = name.encode() + b"/"
        out += _ar_member(short, content)
    return b"!<arch>\n" + (_ar_member(b"//", table) if table else b"") + out


def _ar_member(name: bytes, content: bytes) -> bytes:
    return b"%-16b%-12d%-6d%-6d%-8b%-10d`\n%b%b" % (
        name, 0, 0, 0, b"100644", len(content), content, b"\n" * (len(content) & 1)
    )  # fmt: skip


def alone(content: bytes) -> bytes:
    return lzma.compress(content, lzma.FORMAT_ALONE)


def link(target: str, arguments: str = "") -> bytes:
    """A .lnk with a relative path and arguments in UTF-16 (MS-SHLLINK)."""
    flags = 0x08 | 0x20 | 0x80
    head = struct.pack("<L16sLL", 0x4C, bytes.fromhex("0114020000000000c000000000000046"), flags, 0x20)
    head += bytes(24) + struct.pack("<LlLH", 0, 0, 1, 0) + bytes(10)
    return (
        head
        + b"".join(struct.pack("<H", len(t)) + t.encode("utf-16-le") for t in (target, arguments))
        + bytes(4)
    )


def cards(name: str, note: str) -> bytes:
    """A vCard 2.1 from an old phone: quoted-printable in Shift_JIS, cut by a soft line break."""
    quoted = "".join(f"={b:02X}" for b in name.encode("cp932"))
    return f"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:{quoted[:9]}=\r\n{quoted[9:]}\r\nNOTE:{note}\r\nEND:VCARD\r\n".encode()
