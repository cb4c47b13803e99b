"""Tricks with archives, documents and files that are two things at once."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

from tests.judged.files import archive, docx, pdf
from tests.judged.third import disks
from tests.judged.third.bait import changed, paper, tarred
from tests.judged.third.hidden import Build, Payload, carried
from tests.judged.third.programs import compound, package

_GIF = b"GIF89a/*\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"


def _zip(
    p: Payload,
    *,
    local: bytes = b"",
    central: bytes = b"",
    flags: int = 0,
    extra: bytes = b"",
    listed: bool = True,
) -> bytes:
    """A ZIP written by hand: names of the member's own header and of the listing may differ."""
    local, central = local or p.name.encode(), central or p.name.encode()
    size, crc = len(p.content), zlib.crc32(p.content)
    common = struct.pack("<HHHHHII", 20, flags, 0, 0x4A00, 0x5D72, crc, size) + struct.pack("<I", size)
    first = b"PK\x03\x04" + common + struct.pack("<HH", len(local), len(extra)) + local + extra + p.content
    if not listed:
        return first
    entry = (
        b"PK\x01\x02\x14\x00"
        + common
        + struct.pack("<HHHHHII", len(central), len(extra), 0, 0, 0, 0, 0)
        + central
        + extra
    )
    return first + entry + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(first), 0)


