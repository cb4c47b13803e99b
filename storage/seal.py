"""Sealing of small secrets: AES-256-GCM under a key that lies in a file of its own, away from the database.

A sealed secret is bound to its place by associated data (such as the item's id), and begins with the id of
its key, so that keys can be rotated: the first key of the file seals, every one opens.

Diagnostics: SealError for a secret that was changed, moved, or sealed with a key that we do not have;
ConfigError at start when the key file is missing, unreadable or not the one that this database was used with.
"""

import asyncio
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.policy import ConfigError
from config.problems import why_not
from storage.interfaces import Database, Transaction

_VERSION = b"\x01"
_ID = 4
_NONCE = 12
_CANARY = b"seal canary"

_CANARIES = "SELECT key_id, canary FROM seal_canary"
"""One for each key that this database was used with."""
_NOTE_CANARY = (
    "INSERT INTO seal_canary (key_id, canary) VALUES (:key_id, :canary) ON CONFLICT (key_id) DO NOTHING"
)
"""Of a key that is new here; another node may be as quick."""


_FORGET_CANARY = "DELETE FROM seal_canary WHERE key_id <> :key_id"
"""All keys but one have nothing sealed any more."""


class SealError(Exception):
    """The secret cannot be opened."""


class Seal:
    """The keys of a key file: lines of 64 hex digits, the current key first."""

    def __init__(self, keys: list[bytes]) -> None:
        if not keys or any(len(key) != 32 for key in keys):
            raise ValueError("keys of 32 bytes are needed")
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        self._current = _key_id(keys[0])
        self._marks = [hmac.digest(key, b"mark", "sha256") for key in keys]

    def __repr__(self) -> str:
        return f"Seal({', '.join(i.hex() for i in self._ciphers)})"

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of all keys, the current one first. An id tells nothing of its key."""
        return tuple(i.hex() for i in self._ciphers)

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        head = _VERSION + self._current
        return head + nonce + self._ciphers[self._current].encrypt(nonce, plain, head + aad)

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """What was sealed with the same `aad`. Raises SealError."""
        head, rest = sealed[: 1 + _ID], sealed[1 + _ID :]
        cipher = self._ciphers.get(head[1:])
        if head[:1] != _VERSION or cipher is None:
            raise SealError("sealed with a key that is not in the key file")
        try:
            return cipher.decrypt(rest[:_NONCE], rest[_NONCE:], head + aad)
        except (InvalidTag, ValueError):
            raise SealError("the sealed secret was changed or moved") from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether it was sealed under the current key."""
        return sealed[1 : 1 + _ID] == self._current

    def key_of(self, sealed: bytes) -> str:
        """The id of the key under which it was sealed, "" for none of ours."""
        return (
            sealed[1 : 1 + _ID].hex()
            if sealed[:1] == _VERSION and sealed[1 : 1 + _ID] in self._ciphers
            else ""
        )

    def mark(self, data: bytes) -> str:
        """A keyed digest (HMAC-SHA-256, hex), for what the database must not be able to make by itself."""
        return hmac.digest(self._marks[0], data, "sha256").hex()

    def signing_keys(self) -> list[Ed25519PrivateKey]:
        """A key for signatures out of each of ours, the current one first: who has but the public one can make none."""
        return [
            Ed25519PrivateKey.from_private_bytes(hmac.digest(mark, b"signature", "sha256"))
            for mark in self._marks
        ]

    def is_mark(self, data: bytes, mark: str) -> bool:
        """Whether one of our keys made this mark, the current one or an older one."""
        good = [hmac.digest(key, data, "sha256").hex() for key in self._marks]
        return any(hmac.compare_digest(each.encode(), mark.encode("utf-8", "replace")) for each in good)


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"key id" + key).digest()[:_ID]


def read_keys(path: Path) -> list[bytes]:
    """The keys of a file. Raises ConfigError when it is missing, open to others, or no key file."""
    try:
        mode = path.stat().st_mode
        lines = path.read_text("ascii").split()
        keys = [bytes.fromhex(line) for line in lines]
    except (OSError, ValueError) as error:
        raise ConfigError([f"the key file {path} cannot be read: {why_not(error)}"]) from None
    if mode & 0o077:
        raise ConfigError([f"the key file {path} can be read by others; its mode must be 0600"])
    if not keys or any(len(key) != 32 for key in keys):
        raise ConfigError([f"{path} is not a key file: lines of 64 hex digits are expected"])
    return keys


