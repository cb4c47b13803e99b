"""What a file really is, judging by its bytes and a look inside; its name counts only where bytes cannot tell."""

import struct
from functools import lru_cache

import olefile

from filters.extract import privatekey
from filters.extract.extensions import extension
from filters.extract.formats import MAGIC, MEDIA
from filters.extract.openpgp import begins
from filters.extract.opinion import runs
from filters.extract.textkinds import is_mail, is_textual, kind_of
from mail import cms

TYPES = {
    "html": "text/html",
    "xml": "text/xml",
    "text": "text/plain",
    "script": "text/x-script",
    "exe": "application/vnd.microsoft.portable-executable",
    "elf": "application/x-elf",
    "chm": "application/vnd.ms-htmlhelp",
    "gz": "application/gzip",
    "bz2": "application/x-bzip2",
    "zstd": "application/zstd",
    "p7m": "application/pkcs7-mime",
    "p7m-pem": "application/pkcs7-mime",
}
"""Media types of kinds that have no reader of their own (filters.extract.formats)."""

EXECUTABLE = frozenset(
    {"exe", "elf", "macho", "class", "jar", "apk", "lnk", "script", "msi", "hta", "dex", "chm", "wasm"}
)
"""Kinds that run when opened."""
OPAQUE = frozenset({"audio", "video", "font", "empty"})
"""Kinds that are not searched for text."""
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"PK00PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"MZ", "exe"),
    (b"\x7fELF", "elf"),
    (b"\xca\xfe\xba\xbe", "class"),
    (b"\xfe\xed\xfa\xce", "macho"),
    (b"\xfe\xed\xfa\xcf", "macho"),
    (b"\xce\xfa\xed\xfe", "macho"),
    (b"\xcf\xfa\xed\xfe", "macho"),
    (b"dex\n", "dex"),
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BM", "bmp?"),
    (b"RIFF", "riff"),
    (b"ID3", "audio"),
    (b"OggS", "audio"),
    (b"fLaC", "audio"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
    (b"OTTO", "font"),
    (b"\x00\x01\x00\x00Standard ", "database"),
    (b"\x00\x01\x00\x00\x00", "font"),
    (b"ITSF\x03\x00\x00\x00", "chm"),
    (b"conectix", "disk"),
    (b"vhdxfile", "disk"),
    (b"MSWIM\x00\x00\x00", "disk"),
    (b"KDMV", "disk"),
    (b"!BDN", "pst"),
    (b"\x00asm", "wasm"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"\xed\xab\xee\xdb", "rpm"),
    (b"\x1f\x9d", "compress"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"xar!", "xar"),
    (b"070701", "cpio"),
    (b"070702", "cpio"),
    (b"070707", "cpio"),
    (b"LZIP\x01", "lzip"),
    (b"7kSt\xa0", "zpaq"),
    (b"StuffIt (c)", "stuffit"),
    (b"SIT!", "stuffit"),
    (b"QFI\xfb", "disk"),
    (b"-----BEGIN PGP MESSAGE", "pgp"),
    (b"-----BEGIN PGP SIGNATURE", "pgp"),
)


def detect(name: str, content: bytes) -> str:
    """The kind of a file: "docx", "pdf", "zip", "exe", "text", "image", … or "unknown"."""
    if not content:
        return "empty"
    head = content[:1024]
    for magic, kind in _magic_by_octet(len(MAGIC)).get(head[0], ()):
        if head.startswith(magic):
            return _inside(kind, name, content)
    if head[40:44] == b" EMF" and head[:4] == b"\1\0\0\0":
        return "image"
    if b"%PDF-" in head:
        return "pdf"
    if head[4:8] == b"ftyp":
        return "image" if head[8:12] in (b"heic", b"heix", b"mif1", b"avif") else "video"
    if is_tar(content):
        return "tar"
    if head[2:5] == b"-lh" and head[6:7] == b"-":
        return "lzh"
    if content[0x8001:0x8006] == b"CD001":
        return "iso"
    if content[0x8001:0x8006] in (b"BEA01", b"NSR02", b"NSR03") or _is_disk(head, content):
        return "disk"
    if cms.begins(head):
        return "p7m"
    if is_mail(content):
        return kind_of(name, content, is_a_mail=True)
    if head[:3] == b"\x5d\0\0" and extension(name) in ("lzma", "tlz"):
        return "lzma"
    if is_textual(content):
        return kind_of(name, content, is_a_mail=False)
    if begins(content):
        return "pgp"
    if privatekey.begins(content):
        return "private-key"
    if b"PK\x05\x06" in content[-66_000:] and members_of(content):
        return "zip"
    return runs(content) or "unknown"


@lru_cache(maxsize=1)
def _magic_by_octet(readers: int) -> dict[int, list[tuple[bytes, str]]]:
    """The beginnings that are a kind's alone, by their first octet; asked for when all readers are there."""
    found: dict[int, list[tuple[bytes, str]]] = {}
    for magic, kind in (*MAGIC.items(), *_MAGIC):
        found.setdefault(magic[0], []).append((magic, kind))
    return found


