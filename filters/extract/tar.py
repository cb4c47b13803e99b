"""TAR archives (POSIX 1003.1 ustar, pax and GNU names) and single compressed files (gz, bz2, xz, lzma, zst)."""

from collections.abc import Callable, Iterator

from filters.extract import inflate, rest
from filters.extract.formats import reads
from filters.extract.found import Found, tidy
from filters.extract.reason import Reason, Stop
from mail.charset import decode

BLOCK = 512
_STREAMS: dict[str, tuple[Callable[[bytes, inflate.Ended], Iterator[bytes]], tuple[str, ...]]] = {
    "gz": (inflate.gzip, ("gz", "tgz", "z")),
    "bz2": (inflate.bzip2, ("bz2", "tbz", "tbz2")),
    "xz": (inflate.xz, ("xz", "txz")),
    "lzma": (inflate.lzma_alone, ("lzma", "tlz")),
    "zstd": (inflate.zstd, ("zst", "tzst")),
}
KINDS = frozenset(_STREAMS)


def _checksum(block: bytes) -> bool:
    try:
        said = _octal(block[148:156])
    except ValueError:
        return False
    return said > 0 and said == sum(block[:148]) + 8 * 32 + sum(block[156:])


def _octal(field: bytes) -> int:
    """A number field: octal digits, or binary with the first bit set (GNU)."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    return int(field.strip(b" \0") or b"0", 8)


@reads("tar", media="application/x-tar", container=True)
def read(content: bytes, found: Found) -> None:
    """Read all members of a TAR. Links and devices are names only. Raises Stop."""
    at, long_name, path = 0, "", ""
    while at + BLOCK <= len(content):
        block = content[at : at + BLOCK]
        if not block.strip(b"\0"):
            break
        if not _checksum(block):
            raise Stop(Reason.CHECKSUM, "tar: checksum")
        try:
            size = _octal(block[124:136])
        except ValueError:
            raise Stop(Reason.MALFORMED, "tar: size") from None
        kind, at = block[156:157], at + BLOCK
        if size < 0 or at + size > len(content):
            raise Stop(Reason.CUT_OFF, "tar: cut off")
        if kind in (b"1", b"2"):
            size = 0
        data = content[at : at + size]
        if slack := content[at + size : at + (size + BLOCK - 1) // BLOCK * BLOCK].strip(b"\0"):
            rest.data(slack, found, "padding")
        at += (size + BLOCK - 1) // BLOCK * BLOCK
        found.budget.take_member()
        if kind == b"L":
            long_name = decode(data.rstrip(b"\0")[:4_096], "")
        elif kind in (b"x", b"g"):
            path = _pax(data) or path
            rest.data(data, found, "pax")
        elif kind in (b"0", b"\0", b"7", b"S"):
            name = path or long_name or decode(block[:100].split(b"\0")[0], "")
            found.budget.take_bytes(len(data))
            if kind == b"S":
                found.listed(name, size, Reason.METHOD, "tar: a sparse file")
            elif not (kind == b"\0" and name.endswith("/")):
                found.inside(name, data)
            long_name = path = ""
        elif kind in b"123456":
            long_name = path = ""
        elif kind != b"K":
            found.failed(Reason.FORMAT, "tar: member type")
    behind = content[at:].strip(b"\0")
    if behind:
        found.failed(Reason.BEHIND, "tar: data behind the end")


def _pax(data: bytes) -> str:
    """The path in a pax header: records "LENGTH path=VALUE\\n"."""
    at = 0
    while at < len(data):
        digits = data[at : at + 10].partition(b" ")[0]
        if not digits.isdigit() or not int(digits):
            return ""
        record = data[at + len(digits) + 1 : at + int(digits)].rstrip(b"\n")
        if record.startswith(b"path="):
            return record[5 : 5 + 4_096].decode("utf-8", "replace")
        at += int(digits)
    return ""


def single(kind: str) -> Callable[[bytes, Found, str], None]:
    """The reader for a compressed file of this kind; the file inside is a member named after it."""
    steps, endings = _STREAMS[kind]

    def read_single(content: bytes, found: Found, name: str) -> None:
        found.budget.take_member()
        ends: list[int] = []
        data = inflate.bounded(steps(content, ends.append), len(content), found.budget, kind)
        found.inside(_inner(name, endings), data)
        if kind == "gz":
            rest.data(content[10 : 10 + _named(content)], found, "header")
        if ends:
            rest.left(content[ends[0] :], found, f"{kind}: rest")

    return read_single


def _named(content: bytes) -> int:
    """Octets of the optional fields in a gzip header: extra field, name, comment (RFC 1952 2.3)."""
    flags, at = content[3], 10
    if flags & 4:
        at += 2 + int.from_bytes(content[10:12], "little")
    for flag in (8, 16):
        if flags & flag:
            at = content.find(b"\0", at) + 1 or at
    return at - 10


def _inner(name: str, endings: tuple[str, ...]) -> str:
    stem, _, last = tidy(name).rpartition(".")
    if last.lower() not in endings:
        return tidy(name)
    return f"{stem}.tar" if last.lower().startswith("t") else stem
