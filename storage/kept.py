"""What a store keeps of a content, and the content that it reads back: sealed where it has keys, else as it is."""

import hashlib
from collections.abc import Iterable, Iterator

from storage import keys
from storage.content import CHUNK, Content
from storage.day_keys import DayKeys
from storage.interfaces import StoreError
from storage.sealed import SealedContent, sealed, sealed_size


def at_rest(
    day_keys: DayKeys | None, pieces: Iterable[bytes | memoryview], size: int, name: str
) -> Iterator[bytes | memoryview]:
    """What is to be kept of a content of `size` octets under this name (storage/keys.py), in parts of a chunk at most.
    Raises StoreError when there is no key."""
    if day_keys is None or keys.day_of(name) is None:
        return iter(pieces)
    return sealed(pieces, size, day_keys.of(name), name)


def digested(views: Iterable[memoryview], digest: "hashlib._Hash") -> Iterator[memoryview]:
    """The views in parts of a chunk at most, which the digest has seen."""
    for view in views:
        for start in range(0, len(view), CHUNK):
            part = view[start : start + CHUNK]
            digest.update(part)
            yield part


def kept_size(size: int, name: str) -> int:
    """How many octets are kept of a content of `size`."""
    return size if keys.day_of(name) is None else sealed_size(size)


def content_of(day_keys: DayKeys | None, data: memoryview, size: int, name: str) -> Content:
    """The content of `size` octets of which `data` was kept. Raises StoreError when it was cut or changed, or its key is
    not there (day_keys.Erased: any more)."""
    if keys.day_of(name) is None:
        if len(data) != size:
            raise StoreError(f"the blob {name} has {len(data)} bytes instead of {size}")
        return Content(data)
    if day_keys is None:
        raise StoreError(f"the blob {name} is sealed, and there are no keys")
    return SealedContent(data, size, day_keys.of(name), name)
