"""ZIP archives: every member is read within the mail's budget; what two readers could see differently is corrupt.

The standard library reads overlapping members without complaint (a bomb of 19 kB claims 2 GB), so the central
directory is checked first; filters.extract.inflate inflates members in steps that the budget counts.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import pyzipper

from filters.extract import rest
from filters.extract.formats import reads
from filters.extract.found import Found, tidy
from filters.extract.inflate import METHODS, bounded
from filters.extract.reason import Reason, Stop
from mail.charset import decode

_ENCRYPTED = 0x1
_UTF8 = 0x800
_AES = 99
_CENTRAL = b"PK\x01\x02"
_FLAGS = re.compile(re.escape(_CENTRAL) + rb"....(.)", re.DOTALL)
"""An entry of the directory, and the first octet of its flags (APPNOTE 4.3.12)."""
_LOCAL = b"PK\x03\x04"
_END, _WIDE_END, _SIGNED_APK = b"PK\x05\x06", b"PK\x06\x06", b"APK Sig Block 42"
DESCRIPTOR, EXTRA = 24, 40
"""Octets behind a member that was written without knowing its size; of extra fields with times, owners and sizes."""
SLOW = 8_000_000
"""Largest member in traditional encryption that is opened: the only decoder is slow Python."""
NAME = 4_096


class Package:
    """A checked ZIP: its bytes and its members."""

    def __init__(self, content: bytes, infos: list[zipfile.ZipInfo]) -> None:
        self.content = content
        self.infos = infos
        self._unlockable: pyzipper.AESZipFile | None = None

    def unlockable(self, info: zipfile.ZipInfo) -> tuple[pyzipper.AESZipFile, Any]:
        """The archive once more and the member in it, for a reader that decrypts. Raises IndexError, ValueError."""
        if self._unlockable is None:
            self._unlockable = pyzipper.AESZipFile(io.BytesIO(self.content))
        return self._unlockable, self._unlockable.infolist()[self.infos.index(info)]

    def packed(self, info: zipfile.ZipInfo) -> bytes:
        """The compressed bytes of a member, whose place `open_zip` has checked."""
        start = info.header_offset
        name, extra = struct.unpack_from("<HH", self.content, start + 26)
        start += 30 + name + extra
        return self.content[start : start + info.compress_size]


def open_zip(content: bytes, found: Found) -> Package:
    """The archive and its members, checked. Raises Stop: "limit" for too many, "corrupt" for what is ambiguous."""
    count = content.count(_CENTRAL)
    if count > found.budget.members:
        # Nobody looks into it who has no passphrase, so whoever looks elsewhere has to know (filters.examine.with_files).
        found.locked = any(flags[0] & 1 for flags in set(_FLAGS.findall(content)))
        found.budget.take_member(count)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos, directory = archive.infolist(), archive.start_dir
    except (
        zipfile.BadZipFile,
        ValueError,
        EOFError,
        struct.error,
        NotImplementedError,
        OverflowError,
    ) as error:
        raise Stop(Reason.MALFORMED, f"zip: {type(error).__name__}") from None
    found.budget.take_member(len(infos))
    _check(content, infos)
    pieces = sorted(_pieces(content, infos, directory))
    if content[:2] == b"MZ" and pieces:
        pieces.insert(0, (0, pieces[0][0], rest.CARRIED))  # the program that unpacks it, which is read as one
    rest.walked(content, iter(pieces), found, "zip", whole=False)
    return Package(content, infos)


def _pieces(content: bytes, infos: Iterable[zipfile.ZipInfo], directory: int) -> Iterator[rest.Piece]:
    """What an archive consists of (APPNOTE 4.3.6): members, the directory, its end; extra fields and comments are data."""
    for info in infos:
        start = info.header_offset
        name, extra = struct.unpack_from("<HH", content, start + 26)
        body = start + 30 + name + extra
        # Not searched: the members are read one by one.
        yield start, body + info.compress_size + (DESCRIPTOR if info.flag_bits & 8 else 0), rest.KNOWN
        if extra > EXTRA:
            yield body - extra, body, rest.DATA
    at = directory
    while content[at : at + 4] == _CENTRAL:
        name, extra, comment = struct.unpack_from("<HHH", content, at + 28)
        yield at, at + 46 + name, rest.KNOWN
        at += 46 + name + extra + comment
        yield at - extra - comment, at, rest.DATA if extra > EXTRA or comment else rest.KNOWN
    if content[max(0, directory - 16) : directory] == _SIGNED_APK:
        (size,) = struct.unpack_from("<Q", content, directory - 24)
        yield max(0, directory - size - 8), directory, rest.DATA
    end = content.rfind(_END)
    wide = content.rfind(_WIDE_END, at, end)
    yield (wide if wide >= 0 else end), end + 22, rest.KNOWN
    yield end + 22, end + 22 + struct.unpack_from("<H", content, end + 20)[0], rest.DATA


def _check(content: bytes, infos: Iterable[zipfile.ZipInfo]) -> None:
    """Check that no two members share bytes, and that there is none between them that the directory does not name."""
    end = 0
    for info in sorted(infos, key=lambda i: i.header_offset):
        start = info.header_offset
        if start < end:
            raise Stop(Reason.CONTRADICTORY, "zip: members overlap")
        if start > end and _LOCAL in content[end:start] and content[:4] == _LOCAL:
            raise Stop(Reason.CONTRADICTORY, "zip: members outside the directory")
        if content[start : start + 4] != _LOCAL:
            raise Stop(Reason.CONTRADICTORY, "zip: no member where the directory says")
        lengths = struct.unpack("<HH", content[start + 26 : start + 30].ljust(4, b"\0"))
        end = start + 30 + sum(lengths) + info.compress_size
        if end > len(content):
            raise Stop(Reason.CUT_OFF, "zip: cut off")
        if lengths[0] > NAME:
            raise Stop(Reason.MALFORMED, "zip: a name too long")


def name_of(info: zipfile.ZipInfo) -> str:
    """The member's name; without the UTF-8 flag its charset is guessed (cp932 from Japanese Windows, UTF-8 from a Mac)."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    if info.orig_filename.isascii():
        return info.orig_filename
    try:
        return decode(info.orig_filename.encode("cp437"), "")
    except UnicodeEncodeError:
        return info.orig_filename


