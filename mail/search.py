"""Finding bytes in a mail without copying it."""

_WINDOW = 1 << 20


def find(view: memoryview, needle: bytes, start: int, end: int) -> int:
    """The offset of `needle` in view[start:end], -1 when it is not there. `view` may lie over an mmap."""
    base = view.obj
    if isinstance(base, bytes | bytearray) and len(base) == len(view):
        return base.find(needle, start, end)
    # mmap.find compares byte by byte; bytes.find skips. Windows keep the copy small.
    while start < end:
        found = bytes(view[start : min(end, start + _WINDOW)]).find(needle)
        if found >= 0:
            return start + found
        start += max(1, _WINDOW - len(needle) + 1)
    return -1