def _method(p: Payload, method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        packed.writestr(zipfile.ZipInfo(p.name, (2026, 11, 2, 9, 0, 0)), p.content, compress_type=method)
    return out.getvalue()


def _unicode_path(p: Payload) -> bytes:
    shown = b"readme.txt"
    extra = b"\x01" + struct.pack("<I", zlib.crc32(shown)) + p.name.encode()
    return _zip(p, local=shown, central=shown, extra=struct.pack("<HH", 0x7075, len(extra)) + extra)


def _pax(p: Payload) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as packed:
        entry = tarfile.TarInfo("readme.txt")
        entry.size, entry.mtime, entry.pax_headers = len(p.content), 1_794_900_000, {"path": p.name}
        packed.addfile(entry, io.BytesIO(p.content))
    return out.getvalue()


def _rtf(p: Payload) -> bytes:
    """A packaged object whose hexadecimal digits are broken by groups and blanks, under a clipped signature."""
    inner = package(p.name, p.content)
    ole = (
        b"\x01\x05\x00\x00\x02\x00\x00\x00\x08\x00\x00\x00Package\x00"
        + bytes(8)
        + len(inner).to_bytes(4, "little")
        + inner
    )
    digits = ole.hex()
    broken = "\r\n".join(
        f"{digits[n : n + 31]} {{\\*\\x}}{digits[n + 31 : n + 64]}" for n in range(0, len(digits), 64)
    )
    return (
        r"{\rt1\ansi{\fonttbl{\f0 Arial;}}Open the object.\par{\object\objemb\objupdate{\*\objclass Package}{\*\objdata "
        + broken
        + "}}}"
    ).encode()


def _embedded(p: Payload) -> bytes:
    return changed(
        docx(["Double click the object below."]),
        {"word/embeddings/oleObject1.bin": package(p.name, p.content)},
    )


def _streamed(p: Payload) -> bytes:
    """A PDF with the payload as a compressed attachment."""
    return paper(["See the attachments pane."], held=(p.name, p.content)).replace(
        b"/Type /EmbeddedFile", b"/Type /Embedded#46ile"
    )


def _message_file(p: Payload) -> bytes:
    """A mail of Outlook (.msg) with an attachment."""
    wide = "utf-16-le"
    return compound(
        {
            "__properties_version1.0": bytes(32),
            "__substg1.0_001A001F": "IPM.Note".encode(wide),
            "__substg1.0_0037001F": "The file".encode(wide),
            "__substg1.0_1000001F": "Please see the attachment.".encode(wide),
            "__attach_version1.0_#00000000/__properties_version1.0": bytes(8),
            "__attach_version1.0_#00000000/__substg1.0_3707001F": p.name.encode(wide),
            "__attach_version1.0_#00000000/__substg1.0_37010102": p.content,
        }
    )


def _onenote(p: Payload) -> bytes:
    stored = (
        bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")
        + struct.pack("<Q", len(p.content))
        + bytes(12)
        + p.content
        + bytes(-len(p.content) % 8)
    )
    return (
        bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3")
        + bytes(1008)
        + p.name.encode("utf-16-le")
        + bytes(64)
        + stored
        + bytes(512)
    )


def _single(p: Payload) -> bytes:
    """AppleSingle: name and data fork in one."""
    name = p.name.encode()
    head = struct.pack(">II16xH", 0x00051600, 0x00020000, 2)
    at = len(head) + 24
    return (
        head + struct.pack(">IIIIII", 3, at, len(name), 1, at + len(name), len(p.content)) + name + p.content
    )


FILES: dict[str, Build] = {
    "zip-names-differ": lambda p: carried("docs.zip", _zip(p, central=b"readme.txt")),
    "zip-names-differ-other-way": lambda p: carried("docs.zip", _zip(p, local=b"readme.txt")),
    "zip-no-listing": lambda p: carried("docs.zip", _zip(p, listed=False)),
    "zip-unicode-path": lambda p: carried("docs.zip", _unicode_path(p)),
    "zip-nul-name": lambda p: carried("docs.zip", _zip(p, local=p.name.encode() + b"\x00.txt", central=p.name.encode() + b"\x00.txt")),
    "zip-flag-without-lock": lambda p: carried("docs.zip", _zip(p, flags=1)),
    "zip-behind-text": lambda p: carried("docs.zip", b"This is a letter about docs.\r\n" * 40 + _zip(p)),
    "zip-two-in-a-row": lambda p: carried("docs.zip", _zip(p) + archive([("readme.txt", b"nothing")])),
    "zip-bzip2": lambda p: carried("docs.zip", _method(p, zipfile.ZIP_BZIP2)),
    "zip-lzma": lambda p: carried("docs.zip", _method(p, zipfile.ZIP_LZMA)),
    "zip-backslash-names": lambda p: carried("docs.zip", _zip(p, local=b"..\\..\\Startup\\" + p.name.encode(), central=b"..\\..\\Startup\\" + p.name.encode())),
    "zip-as-picture": lambda p: carried("photo.jpg", _zip(p), "image/jpeg"),
    "zip-six-deep": lambda p: carried("docs.zip", _levels(p, 6)),
    "gzip-named-otherwise": lambda p: carried("notes.gz", _gzip_named(p)),
    "gzip-two-members": lambda p: carried(f"{p.name}.gz", gzip.compress(p.content[:100], mtime=0) + gzip.compress(p.content[100:], mtime=0)),
    "tar-pax-path": lambda p: carried("docs.tar", _pax(p)),
    "tar-xz": lambda p: carried("docs.tar.xz", lzma.compress(tarred(p.name, p.content))),
    "bz2": lambda p: carried(f"{p.name}.bz2", bz2.compress(p.content)),
    "lzma-alone": lambda p: carried(f"{p.name}.lzma", lzma.compress(p.content, format=lzma.FORMAT_ALONE)),
    "zstd-tar": lambda p: carried("docs.tar.zst", disks.zstd(tarred(p.name, p.content))),
    "cpio": lambda p: carried("docs.cpio", disks.cpio(p.name, p.content)),
    "ar": lambda p: carried("docs.a", disks.unix_ar(p.name, p.content)),
    "cab": lambda p: carried("docs.cab", disks.cabinet(p.name, p.content)),
    "cab-as-doc": lambda p: carried("docs.doc", disks.cabinet(p.name, p.content), "application/msword"),
    "rar4": lambda p: carried("docs.rar", disks.rar(p.name, p.content)),
    "rar5-as-zip": lambda p: carried("docs.zip", disks.rar5(p.name, p.content), "application/zip"),
    "7z": lambda p: carried("docs.7z", disks.seven(p.name, p.content)),
    "arj": lambda p: carried("docs.arj", disks.arj(p.name, p.content)),
    "lzh-as-text": lambda p: carried("docs.txt", disks.lzh(p.name, p.content), "text/plain"),
    "ace": lambda p: carried("docs.ace", disks.ace(p.name, p.content)),
    "iso-in-zip": lambda p: carried("docs.zip", archive([("disc.iso", disks.iso({p.name.upper(): p.content}))])),
    "udf-named-img": lambda p: carried("disc.img", disks.iso({p.name: p.content})),
    "vhd-in-gzip": lambda p: carried("disk.vhd.gz", gzip.compress(disks.vhd({f"PAY.{p.ending[:3]}": p.content}), mtime=0)),
    "chm": lambda p: carried("help.chm", disks.chm({p.name: p.content})),
    "rtf-broken-hex": lambda p: carried("letter.rtf", _rtf(p), "application/rtf"),
    "rtf-as-doc": lambda p: carried("letter.doc", _rtf(p), "application/msword"),
    "docx-package": lambda p: carried("letter.docx", _embedded(p)),
    "docx-media": lambda p: carried("letter.docx", changed(docx(["A letter"]), {"word/media/image1.png": p.content, f"word/{p.name}": p.content})),
    "docx-behind-gif": lambda p: carried("letter.docx", _GIF + _embedded(p)),
    "ole-package-alone": lambda p: carried("object.bin", package(p.name, p.content)),
    "outlook-message": lambda p: carried("mail.msg", _message_file(p), "application/vnd.ms-outlook"),
    "onenote": lambda p: carried("notes.one", _onenote(p)),
    "pdf-attachment-escaped": lambda p: carried("form.pdf", _streamed(p), "application/pdf"),
    "pdf-behind-junk": lambda p: carried("form.pdf", b"\x00" * 800 + paper(["See the pane."], held=(p.name, p.content)), "application/pdf"),
    "pdf-and-zip": lambda p: carried("form.pdf", pdf(["A form"]) + _zip(p), "application/pdf"),
    "gif-and-page": lambda p: carried("picture.html" if p.ending == "html" else "picture.gif.exe", _GIF + b"*/" + p.content if p.ending == "html" else p.content),
    "apple-single": lambda p: carried("file.bin", _single(p), "application/applefile"),
    "inflated": lambda p: carried(p.name, p.content + bytes(1_500_000)),
}  # fmt: skip


def _levels(p: Payload, count: int) -> bytes:
    inner, name = p.content, p.name
    for level in range(count):
        inner, name = archive([(name, inner)]), f"level{level}.zip"
    return inner


def _gzip_named(p: Payload) -> bytes:
    """A gzip whose header names the payload; the mail calls it notes."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    body = deflate.compress(p.content) + deflate.flush()
    tail = struct.pack("<II", zlib.crc32(p.content), len(p.content))
    return (
        b"\x1f\x8b\x08\x0c\x00\x00\x00\x00\x00\x0b"
        + b"\x04\x00ab\x00\x00"
        + p.name.encode()
        + b"\x00"
        + body
        + tail
    )
