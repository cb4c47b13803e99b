"""A Sekisho whose stored contents are sealed, to be measured: `python -m bench.stand.sealed serve --config FILE`.

A prototype of what a later version may do. AES-256-GCM in chunks of 1 MB in the manner of STREAM (Hoang, Reyhanitabar,
Rogaway and Vizár 2015; age has it likewise): each content has a key of its own, made of the node's key, 16 random bytes
that stand in front, and its name; a chunk's nonce is its number (11 bytes) and 1 for the last one, else 0. So chunks can
be neither changed nor cut off, moved, repeated or taken from another content. Each chunk is 16 bytes longer than it was.

What is arriving is not sealed: it lies in a file without encryption until it has been examined. A draft that is kept as
it is can then not be linked, but is written anew.
"""

import hashlib
import hmac
import mmap
import os
import sys
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway import from_settings
from gateway.command import cli
from storage import contents, keys
from storage.content import CHUNK, Content
from storage.draft import write_all
from storage.interfaces import Blob, StoreError
from storage.spool import Spool

SALT, TAG = 16, 16
MASTER = os.urandom(32)
"""The node's key; of one run only."""


def _cipher(salt: bytes, name: str) -> AESGCM:
    return AESGCM(hmac.digest(MASTER, salt + name.encode(), "sha256"))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def sealed(pieces: Iterable[bytes | memoryview], size: int, name: str) -> Iterator[bytes]:
    """What is kept of a content of `size` bytes with this name, in pieces that need not be kept."""
    salt = os.urandom(SALT)
    cipher = _cipher(salt, name)
    yield salt
    last = max(0, (size - 1) // CHUNK)
    for number, chunk in enumerate(_chunks(pieces) if size else [b""]):
        yield cipher.encrypt(_nonce(number, number == last), chunk, None)


def _chunks(pieces: Iterable[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    """All of CHUNK bytes but the last; only what lies across two pieces is copied."""
    rest = b""
    for each in pieces:
        piece, at = memoryview(each), 0
        if rest:
            at = CHUNK - len(rest)
            rest += piece[:at]
            if len(rest) < CHUNK:
                continue
            yield rest
        while len(piece) - at >= CHUNK:
            yield piece[at : at + CHUNK]
            at += CHUNK
        rest = bytes(piece[at:])
    if rest:
        yield rest


class Sealed(Content):
    """A content that is unsealed chunk by chunk, each time it is gone through."""

    def __init__(self, data: memoryview, size: int, name: str) -> None:
        chunks = max(1, -(-size // CHUNK))
        if len(data) != SALT + size + chunks * TAG:
            raise StoreError("a sealed content has another length than it should")
        super().__init__(data)
        self.size = size
        self._last = chunks - 1
        self._cipher = _cipher(bytes(data[:SALT]), name)

    def __iter__(self) -> Iterator[bytes]:
        step = CHUNK + TAG
        for number in range(self._last + 1):
            start = SALT + number * step
            try:
                chunk = self._cipher.decrypt(
                    _nonce(number, number == self._last), self._data[start : start + step], None
                )
            except InvalidTag:
                raise StoreError("a sealed content was changed") from None
            if chunk:
                yield chunk

    def whole(self) -> memoryview:
        return memoryview(b"".join(self))


class SealedSpool(Spool):
    """A Spool with sealed files."""

    def _put(self, pieces: Iterable[bytes | memoryview], tenant: str) -> Blob:
        views = [memoryview(piece) for piece in pieces]
        size = sum(map(len, views))
        name = keys.new_key(tenant, size)
        temporary = self.tmp / name
        digest = hashlib.sha256()
        for view in views:
            digest.update(view)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            for piece in sealed(views, size, name):
                write_all(descriptor, piece)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.rename(temporary, self._path(name))
        self._named(name)
        return Blob(name, size, digest.hexdigest())

    def _get(self, key: str, size: int) -> Content:
        with self._path(key).open("rb") as file:
            return Sealed(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)), size, key)


def install() -> None:
    """Let every node that this process starts seal its contents, those in the database too."""
    plain_row, plain_get = contents._row, contents.Contents.get

    def row(content: contents.SmallContent) -> dict[str, object]:
        name = content.blob.key
        return {**plain_row(content), "data": b"".join(sealed([content.data], len(content.data), name))}

    async def get(self: contents.Contents, key: str) -> Content:
        if key in self._recent or keys.size_of(key) > contents.SMALL:
            return await plain_get(self, key)
        rows = await self._database.read(lambda t: t.execute(contents._GET, contents._named(key)))
        if not rows:
            return await plain_get(self, key)
        return Sealed(memoryview(rows[0]["data"]), keys.size_of(key), key)

    contents._row = row
    contents.Contents.get = get  # type: ignore[method-assign]
    from_settings.Spool = SealedSpool  # type: ignore[attr-defined]


def main() -> None:
    install()
    sys.exit(cli.main(sys.argv[1:]))


if __name__ == "__main__":
    main()