def is_locked(info: zipfile.ZipInfo) -> bool:
    return bool(info.flag_bits & _ENCRYPTED) or info.compress_type == _AES


def content_of(package: Package, info: zipfile.ZipInfo, found: Found) -> bytes:
    """The bytes of one member, counted while inflating. Raises Stop."""
    if is_locked(info):
        return _unlocked(package, info, found)
    method = METHODS.get(info.compress_type)
    if method is None:
        raise Stop(Reason.METHOD, f"zip: compression method {info.compress_type}")
    data = bounded(method(package.packed(info)), info.compress_size, found.budget, "zip")
    if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
        raise Stop(Reason.CONTRADICTORY, "zip: a member is not what the directory says")
    return data


def head_of(package: Package, info: zipfile.ZipInfo, count: int = 1_024) -> bytes:
    """The first bytes of a member, b"" when they are not available; costs nothing."""
    packed = package.packed(info)[: 2 * count]
    if info.compress_type == 0:
        return packed[:count]
    try:
        return zlib.decompressobj(-15).decompress(packed, count) if info.compress_type == 8 else b""
    except zlib.error:
        return b""


def _unlocked(package: Package, info: zipfile.ZipInfo, found: Found) -> bytes:
    """An encrypted member, opened with one of the candidates. Raises Stop when none fits."""
    if info.compress_type != _AES and info.compress_size > SLOW:
        raise Stop(Reason.TOO_LARGE, "zip: too large to be opened")
    try:
        archive, inside = package.unlockable(info)
    except (IndexError, ValueError):
        raise Stop(Reason.MALFORMED, "zip: directory") from None
    for word, source in found.keys.each():
        try:
            with archive.open(inside, pwd=word.encode()) as member:
                pieces = iter(partial(member.read, 1 << 16), b"")
                data = bounded(pieces, info.compress_size, found.budget, "zip")
        except (
            Stop,
            RuntimeError,
            NotImplementedError,
            ValueError,
            OSError,
            zlib.error,
            zipfile.BadZipFile,
        ) as error:
            if isinstance(error, Stop) and error.verdict == "limit":
                raise
            continue
        except pyzipper.zipfile.BadZipFile:
            continue
        found.keys.learnt(word, source)
        found.opened(source)
        return data
    raise Stop(Reason.PASSWORD, "zip: wants a password")


@reads("zip", media="application/zip", container=True)
@reads("jar", media="application/java-archive", container=True)
@reads("apk", container=True)
def read(content: bytes, found: Found) -> None:
    """Read all members of a ZIP into `found`."""
    package = open_zip(content, found)
    if package.infos and not content.startswith(b"PK"):
        found.sign("prefix", "data in front of the archive")
    files = [info for info in package.infos if not info.is_dir()]
    found.locked = bool(files) and all(is_locked(info) for info in files)
    for info in files:
        name = name_of(info)
        try:
            data = content_of(package, info, found)
        except Stop as stop:
            found.listed(name, info.file_size, stop.reason, f"{tidy(name)}: {stop}")
            if stop.verdict == "limit":
                raise
            continue
        found.inside(name, data)
