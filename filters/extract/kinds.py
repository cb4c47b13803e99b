"""What a file really is, by its bytes and a look inside; its name is believed only where bytes cannot tell."""

import re

import olefile

TYPES = {
    "pdf": "application/pdf",
    "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "docm": "application/vnd.ms-word.document.macroenabled.12",
    "xlsm": "application/vnd.ms-excel.sheet.macroenabled.12",
    "pptm": "application/vnd.ms-powerpoint.presentation.macroenabled.12",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
    "rtf": "application/rtf",
    "html": "text/html",
    "xml": "text/xml",
    "text": "text/plain",
    "eml": "message/rfc822",
    "exe": "application/vnd.microsoft.portable-executable",
    "elf": "application/x-elf",
    "lnk": "application/x-ms-shortcut",
    "script": "text/x-script",
    "jar": "application/java-archive",
    "7z": "application/x-7z-compressed",
    "rar": "application/vnd.rar",
    "gz": "application/gzip",
    "tar": "application/x-tar",
    "tnef": "application/ms-tnef",
}
"""Media types of the kinds; others are application/x-KIND."""

EXECUTABLE = frozenset({"exe", "elf", "macho", "class", "jar", "apk", "lnk", "script", "msi", "hta", "dex"})
"""Kinds that do something when opened."""
EXECUTABLE_EXTENSIONS = frozenset(
    [
        "exe",
        "scr",
        "cpl",
        "com",
        "pif",
        "bat",
        "cmd",
        "ps1",
        "psm1",
        "vbs",
        "vbe",
        "js",
        "jse",
        "wsf",
        "wsh",
        "hta",
        "msi",
        "msp",
        "msc",
        "jar",
        "lnk",
        "url",
        "scf",
        "dll",
        "sys",
        "ocx",
        "reg",
        "inf",
        "sct",
        "gadget",
        "application",
        "appref-ms",
        "msix",
        "appx",
        "iso",
        "img",
        "vhd",
        "vhdx",
        "chm",
        "library-ms",
        "search-ms",
    ]
)
"""Names that Windows runs or mounts when they are opened."""
OPAQUE = frozenset({"image", "audio", "video", "font", "empty", "signature"})
"""Kinds in which no text is looked for."""
CONTAINERS = frozenset(
    {"zip", "jar", "apk", "7z", "rar", "gz", "bz2", "xz", "tar", "cab", "iso", "zstd", "lzh"}
)

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
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
    (b"L\x00\x00\x00\x01\x14\x02\x00", "lnk"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"MSCF", "cab"),
    (b"\x78\x9f\x3e\x22", "tnef"),
    (b"{\\rt", "rtf"),
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"BM", "bmp?"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\x00\x00\x01\x00", "image"),
    (b"8BPS", "image"),
    (b"RIFF", "riff"),
    (b"ID3", "audio"),
    (b"OggS", "audio"),
    (b"fLaC", "audio"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
    (b"OTTO", "font"),
    (b"\x00\x01\x00\x00\x00", "font"),
    (b"-----BEGIN PGP MESSAGE", "pgp"),
    (b"-----BEGIN PGP SIGNATURE", "signature"),
    (b"age-encryption.org/v1", "age"),
)
_SCRIPTS = frozenset(
    [
        "ps1",
        "psm1",
        "vbs",
        "vbe",
        "js",
        "jse",
        "wsf",
        "wsh",
        "hta",
        "bat",
        "cmd",
        "sh",
        "py",
        "pl",
        "rb",
        "scpt",
        "applescript",
        "reg",
        "inf",
        "sct",
        "url",
        "scf",
        "library-ms",
        "search-ms",
        "settingcontent-ms",
        "website",
    ]
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|table|div|p|meta)[\s>]", re.IGNORECASE)
_MAIL = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\r?\n")
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27})
_ENVELOPED = bytes.fromhex("06092a864886f70d010703")
_SIGNED = bytes.fromhex("06092a864886f70d010702")


def extension(name: str) -> str:
    """The last extension of a file name in lower case, "" when there is none."""
    stem, dot, last = name.strip().rstrip(". ").rpartition(".")
    return last.lower() if dot and stem is not None and len(last) <= 20 else ""


