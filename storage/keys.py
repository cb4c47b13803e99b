"""Keys of blobs: the tenant, random, and the size, so that a cut file is noticed. Opaque to everybody else, never a path.

A key from before there were tenants has no name in front, and belongs to the default one.
"""

import re
import secrets

from config import tenant as tenants
from storage.interfaces import StoreError

_KEY = re.compile(r"(?:([a-z0-9-]+)\.)?([0-9a-f]{32})-([0-9a-f]{1,12})", re.ASCII)


def new_key(tenant: str, size: int) -> str:
    """A key that nobody has (128 random bits), for a content of `size` bytes. Raises StoreError for no tenant."""
    if not tenants.valid(tenant):
        raise StoreError("this is not the name of a tenant")
    return f"{tenant}.{secrets.token_hex(16)}-{size:x}"


def valid(text: str) -> bool:
    found = _KEY.fullmatch(text)
    return found is not None and (found[1] is None or tenants.valid(found[1]))


def tenant_of(key: str) -> str:
    """Whose content has this key. Raises StoreError when it is not a key of ours."""
    return _parts(key)[1] or tenants.DEFAULT


def random_of(key: str) -> str:
    """The random part: 32 hexadecimal digits. Raises StoreError when it is not a key of ours."""
    return _parts(key)[2]


def size_of(key: str) -> int:
    """The size in bytes of the content with this key. Raises StoreError when it is not a key of ours."""
    return int(_parts(key)[3], 16)


def _parts(key: str) -> re.Match[str]:
    found = _KEY.fullmatch(key)
    if found is None or not valid(key):
        raise StoreError("this is not the key of a blob")
    return found
