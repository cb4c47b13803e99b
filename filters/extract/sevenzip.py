"""7z archives by py7zr: all names, contents within the budget; candidate passphrases are tried.

py7zr's own extraction turns names into paths; we number members and keep their bytes in memory.
"""

import io
import lzma
from typing import Any

import py7zr
import py7zr.exceptions
import py7zr.io
import py7zr.py7zr

from filters.extract import rest
from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.keys import SLOW
from filters.extract.reason import Reason, Stop

MAGIC = b"7z\xbc\xaf\x27\x1c"
_DAMAGE = (
    py7zr.exceptions.ArchiveError,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    AssertionError,
    RuntimeError,
)
_AES = b"\x06\xf1\x07"
setattr(py7zr.py7zr, "get_memory_limit", lambda: 1 << 20)  # noqa: B010 (py7zr does not export the name)
"""For each member py7zr asks the kernel how much it may inflate at once; a locked process may not ask."""
CYCLES = 20
"""Most rounds of key derivation (as a power of two): 7-Zip uses 19, the format allows some that take minutes."""
HEADER = 4_000_000


class _Writer(py7zr.io.Py7zIO):
    """One member on its way into memory, counted against the budget."""

    def __init__(self, found: Found, packed: int) -> None:
        self.pieces: list[bytes] = []
        self.length = 0
        self._found = found
        self._packed = packed

    def write(self, s: bytes | bytearray) -> int:
        self.length += len(s)
        self._found.budget.take_bytes(len(s), self.length, self._packed)
        self.pieces.append(bytes(s))
        return len(s)

    def read(self, size: int | None = None) -> bytes:
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def flush(self) -> None:
        pass

    def size(self) -> int:
        return self.length


class _Writers(py7zr.io.WriterFactory):
    def __init__(self, found: Found, packed: int) -> None:
        self.found, self.packed = found, packed
        self.made: dict[str, _Writer] = {}

    def create(self, filename: str) -> py7zr.io.Py7zIO:
        self.made[filename] = writer = _Writer(self.found, self.packed)
        return writer


@reads("7z", MAGIC, media="application/x-7z-compressed", container=True)
def read(content: bytes, found: Found) -> None:
    """Read a 7z archive into `found`. Raises Stop."""
    start = content.find(MAGIC)
    data = content[max(start, 0) :]
    if len(data) < 32 or int.from_bytes(data[20:28], "little") > HEADER:
        raise Stop(Reason.CUT_OFF if len(data) < 32 else Reason.BYTES, "7z: header")
    if int.from_bytes(data[12:20], "little") + int.from_bytes(data[20:28], "little") + 32 > len(data):
        raise Stop(Reason.CUT_OFF, "7z: cut off")
    end = 32 + int.from_bytes(data[12:20], "little") + int.from_bytes(data[20:28], "little")
    rest.left(data[end:], found, "7z: rest")
    if start > 0 and content[:2] != b"MZ":
        rest.left(content[:start], found, "7z: rest")
    try:
        with py7zr.SevenZipFile(io.BytesIO(data)) as archive:
            if not archive.needs_password():
                _members(archive, found, len(data))
                return
            names = [(f.filename, int(f.uncompressed or 0)) for f in archive.files if not f.is_directory]
            rounds = _rounds(archive)
            heavy, found.locked = max(rounds) > CYCLES, all(r >= 0 for r in rounds)
    except py7zr.exceptions.PasswordRequired:
        names, heavy, found.locked = [], False, True
    except MemoryError:
        raise Stop(Reason.MEMORY, "7z: needs too much memory") from None
    except py7zr.exceptions.UnsupportedCompressionMethodError:
        raise Stop(Reason.METHOD, "7z: compression method") from None
    except _DAMAGE as error:
        raise Stop(Reason.MALFORMED, f"7z: {type(error).__name__}") from None
    if not heavy and _opened(data, found):
        return
    found.budget.take_member(len(names))
    for name, size in names:
        found.listed(name, size, Reason.PASSWORD)
    raise Stop(Reason.PASSWORD, "7z: wants a password")


def _rounds(archive: Any) -> list[int]:
    """For each folder the rounds of its key derivation as a power of two, -1 when it is not encrypted."""
    streams = archive.header.main_streams
    found = []
    for folder in streams.unpackinfo.folders if streams else ():
        keys = [c["properties"] for c in folder.coders if c["method"][:3] == _AES and c["properties"]]
        found.append(max((k[0] & 0x3F for k in keys), default=-1))
    return found or [-1]


def _opened(data: bytes, found: Found) -> bool:
    for word, source in found.keys.each(cost=SLOW):
        try:
            with py7zr.SevenZipFile(io.BytesIO(data), password=word) as archive:
                writers = _contents(archive, found, len(data))
                sizes = [f for f in archive.files if not f.is_directory]
        except Stop:
            raise
        except MemoryError:
            raise Stop(Reason.MEMORY, "7z: needs too much memory") from None
        except _DAMAGE:
            continue
        found.keys.learnt(word, source)
        found.opened(source)
        _deliver(sizes, writers, found)
        return True
    return False


def _members(archive: Any, found: Found, packed: int) -> None:
    files = [f for f in archive.files if not f.is_directory]
    _deliver(files, _contents(archive, found, packed), found)


def _contents(archive: Any, found: Found, packed: int) -> _Writers:
    """Number -> content of all members. py7zr checks their CRC."""
    found.budget.take_member(len(archive.files))
    if sum(int(f.uncompressed or 0) for f in archive.files) > found.budget.size:
        raise Stop(Reason.BYTES, "too many bytes")
    writers = _Writers(found, packed)
    for file in archive.files:
        if not file.is_directory and not file.is_socket:
            archive.worker.register_filelike(file.id, py7zr.io.MemIO(str(file.id), writers))
    archive.worker.extract(archive.fp, None, parallel=False)
    return writers


def _deliver(files: list[Any], writers: _Writers, found: Found) -> None:
    for file in files:
        writer = writers.made.get(str(file.id))
        found.inside(file.filename, b"".join(writer.pieces) if writer else b"")