def detect(name: str, content: bytes) -> str:
    """The kind of a file: "docx", "pdf", "zip", "exe", "text", "image", … or "unknown"."""
    if not content:
        return "empty"
    head = content[:1024]
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return _inside(kind, name, content)
    if b"%PDF-" in head:
        return "pdf"
    if head[4:8] == b"ftyp":
        return "image" if head[8:12] in (b"heic", b"heix", b"mif1", b"avif") else "video"
    if content[257:262] == b"ustar":
        return "tar"
    if head[2:5] == b"-lh" and head[6:7] == b"-":
        return "lzh"
    if content[0x8001:0x8006] == b"CD001":
        return "iso"
    if head[0] == 0x30 and (_ENVELOPED in head[:64] or _SIGNED in head[:64]):
        if _ENVELOPED in head[:64]:
            return "p7m"
        return "signature" if extension(name) == "p7s" else "p7m-signed"
    if _textual(content):
        return _text_kind(name, content)
    if b"PK\x05\x06" in content[-66_000:]:
        return "zip"
    return "unknown"


def _inside(kind: str, name: str, content: bytes) -> str:
    if kind == "zip":
        return _zip_kind(content)
    if kind == "ole":
        return _ole_kind(content)
    if kind == "riff":
        return {b"WEBP": "image", b"WAVE": "audio"}.get(content[8:12], "video")
    if kind == "bmp?":
        return (
            "image"
            if content[6:10] == b"\0\0\0\0"
            else _text_kind(name, content)
            if _textual(content)
            else "unknown"
        )
    if kind == "exe" and _textual(content):
        return _text_kind(name, content)
    return kind


def _zip_kind(content: bytes) -> str:
    """Which family of ZIP: told by the member names, which stand readable in the central directory."""
    if b"[Content_Types].xml" in content:
        macros = b"vbaProject.bin" in content
        for folder, kind in ((b"word/", "doc"), (b"xl/", "xls"), (b"ppt/", "ppt")):
            if folder in content:
                return kind + ("m" if macros else "x")
        return "ooxml"
    mark = content[30:120]
    if mark.startswith(b"mimetypeapplication/vnd.oasis.opendocument."):
        word = mark[len(b"mimetypeapplication/vnd.oasis.opendocument.") :]
        return {b"te": "odt", b"sp": "ods", b"pr": "odp"}.get(word[:2], "odf")
    if b"AndroidManifest.xml" in content:
        return "apk"
    if b"META-INF/MANIFEST.MF" in content and b".class" in content:
        return "jar"
    return "zip"


def _ole_kind(content: bytes) -> str:
    try:
        with olefile.OleFileIO(content) as ole:
            names = {"/".join(entry) for entry in ole.listdir(streams=True, storages=True)}
    except Exception:
        return "ole"
    for stream, kind in (
        ("EncryptedPackage", "encrypted-ooxml"),
        ("WordDocument", "doc"),
        ("Workbook", "xls"),
        ("Book", "xls"),
        ("PowerPoint Document", "ppt"),
        ("__properties_version1.0", "msg"),
        ("\x05DigitalSignature", "msi"),
        ("!_StringData", "msi"),
    ):
        if stream in names:
            return kind
    return "ole"


def _textual(content: bytes) -> bool:
    """True when the bytes look like text in some charset (UTF-16 with or without mark included)."""
    sample = content[:8192]
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    if b"\0" in sample:
        even, odd = sample[0::2].count(0), sample[1::2].count(0)
        return max(even, odd) > len(sample) // 5 and min(even, odd) * 20 < len(sample)
    return len(sample) - len(sample.translate(None, _CONTROLS)) <= len(sample) // 200


def _text_kind(name: str, content: bytes) -> str:
    head = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    last = extension(name)
    if last in _SCRIPTS or head.startswith(b"#!"):
        return "script"
    if head[:5].lower() == b"<?xml" or head[:4].lower() == b"<svg":
        return "html" if _HTML.search(head) else "xml"
    if _HTML.search(head) or last in ("html", "htm", "xhtml", "mht", "mhtml"):
        return "html"
    if last in ("eml", "mime") or (b"\nmime-version:" in head.lower() and _MAIL.match(head)):
        return "eml"
    if head.startswith(b"-----BEGIN PKCS7"):
        return "p7m"
    return "text"
