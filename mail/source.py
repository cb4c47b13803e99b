"""The bytes of a mail, which its message and all its parts look at."""

_WINDOW = 1 << 20


class Source:
    """Raw bytes: bytes or a memoryview (also of an mmap), never changed and never copied whole.

    `junk_lines` are the offsets of lines between header fields that are not header fields.
    """

    def __init__(self, raw: bytes | memoryview) -> None:
        self.view = memoryview(raw)
        self.junk_lines: list[int] = []
        base = self.view.obj
        self._searched = base if isinstance(base, bytes | bytearray) and len(base) == len(self.view) else None

    def __len__(self) -> int:
        return len(self.view)

    def find(self, needle: bytes, start: int, end: int) -> int:
        """The offset of `needle` in [start, end), -1 when it is not there."""
        if self._searched is not None:
            return self._searched.find(needle, start, end)
        # mmap.find compares byte by byte; bytes.find skips. Windows keep the copy small.
        while start < end:
            found = bytes(self.view[start : min(end, start + _WINDOW)]).find(needle)
            if found >= 0:
                return start + found
            start += max(1, _WINDOW - len(needle) + 1)
        return -1
