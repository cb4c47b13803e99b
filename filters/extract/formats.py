"""The formats that have a reader. Each reader says in its own file which kinds it reads and how they are known.

    @reads("cab", b"MSCF", media="application/vnd.ms-cab-compressed", container=True)
    def read(content: bytes, found: Found) -> None: …

A reader adds to `found`, and raises Stop for what it cannot read. Kinds that are told apart by more than their first octets
are named by filters.extract.kinds; there stand also those that nobody reads.
"""

from collections.abc import Callable

from filters.extract.found import Found

Reader = Callable[[bytes, Found], None]

READERS: dict[str, Reader] = {}
"""By kind."""
MAGIC: dict[bytes, str] = {}
"""First octets that are a kind's alone."""
MEDIA: dict[str, str] = {}
"""Media types, of kinds that have one."""
CLOSED = frozenset({"lzh", "disk", "rpm", "compress", "lz4", "xar", "cpio", "lzip", "zpaq", "stuffit"})
"""Kinds that hold files, and that nobody reads here."""
CONTAINERS = {"gz", "bz2", "xz", "lzma", "zstd", *CLOSED}
"""Kinds that hold files. Those of one compressed file are read by filters.extract."""


def reads(kind: str, *magic: bytes, media: str = "", container: bool = False) -> Callable[[Reader], Reader]:
    """The decorated function reads files of this kind, which is known by any of `magic`. Raises ValueError when somebody
    else reads it, or when first octets would mean two kinds."""

    def register(reader: Reader) -> Reader:
        if kind in READERS:
            raise ValueError(f"two readers for {kind}")
        for octets in magic:
            if other := next(
                (k for m, k in MAGIC.items() if m.startswith(octets) or octets.startswith(m)), ""
            ):
                raise ValueError(f"{octets!r} would be {kind} and {other}")
            MAGIC[octets] = kind
        READERS[kind] = reader
        if media:
            MEDIA[kind] = media
        if container:
            CONTAINERS.add(kind)
        return reader

    return register