def add_key(path: Path) -> None:
    """Make a new current key, and the file if there is none; the older keys stay to open what they sealed."""
    _write_keys(path, [secrets.token_bytes(32), *(_kept(path) if path.exists() else [])])


def prepare_key(path: Path) -> None:
    """Make a key that only opens as yet, behind the others: all nodes have it then before one of them seals with it."""
    _write_keys(path, [*_kept(path), secrets.token_bytes(32)])


def take_last_key(path: Path) -> None:
    """Make the last key the current one."""
    keys = read_keys(path)
    _write_keys(path, [keys[-1], *keys[:-1]])


async def known_keys(database: Database) -> frozenset[str]:
    """The ids of the keys that this database was used with."""
    rows = await database.read(lambda t: t.execute(_CANARIES))
    return frozenset(row["key_id"] for row in rows)


async def forget_older(path: Path, database: Database) -> None:
    """Forget all keys but the current one: nothing is sealed with them any more. Who ends in the middle leaves a note beside
    the file (`is_forgetting`): a key that only the file knows is else one that was prepared."""
    keys = await asyncio.to_thread(read_keys, path)
    current = Seal(keys).key_ids[0]
    note = _note_of(path)
    await asyncio.to_thread(note.touch, 0o600)
    await asyncio.to_thread(sync_folder, path.parent)
    await database.write(lambda t: t.execute(_FORGET_CANARY, {"key_id": current}))
    await asyncio.to_thread(_write_keys, path, keys[:1])
    await asyncio.to_thread(note.unlink)


def is_forgetting(path: Path) -> bool:
    """Whether somebody ended while older keys were forgotten: none of them may become the current one."""
    return _note_of(path).exists()


def _kept(path: Path) -> list[bytes]:
    """The keys to which one is added; where there is but one, none is to be forgotten any more."""
    keys = read_keys(path)
    if len(keys) == 1:
        _note_of(path).unlink(missing_ok=True)
    return keys


def _note_of(path: Path) -> Path:
    return path.with_name(path.name + ".forgetting")


def _write_keys(path: Path, keys: list[bytes]) -> None:
    """Put the file in the place of the old one, whose octets are overwritten."""
    text = "".join(f"{key.hex()}\n" for key in keys)
    temporary, old = path.with_name(path.name + ".new"), path.with_name(path.name + ".old")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, text.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if old.exists():  # somebody ended in the middle
        overwrite(old)
    if path.exists():
        os.link(path, old)
    os.rename(temporary, path)
    sync_folder(path.parent)
    if old.exists():
        overwrite(old)
        sync_folder(path.parent)


def overwrite(path: Path) -> None:
    """Remove a file, its octets first: a name alone that is gone leaves them on the disk. Octets that have another name are
    in use: somebody ended before a new file took its place."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        found = os.fstat(descriptor)
        if found.st_nlink == 1:
            os.pwrite(descriptor, bytes(found.st_size), 0)
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    path.unlink()


def sync_folder(folder: Path) -> None:
    """Make the names in it durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _of_file(path: Path, create: bool) -> Seal:
    if create and not path.exists():
        add_key(path)
    return Seal(read_keys(path))


async def open_seal(path: Path, database: Database) -> Seal:
    """The seal of this database. A key file is made only for a database that was never used with one.

    Each key's canary is kept in the database, sealed: a key that is missing or wrong shows now, not on the
    day when a secret is needed. Raises ConfigError.
    """
    canaries = await database.read(lambda t: t.execute(_CANARIES))
    seal = await asyncio.to_thread(_of_file, path, not canaries)
    for row in canaries:
        try:
            opened = seal.open(bytes(row["canary"]), _CANARY)
        except SealError:
            opened = b""
        if opened != _CANARY:
            raise ConfigError(
                [f"{path} does not hold the key {row['key_id']}, with which secrets were sealed"]
            )
    current = seal.key_ids[0]

    def note(transaction: Transaction) -> None:
        transaction.execute(_NOTE_CANARY, {"key_id": current, "canary": seal.seal(_CANARY, _CANARY)})

    if current not in {row["key_id"] for row in canaries}:
        await database.write(note)
    return seal
