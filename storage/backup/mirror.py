"""A second copy of the key folder, in which the same was destroyed.

Keys are in no backup: a generation of them would open what was erased since (docs/adr/0055). The mirror has one copy of each
day's file, which takes the place of the one before it; that one's octets are overwritten. A file that is missing in the
folder stays: days' files never go (storage/day_keys.py), so the folder was lost, and the mirror is what is left.
"""

import os
import secrets
from pathlib import Path

from storage.draft import write_whole
from storage.interfaces import StoreError
from storage.seal import overwrite, sync_folder
from storage.writer import text_of_error

_DAYS = "*/[0-9]*"


def mirrored(keys: Path, to: Path) -> int:
    """Make the mirror as the folder is; how many files were new or others there. Blocks. Raises StoreError."""
    try:
        for left in to.glob("*/.*"):  # by whoever ended in the middle
            overwrite(left)
        return sum(_copied(file, to / file.relative_to(keys)) for file in sorted(keys.glob(_DAYS)))
    except OSError as error:
        raise StoreError(f"the keys cannot be mirrored: {text_of_error(error)}") from error


def brought_back(mirror: Path, keys: Path) -> int:
    """Copy what the folder does not have; how many files. What it has is newer, or as old. Blocks. Raises StoreError."""
    try:
        wanted = [(file, keys / file.relative_to(mirror)) for file in sorted(mirror.glob(_DAYS))]
        return sum(_copied(file, place) for file, place in wanted if not place.exists())
    except OSError as error:
        raise StoreError(f"the keys cannot be brought back: {text_of_error(error)}") from error


def _copied(file: Path, to: Path) -> bool:
    data = file.read_bytes()
    if to.exists() and to.read_bytes() == data:
        return False
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = to.with_name(f".{to.name}.{secrets.token_hex(8)}")
    write_whole(temporary, data)
    old = temporary.with_name(f"{temporary.name}.old")
    if to.exists():
        os.link(to, old)
    os.rename(temporary, to)
    for folder in (to.parent, to.parent.parent, to.parent.parent.parent):
        sync_folder(folder)
    if old.exists():
        overwrite(old)
    return True
