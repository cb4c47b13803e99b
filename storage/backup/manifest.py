"""What a backup is made of: a list of names of pieces, sealed as they are, under an id that begins with the time."""

import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import msgspec

from storage.backup.places import BackupPlace
from storage.backup.sealing import BackupKeys, DamagedBackup

PIECE = 256 << 10
"""Bytes of a piece of the database: what did not change since the last backup is there already."""
CONTENT = 4 << 20
"""Bytes of a piece of a content."""


class Manifest(msgspec.Struct, frozen=True):
    """One backup. Nothing in it opens a content.

    id         of the backup; at: when the copy of the database was begun (UTC seconds)
    node, program   who made it
    schema     numbers of the migrations that the database had seen
    kind       of the database: "sqlite" or "postgresql"; size: bytes of its copy; database: its pieces in their order
    contents   of each content that is no row of the database, under its key: its pieces
    heads      where each chain of the journal ended: its last number and hash
    """

    id: str
    at: float
    node: str
    program: str
    schema: tuple[int, ...]
    kind: str
    size: int
    database: tuple[str, ...]
    contents: dict[str, tuple[str, ...]]
    heads: dict[str, tuple[int, str]] = {}
    form: int = 1

    @property
    def pieces(self) -> set[str]:
        return {*self.database, *(name for names in self.contents.values() for name in names)}


def new_id(at: float) -> str:
    """In the order of time, and nobody has it."""
    return f"{datetime.fromtimestamp(at, UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


def ids(place: BackupPlace) -> list[str]:
    """Of all backups of a place, the oldest first."""
    return sorted(name.rpartition("/")[2] for name in place.names("manifests"))


def read(place: BackupPlace, keys: BackupKeys, id: str) -> Manifest:
    """Raises DamagedBackup, and StoreError when it is not there."""
    try:
        manifest = msgspec.json.decode(keys.open(place.get(f"manifests/{id}"), id), type=Manifest)
    except msgspec.MsgspecError as error:
        raise DamagedBackup(f"{id} cannot be read by this version: {error}") from error
    if manifest.id != id:
        raise DamagedBackup(f"{id} is another backup")
    return manifest


def write(place: BackupPlace, keys: BackupKeys, manifest: Manifest) -> None:
    """All its pieces are durable; on return it is, too."""
    place.settle()
    place.put(f"manifests/{manifest.id}", keys.seal(msgspec.json.encode(manifest), manifest.id))
    place.settle()


def put(
    place: BackupPlace, keys: BackupKeys, data: memoryview, size: int, *, press: bool
) -> Iterator[tuple[str, int]]:
    """Keep data in pieces of `size`; their names, each with the bytes that were new there."""
    for start in range(0, max(len(data), 1), size):
        piece = data[start : start + size]
        name = keys.name_of(piece)
        if place.has(f"objects/{name}"):
            yield name, 0
        else:
            sealed = keys.seal(piece, name, press=press)
            place.put(f"objects/{name}", sealed)
            yield name, len(sealed)


def get(place: BackupPlace, keys: BackupKeys, names: Iterable[str]) -> Iterator[bytes]:
    """The pieces of these names. Raises DamagedBackup, StoreError."""
    for name in names:
        yield keys.piece(place.get(f"objects/{name}"), name)


def prune(place: BackupPlace, keys: BackupKeys, keep: int) -> tuple[int, int]:
    """Forget all backups but the newest `keep`, and pieces that no other needs; how many of both. A backup that cannot be
    read keeps everything: nobody knows what it needs. Raises DamagedBackup."""
    there = ids(place)
    gone, stay = (there[:-keep], there[-keep:]) if keep < len(there) else ([], there)
    needed = {f"objects/{piece}" for id in stay for piece in read(place, keys, id).pieces}
    for id in gone:
        place.delete(f"manifests/{id}")
    place.settle()
    unneeded = [name for name in place.names("objects") if name not in needed]
    for name in unneeded:
        place.delete(name)
    return len(gone), len(unneeded)
