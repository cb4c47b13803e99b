"""ZIP archives: every member read within the mail's one budget; what two readers could see differently is corrupt.

The standard library reads overlapping members without complaint (a bomb of 19 kB claims 2 GB), so the central
directory is checked first; members are inflated in steps that the budget counts.
"""

import io
import struct
import zipfile
import zlib

from filters.extract.budget import Stop
from filters.extract.found import Found, Member, tidy
from mail.charset import decode

STEP = 1 << 16
_ENCRYPTED = 0x1
_UTF8 = 0x800
_CENTRAL = b"PK\x01\x02"
_LOCAL = b"PK\x03\x04"


def open_zip(content: bytes, found: Found) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    """The archive and its members, checked. Raises Stop: "limit" for too many, "corrupt" for what is ambiguous."""
    found.budget.take_member(content.count(_CENTRAL) if content.count(_CENTRAL) > found.budget.members else 0)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        infos = archive.infolist()
    except (
        zipfile.BadZipFile,
        ValueError,
        EOFError,
        struct.error,
        NotImplementedError,
        OverflowError,
    ) as error:
        raise Stop("corrupt", f"zip: {type(error).__name__}") from None
    found.budget.take_member(len(infos))
    _check(content, infos)
    return archive, infos


def _check(content: bytes, infos: list[zipfile.ZipInfo]) -> None:
    """No two members share bytes, and no member stands between them that the directory does not name."""
    end = 0
    for info in sorted(infos, key=lambda i: i.header_offset):
        start = info.header_offset
        if start < end:
            raise Stop("corrupt", "zip: members overlap")
        if _LOCAL in content[end:start] and content[:4] == _LOCAL:
            raise Stop("corrupt", "zip: members outside the directory")
        if content[start : start + 4] != _LOCAL:
            raise Stop("corrupt", "zip: no member where the directory says")
        lengths = struct.unpack("<HH", content[start + 26 : start + 30].ljust(4, b"\0"))
        end = start + 30 + sum(lengths) + info.compress_size
        if end > len(content):
            raise Stop("corrupt", "zip: cut off")


def name_of(info: zipfile.ZipInfo) -> str:
    """The member's name; without the UTF-8 flag the bytes are guessed (cp932 from Japanese Windows, UTF-8 from a Mac)."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    try:
        return decode(info.orig_filename.encode("cp437"), "")
    except UnicodeEncodeError:
        return info.orig_filename


def content_of(archive: zipfile.ZipFile, info: zipfile.ZipInfo, found: Found) -> bytes:
    """The bytes of one member, counted while they are inflated. Raises Stop."""
    if info.flag_bits & _ENCRYPTED or info.compress_type == 99:
        raise Stop("encrypted")
    pieces: list[bytes] = []
    total = 0
    try:
        with archive.open(info) as member:
            while piece := member.read(STEP):
                total += len(piece)
                found.budget.take_bytes(len(piece), total, info.compress_size)
                pieces.append(piece)
    except NotImplementedError:
        raise Stop("unsupported", "zip: compression method") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise Stop("corrupt", f"zip: {type(error).__name__}") from None
    return b"".join(pieces)


def read(content: bytes, found: Found) -> None:
    """Read all members of a ZIP into `found`."""
    archive, infos = open_zip(content, found)
    for info in infos:
        name = name_of(info)
        if info.is_dir():
            continue
        try:
            data = content_of(archive, info, found)
        except Stop as reason:
            found.members.append(Member(found.prefix + tidy(name), "unknown", info.file_size, reason.verdict))
            found.failed(reason.verdict, str(reason))
            if reason.verdict == "limit":
                raise
            continue
        found.inside(name, data)
