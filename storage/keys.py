"""Keys of blobs: the tenant, the day, random, and the size, so that a cut file is noticed. Opaque to everybody else, never
a path.

A key from before contents were sealed has no day; one from before there were tenants has no name in front either, and
belongs to the default one.
"""

import re
import secrets

from config import tenant as tenants
from storage.interfaces import StoreError

_KEY = re.compile(r"(?:([a-z0-9-]+)\.(?:([0-9]{5})\.)?)?([0-9a-f]{32})-([0-9a-f]{1,12})", re.ASCII)


def new_key(tenant: str, size: int, day: int | None = None) -> str:
    """A key that nobody has (128 random bits), for a content of `size` bytes; `day` where it is sealed (storage/day_keys.py).
    Raises StoreError for no tenant."""
    if not tenants.valid(tenant):
        raise StoreError("this is not the name of a tenant")
    sealed = "" if day is None else f"{day:05}."
    return f"{tenant}.{sealed}{secrets.token_hex(16)}-{size:x}"


def valid(text: str) -> bool:
    found = _KEY.fullmatch(text)
    return found is not None and (found[1] is None or tenants.valid(found[1]))


def tenant_of(key: str) -> str:
    """Whose content has this key. Raises StoreError when it is not a key of ours."""
    return _parts(key)[1] or tenants.DEFAULT


def day_of(key: str) -> int | None:
    """The day under whose key it is sealed; None for one that is not. Raises StoreError when it is not a key of ours."""
    day: str | None = _parts(key)[2]
    return None if day is None else int(day)


def random_of(key: str) -> str:
    """The random part: 32 hexadecimal digits. Raises StoreError when it is not a key of ours."""
    return _parts(key)[3]


def size_of(key: str) -> int:
    """The size in bytes of the content with this key. Raises StoreError when it is not a key of ours."""
    return int(_parts(key)[4], 16)


def _parts(key: str) -> re.Match[str]:
    found = _KEY.fullmatch(key)
    if found is None or not valid(key):
        raise StoreError("this is not the key of a blob")
    return found
