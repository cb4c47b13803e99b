"""A compound file (MS-CFB) as storages and streams: olefile follows the sector chains, the budget counts the bytes."""

import olefile

from filters.extract.found import Found
from filters.extract.reason import Reason, Stop

STREAMS = 2_000
_DAMAGE = (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError)


class Compound:
    """A compound file: `paths` of its streams and storages, `stream(path)` within the budget."""

    def __init__(self, content: bytes, found: Found) -> None:
        self._found = found
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

    def streams(self, prefix: str = "") -> list[str]:
        """Paths of the streams (not storages) below `prefix`."""
        return [
            p
            for p, e in self.paths.items()
            if p.startswith(prefix) and self._file.get_type(e) == olefile.STGTY_STREAM
        ]
