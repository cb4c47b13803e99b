"""RAR archives: names, and the contents of stored members. No free library decompresses RAR without a separate program."""

import io
import itertools

import rarfile

from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.reason import Reason, Stop

_STORED = 0x30
MOST = 10_000
"""Headers that are read; each takes longer than to inflate the archive that it may be in."""


@reads("rar", b"Rar!\x1a\x07", media="application/vnd.rar", container=True)
def read(content: bytes, found: Found) -> None:
    """List a RAR into `found`. Raises Stop: "encrypted" when even the names are encrypted, "corrupt"."""
    start = content.find(b"Rar!\x1a\x07")
    data = content[max(start, 0) :]
    try:
        count = itertools.count(1)

        def counted(_: object) -> None:
            if next(count) > MOST:
                raise Stop(Reason.MEMBERS, "rar: too many members")

        with rarfile.RarFile(
            io.BytesIO(data), charset="cp932", part_only=True, info_callback=counted
        ) as archive:
            infos = archive.infolist()
            if archive.needs_password() and not infos:
                found.locked = True
                raise Stop(Reason.PASSWORD, "rar: wants a password")
            found.budget.take_member(len(infos))
            files = [info for info in infos if not info.is_dir()]
            found.locked = bool(files) and all(info.needs_password() for info in files)
            for info in files:
                name, size = info.filename or "", int(info.file_size or 0)
                if info.needs_password():
                    found.listed(name, size, Reason.PASSWORD)
                elif info.compress_type == _STORED and size <= len(data):
                    found.budget.take_bytes(size)
                    found.inside(name, archive.read(info))
                else:
                    found.listed(name, size, Reason.METHOD, "rar: compressed members are listed only")
    except rarfile.Error as error:
        raise Stop(Reason.MALFORMED, f"rar: {type(error).__name__}") from None
