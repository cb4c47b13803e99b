"""How what a backup holds is sealed: AES-256-GCM under a key of its own, each piece by a key that is made of its name.

The name of a piece is a keyed digest of what is in it, so that equal pieces are kept once, and nobody without the key can
tell whether something known is among them (as borg and restic do it). A piece is compressed before it is sealed.

    "SKB1" | nonce, 12 octets | AES-256-GCM of a form octet and the piece (0: as it is, 1: zlib)

Diagnostics: DamagedBackup for what was changed, cut, moved, or sealed under another key.
"""

import hmac
import secrets
import zlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.interfaces import StoreError

MAGIC = b"SKB1"
_NONCE = 12
MOST = 512 << 20
"""Octets that a piece or a manifest may become when it is opened."""


class DamagedBackup(StoreError):
    """A part of a backup cannot be used."""


class BackupKeys:
    """The keys of a key file (storage/seal.py: read_keys): the first seals and names, every one opens."""

    def __init__(self, keys: list[bytes]) -> None:
        self._keys = [
            (hmac.digest(k, b"backup name", "sha256"), hmac.digest(k, b"backup", "sha256")) for k in keys
        ]

    def name_of(self, plain: bytes | memoryview) -> str:
        """64 hexadecimal digits."""
        return hmac.digest(self._keys[0][0], plain, "sha256").hex()

    def seal(self, plain: bytes | memoryview, name: str, *, press: bool = True) -> bytes:
        """`press`: whether it may become smaller; what is sealed already never does."""
        packed = zlib.compress(plain, 1) if press else b""
        form = b"\1" + packed if press and len(packed) < len(plain) else b"\0" + plain
        nonce = secrets.token_bytes(_NONCE)
        return MAGIC + nonce + _cipher(self._keys[0][1], name).encrypt(nonce, form, name.encode())

    def open(self, sealed: bytes, name: str) -> bytes:
        """Raises DamagedBackup."""
        nonce, rest = sealed[len(MAGIC) :][:_NONCE], sealed[len(MAGIC) + _NONCE :]
        if sealed[: len(MAGIC)] != MAGIC:
            raise DamagedBackup(f"{name} is no part of a backup, or was cut")
        for _, key in self._keys:
            try:
                return _plain(_cipher(key, name).decrypt(nonce, rest, name.encode()), name)
            except (InvalidTag, ValueError):
                continue
        raise DamagedBackup(f"{name} was changed, or is under another backup key")

    def piece(self, sealed: bytes, name: str) -> bytes:
        """As `open`, for a piece: its name says what is in it. Raises DamagedBackup."""
        plain = self.open(sealed, name)
        if not any(hmac.digest(key, plain, "sha256").hex() == name for key, _ in self._keys):
            raise DamagedBackup(f"{name} holds something else")
        return plain


def _cipher(key: bytes, name: str) -> AESGCM:
    return AESGCM(hmac.digest(key, name.encode(), "sha256"))


def _plain(opened: bytes, name: str) -> bytes:
    if opened[:1] != b"\1":
        return opened[1:]
    unpacking = zlib.decompressobj()
    plain = unpacking.decompress(opened[1:], MOST)
    if unpacking.unconsumed_tail or not unpacking.eof:
        raise DamagedBackup(f"{name} is larger than a part of a backup is")
    return plain
