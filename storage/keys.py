"""Keys of blobs: random, opaque, never a path; the size is in them so that a cut file is noticed."""

import re
import secrets

from storage.interfaces import StoreError

_KEY = re.compile(r"[0-9a-f]{32}-[0-9a-f]{1,12}", re.ASCII)


def new_token() -> str:
    """The random part of a key (128 bits)."""
    return secrets.token_hex(16)


def key(token: str, size: int) -> str:
    return f"{token}-{size:x}"


def valid(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def size_of(text: str) -> int:
    """The size in bytes of the content with this key. Raises StoreError when it is no key of ours."""
    if not valid(text):
        raise StoreError("this is no key of a blob")
    return int(text.partition("-")[2], 16)
