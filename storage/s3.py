"""Blobs in an S3-compatible store, shared by all nodes. What is arriving stays in local files until it is put.

An object is written in one request that fails when the key exists; the server checks a SHA-256 of it. The
store's 200 is its promise of durability.

Diagnostics: StoreError when the store does not answer within `TIMEOUT`, or answers anything but success.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import S3Store

from storage import keys
from storage.content import Content
from storage.day_keys import DayKeys
from storage.interfaces import Blob, Draft, StoreError
from storage.kept import at_rest, content_of, digested, kept_size
from storage.spool import Spool

if TYPE_CHECKING:
    from obstore.store import S3Config  # a typing-only name of the library

TIMEOUT = timedelta(seconds=10)
PREFIX = "blobs"


class S3Blobs:
    """Blobs (storage/interfaces.py) in a bucket. `drafts` is the directory of this node's spool.

    Without `access_key` the credentials come from the environment, as is usual for S3 clients. A plain-text
    `endpoint` (http://) is taken as it is given: for a store on the same machine.
    """

    def __init__(
        self,
        bucket: str,
        drafts: Path,
        *,
        endpoint: str = "",
        region: str = "us-east-1",
        access_key: str = "",
        secret_key: str = "",
        prefix: str = PREFIX,
        day_keys: DayKeys | None = None,
    ) -> None:
        config: S3Config = {"region": region, "checksum_algorithm": "SHA256"}
        if endpoint:
            config["endpoint"] = endpoint
        if access_key:
            config["access_key_id"] = access_key
            config["secret_access_key"] = secret_key
        try:
            self._store = S3Store(
                bucket,
                prefix=prefix,
                config=config,
                client_options={
                    "allow_http": endpoint.startswith("http://"),
                    "timeout": TIMEOUT,
                    "connect_timeout": TIMEOUT / 2,
                },
                retry_config={"max_retries": 2, "retry_timeout": TIMEOUT},
            )
        except BaseError as error:
            raise StoreError(f"the object store cannot be used: {type(error).__name__}") from error
        self._day_keys = day_keys
        self._spool = Spool(drafts)
        self._closed = False

    def draft(self) -> Draft:
        return self._spool.draft()

    async def put(self, pieces: Iterable[bytes | memoryview], tenant: str) -> Blob:
        self._check()
        views = [memoryview(piece) for piece in pieces]
        size = sum(map(len, views))
        day = None if self._day_keys is None else await self._day_keys.today(tenant)
        try:
            # A repeated request may meet what it wrote itself the first time; a new key settles it.
            for last in (False, True):
                key = keys.new_key(tenant, size, day)
                content, digest = await asyncio.to_thread(self._gathered, views, size, key)
                try:
                    await obstore.put_async(self._store, key, content, mode="create", use_multipart=False)
                    return Blob(key, size, digest)
                except AlreadyExistsError as error:
                    if last:
                        raise _failed(error) from error
        except (BaseError, OSError) as error:
            raise _failed(error) from error
        raise AssertionError

    def _gathered(self, views: Sequence[memoryview], size: int, key: str) -> tuple[memoryview, str]:
        """What is sent, as one view, and the digest of the content. One piece alone that is not sealed is taken as it is."""
        digest = hashlib.sha256()
        if self._day_keys is None and len(views) == 1:
            digest.update(views[0])
            return views[0], digest.hexdigest()
        parts = at_rest(self._day_keys, digested(views, digest), size, key)
        return memoryview(b"".join(parts)), digest.hexdigest()

    async def get(self, key: str) -> Content:
        return content_of(self._day_keys, await self.kept(key), keys.size_of(key), key)

    async def kept(self, key: str) -> memoryview:
        """What lies at rest of a content, as it is. Raises StoreError when it is missing."""
        size = keys.size_of(key)
        self._check()
        try:
            result = await obstore.get_async(self._store, key)
            if result.meta["size"] != (wanted := kept_size(size, key)):
                raise StoreError(f"the blob {key} has {result.meta['size']} bytes instead of {wanted}")
            return memoryview(await result.bytes_async())
        except (NotFoundError, FileNotFoundError):
            raise StoreError(f"the blob {key} is missing") from None
        except (BaseError, OSError) as error:
            raise _failed(error) from error

    async def put_kept(self, key: str, data: bytes) -> None:
        """Put back what lay at rest of a content, under the name that it had."""
        if len(data) != kept_size(keys.size_of(key), key):
            raise StoreError(f"the blob {key} has another length")
        self._check()
        try:
            await obstore.put_async(self._store, key, data, use_multipart=False)
        except (BaseError, OSError) as error:
            raise _failed(error) from error

    async def delete(self, key: str) -> None:
        keys.size_of(key)
        self._check()
        try:
            await obstore.delete_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            pass
        except (BaseError, OSError) as error:
            raise _failed(error) from error

    async def keys(self) -> AsyncIterator[list[str]]:
        self._check()
        try:
            async for page in obstore.list(self._store):
                yield [meta["path"] for meta in page if keys.valid(meta["path"])]
        except (BaseError, OSError) as error:
            raise _failed(error) from error

    def room(self, wanted: int = 0) -> bool:
        """True when the local disk has room for what is arriving."""
        return self._spool.room(wanted)

    async def close(self) -> None:
        self._closed = True
        await self._spool.close()

    def _check(self) -> None:
        if self._closed:
            raise StoreError("the blob store is closed")


def _failed(error: Exception) -> StoreError:
    # The text of the error can hold the request with its address, never its credentials.
    return StoreError(f"object store: {type(error).__name__}: {str(error)[:300]}")
