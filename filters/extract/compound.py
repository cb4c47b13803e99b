"""A compound file (MS-CFB) as storages and streams: olefile follows the sector chains, the budget counts the bytes."""

import olefile

from filters.extract.found import Found
from filters.extract.reason import Reason, Stop

STREAMS = 2_000
_TABLES = (0xFFFFFFFD, 0xFFFFFFFC)
"""What the table of sectors says of its own sectors."""
_DAMAGE = (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError)


class Compound:
    """A compound file: `paths` of its streams and storages, `stream(path)` within the budget."""

    def __init__(self, content: bytes, found: Found) -> None:
        self._found = found
        self._content = content
        try:
            self._file = olefile.OleFileIO(content, raise_defects=olefile.DEFECT_FATAL)
            listed = self._file.listdir(streams=True, storages=True)
        except RecursionError:
            raise Stop(Reason.DEPTH, "ole: nested too deep") from None
        except _DAMAGE as error:
            raise Stop(Reason.MALFORMED, f"ole: {type(error).__name__}") from None
        if len(listed) > STREAMS:
            raise Stop(Reason.PARTS, "ole: too many streams")
        self.paths = {"/".join(entry): entry for entry in listed}
        self.folded = {path.lower(): entry for path, entry in reversed(self.paths.items())}

    def has(self, path: str) -> bool:
        return path.lower() in self.folded

    def stream(self, path: str) -> bytes:
        """The bytes of a stream, b"" when there is none. Raises Stop."""
        entry = self.paths.get(path) or self.folded.get(path.lower())
        if entry is None or self._file.get_type(entry) != olefile.STGTY_STREAM:
            return b""
        self._found.budget.take_bytes(min(self._file.get_size(entry), 1 << 31))
        try:
            with self._file.openstream(entry) as stream:
                return bytes(stream.read())
        except _DAMAGE as error:
            raise Stop(Reason.MALFORMED, f"ole: {type(error).__name__}") from None

    def slack(self) -> tuple[bytes, bytes]:
        """(what stands in sectors that no stream uses, and behind the end of streams; what stands behind the last one used)"""
        file, size = self._file, self._file.sector_size
        used: set[int] = set()
        ends: list[tuple[int, int]] = []
        starts = [(file.first_dir_sector, 0), (file.first_mini_fat_sector, 0)]
        for entry in file.direntries:
            large = entry and (entry.entry_type == olefile.STGTY_ROOT or entry.size >= file.minisectorcutoff)
            if large and entry.entry_type in (olefile.STGTY_STREAM, olefile.STGTY_ROOT):
                starts.append((entry.isectStart, entry.size))
        for sector, length in starts:
            tail = -1
            while 0 <= sector < len(file.fat) and sector not in used:
                used.add(sector)
                tail, sector = sector, file.fat[sector]
            if tail >= 0 and length % size:
                ends.append((tail, length % size))
        used.update(n for n, kind in enumerate(file.fat) if kind in _TABLES)
        last = min(max(used, default=0), len(self._content) // size) + 1
        free = [n for n in range(last) if n not in used]
        pieces = [self._content[(n + 1) * size : (n + 2) * size] for n in free]
        pieces += [self._content[(n + 1) * size + at : (n + 2) * size] for n, at in ends]
        return b"".join(p for p in pieces if p.strip(b"\0\xff")), self._content[(last + 1) * size :]

    def streams(self, prefix: str = "") -> list[str]:
        """Paths of the streams (not storages) below `prefix`."""
        return [
            p
            for p, e in self.paths.items()
            if p.startswith(prefix) and self._file.get_type(e) == olefile.STGTY_STREAM
        ]
