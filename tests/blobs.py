"""What a blob store holds, for tests."""

from storage.interfaces import Blobs


async def keys_of(blobs: Blobs) -> list[str]:
    """All keys, the pages joined."""
    pages = blobs.keys()
    return [key async for page in pages for key in page]