def is_known(head: bytes) -> bool:
    """True when the first octets are those of some kind; costs next to nothing."""
    table = _magic_by_octet(len(MAGIC)).get(head[0], ()) if head else ()
    return (
        any(map(head.startswith, [magic for magic, _ in table])) or head[4:8] == b"ftyp" or cms.begins(head)
    )


def is_picture(head: bytes) -> bool:
    """True for the beginning of a picture, which is not searched for text."""
    return any(kind == "image" and head.startswith(magic) for magic, kind in MAGIC.items())


def media_type(kind: str) -> str:
    """The media type of a kind; application/x-KIND when it has none."""
    return MEDIA.get(kind) or TYPES.get(kind, f"application/x-{kind}")


def is_tar(content: bytes) -> bool:
    """True when the checksum of the first block is right: old archives have no magic number."""
    block = content[:512]
    if len(block) < 512 or not block[0]:
        return False
    try:
        said = int(block[148:156].strip(b" \0") or b"0", 8)
    except ValueError:
        return False
    return said > 0 and said == sum(block[:148]) + 8 * 32 + sum(block[156:])


def _is_disk(head: bytes, content: bytes) -> bool:
    """True for a boot sector (FAT, NTFS, MBR with FAT inside), or a fixed VHD by its footer."""
    boot = head[510:512] == b"\x55\xaa" and (
        head[0] in (0xEB, 0xE9) or b"FAT" in head[:100] or b"NTFS" in head[:12] or head[450:451] != b"\0"
    )
    return len(content) > 100_000 and (boot or content[-512:-504] == b"conectix")


def _inside(kind: str, name: str, content: bytes) -> str:
    if kind == "zip":
        return _zip_kind(content)
    if kind == "ole":
        return _ole_kind(content)
    if kind == "riff":
        return {b"WEBP": "image", b"WAVE": "audio"}.get(content[8:12], "video")
    if kind == "bmp?":
        if content[6:10] == b"\0\0\0\0":
            return "image"
        return kind_of(name, content) if is_textual(content) else "unknown"
    if kind == "exe" and is_textual(content):
        return kind_of(name, content)
    return kind


def members_of(content: bytes, most: int = 1_000) -> list[str]:
    """The first names of a ZIP's central directory; [] when it cannot be found."""
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - 66_000))
    if end < 0 or end + 22 > len(content):
        return []
    size, offset = struct.unpack_from("<LL", content, end + 12)
    at = end - size if size <= end and content[end - size : end - size + 4] == b"PK\x01\x02" else offset
    names: list[str] = []
    while len(names) < most and content[at : at + 4] == b"PK\x01\x02" and at + 46 <= len(content):
        lengths = struct.unpack_from("<HHH", content, at + 28)
        names.append(content[at + 46 : at + 46 + lengths[0]].decode("latin-1"))
        at += 46 + sum(lengths)
    return names


def _zip_kind(content: bytes) -> str:
    """The kind of a ZIP, judging by the names in its central directory."""
    names = members_of(content)
    lower = {n.lower().lstrip("/").replace("\\", "/") for n in names}
    if "[content_types].xml" in lower:
        folders = {n.partition("/")[0] for n in lower if "/" in n}
        macros = any("vbaproject" in n for n in lower)
        if "xl" in folders and "xl/workbook.bin" in lower:
            return "xlsb"
        for folder, kind in (("word", "doc"), ("xl", "xls"), ("ppt", "ppt")):
            if folder in folders:
                return kind + ("m" if macros else "x")
        return "ooxml"
    mark = content[30:120]
    if mark.startswith(b"mimetypeapplication/vnd.oasis.opendocument."):
        word = mark[len(b"mimetypeapplication/vnd.oasis.opendocument.") :]
        return {b"te": "odt", b"sp": "ods", b"pr": "odp"}.get(word[:2], "odf")
    if {"content.xml", "meta-inf/manifest.xml"} <= lower:
        return "odf"
    if "androidmanifest.xml" in lower:
        return "apk"
    if "meta-inf/manifest.mf" in lower and any(n.endswith(".class") for n in lower):
        return "jar"
    return "zip"


_MSI = ("000C1084-0000-0000-C000-000000000046", "000C1086-0000-0000-C000-000000000046")


def _ole_kind(content: bytes) -> str:
    try:
        with olefile.OleFileIO(content) as ole:
            names = {"/".join(entry).lower() for entry in ole.listdir(streams=True, storages=True)}
            if ole.root is not None and ole.root.clsid in _MSI:
                return "msi"
    except Exception:
        return "ole"
    for stream, kind in (
        ("encryptedpackage", "encrypted-ooxml"),
        ("worddocument", "doc"),
        ("workbook", "xls"),
        ("book", "xls"),
        ("powerpoint document", "ppt"),
        ("__properties_version1.0", "msg"),
        ("!_stringdata", "msi"),
    ):
        if stream in names:
            return kind
    return "ole"
