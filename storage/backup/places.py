"""Where backups are kept: a folder, or a bucket. What has a name there is whole, and never changes.

    tmp/                 what is being written
    objects/ab/ab…       pieces, by the beginning of their names
    manifests/ID         backups

Diagnostics: StoreError when the place cannot be used.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from storage.claim import FileClaim
from storage.draft import write_whole
from storage.interfaces import StoreError
from storage.seal import sync_folder
from storage.writer import text_of_error

if TYPE_CHECKING:
    from obstore.store import S3Config


class BackupPlace(Protocol):
    """Blocks; one program at a time writes."""

    def has(self, name: str) -> bool: ...

    def put(self, name: str, data: bytes) -> None:
        """Durable once `settle` has returned."""

    def settle(self) -> None: ...

    def get(self, name: str) -> bytes: ...

    def names(self, under: str) -> Iterator[str]:
        """All names that begin with `under` and a slash, as they are."""

    def delete(self, name: str) -> None: ...


class Folder:
    """A folder of this host, or of another one that is mounted here."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._unsynced: set[Path] = set()
        self._claim = FileClaim(root / "lock")

    def __str__(self) -> str:
        return str(self.root)

    def begin(self) -> None:
        """Before the first `put`: it is ours alone now, and what somebody left half written goes. Raises StoreError."""
        with _told():
            for folder in (self.root, self.root / "tmp"):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if holder := self._claim.take():
                raise StoreError(f"{self.root} is in use: a backup is being made ({holder})")
            for left in (self.root / "tmp").iterdir():
                left.unlink()

    def end(self) -> None:
        self._claim.release()

    def has(self, name: str) -> bool:
        return self._path(name).is_file()

    def put(self, name: str, data: bytes) -> None:
        path, temporary = self._path(name), self.root / "tmp" / secrets.token_hex(16)
        with _told():
            if not path.parent.is_dir():
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._unsynced |= {path.parent.parent, self.root}
            write_whole(temporary, data)
            os.rename(temporary, path)
            self._unsynced.add(path.parent)

    def settle(self) -> None:
        with _told():
            while self._unsynced:
                sync_folder(self._unsynced.pop())

    def get(self, name: str) -> bytes:
        with _told():
            return self._path(name).read_bytes()

    def names(self, under: str) -> Iterator[str]:
        with _told():
            for _, folders, files in os.walk(self.root / under, onerror=_unread):
                folders.sort()
                yield from (f"{under}/{name}" for name in sorted(files))

    def delete(self, name: str) -> None:
        with _told():
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        under, _, last = name.partition("/")
        return self.root / under / last[:2] / last if under == "objects" else self.root / under / last


class Bucket:
    """A bucket of an S3-compatible store, below a prefix. Its 200 is its promise."""

    def __init__(
        self, bucket: str, *, endpoint: str = "", region: str = "us-east-1", access_key: str = "",
        secret_key: str = "", prefix: str = "backup",
    ) -> None:  # fmt: skip
        from obstore.exceptions import BaseError
        from obstore.store import S3Store

        config: S3Config = {"region": region, "checksum_algorithm": "SHA256"}
        if endpoint:
            config["endpoint"] = endpoint
        if access_key:
            config["access_key_id"] = access_key
            config["secret_access_key"] = secret_key
        self._name = f"s3://{bucket}/{prefix}"
        self._errors = (BaseError, OSError)
        self._store = S3Store(
            bucket,
            prefix=prefix,
            config=config,
            client_options={"allow_http": endpoint.startswith("http://"), "timeout": timedelta(seconds=60)},
        )
        self._there: set[str] | None = None

    def __str__(self) -> str:
        return self._name

    def begin(self) -> None:
        self._there = set(self.names("objects"))

    def end(self) -> None:
        self._there = None

    def has(self, name: str) -> bool:
        if self._there is None:
            self._there = set(self.names("objects"))
        return name in self._there

    def put(self, name: str, data: bytes) -> None:
        import obstore

        with _told(*self._errors):
            obstore.put(self._store, name, data, use_multipart=len(data) > 64 << 20)
        if self._there is not None:
            self._there.add(name)

    def settle(self) -> None: ...

    def get(self, name: str) -> bytes:
        import obstore

        with _told(*self._errors):
            return bytes(obstore.get(self._store, name).bytes())

    def names(self, under: str) -> Iterator[str]:
        import obstore

        with _told(*self._errors):
            for page in obstore.list(self._store, under):
                yield from sorted(meta["path"] for meta in page)

    def delete(self, name: str) -> None:
        import obstore

        with _told(*self._errors):
            obstore.delete(self._store, name)


def _unread(error: OSError) -> None:
    """A folder that cannot be read is no empty one; one that was never made is."""
    if not isinstance(error, FileNotFoundError):
        raise error


@contextmanager
def _told(*errors: type[Exception]) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if not isinstance(error, (OSError, *errors)):
            raise
        raise StoreError(f"the place of the backups: {text_of_error(error)}") from error
